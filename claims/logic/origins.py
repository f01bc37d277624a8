"""Counting what is independent: many who repeat one statement, or one finding, are one origin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from claims.logic.pieces import Kinship, Shown, units_of
from claims.logic.verbs import side_of
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


class Said(NamedTuple):
    """One standing statement on a claim: its id, the id of its source, its stance."""

    id: int
    source: int
    stance: str


def families(said: Sequence[Said], parents: Mapping[int, int | None]) -> dict[int, list[Said]]:
    """The statements by their origin, in each family the nearest to the origin first, else in the order given."""
    return _families(said, all_furthest([row.id for row in said], parents), parents)


def _families(
    said: Sequence[Said], origins: Mapping[int, int], parents: Mapping[int, int | None]
) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    for row in said:
        found.setdefault(origins[row.id], []).append(row)
    return {pk: sorted(rows, key=lambda row: len(lineage(row.id, parents))) for pk, rows in found.items()}


def count_voices(said: Sequence[Said], parents: Mapping[int, int | None]) -> dict[str, Tally]:
    """What is said on one claim, by side and together; a relay speaks for the side of its origin."""
    sides: dict[str, list[Said]] = {side: [] for side in SIDES}
    origins = all_furthest([row.id for row in said], parents)
    for family in _families(said, origins, parents).values():
        first = side_of(family[0].stance)
        for row in family:
            sides[first if row.stance == "relays" else side_of(row.stance)].append(row)
    sides[TOGETHER] = list(said)
    return {side: _tally([(row.id, row.source) for row in rows], origins) for side, rows in sides.items()}


def count_pieces(shown: Sequence[Shown], kinship: Kinship) -> dict[str, Tally]:
    """The evidence that counts on claims: by bearing and together.

    One piece that bears on several claims is one piece, and a set is one piece.
    """
    units, origins = units_of(shown), kinship.origins_of(shown)
    found = {bearing: {row.evidence for row in shown if row.bearing == bearing} for bearing in BEARINGS}
    found[TOGETHER] = {row.evidence for row in shown}
    return {
        bearing: Tally(total=len({units[pk] for pk in pieces}), origins=len({origins[pk] for pk in pieces}))
        for bearing, pieces in found.items()
    }


@dataclass(frozen=True, slots=True)
class Origins:
    """How many speak and how much is shown, and from how many origins: by side or bearing, and together."""

    voices: Mapping[str, Tally]
    evidence: Mapping[str, Tally]
