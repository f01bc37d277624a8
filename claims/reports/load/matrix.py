"""Puts the matrix of a question together from the rows of a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from claims.logic.matrix import Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of
from claims.logic.pieces import units_of
from claims.logic.weighing import RELIABILITY_WEIGHTS
from claims.reports.content.dossier import ClaimContent
from claims.reports.content.evidence import EvidenceContent
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows


def assemble_matrix(rivals: Sequence[ClaimContent], rows: Rows, redaction: Redaction) -> Matrix:
    """The evidence that bears on any claim of one question, against each of them, as one reader may know it.

    A piece that counts on none of them is shown and weighs nothing.
    Who rated how is for the desk alone; what the ratings come to is for whoever may read the claims.
    """
    shown = {claim.id for claim in rivals}
    # Where a piece counts on one claim and not on another, the former is found last.
    found = sorted((row for claim in rivals for row in claim.evidence), key=lambda row: not row.discounted)
    pieces = {row.id: row for row in found}
    counting = rows.shown(claim.id for claim in rivals)
    origins, units = rows.kinship.origins_of(counting), units_of(counting)
    votes: dict[tuple[int, int], list[Vote]] = defaultdict(list)
    analysts = set()
    for claim in shown:
        for row in rows.assessments.get(claim, []):
            if row.evidence_id in pieces:
                analysts.add(row.analyst_id)
                name = row.analyst.get_full_name() or row.analyst.get_username() if redaction.desk else ""
                votes[row.evidence_id, claim].append(Vote(row.rating, name, row.note if redaction.desk else ""))
    return matrix_of(
        [Hypothesis(claim.id, claim.number, claim.text) for claim in rivals],
        [_piece(pieces[pk], origins.get(pk, 0), units.get(pk, 0)) for pk in sorted(pieces)],
        votes,
        name_analysts=redaction.desk,
        analysts=len(analysts),
    )


def _piece(row: EvidenceContent, origin: int, unit: int) -> Piece:
    publishers = (document.publisher for document in row.documents)
    grades = [publisher.reliability.code for publisher in publishers if publisher is not None]
    return Piece(row.id, row.title, _best(grades), row.credibility.code, origin, unit, row.discounted.words)


def _best(grades: Iterable[str]) -> str:
    """The best known grade among those who publish a piece of evidence: one good witness is not made worse by
    another."""
    known = [grade for grade in grades if grade in RELIABILITY_WEIGHTS and grade != "F"]
    return min(known, default="F")
