"""The desk's pages for verdicts: drafted by one person, published by another, then frozen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.enums import ActionVariant

from claims.admin.labels import label_of, rating_label
from claims.choices import Severity, VerdictStatus
from claims.models import Dispute, Rating, Verdict
from claims.rules import check_evidence, check_rationale, check_rivals
from claims.services import correct_verdict, draft_verdict, publish_verdict, return_verdict, submit_verdict
from factcheck.audit.admin import (
    ChoiceFilter,
    RecordedForm,
    RecordedModelAdmin,
    Step,
    VisibleFilter,
    YesNoFilter,
    text_form,
)
from factcheck.base.errors import RuleViolation

CONTENT = ("rating", "summary", "rationale", "likelihood", "confidence")
TWO_PEOPLE = "A verdict takes two people: you drafted it, so somebody else has to review and publish it."


def _missing(verdict: Verdict) -> list[str]:
    """The guard rails that say no, in words."""
    found = []
    checks: tuple[Callable[[Verdict], None], ...] = (check_rationale, check_evidence, check_rivals)
    for check in checks:
        try:
            check(verdict)
        except RuleViolation as violation:
            found.append(violation.message)
    return found


def _obstacles(user: Any, verdict: Verdict) -> list[str]:
    found = [TWO_PEOPLE] if verdict.author_id == user.pk else []
    if not user.has_perm("claims.publish_verdict"):
        found.append("Your role does not allow you to publish verdicts.")
    return found + _missing(verdict)


def _facts(verdict: Verdict) -> list[tuple[str, Any]]:
    return [
        ("Claim", verdict.claim.text),
        ("Rating", verdict.rating.label),
        ("Summary", verdict.summary),
        ("Rationale", verdict.rationale),
        ("Likelihood", verdict.get_likelihood_display()),
        ("Confidence", verdict.get_confidence_display()),
        ("Author", verdict.author.get_full_name() or verdict.author.get_username()),
        ("Correction", verdict.correction_reason),
    ]


def _facts_before_review(verdict: Verdict) -> list[tuple[str, Any]]:
    return [*_facts(verdict), ("Needed before it can be published", "\n".join(_missing(verdict)))]


SUBMIT = Step(
    name="submit",
    label="Submit for review",
    says="The verdict goes to a second person, who publishes or returns it. Until then it cannot be changed.",
    run=lambda *, actor, row: submit_verdict(actor=actor, verdict=row),
    done="Submitted for review:",
    offered=lambda user, row: row.status == VerdictStatus.DRAFT and row.author_id == user.pk,
    icon="send",
    variant=ActionVariant.PRIMARY,
    in_lists=True,
    context=_facts_before_review,
)
PUBLISH = Step(
    name="publish",
    label="Publish",
    says="The verdict becomes public under your name as reviewer, with its claim if that is not public yet. "
    "It can never be changed again, only corrected by a new verdict.",
    run=lambda *, actor, row: publish_verdict(actor=actor, verdict=row),
    done="Published:",
    offered=lambda user, row: (
        row.status == VerdictStatus.IN_REVIEW and (row.author_id == user.pk or user.has_perm("claims.publish_verdict"))
    ),
    obstacles=_obstacles,
    icon="publish",
    variant=ActionVariant.PRIMARY,
    in_lists=True,
    context=_facts,
)
RETURN = Step(
    name="return",
    label="Return",
    says="The verdict is its author's draft again, with your note.",
    run=lambda *, actor, row, note: return_verdict(actor=actor, verdict=row, note=note),
    done="Returned:",
    offered=lambda user, row: row.status == VerdictStatus.IN_REVIEW and user.has_perm("claims.publish_verdict"),
    form=text_form("note", "Note", "What the author has to do before it can be published."),
    icon="reply",
    context=_facts,
)
CORRECT = Step(
    name="correct",
    label="Correct",
    says="A new draft of yours begins with this text. Once a second person publishes it, it supersedes this verdict.",
    run=lambda *, actor, row, reason, severity: correct_verdict(
        actor=actor, verdict=row, reason=reason, severity=severity
    ),
    done="This draft will correct the published verdict:",
    offered=lambda user, row: (
        row.status == VerdictStatus.PUBLISHED
        and user.has_perm("claims.add_verdict")
        and Verdict.objects.current().filter(pk=row.pk).exists()
    ),
    form=text_form(
        "reason",
        "Reason",
        "Why the verdict is corrected; the public reads it beside the new one.",
        severity=("Severity", Severity.choices, "How grave the correction is."),
    ),
    icon="edit_note",
    context=_facts,
)


class DraftForm(RecordedForm):
    """A new verdict is its author's from the first: a rule asks for it before anything is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_draft(self)


