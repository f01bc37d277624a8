"""A dossier as nested plain rows in the words of a reader, so that two of them can be compared."""

from __future__ import annotations

from typing import Any

from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import Numbered, compared
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent

_BEARINGS = {"supports": "speaks for the claim", "refutes": "speaks against the claim", "context": "is context"}
"""What evidence does to a claim, as the end of a sentence about both."""


def representation_of(dossier: Dossier) -> dict[str, Any]:
    """The dispute or claim with all that hangs on it, in the shape that `claims.logic.diff` compares."""
    shown = {claim.id for claim in dossier.claims}
    claims = [_claim(claim, shown) for claim in dossier.claims]
    if isinstance(dossier, DisputeDossier):
        questions = [row_of(question) for question in dossier.questions]
        return {**row_of(dossier.dispute), "questions": questions, "claims": claims}
    return claims[0]


def row_of(row: Numbered) -> dict[str, Any]:
    """What of one row is compared, without what hangs on it, under its id."""
    return {"id": row.id, **compared(row)}


def _claim(row: ClaimContent, shown: set[int]) -> dict[str, Any]:
    return {
        **row_of(row),
        "attributions": [row_of(said) for said in row.attributions],
        "evidence": [_link(piece) for piece in row.evidence],
        # A relation hangs on both of its claims and is told once.
        "relations": [
            {**row_of(other), "claim": row.text}
            for other in row.relations
            if other.other_id not in shown or row.id < other.other_id
        ],
        "verdict": [row_of(verdict) for verdict in (row.verdict, *row.drafts) if verdict],
        "reviews": [row_of(review) for review in row.reviews],
        "inquiries": [row_of(inquiry) for inquiry in row.inquiries],
    }


def _link(row: EvidenceContent) -> dict[str, Any]:
    """The bearing of evidence on a claim, a row of its own with the evidence in it."""
    bearing = _BEARINGS.get(row.bearing.code, row.bearing.words)
    return {"id": row.link_id, **compared(row, part="link"), "bearing": bearing, "evidence": row_of(row)}
