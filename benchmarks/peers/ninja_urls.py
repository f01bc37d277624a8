"""The schemas and addresses of Django Ninja."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import NinjaAPI, Schema
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder
from pydantic import Field

from benchmarks.peers import models, shown

Ref = dict[str, Any]


class Book(Schema):
    version: int
    created_at: datetime
    updated_at: datetime


class Part(Book):
    id: int
    withdrawn_at: datetime | None
    withdrawn_reason: str = ""


class AttributionOut(Part):
    source: Ref
    stance: str
    said_on: str
    quote: str
    quote_language: str
    translation: str
    translator: str
    capacity: str
    on_behalf_of: Ref | None
    document: Ref | None
    selector: Any
    relayed_from: Ref | None = None
    joint_with: Ref | None = None
    anonymous: bool
    anonymous_reason: str
    quote_check: Ref | None
    earlier_wording: bool

    @staticmethod
    def resolve_source(row: models.Attribution) -> Ref | None:
        return shown.source(row.source)

    @staticmethod
    def resolve_on_behalf_of(row: models.Attribution) -> Ref | None:
        return None if row.source.withheld else shown.source(row.on_behalf_of)

    @staticmethod
    def resolve_document(row: models.Attribution) -> Ref | None:
        return shown.document(row.document)

    @staticmethod
    def resolve_translator(row: models.Attribution) -> str:
        return "" if shown.hides(row) else row.translator

    @staticmethod
    def resolve_capacity(row: models.Attribution) -> str:
        return "" if shown.hides(row) else row.capacity

    @staticmethod
    def resolve_selector(row: models.Attribution) -> Any:
        return None if shown.hides(row) else row.selector

    @staticmethod
    def resolve_anonymous_reason(row: models.Attribution) -> str:
        return "" if shown.hides(row) else row.anonymous_reason

    @staticmethod
    def resolve_quote_check(row: models.Attribution) -> Ref | None:
        return shown.quote_check(row)


class EvidenceOut(Book):
    id: int
    kind: str
    title: str
    description: str
    observed_on: str
    credibility: int
    derived_from: Ref | None
    independent_because: str
    documents: list[Ref]

    @staticmethod
    def resolve_derived_from(row: models.Evidence) -> Ref | None:
        return shown.origin(row)

    @staticmethod
    def resolve_documents(row: models.Evidence) -> list[Ref | None]:
        return [shown.document(carrier.document) for carrier in row.carriers.all()]


class LinkOut(Part):
    evidence: EvidenceOut
    bearing: str
    strength: str
    note: str
    own_assertion: bool
    set_name: str


class RelationOut(Part):
    claim: Ref
    other: Ref
    kind: str
    point: str
    note: str

    @staticmethod
    def resolve_claim(row: models.Relation) -> Ref:
        return shown.claim(row.claim)

    @staticmethod
    def resolve_other(row: models.Relation) -> Ref:
        return shown.claim(row.other)


class ConfirmationOut(Schema):
    id: int
    reviewer: Ref = Field(default_factory=lambda: shown.DESK)
    reason: str
    created_at: datetime


class VerdictOut(Book):
    id: int
    rating: Ref
    summary: str
    rationale: str
    likelihood: str
    confidence: str
    claim_text: str
    review_by: date | None
    status: str
    author: Ref = Field(default_factory=lambda: shown.DESK)
    reviewer: Ref = Field(default_factory=lambda: shown.DESK)
    review_note: str = ""
    submitted_at: str | None = None
    published_at: datetime | None
    supersedes: Ref | None
    correction_reason: str
    correction_severity: str
    confirmations: list[ConfirmationOut]

    @staticmethod
    def resolve_rating(row: models.Verdict) -> Ref | None:
        return shown.rating(row.rating)

    @staticmethod
    def resolve_supersedes(row: models.Verdict) -> Ref | None:
        return shown.earlier(row)


class ReviewOut(Part):
    publisher: Ref
    url: str
    title: str
    rating_text: str
    rating_value: str | None
    rating_best: str | None
    rating_worst: str | None
    rating: Ref | None
    reviewed_on: str
    language: str

    @staticmethod
    def resolve_publisher(row: models.Review) -> Ref | None:
        return shown.source(row.publisher)

    @staticmethod
    def resolve_url(row: models.Review) -> str:
        return "" if row.publisher.withheld else row.url

    @staticmethod
    def resolve_title(row: models.Review) -> str:
        return "" if row.publisher.withheld else row.title

    @staticmethod
    def resolve_rating(row: models.Review) -> Ref | None:
        return shown.rating(row.rating)


class InquiryOut(Part):
    source: Ref
    asked_on: date
    due_on: date | None
    channel: str = ""
    question: str
    outcome: str
    answer: str
    answered_on: date | None

    @staticmethod
    def resolve_source(row: models.Inquiry) -> Ref | None:
        return shown.source(row.source)


class LightOut(Book):
    id: int
    dispute: Ref | None
    question: Ref | None
    text: str
    context: str
    language: str
    tags: list[str]
    quantity_min: str | None
    quantity_max: str | None
    quantity_unit: str
    check_reason: str = ""
    external_id: None = None
    merged_into: None = None
    status: str
    first_published_at: datetime | None
    reworded_at: datetime | None
    withdrawn_reason: str = ""

    @staticmethod
    def resolve_dispute(row: models.Claim) -> Ref | None:
        return shown.dispute(row.dispute)

    @staticmethod
    def resolve_question(row: models.Claim) -> Ref | None:
        return shown.question(row.question)


class ClaimOut(LightOut):
    attributions: list[AttributionOut]
    evidence: list[LinkOut] = Field(alias="evidence_links")
    relations: list[RelationOut]
    verdict: VerdictOut | None
    reviews: list[ReviewOut]
    inquiries: list[InquiryOut]

    @staticmethod
    def resolve_relations(row: models.Claim) -> list[models.Relation]:
        return shown.relations(row)

    @staticmethod
    def resolve_verdict(row: models.Claim) -> models.Verdict | None:
        return shown.current(row)


class Page(Schema):
    next: str | None
    previous: str | None


class LightPage(Page):
    results: list[LightOut]


class ClaimPage(Page):
    results: list[ClaimOut]


class ExactEncoder(NinjaJSONEncoder):
    """Moments to the microsecond, as the register tells them; Django's own encoder cuts them."""

    def default(self, o: Any) -> Any:
        return o.isoformat().replace("+00:00", "Z") if isinstance(o, datetime) else super().default(o)


class ExactRenderer(JSONRenderer):
    encoder_class = ExactEncoder


api = NinjaAPI(docs_url=None, openapi_url=None, renderer=ExactRenderer())


def page(*, parts: bool) -> dict[str, Any]:
    rows = list(models.claims(parts=parts)[:51])
    return {"next": "more" if len(rows) > 50 else None, "previous": None, "results": rows[:50]}


@api.get("/list/", response=ClaimPage, by_alias=False)
def listed(request: HttpRequest) -> dict[str, Any]:
    return page(parts=True)


@api.get("/light/", response=LightPage)
def light(request: HttpRequest) -> dict[str, Any]:
    return page(parts=False)


@api.get("/detail/{claim}/", response=ClaimOut, by_alias=False)
def detail(request: HttpRequest, claim: int) -> models.Claim:
    return get_object_or_404(models.claims(parts=True), pk=claim)


urlpatterns = [path("", api.urls)]
