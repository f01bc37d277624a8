"""The desk's pages for verdicts: drafted by one person, published by another, then frozen."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from claims.admin.glossary import terms
from claims.admin.labels import label_of, rating_label, short
from claims.admin.verdict_changes import CONTENT
from claims.admin.verdict_review import ReviewedAdmin
from claims.admin.verdict_steps import CONFIRM, CORRECT, PUBLISH, RETURN, SUBMIT, is_current
from claims.choices import Severity, VerdictStatus
from claims.models import Dispute, Rating, Verdict
from claims.models.rewording import short_wording
from claims.models.verdict import VerdictQuerySet
from claims.reports.load.staleness import load_stale
from claims.services import (
    draft_verdict,
)
from factcheck.admin import ChoiceFilter, RecordedForm, VisibleFilter, YesNoFilter
from factcheck.admin.beforehand import Refusal
from factcheck.admin.forms import RecordedRowForm
from factcheck.admin.links import admin_url
from factcheck.base.people import Reader
from factcheck.teamwork.admin import TeamFilter

DUE_SOON = 30
"""Days ahead; from its day on a verdict is stale."""


class DraftForm(RecordedForm):
    """A new verdict is its author's from the first: a rule asks for it before anything is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_draft(self)


def own_draft(form: RecordedRowForm) -> None:
    """Put a new verdict into the name of whoever fills in the form."""
    if form.instance._state.adding and form.request is not None:
        form.instance.author = form.request.user


class MineFilter(YesNoFilter):
    title, parameter_name = "author", "mine"
    yes, no = "Drafted by me", "Drafted by others"

    def holds(self, request: HttpRequest) -> Q:
        return Q(author_id=request.user.pk)


class ForMyReviewFilter(YesNoFilter):
    title, parameter_name = "waits for my review", "for_me"

    def holds(self, request: HttpRequest) -> Q:
        return Q(status=VerdictStatus.IN_REVIEW) & ~Q(author_id=request.user.pk)


class CurrentFilter(YesNoFilter):
    title, parameter_name = "in force", "current"
    yes, no = "Current", "Superseded or not published"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        assert isinstance(queryset, VerdictQuerySet)
        return {"yes": queryset.current, "no": queryset.not_current}.get(self.value() or "", lambda: queryset)()


class CorrectionFilter(YesNoFilter):
    title, parameter_name = "correction", "correction"
    yes, no = "Corrects an earlier verdict", "First verdict on its claim"

    def holds(self, request: HttpRequest) -> Q:
        return Q(supersedes__isnull=False)


class StaleFilter(YesNoFilter):
    title, parameter_name = "stale", "stale"
    yes, no = "Needs a new look", "Nothing has changed under it"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(Verdict.objects.stale(request.user).filter(pk=OuterRef("pk")))


class DueSoonFilter(YesNoFilter):
    title, parameter_name = "to be looked at again", "due_soon"
    yes, no = f"Within {DUE_SOON} days", "Later, or no day is set"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(Verdict.objects.due_within(DUE_SOON).filter(pk=OuterRef("pk")))


