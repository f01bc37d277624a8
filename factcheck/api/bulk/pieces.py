"""An array of rows cut into pieces, so that nobody waits for long while one of them is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from factcheck.api.serializers import MAX_BULK

MOST_IN_PIECE = 100
"""Rows that are stored together, unless they refer to each other."""
MOST_OBJECTS = 400
"""The same with what stands in them."""

Placed = tuple[int, int, Any]
"""The place of a row in the request, that of the first row with which it goes, and the row."""


class TooManyTogether(ValueError):
    """More rows refer to each other than one request may have; the text says so."""


def pieces_of(rows: list[Any]) -> list[list[Placed]]:
    """The rows in pieces, in order; those that refer to each other by `ref` stand in one. Raises TooManyTogether."""
    pieces: list[list[Placed]] = []
    room = 0
    for together in groups_of(rows):
        if len(together) > MAX_BULK:
            raise TooManyTogether(
                f"{len(together)} of the rows refer to each other by `ref`, from row {together[0][0]} on. At most "
                f"{MAX_BULK} may: enter some first and name them by their ids."
            )
        weight = sum(_objects_in(row) for _place, _first, row in together)
        if not pieces or len(pieces[-1]) + len(together) > MOST_IN_PIECE or room < weight:
            pieces.append([])
            room = MOST_OBJECTS
        pieces[-1] += together
        room -= weight
    return pieces


def groups_of(rows: list[Any]) -> list[list[Placed]]:
    """The rows in groups of those that name the same `ref`, each where its first row stands."""
    leads = list(range(len(rows)))

    def lead_of(index: int) -> int:
        while leads[index] != index:
            leads[index] = index = leads[leads[index]]
        return index

    known: dict[str, int] = {}
    for index, row in enumerate(rows):
        for ref in _refs_in(row):
            one, other = sorted((lead_of(known.setdefault(ref, index)), lead_of(index)))
            leads[other] = one
    groups: dict[int, list[Placed]] = {}
    for index, row in enumerate(rows):
        groups.setdefault(lead_of(index), []).append((index, lead_of(index), row))
    return list(groups.values())


def regrouped(rows: Iterable[Placed]) -> list[list[Placed]]:
    """Placed rows in the groups that they form."""
    groups: dict[int, list[Placed]] = {}
    for place, first, row in rows:
        groups.setdefault(first, []).append((place, first, row))
    return list(groups.values())


def _inside(value: Any) -> Iterator[Any]:
    """A value and all that stands in it."""
    waiting = [value]
    while waiting:
        yield (value := waiting.pop())
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def _refs_in(row: Any) -> list[str]:
    """The names that a row gives or uses."""
    found = (value.get("ref") for value in _inside(row) if isinstance(value, dict))
    return [ref for ref in found if isinstance(ref, str)]


def _objects_in(row: Any) -> int:
    return sum(isinstance(value, dict) for value in _inside(row))
