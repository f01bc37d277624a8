"""What the links between evidence and claims must not do together, on plain values: sets and premises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from claims.logic.wording import one_after_another
from claims.rules.registry import REFUSE, Broken, Row, Rule


@dataclass(frozen=True, slots=True)
class PartsOfSet:
    """The bearings of the standing links on one claim that have this name."""

    claim: int
    name: str
    bearings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Resting:
    """On which claims the evidence on each claim depends, looked at from `claim` by way of `first`."""

    claim: int
    first: Collection[int]
    depends: Mapping[int, Collection[int]] = field(default_factory=dict)


def set_of_several_bearings(parts: PartsOfSet) -> Iterator[Broken]:
    if len(parts.bearings) > 1:
        row = Row("claim", parts.claim)
        bearings = one_after_another(f"“{bearing}”" for bearing in sorted(parts.bearings))
        yield Broken((row,), (f"The parts of the set “{parts.name}” on ", row, f" have the bearings {bearings}."))


def premise_in_circle(resting: Resting) -> Iterator[Broken]:
    way = _way_back(resting)
    if way:
        rows = [Row("claim", pk) for pk in (resting.claim, *way)]
        steps = [part for row in rows[1:] for part in (", which rests on evidence that depends on ", row)]
        steps[0] = " rests on evidence that depends on "
        yield Broken(tuple(rows[:-1]), (rows[0], *steps, " again."))


def _way_back(resting: Resting) -> list[int]:
    """The shortest way back to the claim, with the claim as its end; empty where there is none."""
    came_from: dict[int, int] = {}
    frontier = [(pk, resting.claim) for pk in sorted(resting.first)]
    while frontier:
        found = []
        for pk, before in frontier:
            if pk in came_from:
                continue
            came_from[pk] = before
            found.append(pk)
        if resting.claim in came_from:
            way, step = [resting.claim], came_from[resting.claim]
            while step != resting.claim:
                way.append(step)
                step = came_from[step]
            return way[::-1]
        frontier = [(pk, before) for before in found for pk in sorted(resting.depends.get(before, ()))]
    return []


GROUND_RULES = (
    Rule(
        "set_of_several_bearings",
        REFUSE,
        "What shows something only together has one bearing on the claim.",
        "Give the link another set or none, or the bearing of the other parts.",
        set_of_several_bearings,
        field="set_name",
    ),
    Rule(
        "premise_in_circle",
        REFUSE,
        "No evidence depends, through others if need be, on the claim that it bears on.",
        "Choose a claim that is shown without this one, or withdraw the premise that is wrong.",
        premise_in_circle,
        field="claim",
        about=("claim", "claim"),
    ),
)
"""What is asked when evidence is linked to a claim, or a premise entered."""