@admin.register(Verdict)
class VerdictAdmin(ReviewedAdmin):
    form = DraftForm
    steps = (SUBMIT, PUBLISH, RETURN, CORRECT, CONFIRM)
    list_display = ("claim_short", "rating_shown", "status_label", "author", "reviewer", "published_at")
    brief = ("rating_shown", "status_label")
    list_select_related = ("claim", "rating", "author", "reviewer")
    label_related = ("claim", "rating", "author")
    named_only = ("claim",)
    sortable_by = ("claim_short", "published_at")
    list_filter = (
        ChoiceFilter.of("status", VerdictStatus),
        ForMyReviewFilter,
        MineFilter,
        VisibleFilter.of("rating", Rating),
        VisibleFilter.of("claim__dispute", Dispute),
        TeamFilter.of("claim__dispute"),
        CurrentFilter,
        StaleFilter,
        DueSoonFilter,
        CorrectionFilter,
        ChoiceFilter.of("correction_severity", Severity),
    )
    search_fields = ("claim__text", "summary", "rationale")
    search_help_text = "Search by claim, summary or rationale."
    autocomplete_fields = ("claim",)
    prefilled = ("claim",)
    readonly_fields = ("status", "author", "reviewer", "submitted_at", "published_at", "supersedes")
    fieldsets = (
        (None, {"fields": ["claim", "rating", "summary", "rationale", ("likelihood", "confidence"), "review_by"]}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Verdict | None = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.supersedes_id:
            fields = ["correction_reason", "correction_severity", "claim_text", "supersedes"]
            fieldsets.append(("Correction", {"fields": fields, "description": "What this verdict corrects, and why."}))
        if obj is not None:
            fields = ["status", "author", "submitted_at", "reviewer", "published_at"]
            if obj.status == VerdictStatus.PUBLISHED and not obj.supersedes_id:
                fields.append("claim_text")
            fieldsets.append(
                ("Course", {"fields": fields, "classes": ["collapse"], "description": "Who did what, and when."})
            )
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Verdict | None = None) -> Any:
        # A draft stays on its claim: on another, its evidence and its rivals would be others.
        return (*self.readonly_fields, "claim") if obj is not None else self.readonly_fields

    def refused_before(self, request: HttpRequest, given: dict[str, Any]) -> Refusal | None:
        current = Verdict.objects.visible_to(request.user).current().filter(claim=given.get("claim")).first()
        if current is None:
            return super().refused_before(request, given)
        says = "This claim has a published verdict. Correct that one: the correction supersedes it."
        return Refusal(says, [("Correct the published verdict", admin_url(current, "correct"))])

    def closed(self, user: Reader, obj: Verdict) -> str:
        if obj.status == VerdictStatus.PUBLISHED:
            return "A published verdict never changes. Correct it: that makes a new verdict which supersedes it."
        if obj.status == VerdictStatus.IN_REVIEW:
            return "This verdict is in review and cannot be changed until a reviewer returns it."
        if obj.author_id != user.pk:
            return "Only its author changes a draft verdict: otherwise one person could write and publish it."
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Verdict | None = None) -> bool:
        if not super().has_delete_permission(request):
            return False
        # Whoever may not change a draft of somebody else may, as a reviewer, still clear it away.
        return obj is None or (
            obj.status != VerdictStatus.PUBLISHED
            and (obj.author_id == request.user.pk or request.user.has_perm("claims.publish_verdict"))
        )

    def store(self, request: HttpRequest, obj: Verdict, form: RecordedForm, change: bool) -> None:
        if change:
            obj.save()
            return
        content = {name: form.cleaned_data[name] for name in CONTENT}
        drafted = draft_verdict(actor=request.user, claim=form.cleaned_data["claim"], **content)
        obj.pk = drafted.pk
        obj.refresh_from_db()

    def panel(self, request: HttpRequest, row: Verdict) -> dict[str, Any]:
        replaced = Verdict.objects.select_related("rating").filter(pk=row.supersedes_id).first()
        return {
            "panel_template": "admin/claims/verdict_panel.html",
            "words": terms("stale"),
            "claim": row.claim,
            "verdict": row,
            "replaced": replaced,
            "labels": [rating_label(decided.rating) for decided in (replaced, row) if decided is not None],
            "severity": short(row, "correction_severity"),
            "stale": load_stale([row], request.user).get(row.claim_id, ()) if is_current(row) else (),
            "confirmations": row.confirmations.select_related("reviewer").order_by("id"),
        }

    @admin.display(description="claim", ordering="claim_id")
    def claim_short(self, verdict: Verdict) -> str:
        return short_wording(verdict.wording)

    @admin.display(description="rating")
    def rating_shown(self, verdict: Verdict) -> Any:
        return rating_label(verdict.rating)

    @admin.display(description="status")
    def status_label(self, verdict: Verdict) -> Any:
        return label_of(verdict)
