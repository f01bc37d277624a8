"""Entering rows in the trust that nothing is refused: for whoever does all of it again, asking, where something is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Work = Callable[[Sequence[Any]], object]

_trusting: ContextVar[bool] = ContextVar("trusting", default=False)
_gathered: ContextVar[dict[Work, list[Any]] | None] = ContextVar("gathered", default=None)


@contextmanager
def trusting() -> Iterator[None]:
    """Inside, nothing is taken back alone, and what the database refuses by itself is not asked for before. What is
    refused is to be taken back as a whole; it may then be said in other words than those for the same row alone."""
    token = _trusting.set(True)
    try:
        yield
    finally:
        _trusting.reset(token)


def is_trusting() -> bool:
    """Whether an error takes back all that the request has stored."""
    return _trusting.get()


@contextmanager
def gathering() -> Iterator[None]:
    """While all is trusted, what is to be written beside rows is written once for all of them, when this ends."""
    if not _trusting.get() or _gathered.get() is not None:
        yield
        return
    token = _gathered.set(defaultdict(list))
    try:
        yield
        write_gathered()
    finally:
        _gathered.reset(token)


def gather(work: Work, items: Sequence[Any]) -> None:
    """Call `work` with these items: now, or where they are gathered once with all that came."""
    gathered = _gathered.get()
    if gathered is None:
        work(items)
    else:
        gathered[work] += items


def write_gathered() -> None:
    """Write now what was gathered: whoever writes or reads the same has to come after it."""
    gathered = _gathered.get()
    while gathered:
        work, items = gathered.popitem()
        work(items)
