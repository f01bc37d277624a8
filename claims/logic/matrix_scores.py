"""Works out the matrix of a dispute from the ratings of its analysts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from claims.logic import weighing
from claims.logic.matrix import Cell, Column, Hypothesis, Matrix, MatrixOrigin, MatrixRow, Piece, Vote
from claims.logic.matrix_order import DIGITS, Order


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
    diagnosticity. Pieces have the codes E1, E2 by their numbers, origins O1, O2 in the order in which they are given.
    """
    grid = [
        [
            _cell(piece, claim.claim, votes.get((piece.evidence, claim.claim), ()), named=name_analysts)
            for claim in claims
        ]
        for piece in pieces
    ]
    units = [_counted_as(piece, piece.unit) for piece in pieces]
    origins = [_counted_as(piece, piece.origin or piece.unit) for piece in pieces]
    weights = [weighing.weight(piece.reliability, piece.credibility) for piece in pieces]
    by_piece = Order.of(grid, len(claims), units, [weights] * len(claims), min)
    by_origin = Order.of(grid, len(claims), origins, by_piece.weights, max)
    pieces_of = Counter(origins)
    counted = [[weighing.heuer(_ratings(votes, piece, claim)) for claim in claims] for piece in pieces]
    rows = [
        MatrixRow(
            evidence=piece.evidence,
            code=f"E{piece.number or row + 1}",
            title=piece.title,
            reliability=piece.reliability,
            credibility=piece.credibility,
            weight=weights[row],
            diagnosticity=weighing.diagnosticity(cell.mean for cell in _counting(grid[row])),
            cells=tuple(grid[row]),
            decisive=units[row] in by_piece.decisive,
            share=0.0 if origins[row] is None else 1 / pieces_of[origins[row]],
            discounted=piece.discounted,
        )
        for row, piece in enumerate(pieces)
    ]
    found = _origins(rows, units, origins, grid, by_piece, by_origin)
    codes = {code: origin.code for origin in found for code in origin.pieces}
    counting = [[row[place] for row in grid if not row[place].discounted] for place in range(len(claims))]
    columns = [
        Column(
            claim=claim.claim,
            number=claim.number,
            text=claim.text,
            rank=by_piece.ranks[place],
            weighted_rank=by_piece.weighted_ranks[place],
            inconsistency=by_piece.totals[place].against,
            consistency=by_piece.totals[place].fit,
            weighted_inconsistency=by_piece.weighted[place].against,
            weighted_consistency=by_piece.weighted[place].fit,
            counted=sum(share * row[place] for share, row in zip(by_piece.shares[place], counted, strict=True)),
            weighted_counted=sum(times * row[place] for times, row in zip(by_piece.times[place], counted, strict=True)),
            rated=sum(cell.rated for cell in counting[place]),
            total=len(counting[place]),
            not_applicable=sum(cell.consensus == weighing.NOT_APPLICABLE for cell in counting[place]),
            origin_rank=by_origin.ranks[place],
            weighted_origin_rank=by_origin.weighted_ranks[place],
            origin_inconsistency=by_origin.totals[place].against,
            origin_consistency=by_origin.totals[place].fit,
        )
        for place, claim in enumerate(claims)
    ]
    order = sorted(range(len(claims)), key=lambda place: (columns[place].rank is None, columns[place].rank or 0, place))
    return Matrix(
        columns=tuple(columns[place] for place in order),
        rows=tuple(
            replace(row, cells=tuple(row.cells[place] for place in order), origin=codes.get(row.code, ""))
            for row in sorted(rows, key=_most_telling_first)
        ),
        analysts=analysts,
        origins=found,
    )


def _counting(cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if not cell.discounted]


def _counted_as(piece: Piece, number: int) -> int | None:
    """The number under which a piece counts; None where it counts on no claim."""
    return None if piece.discounted else number or piece.evidence


def _origins(
    rows: Sequence[MatrixRow],
    units: Sequence[int | None],
    origins: Sequence[int | None],
    grid: Sequence[Sequence[Cell]],
    by_piece: Order,
    by_origin: Order,
) -> tuple[MatrixOrigin, ...]:
    """The origins of what counts, in the order of their first pieces."""
    found: dict[int, list[int]] = {}
    for row, origin in enumerate(origins):
        if origin is not None:
            found.setdefault(origin, []).append(row)
    told = []
    for number, (origin, places) in enumerate(found.items(), start=1):
        total = len({units[row] for row in places})
        told.append(
            MatrixOrigin(
                code=f"O{number}",
                pieces=tuple(rows[row].code for row in places),
                total=total,
                decisive=origin in by_origin.decisive,
                carries=total > 1 and by_piece.leaders_once(grid, places, by_origin.shares) != by_piece.leaders,
            )
        )
    return tuple(told)


def _cell(piece: Piece, claim: int, votes: Sequence[Vote], *, named: bool) -> Cell:
    reason = piece.reason(claim)
    if not votes:
        return Cell(claim, 0, None, "", None, (), reason)
    ratings = [vote.rating for vote in votes]
    return Cell(
        claim=claim,
        analysts=len(votes),
        mean=weighing.mean_rating(ratings),
        consensus=weighing.consensus(ratings),
        disagreement=weighing.disagreement(ratings),
        votes=tuple(votes) if named else (),
        discounted=reason,
    )


def _ratings(votes: Mapping[tuple[int, int], Sequence[Vote]], piece: Piece, claim: Hypothesis) -> list[str]:
    return [vote.rating for vote in votes.get((piece.evidence, claim.claim), ())]


def _most_telling_first(row: MatrixRow) -> tuple[float, ...]:
    cells = _counting(row.cells)
    total = len(cells) or 1
    not_applicable = sum(cell.consensus == weighing.NOT_APPLICABLE for cell in cells) / total
    unrated = sum(not cell.rated for cell in cells) / total
    return -round(row.diagnosticity, DIGITS), not_applicable, unrated, int(row.code[1:])
