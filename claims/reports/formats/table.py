"""The one list of columns, and the rows of a dossier under it: flat, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from claims.logic.wording import number
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
from claims.reports.formats import changes, matrix

COLUMNS = (
    "row_type",
    "id",
    "address",
    "dispute_id",
    "dispute",
    "claim_id",
    "claim",
    "claim_address",
    "status",
    "title",
    "text",
    "language",
    "translation",
    "translator",
    "note",
    "date",
    "until",
    "kind",
    "stance",
    "bearing",
    "strength",
    "rating",
    "rating_number",
    "likelihood",
    "confidence",
    "grade",
    "source_id",
    "source",
    "capacity",
    "on_behalf_of_id",
    "on_behalf_of",
    "anonymous_reason",
    "document_id",
    "document",
    "url",
    "archived_at",
    "place",
    "refers_to_id",
    "refers_to",
    "origin_id",
    "reason",
    "quantity_min",
    "quantity_max",
    "quantity_unit",
    "tags",
    "country",
    "change",
    "quote_state",
    "wikidata",
    "fingerprint",
)


def rows(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Every row of the table by column names."""
    address, dispute = dossier.imprint.address, dossier.dispute
    within = {"dispute_id": dispute.id, "dispute": dispute.title} if dispute else {}
    if dispute:
        yield {"row_type": "dispute", **_dispute(dispute), "address": address("disputes", dispute.id), **within}
    for row in changes.report_rows(dossier):
        yield {**within, **row}
    departures = _departures(dossier)
    for claim in dossier.claims:
        page = {"claim_address": dossier.imprint.page("claims", claim.id)}
        about = {**within, "claim_id": claim.id, "claim": claim.text, **page}
        for row_type, noun, row in _rows_of(claim):
            departs = {"change": departures.get(row["id"], "")} if row_type == "attribution" else {}
            yield {"row_type": row_type, **row, "address": address(noun, row["id"]), **about, **departs}
    if isinstance(dossier, DisputeDossier):
        for row in matrix.report_rows(dossier):
            yield {**within, **row}
    for source in dossier.sources:
        yield {"row_type": "source", **_source(source), "address": address("sources", source.id)}
    for document in dossier.documents:
        yield {"row_type": "document", **_document(document), "address": address("documents", document.id)}


def _departures(dossier: Dossier) -> dict[int, str]:
    """Where a voice departs from what it said before, in words, by the id of the later statement."""
    said = dossier.timeline.positions if isinstance(dossier, DisputeDossier) else ()
    return {row.id: row.departure.words for row in said if row.departure}


def _rows_of(claim: ClaimContent) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "claim", "claims", _claim(claim)
    verdicts = [claim.verdict] if claim.verdict else []
    for verdict in (*verdicts, *claim.earlier, *claim.drafts):
        yield "verdict", "verdicts", _verdict(verdict, claim.rating_before(verdict), current=verdict is claim.verdict)
    for attribution in claim.attributions:
        yield "attribution", "attributions", _attribution(attribution)
    for evidence in claim.evidence:
        yield "evidence", "evidence-links", _evidence(evidence)
    for relation in claim.relations:
        yield "relation", "relations", _relation(relation)
    for review in claim.reviews:
        yield "review", "reviews", _review(review)
    for inquiry in claim.inquiries:
        yield "inquiry", "inquiries", _inquiry(inquiry)


def _dispute(row: DisputeContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.state.code,
        "title": row.question,
        "text": row.summary,
        "date": row.occurred_on.text,
        "place": row.place,
        "kind": row.visibility.code,
        "note": "at most one claim can hold" if row.exclusive else "",
    }


def _claim(row: ClaimContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status.code,
        "text": row.text,
        "language": row.language.code,
        "note": row.context,
        "date": row.first_published_at.text,
        "rating": row.verdict.rating.label if row.verdict else "",
        "rating_number": row.verdict.rating.number if row.verdict else "",
        "reason": row.withdrawn_reason or row.check_reason,
        "quantity_min": number(row.quantity_min) if row.quantity_min is not None else "",
        "quantity_max": number(row.quantity_max) if row.quantity_max is not None else "",
        "quantity_unit": row.quantity_unit,
        "tags": "; ".join(row.tags),
    }


