"""Calls in a deep stack of calls do not have the system map memory each time."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable

import pytest

from factcheck.base.frames import roomy

DEEP, EACH = 300, 50


def inner(a: int, b: int) -> int:
    return a + b


def called_often(depth: int) -> int:
    """At each depth some calls of a function."""
    for turn in range(EACH):
        inner(turn, depth)
    return called_often(depth - 1) if depth else 0


def faults(run: Callable[[], object]) -> int:
    """How often a page of memory was taken while this ran in a thread of its own."""
    found = []

    def count() -> None:
        called_often(1)
        before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
        run()
        found.append(resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_THREAD"), reason="this system does not count the pages of a thread")
def test_calls_at_any_depth_have_room() -> None:
    plain = faults(lambda: called_often(DEEP))
    assert plain > EACH, "Python has come to keep its chunks: `roomy` is not needed any more"
    assert faults(lambda: roomy(called_often, DEEP)) < EACH / 2


def test_an_error_and_an_answer_come_through() -> None:
    assert roomy(divmod, 7, 2) == (3, 1)
    assert roomy(sorted, [2, 1], reverse=True) == [2, 1]
    with pytest.raises(ZeroDivisionError):
        roomy(divmod, 7, 0)
