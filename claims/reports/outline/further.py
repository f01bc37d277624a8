"""What a row holds that no report places by hand: a line for each field, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Mapping

from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import declared, facts
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.outline.blocks import Facts, Run

PLACED: Mapping[type, frozenset[str]] = {
    DisputeContent: frozenset(
        {
            *("title", "question", "summary", "occurred_on", "place"),
            *("visibility", "state", "state_sentence"),
        }
    ),
    QuestionContent: frozenset(
        {
            *("text", "exclusive", "exhaustive", "state", "sentence", "answer", "answer_author", "answer_reviewer"),
            *("answer_published_at", "answer_draft", "answer_draft_author", "text_draft"),
        }
    ),
    ClaimContent: frozenset(
        {
            *("text", "question", "context", "language", "status", "tags", "check_reason", "withdrawn_reason"),
            *("quantity", "quantity_min", "quantity_max", "quantity_unit"),
            *("for_words", "against_words", "evidence_for_words", "evidence_against_words", "discounted_words"),
            *("said_by", "contradicted_words", "taken_back_words"),
            "first_published_at",  # told by the dates of its verdicts
        }
    ),
    VerdictContent: frozenset(
        {
            *("status", "rating", "summary", "rationale", "likelihood", "confidence", "published_at", "author"),
            *("claim_text", "review_by"),
            *("reviewer", "likelihood_sentence", "confidence_sentence", "correction_reason", "correction_severity"),
        }
    ),
    AttributionContent: frozenset(
        {
            *("source", "stance", "said_on", "quote", "quote_language", "translation", "translator", "capacity"),
            *("on_behalf_of", "document", "place", "anonymous", "anonymous_reason", "chain", "quote_state"),
            *("joint_sources", "taken_back_on", "passes_on", "earlier_wording"),
            *("quote_omits", "quote_warnings"),
        }
    ),
    EvidenceContent: frozenset(
        {
            *("title", "kind", "observed_on", "description", "bearing", "strength", "credibility", "note"),
            *("lineage", "documents", "own_assertion", "discounted"),
        }
    ),
    SourceContent: frozenset(
        {
            *("name", "withheld", "kind", "country", "part_of", "description", "reliability", "reliability_note"),
            *("interests", "website", "part_of_since"),
        }
    ),
    DocumentContent: frozenset(
        {
            *("title", "kind", "language", "authors", "publisher", "published_on", "retracted_on", "url"),
            "snapshots",
        }
    ),
    RelationContent: frozenset({"kind", "verb", "point", "note", "other_text", "other_rating"}),
    ReviewContent: frozenset(
        {"publisher", "reviewed_on", "title", "url", "language", "rating_text", "nearest_rating", "rating_number"}
    ),
    InquiryContent: frozenset(
        {"source", "asked_on", "channel", "due_on", "question", "outcome", "answered_on", "answer"}
    ),
}
"""The declared fields that a report places by hand; each other one follows as a line among the facts of its row."""
OF_PIECE = frozenset(name for name, entry in declared(EvidenceContent).items() if not entry.part)
OF_BEARING = frozenset(declared(EvidenceContent)) - OF_PIECE
"""What is told of a piece of evidence, and what of its bearing on one claim: they stand apart."""


def further(row: object) -> tuple[Facts, ...]:
    """What a row holds that nobody has placed, so that nothing is lost in silence."""
    pairs = facts(row, PLACED[type(row)])
    return (Facts(tuple((Run(label), (Run(words),)) for label, words in pairs)),) if pairs else ()


def further_of_piece(row: EvidenceContent) -> tuple[tuple[str, str], ...]:
    """The same of a piece of evidence by itself, as label and words."""
    return facts(row, PLACED[EvidenceContent] | OF_BEARING)


def further_of_bearing(row: EvidenceContent) -> tuple[tuple[str, str], ...]:
    """The same of its bearing on one claim."""
    return facts(row, PLACED[EvidenceContent] | OF_PIECE)
