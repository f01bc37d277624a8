"""Counting what is independent: many who repeat one statement, or one finding, are one origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.logic.pieces import Kinship, Shown, units_of

SIDES = ("for", "against", "neither")
BEARINGS = ("supports", "refutes", "context")
TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something is said or shown, by how many sources, and from how many independent origins.

    `relaying` are those of the sources that only passed it on. Nobody speaks in pieces of evidence: there both are 0.
    """

    total: int = 0
    sources: int = 0
    origins: int = 0
    relaying: int = 0


def lineage(start: int, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    """The rows from `start` back to its origin, both included; a circle ends at its first repetition."""
    line = [start]
    while (parent := parents.get(line[-1])) is not None and parent not in line:
        line.append(parent)
    return tuple(line)


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
