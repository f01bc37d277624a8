"""The matrix of a dispute: its evidence against its rival claims, with what the ratings come to."""

from __future__ import annotations

from dataclasses import dataclass

from claims.logic import weighing
from claims.logic.wording import score

WORDS = {
    "VI": "very inconsistent",
    "I": "inconsistent",
    "N": "neutral",
    "C": "consistent",
    "VC": "very consistent",
    "NA": "not applicable",
}


@dataclass(frozen=True, slots=True)
class Vote:
    """One analyst's rating; `analyst` and `note` are empty outside the desk."""

    rating: str
    analyst: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What all analysts say on one piece of evidence against one claim; `votes` are for the desk alone."""

    claim: int
    analysts: int
    mean: float | None
    consensus: str
    disagreement: float | None
    votes: tuple[Vote, ...] = ()

    @property
    def rated(self) -> bool:
        return self.analysts > 0

    @property
    def words(self) -> str:
        """The consensus in words, for who does not know the letters; empty where nobody rated."""
        return WORDS.get(self.consensus, "")

    @property
    def disagreement_words(self) -> str:
        return weighing.disagreement_words(self.disagreement)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One piece of evidence against each claim; `code` (E1) names it, `weight` is what its grades count for."""

    evidence: int
    code: str
    title: str
    reliability: str
    credibility: str
    weight: float
    diagnosticity: float
    cells: tuple[Cell, ...]
    decisive: bool
    """Whether the first place changes without it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One claim with its scores. `rank` is None where nothing is rated against it, or all of it comes to “not
    applicable”: it is not tested, and so not best.

    `counted` is Heuer's count of inconsistencies (0 is best, the further below the worse).
    """

    claim: int
    number: int
    text: str
    rank: int | None
    weighted_rank: int | None
    inconsistency: float
    consistency: float
    weighted_inconsistency: float
    weighted_consistency: float
    counted: float
    weighted_counted: float
    rated: int
    total: int
    not_applicable: int

    @property
    def scores(self) -> str:
        """The plain and the weighted scores as text."""
        return f"{score(self.inconsistency)} against, {score(self.consistency)} fitting"

    @property
    def weighted_scores(self) -> str:
        return f"{score(self.weighted_inconsistency)} against, {score(self.weighted_consistency)} fitting"

    @property
    def counts(self) -> str:
        """Heuer's count, plain and weighted, as text."""
        return f"{score(self.counted)}, weighted {score(self.weighted_counted)}"

    @property
    def coverage(self) -> str:
        return f"rated {self.rated} of {self.total}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The evidence of a dispute against its rival claims: the claims that fare best first, the evidence that tells
    them apart best first."""

    columns: tuple[Column, ...] = ()
    rows: tuple[MatrixRow, ...] = ()
    analysts: int = 0

    @property
    def rated(self) -> bool:
        return any(column.rated for column in self.columns)

    @property
    def decisive(self) -> tuple[str, ...]:
        """The pieces of evidence without which the first place changes, by their codes."""
        return tuple(sorted((row.code for row in self.rows if row.decisive), key=lambda code: int(code[1:])))

    @property
    def sensitivity_sentence(self) -> str:
        """How far the order hangs on single pieces of evidence, in words; empty where nothing can be said."""
        if len([column for column in self.columns if column.rank]) < 2:
            return ""
        if not self.decisive:
            return "The first place does not hang on any single piece of evidence."
        codes = self.decisive
        listed = codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"
        return f"The order flips without {listed}: another claim, one more or none would then come first."

    @property
    def untested(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.rank is None)


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence that goes into a matrix, with the grades of its source (A to F) and its own (1 to 6)."""

    evidence: int
    title: str
    reliability: str = "F"
    credibility: str = "6"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One claim that goes into a matrix; `number` is its place in the dispute."""

    claim: int
    number: int
    text: str
