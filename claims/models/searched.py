"""By which fields the nouns are found. The numbers are lasting: they stand in the index."""

from __future__ import annotations

from claims.models.assessment import Assessment
from claims.models.attribution import Attribution
from claims.models.claim import Claim
from claims.models.confirmation import Confirmation
from claims.models.dispute import Dispute
from claims.models.evidence import Evidence, EvidenceLink
from claims.models.inquiry import Inquiry
from claims.models.premise import Premise
from claims.models.question import Question
from claims.models.relation import ClaimRelation
from claims.models.review import Review
from claims.models.verdict import Verdict
from factcheck.search.index import search_by


def make_claims_searchable() -> None:
    """Only fields that whoever may read the row may read; a door that hides one asks for fewer rows."""
    search_by(Claim, 5, "text", "context", "tags")
    search_by(Dispute, 6, "title", "question", "summary", "place")
    search_by(Question, 7, "text", "answer")
    search_by(Attribution, 8, "quote", "translation")
    search_by(Evidence, 9, "title", "description")
    search_by(EvidenceLink, 10, "note")
    search_by(Verdict, 11, "summary", "rationale")
    search_by(Review, 12, "title", "rating_text", "url")
    search_by(ClaimRelation, 13, "note")
    search_by(Premise, 14, "note")
    search_by(Assessment, 15, "note")
    search_by(Inquiry, 16, "question", "answer")
    search_by(Confirmation, 17, "reason")
