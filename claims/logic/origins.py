"""Counting what is independent: many who repeat one statement, or one finding, are one origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from factcheck.base.ancestry import furthest


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something is said or shown, by how many sources, and from how many independent origins.

    `sources` is 0 where nobody speaks, as with pieces of evidence.
    """

    total: int = 0
    sources: int = 0
    origins: int = 0


def origin_of(start: int, parents: Mapping[int, int | None]) -> int:
    """The furthest row from which `start` was passed on or derived, itself when it stands alone."""
    return furthest(start, parents)


def lineage(start: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """The rows from `start` back to its origin, both included; a circle ends at its first repetition."""
    line = [start]
    while (parent := parents.get(line[-1])) is not None and parent not in line:
        line.append(parent)
    return tuple(line)


def tally(rows: Iterable[tuple[int, int | None]], parents: Mapping[int, int | None]) -> Tally:
    """Count pairs of a row's id and the id of its source, or None where it has none.

    `parents` maps a row to the row that it passes on. It must also hold the rows that are not counted (withdrawn,
    or hidden from the reader): two relays of a statement that was taken back are still one origin, not two.
    """
    rows = list(rows)
    return Tally(
        total=len(rows),
        sources=len({source for _row, source in rows if source is not None}),
        origins=len({origin_of(row, parents) for row, _source in rows}),
    )
