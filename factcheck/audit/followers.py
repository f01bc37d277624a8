"""What is derived from rows follows them: it is brought up to date in the transaction that changes them.

A noun that keeps something derived says so once, when its app is loaded; every door then keeps it true, since all
changes are recorded in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

Follower = Callable[[Sequence[Any]], None]

_followers: dict[type, list[Follower]] = defaultdict(list)
_at_deletion: dict[type, list[Follower]] = defaultdict(list)


def follow(model: type, follower: Follower) -> None:
    """Call `follower` with the rows of `model` that were created or changed, inside their transaction."""
    _followers[model].append(follower)


def follow_deletion(model: type, follower: Follower) -> None:
    """Call `follower` with the rows of `model` that were deleted, as they were, inside their transaction."""
    _at_deletion[model].append(follower)


def inform_followers(rows: Sequence[Any], *, deleted: bool = False) -> None:
    """Bring up to date whatever is derived from these rows, all of one noun, as they now are or as they were."""
    for follower in (_at_deletion if deleted else _followers)[type(rows[0])] if rows else ():
        follower(rows)
