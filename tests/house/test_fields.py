"""Every field of every noun reaches each place where somebody looks for it, or a written exemption says why not.

A field is declared twice, in the model and in the content class of its noun, and placed in serializer and admin. The
tests here name the place that was left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models
from django.urls import get_resolver
from rest_framework import serializers

from claims import models as claims
from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import Term, When, declared
from claims.reports.content.evidence import EvidenceContent, PremiseContent
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AffiliationContent,
    AttributionContent,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RatingContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.formats.table import COLUMNS
from claims.reports.load.fields import columns_of
from factcheck.api.choices import NamedChoiceField
from sources import models as sources
from tests.house.test_house import OURS, VIEWS, named, own_fields, route_of

BOOKKEEPING = {"version", "created_at", "updated_at"}
CONTENT: dict[type[models.Model], type] = {
    sources.Source: SourceContent,
    sources.Affiliation: AffiliationContent,
    sources.Document: DocumentContent,
    sources.Snapshot: SnapshotContent,
    claims.Dispute: DisputeContent,
    claims.Question: QuestionContent,
    claims.Claim: ClaimContent,
    claims.ClaimRelation: RelationContent,
    claims.Attribution: AttributionContent,
    claims.Evidence: EvidenceContent,
    claims.EvidenceLink: EvidenceContent,
    claims.Premise: PremiseContent,
    claims.Rating: RatingContent,
    claims.Verdict: VerdictContent,
    claims.Review: ReviewContent,
    claims.Inquiry: InquiryContent,
}

SAME_PAGE = "is the row on whose page or in whose report it stands"
STANDING = "reports show what stands; what was withdrawn is in the history"
BY_STEP = "is set by a step and shown in the heading of the page"
OLD = "is what older releases knew; its questions say it now"
MACHINE = "is bookkeeping of the service, not entered or read by hand"

API_EXEMPT = {
    "AuditEntry.actor": "is told by the name copied at the time",
    "AuditEntry.history_id": MACHINE,
    "AuditEntry.salt": "would open the digest of an erased row",
    "AuditEntry.digest": MACHINE,
    "Snapshot.file": "is downloaded at snapshots/{id}/file/",
    "Snapshot.text": "is only looked into",
    "Export.seen_at": MACHINE,
    **{f"BulkJob.{name}": MACHINE for name in ("token", "request_id", "turn", "stopped", "seen_at")},
    "BulkJob.made_by": "is whoever asks",
    "BulkJob.reason": "is told by the history of the rows",
    "Export.file": "is handed out by a signed address",
}
ADMIN_EXEMPT = {
    **{f"{noun}.merged_into": "is told above the form, with the way there" for noun in ("Source", "Document", "Claim")},
    "Dispute.exclusive": OLD,
    **{f"Question.{name}": BY_STEP for name in ("answer", "answer_author", "answer_reviewer", "answer_published_at")},
    **{f"Question.{name}": BY_STEP for name in ("answer_draft", "answer_draft_author", "text_draft")},
    "Question.reworded_at": BY_STEP,
    "Snapshot.file": "is handed out by a link of its own",
    "Snapshot.taken_by": "is whoever enters it",
    "Snapshot.text": "is only looked into",
    "Snapshot.broken_since": "is told by the list and the front page",
    "Claim.status": BY_STEP,
    "Claim.first_published_at": BY_STEP,
    "Claim.reworded_at": BY_STEP,
    "Claim.withdrawn_reason": BY_STEP,
    "Verdict.review_note": "is told above the form",
    "Verdict.claim_text": "is a field of corrections, and shown once it is published",
    "Verdict.correction_reason": "is asked for by the step that corrects",
    "Verdict.correction_severity": "is asked for by the step that corrects",
    "EvidenceDocument.evidence": SAME_PAGE,
    "DisputeMember.dispute": SAME_PAGE,
    "DisputeMember.user": "is one field of the page of the dispute",
    "ImportBatch.counts": "is told in words",
    "ImportBatch.problems": "is told in words",
    **{
        f"{noun}.{name}": BY_STEP
        for noun in ("EvidenceLink", "Premise", "Attribution", "Inquiry", "ClaimRelation", "Review")
        for name in ("withdrawn_at", "withdrawn_reason")
    },
}
ADMIN_NOUNS_EXEMPT = {
    "Prepared": MACHINE,
    "StoredDiscount": "is shown with its link",
    "StoredState": "is shown on the page of its question",
    "AuditEntry": "has pages of its own that only show",
    "Export": "has pages of its own that only show",
    "IdempotencyKey": MACHINE,
    "HeadStamp": "is read by programs alone",
    "BulkJob": "is asked for and read by programs alone",
    "BulkPiece": "is asked for and read by programs alone",
    "QuoteCheck": "is shown on the page of its attribution",
    "TextPrint": MACHINE,
    "WebhookCall": "has a page that only shows",
    "WebhookCursor": MACHINE,
}
CONTENT_NOUNS_EXEMPT = {
    "Prepared": "is what an answer is made of, not what it tells",
    "StoredDiscount": "is told as `discounted` of the link",
    "StoredState": "is told as `state` and `sentence` of the question",
    "AuditEntry": "is the trail itself; a report names its last entry",
    "HeadStamp": "is about the trail itself",
    "Assessment": "is told as what the ratings come to, by the matrix",
    "Confirmation": "is told among what makes a verdict stale or not",
    "DisputeMember": "says who may read, not what is said",
    "EvidenceDocument": "is told as the documents of the evidence",
    "Export": "is the record of a report, not its content",
    "ImportBatch": "is the record of where rows came from",
    "IdempotencyKey": MACHINE,
    "BulkJob": "is how rows came, not what they say",
    "BulkPiece": "is how rows came, not what they say",
    "QuoteCheck": "is told as `quote_state` of the statement",
    "TextPrint": MACHINE,
    "RatingScale": "is told as the scale of a rating",
    "RuleException": "is how strict the desk is with itself",
    "RuleSetting": "is how strict the desk is with itself",
    "Webhook": "is told nobody outside",
    "WebhookCall": "is told nobody outside",
    "WebhookCursor": MACHINE,
}
CONTENT_EXEMPT = {
    **{
        f"{noun}.merged_into": "is where a twin leads; a report is of the one that stays"
        for noun in ("Source", "Document", "Claim")
    },
    "Dispute.exclusive": OLD,
    "Question.dispute": SAME_PAGE,
    "Question.reworded_at": "is told among what makes a verdict stale",
    "Source.wikidata_id": "is `wikidata`",
    "Affiliation.source": SAME_PAGE,
    "Source.aliases": "helps to find a source; a report calls it by its name",
    "Source.withheld_reason": "is never told outside the desk",
    "Document.text": "is only looked into",
    "Snapshot.document": SAME_PAGE,
    "Snapshot.final_url": "is the address of the document, or near it",
    "Snapshot.file": "is part of a bundle",
    "Snapshot.media_type": "is told by the manifest of a bundle",
    "Snapshot.size": "is told by the manifest of a bundle",
    "Snapshot.tool": "is for who keeps copies",
    "Snapshot.taken_by": "names somebody of the desk",
    "Snapshot.text": "is only looked into",
    "Snapshot.broken_since": "is told among what is amiss",
    "Claim.dispute": SAME_PAGE,
    "Evidence.derived_from": "is `lineage`",
    "Evidence.dispute": "is where the desk files it",
    "EvidenceLink.evidence": SAME_PAGE,
    "EvidenceLink.claim": SAME_PAGE,
    "Premise.link": SAME_PAGE,
    "Premise.claim": "is `text`",
    "Attribution.claim": SAME_PAGE,
    "Attribution.selector": "is `place`, in words",
    "Rating.order": "is an order",
    "Rating.claimreview_value": "is `number`",
    "Verdict.claim": SAME_PAGE,
    "Verdict.review_note": "stays between author and reviewer",
    "Verdict.submitted_at": "stays between author and reviewer",
    "Inquiry.claim": SAME_PAGE,
    "ClaimRelation.claim": SAME_PAGE,
    "ClaimRelation.other": "is `other_text`",
    "Review.claim": SAME_PAGE,
    "Review.rating": "is `nearest_rating`",
    **{
        f"{noun}.{name}": STANDING
        for noun in ("EvidenceLink", "Premise", "Attribution", "Inquiry", "ClaimRelation", "Review")
        for name in ("withdrawn_at", "withdrawn_reason")
    },
}


def names_of(model: type[models.Model]) -> set[str]:
    return {f"{model.__name__}.{field.name}" for field in own_fields(model) if field.name not in BOOKKEEPING}


def holds(model: type[models.Model], there: set[str], exempt: dict[str, str], place: str) -> None:
    """Every field is in the place or exempt, and no exemption is stale."""
    missing = names_of(model) - {f"{model.__name__}.{name}" for name in there}
    own = {name for name in exempt if name.startswith(f"{model.__name__}.")}
    assert missing - own == set(), f"{place} lacks these: place them there, or write why not"
    assert own - missing == set(), f"these are in {place}, or gone: take out their exemptions"


@pytest.mark.parametrize("model", [model for model in OURS if route_of(model)], ids=named)
def test_every_field_is_in_the_serializer(model: type[models.Model]) -> None:
    serializer: Any = VIEWS[route_of(model) or ""].serializer_class
    holds(model, set(serializer().fields), API_EXEMPT, serializer.__name__)


@pytest.mark.parametrize("model", [model for model in OURS if model.__name__ not in ADMIN_NOUNS_EXEMPT], ids=named)
def test_every_field_is_in_the_admin(model: type[models.Model]) -> None:
    get_resolver().url_patterns  # noqa: B018 - the admin is filled when the addresses are read
    placed: set[str] = set()
    for registered, page in admin.site._registry.items():
        if registered is model:
            placed |= set(flatten_fieldsets(page.fieldsets or [])) | {str(name) for name in page.readonly_fields}
        placed |= {name for inline in page.inlines if inline.model is model for name in inline.fields or ()}
    holds(model, placed, ADMIN_EXEMPT, f"the admin of {model.__name__}")


@pytest.mark.parametrize("model", OURS, ids=named)
def test_every_noun_has_a_content_class(model: type[models.Model]) -> None:
    assert (model in CONTENT) != (model.__name__ in CONTENT_NOUNS_EXEMPT)


@pytest.mark.parametrize("model", CONTENT, ids=named)
def test_every_field_is_in_the_content_class(model: type[models.Model]) -> None:
    content = CONTENT[model]
    holds(model, {field.name for field in fields(content)}, CONTENT_EXEMPT, content.__name__)


@pytest.mark.parametrize("model", CONTENT, ids=named)
def test_every_column_is_read_as_what_its_content_says(model: type[models.Model]) -> None:
    content, row = CONTENT[model], model()
    part = "link" if model is claims.EvidenceLink else ""
    hints = get_type_hints(content)
    given = {"stance", "leaning"}  # read by hand
    for name, value in columns_of(content, row, part).items():
        if name not in given and value is not None:
            assert isinstance(value, getattr(hints[name], "__origin__", hints[name])), name
    assert isinstance(columns_of(ClaimContent, claims.Claim(status="draft"))["status"], Term)
    assert isinstance(columns_of(EvidenceContent, claims.Evidence(observed_on="2025-07"))["observed_on"], When)


@pytest.mark.parametrize("content", sorted(set(CONTENT.values()), key=named), ids=named)
def test_every_content_field_says_what_it_is_to_a_reader_or_is_structure(content: Any) -> None:
    """Numbers and what a report is built from need no label; text, terms and dates do."""
    structure = {
        "slug", "link_id", "relayed_from", "origin", "supersedes", "number", "verdict", "earlier", "drafts", "origins",
        "evidence", "relations", "reviews", "inquiries", "stale", "other_id", "other_language", "other_address",
        "claim_id",
        "rating_value", "rating_best", "rating_worst", "voices_for", "voices_against", "voices_neither",
        "voices_for_rivals", "voices_against_repeats",
        "evidence_for", "evidence_against", "id", "order", "question_id", "claims", "matrix",
        "akin", "rivals", "one_holds", "joint_with", "taken_back_by", "said", "contradicted_by", "fallen", "side",
    }  # fmt: skip
    # A rating and a copy are told as a whole, by their label.
    whole = {RatingContent, SnapshotContent}
    bare = {field.name for field in fields(content)} - declared(content).keys() - structure
    assert content in whole or bare == set()


def test_every_declared_column_is_in_the_table_once() -> None:
    declared_columns = {entry.column for content in CONTENT.values() for entry in declared(content).values()} - {""}
    assert declared_columns <= set(COLUMNS)
    assert len(COLUMNS) == len(set(COLUMNS))


def test_no_exemption_is_for_a_field_that_is_gone() -> None:
    known = {name for model in OURS for name in names_of(model)}
    for exempt in (API_EXEMPT, ADMIN_EXEMPT, CONTENT_EXEMPT):
        assert set(exempt) <= known


def subclasses_of(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses_of(one)


def test_whoever_chooses_wrongly_is_told_what_there_is():
    assert get_resolver().url_patterns, "every view is imported, and so every serializer"
    choices = [
        (f"{one.__module__}.{one.__qualname__}.{name}", field)
        for one in subclasses_of(serializers.Serializer)
        if one.__module__.split(".")[0] in {"claims", "factcheck", "sources"}
        for name, field in one._declared_fields.items()
        if isinstance(field, serializers.ChoiceField)
    ]
    assert choices
    assert [name for name, field in choices if not isinstance(field, NamedChoiceField)] == []
