"""How far a dispute is decided, from its published claims alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Side:
    """One published claim of a dispute: what its current verdict says, and the bearings of its standing evidence.

    `leaning` is "supported", "refuted" or "neither", and None without a published verdict.
    """

    leaning: str | None
    bearings: frozenset[str] = field(default_factory=frozenset)


def dispute_state(sides: Iterable[Side]) -> str:
    """ "open", "contested" or "settled".

    Open: no claim has a verdict. Settled: exactly one claim is supported and all others are refuted. Contested:
    evidence speaks on more than one side and no verdict has refuted it away, that is, at least two claims that are
    not refuted have supporting evidence, or one of them has evidence both for and against it. What has verdicts but
    is neither settled nor contested is still open.
    """
    sides = list(sides)
    leanings = [side.leaning for side in sides]
    if not any(leanings):
        return "open"
    if leanings.count("supported") == 1 and leanings.count("refuted") == len(leanings) - 1:
        return "settled"
    alive = [side for side in sides if side.leaning != "refuted"]
    backed = sum("supports" in side.bearings for side in alive)
    torn = any({"supports", "refutes"} <= side.bearings for side in alive)
    return "contested" if backed > 1 or torn else "open"
