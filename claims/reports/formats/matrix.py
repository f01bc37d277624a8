"""The matrices of a dispute, one for each question, for programs: as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.logic.matrix import Cell, Column, Matrix, MatrixOrigin, MatrixRow
from claims.logic.matrix_plain import NO_FINDING, WEIGHT
from claims.logic.wording import analysts, score
from claims.reports.content.dossier import DisputeDossier, Imprint
from claims.reports.content.question import QuestionContent

MEANINGS = {
    "evidence_code": "What the report calls the piece.",
    "evidence_id": "The piece of evidence, by its number.",
    "evidence": "The title of that piece.",
    "reliability": "The reliability of its source, A to F.",
    "credibility": "Its credibility, 1 to 6.",
    "weight": f"What its grades count for, 0 to 1. {WEIGHT}",
    "diagnosticity": "How far it tells the claims apart.",
    "decisive": "Whether the first place changes without it.",
    "does_not_count": "Why it does not count on this claim; empty where it does.",
    "origin": "What the report calls its origin.",
    "origin_share": "Its part of the weight of that origin.",
    "claim_number": "The number by which the report refers to the claim.",
    "claim_id": "The claim, by its number.",
    "claim": "The words of that claim.",
    "analysts": "How many rated the piece against the claim.",
    "mean": "The mean of their ratings, 1 (very inconsistent) to 5 (very consistent).",
    "consensus": "The rating that comes nearest to the mean: VI, I, N, C, VC, or NA.",
    "disagreement": "How far they differ, 0 for not at all.",
    "disagreement_words": "How far they differ, told in words.",
    "ratings": "Who rated how; for the desk alone.",
    "claim_rank": f"The place of the claim, by the least inconsistency. {NO_FINDING}",
    "claim_weighted_rank": "That place weighted by the grades, no finding either.",
    "claim_inconsistency": "What speaks against the claim, added up.",
    "claim_consistency": "What fits it, added up.",
    "claim_counted_inconsistency": "Inconsistencies counted, 0 is best.",
    "claim_weighted_inconsistency": "What speaks against it, weighted by the grades.",
    "claim_weighted_consistency": "What fits it, weighted by the grades.",
    "claim_weighted_counted_inconsistency": "Inconsistencies counted, weighted by the grades.",
    "claim_coverage": "How many pieces are rated against it, in words.",
    "claim_origin_rank": "The place of the claim where each origin counts as one piece, no finding either.",
    "claim_weighted_origin_rank": "That place weighted by the grades, no finding either.",
    "claim_origin_inconsistency": "What speaks against it, each origin as one piece.",
    "claim_origin_consistency": "What fits it, each origin as one piece.",
}
"""What each column of the table of cells means."""
COLUMNS = tuple(MEANINGS)
CLAIM_COLUMNS = ("claim_id", *(name for name in COLUMNS if name.startswith("claim_") and name != "claim_id"))
CELL_COLUMNS = tuple(name for name in COLUMNS if name == "claim_id" or not name.startswith("claim"))
"""The two tables into which the one falls in which each cell has the scores of its claim beside it."""


def as_json(dossier: DisputeDossier, question: QuestionContent) -> dict[str, Any]:
    """The matrix of one question as plain values; numbers are not rounded."""
    matrix, address = question.matrix, dossier.imprint.address
    return {
        "dispute": {"id": dossier.dispute.id, "slug": dossier.dispute.slug, "title": dossier.dispute.title},
        "question": {"id": question.id, "address": address("questions", question.id), "text": question.text},
        "analysts": matrix.analysts,
        "claims": [_column(column, address("claims", column.claim)) for column in matrix.columns],
        "evidence": [_row(row, address("evidence", row.evidence)) for row in matrix.rows],
        "decisive": list(matrix.decisive),
        "sensitivity": matrix.sensitivity_sentence,
        "origins": [_origin(origin) for origin in matrix.origins],
        "order": matrix.order_sentence,
        "echo": matrix.echo_sentence,
    }


def report_rows(dossier: DisputeDossier) -> Iterator[dict[str, Any]]:
    """The cells and the claims of each matrix under the columns of a report."""
    for question in dossier.questions:
        if question.matrix.rated:
            about = {"question_id": question.id, "question": question.text}
            yield from ({**row, **about} for row in _rows_of(question.matrix, dossier.imprint))


def _rows_of(matrix: Matrix, imprint: Imprint) -> Iterator[dict[str, Any]]:
    columns = {column.claim: column for column in matrix.columns}
    for column in matrix.columns:
        yield {
            "row_type": "matrix_claim",
            "id": column.claim,
            "address": imprint.address("claims", column.claim),
            "claim_id": column.claim,
            "claim": column.text,
            "rating_number": column.rank,
            "note": f"inconsistency {score(column.inconsistency)}, consistency {score(column.consistency)}, "
            f"{column.coverage}, weighted rank {column.weighted_rank or 'none'}, "
            f"rank by origin {column.origin_rank or 'none'}",
        }
    for row in matrix.rows:
        for cell in row.cells:
            if cell.rated:
                yield {
                    "row_type": "matrix_cell",
                    "id": row.evidence,
                    "address": imprint.address("evidence", row.evidence),
                    "claim_id": cell.claim,
                    "claim": columns[cell.claim].text,
                    "title": row.title,
                    "rating": cell.consensus,
                    "note": f"{row.code}; {analysts(cell.analysts)}; {cell.disagreement_words}",
                    "does_not_count": cell.discounted,
                }


def claims(matrix: Matrix) -> Iterator[dict[str, Any]]:
    """One row for each claim, with its scores, under CLAIM_COLUMNS."""
    for column in matrix.columns:
        yield _scores(column)


def _column(column: Column, address: str) -> dict[str, Any]:
    return {
        "id": column.claim,
        "address": address,
        "number": column.number,
        "text": column.text,
        "rank": column.rank,
        "inconsistency": column.inconsistency,
        "consistency": column.consistency,
        "counted_inconsistency": column.counted,
        "weighted_rank": column.weighted_rank,
        "weighted_inconsistency": column.weighted_inconsistency,
        "weighted_consistency": column.weighted_consistency,
        "weighted_counted_inconsistency": column.weighted_counted,
        "rated": column.rated,
        "total": column.total,
        "not_applicable": column.not_applicable,
        "origin_rank": column.origin_rank,
        "origin_inconsistency": column.origin_inconsistency,
        "origin_consistency": column.origin_consistency,
        "weighted_origin_rank": column.weighted_origin_rank,
    }


def _row(row: MatrixRow, address: str) -> dict[str, Any]:
    return {
        "code": row.code,
        "id": row.evidence,
        "address": address,
        "title": row.title,
        "reliability": row.reliability,
        "credibility": int(row.credibility),
        "weight": row.weight,
        "diagnosticity": row.diagnosticity,
        "decisive": row.decisive,
        "discounted": row.discounted,
        "origin": row.origin,
        "origin_share": row.share,
        "cells": [_cell(cell) for cell in row.cells],
    }


def _origin(origin: MatrixOrigin) -> dict[str, Any]:
    return {
        "code": origin.code,
        "evidence": list(origin.pieces),
        "pieces": origin.total,
        "decisive": origin.decisive,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "claim": cell.claim,
        "analysts": cell.analysts,
        "mean": cell.mean,
        "consensus": cell.consensus,
        "disagreement": cell.disagreement,
        "disagreement_words": cell.disagreement_words,
        "discounted": cell.discounted,
        "ratings": [{"analyst": vote.analyst, "rating": vote.rating, "note": vote.note} for vote in cell.votes],
    }


def cells(matrix: Matrix) -> Iterator[dict[str, Any]]:
    """One row for each cell under COLUMNS, in the order of the matrix."""
    columns = {column.claim: column for column in matrix.columns}
    for row in matrix.rows:
        for cell in row.cells:
            column = columns[cell.claim]
            yield {
                "evidence_code": row.code,
                "evidence_id": row.evidence,
                "evidence": row.title,
                "reliability": row.reliability,
                "credibility": row.credibility,
                "weight": row.weight,
                "diagnosticity": row.diagnosticity,
                "decisive": row.decisive,
                "does_not_count": cell.discounted,
                "origin": row.origin,
                "origin_share": row.share,
                "claim": column.text,
                "analysts": cell.analysts,
                "mean": cell.mean,
                "consensus": cell.consensus,
                "disagreement": cell.disagreement,
                "disagreement_words": cell.disagreement_words,
                "ratings": "; ".join(f"{vote.analyst}: {vote.rating}" for vote in cell.votes),
                **_scores(column),
            }


def _scores(column: Column) -> dict[str, Any]:
    return {
        "claim_number": column.number,
        "claim_id": column.claim,
        "claim_rank": column.rank,
        "claim_weighted_rank": column.weighted_rank,
        "claim_inconsistency": column.inconsistency,
        "claim_consistency": column.consistency,
        "claim_counted_inconsistency": column.counted,
        "claim_weighted_inconsistency": column.weighted_inconsistency,
        "claim_weighted_consistency": column.weighted_consistency,
        "claim_weighted_counted_inconsistency": column.weighted_counted,
        "claim_coverage": column.coverage,
        "claim_origin_rank": column.origin_rank,
        "claim_weighted_origin_rank": column.weighted_origin_rank,
        "claim_origin_inconsistency": column.origin_inconsistency,
        "claim_origin_consistency": column.origin_consistency,
    }
