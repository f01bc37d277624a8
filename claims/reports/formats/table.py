"""The one list of columns, and the rows of a dossier under it: flat, for spreadsheets.

What a column holds is declared by the content classes; here stands what a row says in a column by more than one field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from claims.logic import wording
from claims.reports.content.caveats import Caveat, caveats_of
from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import Numbered, cells, declared
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RatingContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.formats import changes, matrix

_ORDER = (
    "row_type",
    "id",
    "address",
    "dispute_id",
    "dispute",
    "question_id",
    "question",
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
    "depends_on",
    "joint_with",
    "contradicted_by",
    "taken_back",
)
_CONTENT: tuple[type, ...] = (
    DisputeContent,
    QuestionContent,
    ClaimContent,
    VerdictContent,
    AttributionContent,
    EvidenceContent,
    RelationContent,
    ReviewContent,
    InquiryContent,
    SourceContent,
    DocumentContent,
)
_DECLARED = (entry.column for content in _CONTENT for entry in declared(content).values() if entry.column)
COLUMNS = tuple(dict.fromkeys((*_ORDER, *_DECLARED)))
"""Every column: those that programs know in their order, then whatever else a content class declares."""


def count_rows(dossier: Dossier) -> int:
    """How many things a report tells of, whatever its form: the rows of its table, counted without being made."""
    told = sum(1 for _row in changes.report_rows(dossier)) + (dossier.dispute is not None)
    told += len(caveats_of(dossier).told)
    on_claims = sum(1 for claim in dossier.claims for _row in _rows_of(claim))
    if isinstance(dossier, DisputeDossier):
        told += len(dossier.questions) + sum(1 for _row in matrix.report_rows(dossier))
    return told + on_claims + len(dossier.sources) + len(dossier.documents)


def rows(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Every row of the table by column names."""
    address, dispute = dossier.imprint.address, dossier.dispute
    within = {"dispute_id": dispute.id, "dispute": dispute.title} if dispute else {}
    if dispute:
        yield {"row_type": "dispute", **_dispute(dispute), "address": address("disputes", dispute.id), **within}
    for caveat in caveats_of(dossier).told:
        yield {"row_type": "caveat", "kind": caveat.code, "text": caveat.words, **within, **_cited(caveat)}
    for question in dossier.questions if isinstance(dossier, DisputeDossier) else ():
        about = {"question_id": question.id, "question": question.text}
        yield {
            "row_type": "question",
            **_question(question),
            "address": address("questions", question.id),
            **within,
            **about,
        }
    for row in changes.report_rows(dossier):
        yield {**within, **row}
    departures = _departures(dossier)
    for claim in dossier.claims:
        page = {"claim_address": dossier.imprint.page("claims", claim.id)}
        asked = {"question_id": claim.question_id or "", "question": claim.question}
        about = {**within, **asked, "claim_id": claim.id, "claim": claim.text, **page}
        for row_type, noun, make in _rows_of(claim):
            row = make()
            departs = {"change": departures.get(row["id"], "")} if row_type == "attribution" else {}
            yield {"row_type": row_type, **row, "address": address(noun, row["id"]), **about, **departs}
    if isinstance(dossier, DisputeDossier):
        for row in matrix.report_rows(dossier):
            yield {**within, **row}
    for source in dossier.sources:
        yield {"row_type": "source", **_source(source), "address": address("sources", source.id)}
    for document in dossier.documents:
        yield {"row_type": "document", **_document(document), "address": address("documents", document.id)}


def _cited(caveat: Caveat) -> dict[str, Any]:
    return _works((caveat.document,)) if caveat.document is not None else {}


def _departures(dossier: Dossier) -> dict[int, str]:
    """Where a voice departs from what it said before, in words, by the id of the later statement."""
    said = dossier.timeline.positions if isinstance(dossier, DisputeDossier) else ()
    return {row.id: row.departure.words for row in said if row.departure}


