"""Counting what is independent: many who repeat one statement, or one finding, are one origin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from factcheck.base.ancestry import all_furthest

SIDES = ("for", "against", "neither")
BEARINGS = ("supports", "refutes", "context")
TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something is said or shown, by how many sources, and from how many independent origins.

    `sources` is 0 where nobody speaks, as with pieces of evidence.
    """

    total: int = 0
    sources: int = 0
    origins: int = 0


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
    return _tally(rows, all_furthest([row for row, _source in rows], parents))


def _tally(rows: Collection[tuple[int, int | None]], origins: Mapping[int, int]) -> Tally:
    return Tally(
        total=len(rows),
        sources=len({source for _row, source in rows if source is not None}),
        origins=len({origins[row] for row, _source in rows}),
    )


def count_pieces(shown: Iterable[tuple[int, str]], parents: Mapping[int, int | None]) -> dict[str, Tally]:
    """The evidence on claims, given as pairs of its id and its bearing: by bearing and together.

    One piece that bears on several claims is one piece.
    """
    shown = list(shown)
    found = {bearing: {pk for pk, bears in shown if bears == bearing} for bearing in BEARINGS}
    found[TOGETHER] = {pk for pk, _bears in shown}
    origins = all_furthest(found[TOGETHER], parents)
    return {bearing: _tally([(pk, None) for pk in pieces], origins) for bearing, pieces in found.items()}


@dataclass(frozen=True, slots=True)
class Origins:
    """How many speak and how much is shown, and from how many origins: by side or bearing, and together."""

    voices: Mapping[str, Tally]
    evidence: Mapping[str, Tally]
