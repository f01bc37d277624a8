"""How far a dispute is decided, from its published claims alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Side:
    """One published claim of a dispute: what its current verdict says, and the bearings of its standing evidence.

    `leaning` is "supported", "refuted" or "neither", and None without a published verdict. `claim` is its id, `rivals`
    the ids of the claims that a relation makes its rivals.
    """

    leaning: str | None
    bearings: frozenset[str] = frozenset()
    claim: int = 0
    rivals: frozenset[int] = frozenset()


def dispute_state(sides: Iterable[Side], *, exclusive: bool = False) -> str:
    """ "open", "contested" or "settled".

    Asked are the claims that compete: those linked as rivals, or all of them where none are or where the dispute is
    `exclusive`, so that an undisputed circumstance does not count as a side. Open: none of them has a verdict.
    Settled: exactly one is supported and its rivals are refuted. Contested: evidence speaks on more than one side and
    no verdict has refuted it away, that is, two rivals that are not refuted have supporting evidence, or one claim
    that is not refuted has evidence both for and against it. What has verdicts but is neither is still open.
    """
    sides = list(sides)
    rivals = _linked(sides)
    linked = [side for side in sides if side.claim in rivals]
    everyone = exclusive or not linked
    competing = sides if everyone else linked
    if not any(side.leaning for side in competing):
        return "open"
    supported = [side for side in competing if side.leaning == "supported"]
    if len(supported) == 1:
        others = [side for side in competing if side is not supported[0]]
        against = others if everyone else [side for side in others if _rivals(side, supported[0])]
        if all(side.leaning == "refuted" for side in against):
            return "settled"
    alive = [side for side in competing if side.leaning != "refuted"]
    backed = [side for side in alive if "supports" in side.bearings]
    divided = any(everyone or _rivals(one, other) for one, other in combinations(backed, 2))
    torn = any({"supports", "refutes"} <= side.bearings for side in alive)
    return "contested" if divided or torn else "open"


def _linked(sides: list[Side]) -> set[int]:
    """The claims that have a rival among the others, found in one walk: some disputes have thousands of claims."""
    claims = {side.claim for side in sides}
    pairs = [(side.claim, other) for side in sides for other in side.rivals if other in claims and other != side.claim]
    return {claim for pair in pairs for claim in pair}


def _rivals(one: Side, other: Side) -> bool:
    return one.claim in other.rivals or other.claim in one.rivals
