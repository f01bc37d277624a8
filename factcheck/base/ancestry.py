"""Rows that descend from rows of their own kind: the furthest ancestor, and the refusal of circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import models


def furthest(start: int, parents: Mapping[int, int | None]) -> int:
    """The furthest ancestor of `start`, where `parents` maps each row to the row it comes from.

    Stops at a row that is not in the mapping, and at the first repetition, so that a circle cannot hang it.
    """
    seen = {start}
    while (parent := parents.get(start)) is not None and parent not in seen:
        seen.add(parent)
        start = parent
    return start


def all_furthest(rows: Iterable[int], parents: Mapping[int, int | None]) -> dict[int, int]:
    """The furthest ancestor of each of these rows."""
    return {row: furthest(row, parents) for row in rows}


def refuse_circle(row: models.Model, field: str) -> None:
    """Raise ValidationError when following `field` upwards from `row` leads back to it. One query for each step."""
    column = f"{field}_id"
    parent = getattr(row, column)
    seen = {row.pk} if row.pk else set()
    while parent is not None:
        if parent in seen:
            name = getattr(row._meta.get_field(field), "verbose_name", field)
            raise ValidationError(
                {field: ValidationError(f"Choose another “{name}”: this one leads back to itself.", code="circle")}
            )
        seen.add(parent)
        parent = type(row)._base_manager.filter(pk=parent).values_list(column, flat=True).first()
