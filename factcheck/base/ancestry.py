"""Rows that descend from rows of their own kind: the furthest ancestor, and the refusal of circles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.db import models


def furthest(start: int, parents: Mapping[int, int | None]) -> int:
    """The furthest ancestor of `start`, where `parents` maps each row to the row it comes from.

    Stops at a row that is not in the mapping, and at the first repetition, so that a circle cannot hang it.
    """
    for parent in ancestors(start, parents):
        start = parent
    return start


def ancestors(start: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    """The rows from which `start` comes, the nearest first; ends at the first repetition, as `furthest` does."""
    seen = {start}
    while (parent := parents.get(start)) is not None and parent not in seen:
        seen.add(parent)
        yield parent
        start = parent


def all_furthest(rows: Iterable[int], parents: Mapping[int, int | None]) -> dict[int, int]:
    """The furthest ancestor of each of these rows."""
    return {row: furthest(row, parents) for row in rows}


def refuse_circle(row: models.Model, field: str, also: Iterable[str] = ()) -> None:
    """Raise ValidationError when following `field` upwards from `row`, and then it or `also`, leads back to it.

    One query for each step.
    """
    columns = [f"{name}_id" for name in dict.fromkeys((field, *also))]
    known = {row.pk} if row.pk else set()
    waiting, seen = [getattr(row, f"{field}_id")], set[int]()
    while waiting:
        parent = waiting.pop()
        if parent is None or parent in seen:
            continue
        if parent in known:
            name = getattr(row._meta.get_field(field), "verbose_name", field)
            raise ValidationError(
                {field: ValidationError(f"Choose another “{name}”: this one leads back to itself.", code="circle")}
            )
        seen.add(parent)
        waiting += type(row)._base_manager.filter(pk=parent).values_list(*columns).first() or ()
