"""Which sources and documents outsiders may read: those that something they may read refers to.

What refers to them lives in apps above this one; each says so here once, when it is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

Citations = Callable[[Any], QuerySet]

_citations: dict[str, list[Citations]] = defaultdict(list)


def cites(noun: str, citations: Citations) -> None:
    """Register a function from a user to the ids of the `noun` rows that something readable to them refers to."""
    _citations[noun].append(citations)


def cited(noun: str, user: Any) -> Q:
    """The condition that a `noun` row is referred to by something `user` may read."""
    condition = Q(pk__in=[])
    for citations in _citations[noun]:
        condition |= Q(pk__in=citations(user))
    return condition