def _verdict(row: VerdictContent, before: str, *, current: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": "current" if current else "superseded" if row.published_at else row.status.code,
        "title": row.summary,
        "text": row.rationale,
        "date": row.published_at.text,
        "rating": row.rating.label,
        "rating_number": row.rating.number,
        "likelihood": row.likelihood.words,
        "confidence": row.confidence.words,
        "refers_to_id": row.supersedes,
        "refers_to": f"verdict that it supersedes: {before}" if row.supersedes else "",
        "kind": row.correction_severity.code,
        "reason": row.correction_reason,
        "source": " / ".join(name for name in (row.author, row.reviewer) if name),
    }


def _attribution(row: AttributionContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.quote,
        "language": row.quote_language.code,
        "translation": row.translation,
        "translator": row.translator,
        "date": row.said_on.text,
        "stance": row.stance.code,
        **_speaker(row.source),
        "capacity": row.capacity,
        "on_behalf_of_id": row.on_behalf_of.id if row.on_behalf_of else "",
        "on_behalf_of": row.on_behalf_of.name if row.on_behalf_of else "",
        "anonymous_reason": row.anonymous_reason,
        **_works([row.document] if row.document else []),
        "place": row.place,
        "refers_to_id": row.relayed_from,
        "refers_to": " < ".join(link.source.name if link.source else "withdrawn" for link in row.chain)
        if row.relayed
        else "",
        "origin_id": row.origin,
        "quote_state": row.quote_state.code,
    }


def _evidence(row: EvidenceContent) -> dict[str, Any]:
    parent = row.lineage[1] if len(row.lineage) > 1 else None
    return {
        "id": row.link_id,
        "title": row.title,
        "text": row.description,
        "note": row.note,
        "date": row.observed_on.text,
        "kind": row.kind.code,
        "bearing": row.bearing.code,
        "strength": row.strength.code,
        "grade": row.credibility.words,
        **_works(row.documents),
        "refers_to_id": parent.id if parent else "",
        "refers_to": parent.title if parent else "",
        "origin_id": row.origin,
    }


def _relation(row: RelationContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.verb,
        "text": row.point.words,
        "note": row.note,
        "refers_to_id": row.other_id,
        "refers_to": row.other_text,
        "rating": row.other_rating,
    }


def _review(row: ReviewContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "text": row.rating_text,
        "language": row.language.code,
        "date": row.reviewed_on.text,
        "rating": row.nearest_rating,
        "rating_number": row.rating_number,
        **_speaker(row.publisher),
        "url": row.url,
    }


def _inquiry(row: InquiryContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.outcome.code,
        "title": row.question,
        "text": row.answer,
        "date": row.asked_on.text,
        "until": row.answered_on.text or row.due_on.text,
        "place": row.channel,
        **_speaker(row.source),
    }


def _source(row: SourceContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.name,
        "text": row.description,
        "kind": row.kind.code,
        "grade": row.reliability.words,
        "note": row.reliability_note,
        "reason": row.interests,
        "url": row.website,
        "refers_to": row.part_of,
        "country": row.country.code,
        "wikidata": row.wikidata,
        "status": "withheld" if row.withheld else "",
    }


def _document(row: DocumentContent) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "kind": row.kind.code,
        "language": row.language.code,
        "date": row.published_on.text,
        "status": f"retracted {row.retracted_on.text}" if row.retracted_on else "",
        **(_speaker(row.publisher) if row.publisher else {}),
        "note": row.authors,
        **_works([row]),
    }


def _speaker(source: SourceContent) -> dict[str, Any]:
    return {"source_id": source.id, "source": source.name}


def _works(documents: Iterable[DocumentContent]) -> dict[str, Any]:
    documents = list(documents)
    copies = [copy for work in documents for copy in work.snapshots]
    return {
        "document_id": "; ".join(str(work.id) for work in documents),
        "document": "; ".join(work.title for work in documents),
        "url": "; ".join(work.url for work in documents if work.url),
        "archived_at": "; ".join(copy.archive_url for copy in copies if copy.archive_url),
        "fingerprint": "; ".join(copy.digest for copy in copies if copy.digest),
    }
