"""Puts the matrix of a question together from the rows of a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

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

    Where a link does not count, the ratings of the piece against its claim are shown and weigh nothing; a piece that
    counts on none of the claims weighs nothing at all.
    Who rated how is for the desk alone; what the ratings come to is for whoever may read the claims.
    """
    shown = {claim.id for claim in rivals}
    links = _by_piece(rivals)
    counting = rows.shown(claim.id for claim in rivals)
    origins, units = rows.kinship.origins_of(counting), units_of(counting)
    votes: dict[tuple[int, int], list[Vote]] = defaultdict(list)
    analysts = set()
    for claim in shown:
        for row in rows.assessments.get(claim, []):
            if row.evidence_id in links:
                analysts.add(row.analyst_id)
                name = row.analyst.get_full_name() or row.analyst.get_username() if redaction.desk else ""
                votes[row.evidence_id, claim].append(Vote(row.rating, name, row.note if redaction.desk else ""))
    return matrix_of(
        [Hypothesis(claim.id, claim.number, claim.text) for claim in rivals],
        [_piece(links[pk], origins.get(pk, 0), units.get(pk, 0)) for pk in sorted(links)],
        votes,
        name_analysts=redaction.desk,
        analysts=len(analysts),
    )


def _by_piece(rivals: Sequence[ClaimContent]) -> dict[int, dict[int, EvidenceContent]]:
    """Each piece of evidence on these claims, with its bearing on each on which it has one."""
    found: dict[int, dict[int, EvidenceContent]] = {}
    for claim in rivals:
        for row in claim.evidence:
            found.setdefault(row.id, {})[claim.id] = row
    return found


def _piece(links: Mapping[int, EvidenceContent], origin: int, unit: int) -> Piece:
    row = next(iter(links.values()))
    publishers = (document.publisher for document in row.documents)
    grades = [publisher.reliability.code for publisher in publishers if publisher is not None]
    not_on = {claim: link.discounted.words for claim, link in links.items() if link.discounted}
    nowhere = row.discounted.words if len(not_on) == len(links) else ""
    return Piece(row.id, row.title, _best(grades), row.credibility.code, origin, unit, nowhere, not_on)


def _best(grades: Iterable[str]) -> str:
    """The best known grade among those who publish a piece of evidence: one good witness is not made worse by
    another."""
    known = [grade for grade in grades if grade in RELIABILITY_WEIGHTS and grade != "F"]
    return min(known, default="F")
