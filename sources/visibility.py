"""Which sources and documents outsiders may read: those that something they may read refers to.

What refers to them lives in apps above this one; each says so here once, when it is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from factcheck.base.people import Reader
from factcheck.models.choosing import has_any

Readable = Callable[[Any], QuerySet]

_citations: dict[str, list[tuple[Readable, str]]] = defaultdict(list)


def cites(noun: str, readable: Readable, field: str) -> None:
    """Register that rows refer to a `noun` by `field`; `readable` gives those of them that a user may read."""
    _citations[noun].append((readable, field))


def cited(noun: str, user: Reader) -> Q:
    """The condition that a `noun` row is referred to by something `user` may read.

    Asked row by row through the index of the reference: a list of all that is cited would be as long as the register.
    """
    condition = Q(pk__in=[])
    for readable, field in _citations[noun]:
        condition |= Q(has_any(readable(user).filter(**{field: OuterRef("pk")})))
    return condition
