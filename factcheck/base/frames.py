"""Room for the frames of Python's calls.

Python keeps them in chunks of 16 KB and gives a chunk back to the system when it is empty. What is called again and
again just where a chunk ends has one mapped and unmapped for every call, and Django calls some hundred functions deep:
that took up to a third of the time of a request, by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def roomy(function: Callable[Given, Answer], *args: Given.args, **kwargs: Given.kwargs) -> Answer:
    """Call `function`; the frames of what it calls in turn have room in one chunk."""
    return function(*args, **kwargs)


# A frame that asks for 136 KB gets a chunk of 256 KB, and the frames of the calls in it get the rest. What is
# not written to takes no memory.
roomy.__code__ = roomy.__code__.replace(co_stacksize=17_000)
