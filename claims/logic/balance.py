"""The balance of a register: who said how much, on how many claims, and how those claims were decided.

Counts of what the desk entered, and no measure of anybody's truthfulness: a desk checks what is contested, and enters
more of what it looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from claims.logic.verbs import VERBS

STANCES = tuple(VERBS)
LEANINGS = ("supported", "refuted", "neither")


@dataclass(frozen=True, slots=True)
class RatingCount:
    """On how many claims one rating stands."""

    code: str
    label: str
    leaning: str
    claims: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the claims were decided that one party asserts or alleges, or denies or disputes; each claim counts once."""

    claims: int = 0
    undecided: int = 0
    ratings: tuple[RatingCount, ...] = ()

    def leaning(self, code: str) -> int:
        """On how many of the claims a verdict of this leaning stands."""
        return sum(row.claims for row in self.ratings if row.leaning == code)

    @property
    def shares(self) -> tuple[tuple[str, int], ...]:
        """The claims by leaning, and those without verdict; they add up to `claims`."""
        return (*((code, self.leaning(code)) for code in LEANINGS), ("undecided", self.undecided))


@dataclass(frozen=True, slots=True)
class Party:
    """One source, side or country. All who are withheld from the reader are one party without id and country."""

    id: int | None
    label: str
    slug: str = ""
    country: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What one party says: statements by stance, on how many claims, and how those claims were decided.

    What a source took back is in none of it but `taken_back`: on how many claims it made a retraction, and where the
    statements that are counted are without idle ones, on how many it took something back.
    """

    party: Party
    claims: int
    statements: Mapping[str, int]
    asserted: Outcome = field(default_factory=Outcome)
    denied: Outcome = field(default_factory=Outcome)
    taken_back: Outcome = field(default_factory=Outcome)

    @property
    def total(self) -> int:
        """All statements, relays among them."""
        return sum(self.statements.values())


@dataclass(frozen=True, slots=True)
class Balance:
    """The parties with statements on the most claims, those first; `more` says that there are others."""

    by: str
    rows: tuple[BalanceRow, ...]
    more: bool


def outcome(counted: Iterable[tuple[RatingCount | None, int]]) -> Outcome:
    """From pairs of a rating, None for no verdict, and the number of claims; ratings come in the order given."""
    counted = list(counted)
    rated = tuple(
        RatingCount(rating.code, rating.label, rating.leaning, claims) for rating, claims in counted if rating
    )
    undecided = sum(claims for rating, claims in counted if rating is None)
    return Outcome(undecided + sum(row.claims for row in rated), undecided, rated)
