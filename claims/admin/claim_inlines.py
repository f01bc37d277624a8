"""The rows on the page of a claim."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.admin.attribution import CHAIN, FIELD_OVERRIDES, PLACE, UNNAMED, WORDS, CurrentVerbs
from claims.admin.labels import assertion_hint, label_of, quote_label, rating_label
from claims.admin.verdict import own_draft
from claims.admin.verdict_changes import CONTENT
from claims.choices import VerdictStatus
from claims.models import Attribution, Claim, ClaimRelation, EvidenceLink, Inquiry, Review, Verdict
from claims.models.attribution import SAME_CLAIM
from claims.models.evidence import EvidenceLinkQuerySet
from claims.services import draft_verdict
from factcheck.admin import (
    ReadOnlyInline,
    RecordedFormSet,
    RecordedRowForm,
    RecordedStackedInline,
    RecordedTabularInline,
    link_to,
)
from factcheck.admin.once import ask_once
from factcheck.admin.problems import naming_form
from factcheck.base.edtf import in_words
from factcheck.models.recorded import RecordedModel


def decided(claim: Claim) -> bool:
    """Whether a verdict on the claim is published, so that the next one is a correction; asked once a page."""
    return ask_once(claim, "decided", lambda: claim.verdicts.published().exists())


class AttributionInline(RecordedStackedInline):
    model = Attribution
    belongs = "Who says this claim, passes it on or denies it: in whose words, when, and in which document."
    form = CurrentVerbs
    formfield_overrides = FIELD_OVERRIDES
    autocomplete_fields = ("source", "on_behalf_of", "document")
    label_related = ("source", "claim", "quote_check")
    standing_only = True
    collapsible = True
    readonly_fields = ("quote_state",)
    fieldsets = (
        (None, {"fields": [("source", "stance"), ("said_on", "capacity"), "quote", "quote_state"]}),
        (
            "Translation, chain and place",
            {"fields": [*WORDS[1:], *CHAIN, *PLACE, *UNNAMED], "classes": ["collapse"]},
        ),
    )

    def called(self, row: Attribution) -> str:
        return short_statement(row)

    @admin.display(description="quote in the document")
    def quote_state(self, attribution: Attribution) -> Any:
        return quote_label(attribution)

    def get_formset(self, request: HttpRequest, obj: RecordedModel | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        given: Any = formset.form.base_fields
        # Each a statement of the same claim.
        fields = [given[name] for name in SAME_CLAIM if name in given]
        for field in fields:
            field.offer(fields[0].offered)
        return formset

    def get_field_queryset(self, db: str | None, db_field: models.ForeignKey, request: HttpRequest) -> QuerySet | None:
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name not in SAME_CLAIM or rows is None:
            return rows
        claim = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
        return rows.filter(claim=int(claim)) if claim.isdecimal() and len(claim) <= 18 else rows.none()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in SAME_CLAIM:
            field.label_from_instance = short_statement
        return field


def short_statement(row: Attribution) -> str:
    """A statement where its claim is known: who, how and when, as in `Ministry denies, 1 July 2025`."""
    day = f", {in_words(row.said_on)}" if row.said_on else ""
    return f"{row.source} {row.stance}{day}"


class EvidenceLinkInline(RecordedTabularInline):
    model = EvidenceLink
    belongs = "What speaks for this claim or against it, and how strongly: records, findings, testimony, images."
    autocomplete_fields = ("evidence",)
    fields = ("evidence", "bearing", "strength", "own_assertion", "own_assertion_hint", "set_name", "note")
    readonly_fields = ("own_assertion_hint",)
    label_related = ("evidence", "claim")
    standing_only = True
    hide_title = True
    verbose_name = "evidence"
    verbose_name_plural = "evidence"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        links = super().get_queryset(request)
        assert isinstance(links, EvidenceLinkQuerySet)
        return links.with_speaker()

    @admin.display(description="own assertion?")
    def own_assertion_hint(self, link: EvidenceLink) -> str:
        return assertion_hint(link)


class RelationInline(RecordedTabularInline):
    model = ClaimRelation
    belongs = "How this claim bears on others: which it contradicts, excludes, refines, supports or repeats."
    fk_name = "claim"
    autocomplete_fields = ("other",)
    fields = ("kind", "other", "point", "note")
    label_related = ("claim", "other")
    standing_only = True
    hide_title = True
    verbose_name_plural = "relations"


class RelationFromInline(RecordedTabularInline):
    model = ClaimRelation
    belongs = "The same, entered from the other side: how other claims bear on this one."
    fk_name = "other"
    autocomplete_fields = ("claim",)
    fields = ("claim", "kind", "point", "note")
    label_related = ("claim", "other")
    standing_only = True
    hide_title = True
    verbose_name = "relation from another claim"
    verbose_name_plural = "from other claims"


class DraftRowForm(RecordedRowForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_draft(self)


class DraftFormSet(RecordedFormSet):
    """A new row is a draft of whoever enters it."""

    def save_new(self, form: RecordedRowForm, commit: bool = True) -> Verdict:
        assert form.request is not None
        content = {name: form.cleaned_data[name] for name in CONTENT}
        with naming_form(form.prefix):
            return draft_verdict(actor=form.request.user, claim=self.instance, **content)


class MyDraftInline(RecordedStackedInline):
    model = Verdict
    belongs = "Your own verdict on this claim. Nobody publishes it but another person, after you have submitted it."
    form = DraftRowForm
    formset = DraftFormSet
    label_related = ("rating", "claim")
    fields = ("rating", "summary", "rationale", ("likelihood", "confidence"), "review_by")
    verbose_name = "draft verdict"
    verbose_name_plural = "my draft verdict"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(author_id=request.user.pk, status=VerdictStatus.DRAFT)

    def has_add_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        published = obj is not None and obj.pk is not None and decided(obj)
        return not published and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        # Deleted on its own page, where the steps are.
        return False


class VerdictInline(ReadOnlyInline):
    model = Verdict
    belongs = (
        "What the desk found on this claim: drafts, what is in review, what is published and what that "
        "replaced. A first one begins under “My draft verdict”."
    )
    label_related = ("rating", "claim", "author", "reviewer")
    fields = readonly_fields = ("rating_shown", "summary", "status_label", "author", "reviewer", "published_at")
    verbose_name_plural = "verdicts"
    hide_title = True

    @admin.display(description="rating")
    def rating_shown(self, verdict: Verdict) -> Any:
        return link_to(verdict, rating_label(verdict.rating))

    @admin.display(description="status")
    def status_label(self, verdict: Verdict) -> Any:
        return label_of(verdict)


class ReviewInline(RecordedStackedInline):
    model = Review
    belongs = "Fact-checks of this claim by other publishers, each with their own words for their rating."
    autocomplete_fields = ("publisher",)
    label_related = ("publisher", "claim")
    standing_only = True
    collapsible = True
    verbose_name_plural = "reviews by others"
    fields = (
        "publisher",
        "url",
        "title",
        "rating_text",
        ("rating", "reviewed_on", "language"),
        ("rating_value", "rating_worst", "rating_best"),
    )


class InquiryInline(RecordedStackedInline):
    model = Inquiry
    belongs = "Who was asked about this claim, by when an answer was asked for, and what came back."
    autocomplete_fields = ("source",)
    label_related = ("source", "claim")
    standing_only = True
    collapsible = True
    fields = ("source", "question", ("asked_on", "due_on", "channel"), ("outcome", "answered_on"), "answer")


INLINES = (
    AttributionInline,
    EvidenceLinkInline,
    RelationInline,
    RelationFromInline,
    MyDraftInline,
    VerdictInline,
    ReviewInline,
    InquiryInline,
)
