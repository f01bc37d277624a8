"""A dossier as nested plain rows in the words of a reader, so that two of them can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from claims.reports.content.dossier import ClaimContent, DisputeContent, DisputeDossier, Dossier
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    EvidenceContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    VerdictContent,
)

_BEARINGS = {"supports": "speaks for the claim", "refutes": "speaks against the claim", "context": "is context"}


def text_of(value: Any) -> str:
    """The value as a reader sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return str(value["label"])
    if isinstance(value, list):
        return "; ".join(text_of(entry) for entry in value)
    return str(value)


def representation_of(dossier: Dossier) -> dict[str, Any]:
    """The dispute or claim with all that hangs on it, in the shape that `claims.logic.diff` compares."""
    shown = {claim.id for claim in dossier.claims}
    claims = [_claim(claim, shown) for claim in dossier.claims]
    if isinstance(dossier, DisputeDossier):
        return {**rows_of(dossier.dispute), "claims": claims}
    return claims[0]


def _claim(row: ClaimContent, shown: set[int]) -> dict[str, Any]:
    return {
        **rows_of(row),
        "attributions": [rows_of(said) for said in row.attributions],
        "evidence": [_link(piece) for piece in row.evidence],
        # A relation hangs on both of its claims and is told once.
        "relations": [
            {**rows_of(other), "claim": row.text}
            for other in row.relations
            if other.other_id not in shown or row.id < other.other_id
        ],
        "verdict": [rows_of(verdict) for verdict in (row.verdict, *row.drafts) if verdict],
        "reviews": [rows_of(review) for review in row.reviews],
        "inquiries": [rows_of(inquiry) for inquiry in row.inquiries],
    }


def _link(row: EvidenceContent) -> dict[str, Any]:
    return {
        "id": row.link_id,
        "bearing": _BEARINGS.get(row.bearing.code, row.bearing.words),
        "strength": row.strength.words,
        "note": row.note,
        "evidence": rows_of(row),
    }


@singledispatch
def rows_of(row: Any) -> dict[str, Any]:
    """The fields of one row that a reader may compare, without what hangs on it."""
    raise NotImplementedError


@rows_of.register
def _of_dispute(row: DisputeContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "question": row.question,
        "summary": row.summary,
        "occurred_on": row.occurred_on.words,
        "place": row.place,
        "exclusive": row.exclusive,
        "visibility": row.visibility.words,
        "state": row.state.words,
    }


@rows_of.register
def _of_claim(row: ClaimContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "context": row.context,
        "language": row.language.words,
        "status": row.status.words,
        "tags": ", ".join(row.tags),
        "quantity": row.quantity,
        "check_reason": row.check_reason,
        "withdrawn_reason": row.withdrawn_reason,
    }


@rows_of.register
def _of_attribution(row: AttributionContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": _named(row.source),
        "stance": row.stance.words,
        "said_on": row.said_on.words,
        "quote": row.quote,
        "quote_language": row.quote_language.words,
        "translation": row.translation,
        "translator": row.translator,
        "capacity": row.capacity,
        "on_behalf_of": _named(row.on_behalf_of),
        "document": _titled(row.document),
        "place": row.place,
        "anonymous": row.anonymous,
        "anonymous_reason": row.anonymous_reason,
        "origin": [
            {"id": link.attribution_id, "label": link.source.name if link.source else "a statement since withdrawn"}
            for link in row.chain[1:]
        ],
    }


@rows_of.register
def _of_evidence(row: EvidenceContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "kind": row.kind.words,
        "description": row.description,
        "observed_on": row.observed_on.words,
        "credibility": row.credibility.words,
        "documents": [_titled(document) for document in row.documents],
        "derived_from": [{"id": step.id, "label": step.title or "evidence not shown here"} for step in row.lineage[1:]],
    }


@rows_of.register
def _of_relation(row: RelationContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.verb,
        "other": row.other_text,
        "point": row.point.words,
        "note": row.note,
    }


@rows_of.register
def _of_verdict(row: VerdictContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "rating": row.rating.label,
        "status": row.status.words,
        "summary": row.summary,
        "rationale": row.rationale,
        "likelihood": row.likelihood.words,
        "confidence": row.confidence.words,
        "correction_reason": row.correction_reason,
        "correction_severity": row.correction_severity.words,
    }


@rows_of.register
def _of_review(row: ReviewContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "publisher": _named(row.publisher),
        "title": row.title,
        "address": row.url,
        "rating": row.rating_text,
        "number": row.rating_number,
        "nearest_word_of_our_scale": row.nearest_rating,
        "date": row.reviewed_on.words,
        "language": row.language.words,
    }


@rows_of.register
def _of_inquiry(row: InquiryContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": _named(row.source),
        "asked_on": row.asked_on.words,
        "due_on": row.due_on.words,
        "channel": row.channel,
        "question": row.question,
        "outcome": row.outcome.words,
        "answer": row.answer,
        "answered_on": row.answered_on.words,
    }


@rows_of.register
def _of_source(row: SourceContent) -> dict[str, Any]:
    return {
        "name": row.name,
        "kind": row.kind.words,
        "reliability": row.reliability.words,
        "country": row.country.words,
        "description": row.description,
        "part_of": row.part_of,
        "website": row.website,
        "wikidata": row.wikidata,
        "reliability_note": row.reliability_note,
        "interests": row.interests,
        "name_withheld": row.withheld,
    }


@rows_of.register
def _of_document(row: DocumentContent) -> dict[str, Any]:
    return {
        "title": row.title,
        "kind": row.kind.words,
        "address": row.url,
        "publisher": _named(row.publisher),
        "authors": row.authors,
        "published_on": row.published_on.words,
        "language": row.language.words,
        "retracted_on": row.retracted_on.words,
        "archived": [{"id": copy.id, "label": f"copy of {copy.taken_at}"} for copy in row.snapshots],
    }


def _named(row: SourceContent | None) -> dict[str, Any] | None:
    return {"id": row.id, "label": row.name} if row is not None else None


def _titled(row: DocumentContent | None) -> dict[str, Any] | None:
    return {"id": row.id, "label": row.title} if row is not None else None
