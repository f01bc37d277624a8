"""Puts the matrix of a question together from the rows of a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from claims.choices import Discount
from claims.logic import wording
from claims.logic.matrix import Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of
from claims.logic.pieces import Kinship, units_of
from claims.logic.weighing import RELIABILITY_WEIGHTS
from claims.reports.content.dossier import ClaimContent
from claims.reports.content.evidence import EvidenceContent
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows


def assemble_matrix(
    rivals: Sequence[ClaimContent], rows: Rows, redaction: Redaction, numbers: Mapping[int, int]
) -> Matrix:
    """The evidence that bears on any claim of one question, against each of them, as one reader may know it; `numbers`
    are those of the evidence of the report.

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
        [
            replace(
                _piece(links[pk], origins.get(pk, 0), units.get(pk, 0), _not_on(pk, links, shown, rows.kinship)),
                number=numbers[pk],
            )
            for pk in sorted(links)
        ],
        votes,
        name_analysts=redaction.desk,
        analysts=len(analysts),
    )


Links = Mapping[int, Mapping[int, EvidenceContent]]
"""The bearings of each piece of evidence, by the piece and then by the claim."""


def _by_piece(rivals: Sequence[ClaimContent]) -> Links:
    """Each piece of evidence on these claims, with its bearing on each on which it has one."""
    found: dict[int, dict[int, EvidenceContent]] = {}
    for claim in rivals:
        for row in claim.evidence:
            found.setdefault(row.id, {})[claim.id] = row
    return found


def _not_on(piece: int, links: Links, claims: Iterable[int], kinship: Kinship) -> dict[int, str]:
    """The claims on which the piece does not count, with why: by its own link there, or, where it has none, by that of
    a piece that it only repeats."""
    found = {claim: link.discounted.words for claim, link in links[piece].items() if link.discounted}
    above = [links[other] for other in kinship.followed_by(piece) if other in links]
    for claim in {*claims} - links[piece].keys() if above else ():
        codes = {row[claim].discounted.code for row in above if claim in row}
        repeated = next((repeats for repeats, fallen in _REPEATS.items() if codes & fallen), "")
        if repeated:
            found[claim] = wording.discounted(repeated, ())
    return found


_REPEATS = {
    Discount.REPEATS_OWN: {Discount.OWN_ASSERTION, Discount.REPEATS_OWN},
    Discount.REPEATS_UNDERCUT: {Discount.UNDERCUT, Discount.REPEATS_UNDERCUT},
}
"""Why a piece does not count that repeats another, in the order of `claims.rules.counting`."""


def _piece(links: Mapping[int, EvidenceContent], origin: int, unit: int, not_on: Mapping[int, str]) -> Piece:
    row = next(iter(links.values()))
    publishers = (document.publisher for document in row.documents)
    grades = [publisher.reliability.code for publisher in publishers if publisher is not None]
    nowhere = row.discounted.words if all(claim in not_on for claim in links) else ""
    return Piece(row.id, row.title, _best(grades), row.credibility.code, origin, unit, nowhere, not_on)


def _best(grades: Iterable[str]) -> str:
    """The best known grade among those who publish a piece of evidence: one good witness is not made worse by
    another."""
    known = [grade for grade in grades if grade in RELIABILITY_WEIGHTS and grade != "F"]
    return min(known, default="F")
