"""Works out the matrix of a dispute from the ratings of its analysts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.logic import weighing
from claims.logic.matrix import Cell, Column, Hypothesis, Matrix, MatrixRow, Piece, Vote

_DIGITS = 9
"""Scores that differ by less are the same: sums of floats differ with the order of their terms."""


def matrix_of(
    claims: Sequence[Hypothesis],
    pieces: Sequence[Piece],
    votes: Mapping[tuple[int, int], Sequence[Vote]],
    *,
    name_analysts: bool,
    analysts: int,
) -> Matrix:
    """The matrix of `claims` and `pieces`; `votes` maps (evidence, claim) to the ratings of all `analysts`.

    Claims are ordered by what speaks against them, then by what fits them, then by the shares of cells that are not
    applicable and not rated; those that nothing tests come last, without a rank. Evidence is ordered by
    diagnosticity. Pieces have the codes E1, E2 in the order in which they are given.
    """
    grid = [
        [_cell(claim.claim, votes.get((piece.evidence, claim.claim), ()), named=name_analysts) for claim in claims]
        for piece in pieces
    ]
    weights = [weighing.weight(piece.reliability, piece.credibility) for piece in pieces]
    counted = [[weighing.heuer(_ratings(votes, piece, claim)) for claim in claims] for piece in pieces]
    totals = [_sum(grid[row][place] for row in range(len(pieces))) for place in range(len(claims))]
    leaders = _leaders(totals)
    rows = [
        MatrixRow(
            evidence=piece.evidence,
            code=f"E{number}",
            title=piece.title,
            reliability=piece.reliability,
            credibility=piece.credibility,
            weight=weights[number - 1],
            diagnosticity=weighing.diagnosticity(cell.mean for cell in cells),
            cells=tuple(cells),
            decisive=_leaders([total - _sum([cell]) for total, cell in zip(totals, cells, strict=True)]) != leaders,
        )
        for number, (piece, cells) in enumerate(zip(pieces, grid, strict=True), start=1)
    ]
    weighted = [_sum((grid[row][place] for row in range(len(pieces))), weights) for place in range(len(claims))]
    ranks, weighted_ranks = _ranks(totals), _ranks(weighted)
    columns = [
        Column(
            claim=claim.claim,
            number=claim.number,
            text=claim.text,
            rank=ranks[place],
            weighted_rank=weighted_ranks[place],
            inconsistency=totals[place].against,
            consistency=totals[place].fit,
            weighted_inconsistency=weighted[place].against,
            weighted_consistency=weighted[place].fit,
            counted=sum(row[place] for row in counted),
            weighted_counted=sum(row[place] * w for row, w in zip(counted, weights, strict=True)),
            rated=totals[place].rated,
            total=len(pieces),
            not_applicable=totals[place].not_applicable,
        )
        for place, claim in enumerate(claims)
    ]
    order = sorted(range(len(claims)), key=lambda place: (ranks[place] is None, ranks[place] or 0, place))
    return Matrix(
        columns=tuple(columns[place] for place in order),
        rows=tuple(
            replace(row, cells=tuple(row.cells[place] for place in order))
            for row in sorted(rows, key=_most_telling_first)
        ),
        analysts=analysts,
    )


@dataclass(frozen=True, slots=True)
class _Total:
    """What the cells of one claim come to."""

    against: float = 0.0
    fit: float = 0.0
    rated: int = 0
    not_applicable: int = 0
    total: int = 0

    def __sub__(self, other: _Total) -> _Total:
        return _Total(
            self.against - other.against,
            self.fit - other.fit,
            self.rated - other.rated,
            self.not_applicable - other.not_applicable,
            self.total - other.total,
        )

    @property
    def tested(self) -> bool:
        """Whether any cell says more than “not applicable”: where none does, nothing could speak against the claim."""
        return self.rated > self.not_applicable or round(self.against + self.fit, _DIGITS) > 0

    @property
    def key(self) -> tuple[float, ...]:
        """Smaller is better."""
        total = self.total or 1
        unrated = (self.total - self.rated) / total
        return round(self.against, _DIGITS), -round(self.fit, _DIGITS), self.not_applicable / total, unrated


def _sum(cells: Iterable[Cell], weights: Sequence[float] | None = None) -> _Total:
    against = fit = 0.0
    rated = not_applicable = total = 0
    for number, cell in enumerate(cells):
        times = weights[number] if weights else 1.0
        against += times * weighing.inconsistency([cell.mean])
        fit += times * weighing.consistency([cell.mean])
        rated += cell.rated
        not_applicable += cell.consensus == weighing.NOT_APPLICABLE
        total += 1
    return _Total(against, fit, rated, not_applicable, total)


def _cell(claim: int, votes: Sequence[Vote], *, named: bool) -> Cell:
    ratings = [vote.rating for vote in votes]
    return Cell(
        claim=claim,
        analysts=len(votes),
        mean=weighing.mean_rating(ratings),
        consensus=weighing.consensus(ratings),
        disagreement=weighing.disagreement(ratings),
        votes=tuple(votes) if named else (),
    )


def _ratings(votes: Mapping[tuple[int, int], Sequence[Vote]], piece: Piece, claim: Hypothesis) -> list[str]:
    return [vote.rating for vote in votes.get((piece.evidence, claim.claim), ())]


def _ranks(totals: Sequence[_Total]) -> list[int | None]:
    """1 for the best; claims that nothing tells apart share a rank, and an untested one has none."""
    keys = sorted(total.key for total in totals if total.tested)
    return [keys.index(total.key) + 1 if total.tested else None for total in totals]


def _leaders(totals: Sequence[_Total]) -> set[int]:
    return {place for place, rank in enumerate(_ranks(totals)) if rank == 1}


def _most_telling_first(row: MatrixRow) -> tuple[float, ...]:
    total = len(row.cells) or 1
    not_applicable = sum(cell.consensus == weighing.NOT_APPLICABLE for cell in row.cells) / total
    unrated = sum(not cell.rated for cell in row.cells) / total
    return -round(row.diagnosticity, _DIGITS), not_applicable, unrated, int(row.code[1:])
