"""Rows of one nested request that refer to each other: whether they do, and which of them is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import ValidationError

if TYPE_CHECKING:
    from claims.api.nested import Waiting


def refusal_of(serializer: Any, rows: list[Waiting], data: list[dict[str, Any]]) -> ValidationError | None:
    """Why the first of the rows that are not valid is refused, where that follows from its own fields; None where it
    may be only because those before it are not stored yet."""
    told: Any = serializer.errors
    places = told if isinstance(told, dict) else [place for place, errors in enumerate(told) if errors]
    index = min((int(place) for place in places if str(place).isdigit()), default=len(rows))
    if index >= len(rows):
        return None
    try:
        serializer.child.to_internal_value(data[index])
    except ValidationError as error:
        return ValidationError({rows[index].path: error.detail})
    return None


def refer_to_each_other(rows: list[Waiting]) -> bool:
    """Whether one of these rows refers to another of them."""
    refs = {ref for waiting in rows if isinstance(ref := waiting.row.get("ref"), str)}
    return bool(refs) and any(not refs.isdisjoint(_refs_in(waiting.row)) for waiting in rows)


def _refs_in(value: object) -> Iterator[str]:
    """The names by which a row refers to others."""
    if isinstance(value, dict):
        if set(value) == {"ref"} and isinstance(value["ref"], str):
            yield value["ref"]
        value = [inner for inner in value.values() if isinstance(inner, list | dict)]
    if isinstance(value, list):
        for inner in value:
            yield from _refs_in(inner)
