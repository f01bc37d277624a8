"""What is derived from rows follows them: it is brought up to date in the transaction that changes them.

A noun that keeps something derived says so once, when its app is loaded; every door then keeps it true, since all
changes are recorded in one place. A follower is called with each change; what is derived from many rows is settled
once, when the transaction is about to end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

Follower = Callable[[Sequence[Any]], None]
Touched = tuple[str, int]
"""A kind of thing that a change touches, and the number of one."""
Touching = Callable[[Any], Iterable[Touched]]
MANY = 10_000
"""So many rows wait together at most: an import of any size takes the same memory."""

ERASURE: Touched = ("erasure", 0)
"""What an erasure of history touches: whatever tells of the past."""

_followers: dict[type, list[Follower]] = defaultdict(list)
_touching: dict[type, Touching] = {}
_touching_new: dict[type, Touching] = {}
_settling: list[Callable[[Collection[Touched]], None]] = []
_touched: ContextVar[set[Touched] | None] = ContextVar("touched", default=None)
_waiting: ContextVar[dict[Callable[[Collection[int]], None], set[int]] | None] = ContextVar("waiting", default=None)
_at_deletion: dict[type, list[Follower]] = defaultdict(list)


def follow(model: type, follower: Follower) -> None:
    """Call `follower` with the rows of `model` that were created or changed, inside their transaction."""
    _followers[model].append(follower)


def follow_deletion(model: type, follower: Follower) -> None:
    """Call `follower` with the rows of `model` that were deleted, as they were, inside their transaction."""
    _at_deletion[model].append(follower)


def inform_followers(rows: Sequence[Any], *, deleted: bool = False, new: bool = False) -> None:
    """Bring up to date whatever is derived from these rows, all of one noun, as they now are or as they were."""
    if not rows:
        return
    for follower in (_at_deletion if deleted else _followers)[type(rows[0])]:
        follower(rows)
    touching, touched = _touching.get(type(rows[0])), _touched.get()
    if new:
        touching = _touching_new.get(type(rows[0]), touching)
    if touching is not None and touched is not None:
        for row in rows:
            touched.update(touching(row))


def touch(model: type, touching: Touching, new: Touching | None = None) -> None:
    """Remember until the transaction ends what a change of a row of `model`, or its deletion, touches, and what a `new`
    one does, where that is less. What the row was before is in its `_before`."""
    _touching[model] = touching
    if new is not None:
        _touching_new[model] = new


def note_touched(things: Iterable[Touched]) -> None:
    """Say what a change touches that leaves no trace of its own, as one of something derived, inside `recording()`."""
    touched = _touched.get()
    assert touched is not None, "what is touched is settled at the end of recording()"
    touched.update(things)


def settle(work: Callable[[Collection[Touched]], None]) -> None:
    """Call `work` once for each transaction with all that it touched, before it ends."""
    _settling.append(work)


def follow_later(work: Callable[[Collection[int]], None], numbers: Iterable[int]) -> None:
    """Call `work` with these numbers of rows: now, or inside `together()` once with all that came."""
    waiting, numbers = _waiting.get(), {*numbers}
    if waiting is not None:
        waiting[work] |= numbers
        numbers = waiting.pop(work) if len(waiting[work]) >= MANY else set()
    if numbers:
        work(numbers)


@contextmanager
def together() -> Iterator[None]:
    """What follows from many changes is brought up to date once, when this ends; until then it may be older than these.
    Inside another one, at the end of that."""
    if _waiting.get() is not None:
        yield
        return
    waiting: dict[Callable[[Collection[int]], None], set[int]] = defaultdict(set)
    token = _waiting.set(waiting)
    try:
        yield
        while waiting and not connection.needs_rollback:
            work, numbers = waiting.popitem()
            if numbers:
                work(numbers)
    finally:
        _waiting.reset(token)


@contextmanager
def settling() -> Iterator[None]:
    """What is touched inside is settled at the end, unless an error ends it; inside another one, at the end of that."""
    if is_settling():
        yield
        return
    token = _touched.set(set())
    try:
        yield
        # A transaction that is taken back leaves nothing to settle.
        if (touched := _touched.get()) and not connection.needs_rollback:
            for work in _settling:
                work(touched)
    finally:
        _touched.reset(token)


def is_settling() -> bool:
    """Whether a transaction of this thread changes rows, and what follows from that is not settled yet."""
    return _touched.get() is not None
