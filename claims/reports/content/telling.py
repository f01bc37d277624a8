"""Which evidence a report shows of a claim: all of it, or in a long report the most telling pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, zip_longest
from types import MappingProxyType

from claims.reports.content.claim import ClaimContent, numbered
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent

LONG = 50
"""A report on a dispute with more pieces of evidence than these is long."""
MOST = 5
"""As many pieces a long report shows of a claim, and in a matrix."""
_STRENGTHS = ("strong", "moderate", "weak")
NO_MATRIX: Mapping[int, float] = MappingProxyType({})


def is_long(dossier: Dossier) -> bool:
    """Whether the report shows the most telling evidence and leads to the rest; that of one claim shows all of it."""
    return isinstance(dossier, DisputeDossier) and len(numbered(dossier.claims)) > LONG


def shown_evidence(claim: ClaimContent, dossier: Dossier) -> tuple[EvidenceContent, ...]:
    """What the report shows of the evidence on a claim, in the order of the register."""
    if not is_long(dossier):
        return claim.evidence
    return most_telling(claim, _apart(claim, dossier))


def most_telling(claim: ClaimContent, apart: Mapping[int, float], most: int = MOST) -> tuple[EvidenceContent, ...]:
    """The most telling evidence on the claim, at most so many pieces: in turn one for and one against, then context,
    then what does not count. Of one side the stronger comes first, then what tells the claims of its question further
    `apart`, then the better graded, then what was entered first."""
    sides = (by_telling(claim.bearing(code), apart) for code in ("supports", "refutes"))
    turns = chain.from_iterable(zip_longest(*sides))
    rest = (*by_telling(claim.bearing("context"), apart), *by_telling(claim.discounted, apart))
    chosen = [row for row in chain(turns, rest) if row is not None][:most]
    return tuple(row for row in claim.evidence if row in chosen)


def by_telling(rows: Iterable[EvidenceContent], apart: Mapping[int, float] = NO_MATRIX) -> list[EvidenceContent]:
    """The same order among any pieces of evidence."""

    def place(row: EvidenceContent) -> tuple[int, float, str, int]:
        return _STRENGTHS.index(row.strength.code), -apart.get(row.id, 0.0), row.credibility.code or "6", row.id

    return sorted(rows, key=place)


def _apart(claim: ClaimContent, dossier: Dossier) -> Mapping[int, float]:
    """How far each piece tells the claims of the question apart that this claim answers."""
    questions = dossier.questions if isinstance(dossier, DisputeDossier) else ()
    return {
        row.evidence: row.diagnosticity
        for question in questions
        if question.id == claim.question_id
        for row in question.matrix.rows
    }