def own_draft(form: Any) -> None:
    """Put a new verdict into the name of whoever fills in the form."""
    if form.instance._state.adding and form.request is not None:
        form.instance.author = form.request.user


class MineFilter(YesNoFilter):
    title, parameter_name = "author", "mine"
    yes, no = "Drafted by me", "Drafted by others"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(author_id=request.user.pk)


class ForMyReviewFilter(YesNoFilter):
    title, parameter_name = "waits for my review", "for_me"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=VerdictStatus.IN_REVIEW).exclude(author_id=request.user.pk)


class CurrentFilter(YesNoFilter):
    title, parameter_name = "in force", "current"
    yes, no = "Current", "Superseded or not published"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=Verdict.objects.current().values("pk"))


@admin.register(Verdict)
class VerdictAdmin(RecordedModelAdmin):
    form = DraftForm
    steps = (SUBMIT, PUBLISH, RETURN, CORRECT)
    list_display = ("claim_short", "rating_shown", "status_label", "author", "reviewer", "published_at")
    list_select_related = ("claim", "rating", "author", "reviewer")
    label_related = ("claim", "rating", "author")
    list_filter = (
        ChoiceFilter.of("status", VerdictStatus),
        ForMyReviewFilter,
        MineFilter,
        VisibleFilter.of("rating", Rating),
        VisibleFilter.of("claim__dispute", Dispute),
        CurrentFilter,
    )
    search_fields = ("claim__text", "summary", "rationale")
    search_help_text = "Search by claim, summary or rationale."
    autocomplete_fields = ("claim",)
    prefilled = ("claim",)
    readonly_fields = ("status", "author", "reviewer", "submitted_at", "published_at", "supersedes")
    fieldsets = ((None, {"fields": ["claim", "rating", "summary", "rationale", ("likelihood", "confidence")]}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.supersedes_id:
            fields = ["correction_reason", "correction_severity", "supersedes"]
            fieldsets.append(("Correction", {"fields": fields, "description": "What this verdict corrects, and why."}))
        if obj is not None:
            fields = ["status", "author", "submitted_at", "reviewer", "published_at"]
            fieldsets.append(
                ("Course", {"fields": fields, "classes": ["collapse"], "description": "Who did what, and when."})
            )
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A draft stays on its claim: on another, its evidence and its rivals would be others.
        return (*self.readonly_fields, "claim") if obj is not None else self.readonly_fields

    def closed(self, user: Any, obj: Any) -> str:
        if obj.status == VerdictStatus.PUBLISHED:
            return "A published verdict never changes. Correct it: that makes a new verdict which supersedes it."
        if obj.status == VerdictStatus.IN_REVIEW:
            return "This verdict is in review and cannot be changed until a reviewer returns it."
        if obj.author_id != user.pk:
            return "Only its author changes a draft verdict: otherwise one person could write and publish it."
        return ""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_delete_permission(request):
            return False
        # Whoever may not change a draft of somebody else may, as a reviewer, still clear it away.
        return obj is None or (
            obj.status != VerdictStatus.PUBLISHED
            and (obj.author_id == request.user.pk or request.user.has_perm("claims.publish_verdict"))
        )

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save()
            return
        content = {name: form.cleaned_data[name] for name in CONTENT}
        drafted = draft_verdict(actor=request.user, claim=form.cleaned_data["claim"], **content)
        obj.pk = drafted.pk
        obj.refresh_from_db()

    def panel(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"panel_template": "admin/claims/verdict_panel.html", "claim": row.claim, "verdict": row}

    @admin.display(description="claim", ordering="claim")
    def claim_short(self, verdict: Verdict) -> str:
        return str(verdict.claim)

    @admin.display(description="rating", ordering="rating")
    def rating_shown(self, verdict: Verdict) -> Any:
        return rating_label(verdict.rating)

    @admin.display(description="status", ordering="status")
    def status_label(self, verdict: Verdict) -> Any:
        return label_of(verdict)