def _rows_of(claim: ClaimContent) -> Iterator[tuple[str, str, Callable[[], dict[str, Any]]]]:
    """Of each row that hangs on a claim its kind, its noun in addresses, and what makes it."""
    yield "claim", "claims", partial(_claim, claim)
    verdicts = [claim.verdict] if claim.verdict else []
    for verdict in (*verdicts, *claim.earlier, *claim.drafts):
        yield "verdict", "verdicts", partial(_verdict, verdict, claim)
    for attribution in claim.attributions:
        yield "attribution", "attributions", partial(_attribution, attribution)
    for evidence in claim.evidence:
        yield "evidence", "evidence-links", partial(_evidence, evidence)
    for relation in claim.relations:
        yield "relation", "relations", partial(_relation, relation)
    for review in claim.reviews:
        yield "review", "reviews", partial(_cells, review)
    for inquiry in claim.inquiries:
        yield "inquiry", "inquiries", partial(_inquiry, inquiry)


def _dispute(row: DisputeContent) -> dict[str, Any]:
    return _cells(row) | {"note": row.state_sentence}


def _question(row: QuestionContent) -> dict[str, Any]:
    people = " / ".join(name for name in (row.answer_author, row.answer_reviewer) if name)
    overtaken = f"{wording.OVERTAKEN}, first {row.overtaken_on}." if row.overtaken_on else ""
    return _cells(row) | {"note": " ".join(filter(None, (row.holds, overtaken))), "source": people}


def _claim(row: ClaimContent) -> dict[str, Any]:
    rating = _rating(row.verdict.rating) if row.verdict else {}
    return _cells(row) | rating | {"reason": row.withdrawn_reason or row.check_reason}


def _verdict(row: VerdictContent, claim: ClaimContent) -> dict[str, Any]:
    current, before = row is claim.verdict, claim.rating_before(row)
    return _cells(row) | {
        "status": "current" if current else "superseded" if row.published_at else row.status.code,
        "refers_to_id": row.supersedes,
        "refers_to": f"verdict that it supersedes: {before}" if row.supersedes else "",
        "source": " / ".join(name for name in (row.author, row.reviewer) if name),
    }


def _attribution(row: AttributionContent) -> dict[str, Any]:
    hands = (link.source.name if link.source else "withdrawn" for link in row.chain)
    return _cells(row) | {
        "refers_to_id": row.relayed_from,
        "refers_to": " < ".join(hands) if row.relayed else "",
        "origin_id": row.origin,
    }


def _evidence(row: EvidenceContent) -> dict[str, Any]:
    parent = row.lineage[1] if len(row.lineage) > 1 else None
    return _cells(row) | {
        "id": row.link_id,
        "refers_to_id": parent.id if parent else "",
        "refers_to": parent.title if parent else "",
        "origin_id": row.origin,
        "depends_on": "; ".join(premise.label for premise in row.premises),
    }


def _relation(row: RelationContent) -> dict[str, Any]:
    return _cells(row) | {"refers_to_id": row.other_id}


def _inquiry(row: InquiryContent) -> dict[str, Any]:
    return _cells(row) | {"until": row.answered_on.text or row.due_on.text}


def _source(row: SourceContent) -> dict[str, Any]:
    return _cells(row) | {"status": "withheld" if row.withheld else ""}


def _document(row: DocumentContent) -> dict[str, Any]:
    retracted = f"retracted {row.retracted_on.text}" if row.retracted_on else ""
    return _cells(row) | {"status": retracted, **_works((row,))}


def _cells(row: Numbered) -> dict[str, Any]:
    """The id and what is declared; what another row is referred to by stands in columns of its own."""
    found: dict[str, Any] = {"id": row.id}
    for column, value in cells(row).items():
        match value:
            case SourceContent():
                found |= {f"{column}_id": value.id or "", column: value.name}
            case DocumentContent():
                found |= _works((value,))
            case tuple():
                found |= _works(value)
            case RatingContent():
                found |= _rating(value)
            case _:
                found[column] = value
    return found


def _rating(row: RatingContent) -> dict[str, Any]:
    return {"rating": row.label, "rating_number": row.number}


def _works(documents: tuple[DocumentContent, ...]) -> dict[str, Any]:
    copies = [copy for work in documents for copy in work.snapshots]
    return {
        "document_id": "; ".join(str(work.id) for work in documents),
        "document": "; ".join(work.title for work in documents),
        "url": "; ".join(work.url for work in documents if work.url),
        "archived_at": "; ".join(copy.archive_url for copy in copies if copy.archive_url),
        "fingerprint": "; ".join(copy.digest for copy in copies if copy.digest),
    }
