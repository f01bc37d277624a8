"""The matrix of a dispute: its evidence against its rival claims, with what the ratings come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claims.logic import weighing
from claims.logic.wording import counted, one_after_another, score

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
    discounted: str = ""
    """Why the piece does not count on this claim; such a cell is shown with its ratings and weighs nothing."""

    @property
    def rated(self) -> bool:
        return self.analysts > 0

    @property
    def words(self) -> str:
        """The consensus in words, for who does not know the letters; empty where nobody rated."""
        return WORDS.get(self.consensus, "")

    @property
    def differs(self) -> bool:
        """Whether the analysts do not agree on it, where it counts."""
        return not self.discounted and self.disagreement_words not in {"", "consensus"}

    @property
    def disagreement_words(self) -> str:
        return weighing.disagreement_words(self.disagreement)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One piece of evidence against each claim; `code` (E1) names it, `weight` is what its grades count for.

    `origin` (O1) names its origin, `share` is its part of the weight of that origin.
    """

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
    origin: str = ""
    share: float = 1.0
    discounted: str = ""
    """Why it counts on none of the claims, in words; such a piece is shown and weighs nothing."""

    def reason(self, cell: Cell) -> str:
        """Why this cell of it does not count, where that is not said of the whole piece."""
        return "" if self.discounted else cell.discounted


@dataclass(frozen=True, slots=True)
class MatrixOrigin:
    """One origin of the evidence of a matrix: its pieces by their codes, and as how many pieces they count.

    A set of pieces that show something only together counts as one.
    """

    code: str
    pieces: tuple[str, ...]
    total: int
    decisive: bool
    """Whether, counted by origin, the first place changes without it."""
    carries: bool
    """Whether, counted by piece, the first place changes once it counts as one."""

    @property
    def echo(self) -> bool:
        """Whether two pieces or more are one origin."""
        return self.total > 1

    @property
    def words(self) -> str:
        """`E1, E2 and E3`."""
        return one_after_another(self.pieces)

    @property
    def echo_words(self) -> str:
        """`E1, E2 and E3: 3 pieces, 1 origin`."""
        return f"{self.words}: {counted(self.total, 'piece', 'pieces')}, 1 origin"


@dataclass(frozen=True, slots=True)
class Column:
    """One claim with its scores, by piece and by origin. A rank is None where nothing is rated against it, or all of it
    comes to “not applicable”: it is not tested, and so not best.

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
    origin_rank: int | None = None
    weighted_origin_rank: int | None = None
    origin_inconsistency: float = 0.0
    origin_consistency: float = 0.0

    @property
    def scores(self) -> str:
        """The plain and the weighted scores as text."""
        return f"{score(self.inconsistency)} against, {score(self.consistency)} fitting"

    @property
    def weighted_scores(self) -> str:
        return f"{score(self.weighted_inconsistency)} against, {score(self.weighted_consistency)} fitting"

    @property
    def origin_scores(self) -> str:
        return f"{score(self.origin_inconsistency)} against, {score(self.origin_consistency)} fitting"

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
    origins: tuple[MatrixOrigin, ...] = ()
    """In the order of the codes of their first pieces."""

    def in_order(self, claims: Sequence[int]) -> Matrix:
        """The same with its claims in this order, in which a reader meets them; their ranks say how they fare."""
        places = sorted(range(len(self.columns)), key=lambda at: claims.index(self.columns[at].claim))
        rows = tuple(replace(row, cells=tuple(row.cells[at] for at in places)) for row in self.rows)
        return replace(self, columns=tuple(self.columns[at] for at in places), rows=rows)

    @property
    def rated(self) -> bool:
        """Whether anybody rated anything, be it what does not count."""
        return any(cell.rated for row in self.rows for cell in row.cells)

    @property
    def counting(self) -> tuple[MatrixRow, ...]:
        """The evidence that counts, the most telling first."""
        return tuple(row for row in self.rows if not row.discounted)

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
            among = named(column.number for column in self.columns if column.rank)
            return f"Counted by piece, the first place among {among} does not hang on any single piece of evidence."
        codes = self.decisive
        listed = codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} or {codes[-1]}"
        changes = f"Counted by piece, the first place changes without {listed}"
        return f"{changes}: another claim, one more or none would then come first."

    @property
    def echoes(self) -> tuple[MatrixOrigin, ...]:
        """The origins that two pieces or more have."""
        return tuple(origin for origin in self.origins if origin.echo)

    @property
    def echo_sentence(self) -> str:
        """Which pieces have one origin, in words; empty where each is its own."""
        told = "; ".join(origin.echo_words for origin in self.echoes)
        return (
            f"Echo: {told}. One is derived from another, or one document carries them, or they are one set."
            if told
            else ""
        )

    @property
    def order_sentence(self) -> str:
        """Which claim comes first by piece and by origin, and on what that hangs, in words; empty where each piece is
        its own origin, so that both are the same, or where no two claims can be compared."""
        if not self.echoes or len([column for column in self.columns if column.rank]) < 2:
            return ""
        by_piece, by_origin = (_first(self.columns, name) for name in ("rank", "origin_rank"))
        if by_piece == by_origin:
            told = f"Counted by piece or by origin, {by_piece} first."
        else:
            carrying = [origin for origin in self.echoes if origin.carries] or self.echoes
            hangs = "; ".join(origin.echo_words for origin in carrying)
            told = (
                f"Counted by piece, {by_piece} first; counted by origin, {by_origin} first. "
                f"The order hangs on how often one origin is counted: {hangs}."
            )
        decisive = [origin.words for origin in self.origins if origin.decisive]
        if not decisive:
            return f"{told} Counted by origin, the first place does not hang on any single origin."
        return f"{told} Counted by origin, the first place changes without {' or without '.join(decisive)}."

    @property
    def untested(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.rank is None)


def _first(columns: tuple[Column, ...], rank: str) -> str:
    """`claim 1 comes`, `claims 1 and 2 together come`."""
    best = sorted(column.number for column in columns if getattr(column, rank) == 1)
    return f"claim {best[0]} comes" if len(best) == 1 else f"claims {one_after_another(map(str, best))} together come"


def named(numbers: Iterable[int]) -> str:
    """`claim 1`, `claims 1 and 2`."""
    names = [str(number) for number in sorted(numbers)]
    return f"claim{'' if len(names) == 1 else 's'} {one_after_another(names)}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence that goes into a matrix, with the grades of its source (A to F) and its own (1 to 6).

    `origin` is the same number for all that has one origin, `unit` for all that is one piece, being one set; 0 stands
    for its own. `discounted` says in words why it counts on none of the claims, `discounted_on` why it does not count
    on one, by the id of the claim: it is shown there, and weighs nothing.
    """

    evidence: int
    title: str
    reliability: str = "F"
    credibility: str = "6"
    origin: int = 0
    unit: int = 0
    discounted: str = ""
    discounted_on: Mapping[int, str] = field(default_factory=dict)
    number: int = 0
    """By which it is called E1, E2; 0 for its place among the pieces of the matrix."""

    def reason(self, claim: int) -> str:
        """Why it does not count on this claim, in words; empty where it does."""
        return self.discounted_on.get(claim, "") or self.discounted


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One claim that goes into a matrix; `number` is the one by which it is cited."""

    claim: int
    number: int
    text: str
