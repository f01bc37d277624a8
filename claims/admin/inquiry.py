"""The desk's pages for inquiries: the right of reply."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from claims.admin.labels import short, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import Outcome
from claims.models import Dispute, Inquiry
from claims.services import record_silence
from factcheck.admin import ChoiceFilter, VisibleFilter, WithdrawnFilter, YesNoFilter, link_to
from factcheck.admin.links import badge
from factcheck.admin.steps import Step
from factcheck.base.people import Reader


class OverdueFilter(YesNoFilter):
    title, parameter_name = "answer overdue", "overdue"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(Inquiry.objects.overdue().filter(pk=OuterRef("pk")))


def _may_be_silence(user: Reader, row: Inquiry) -> bool:
    return row.outcome == Outcome.AWAITING and row.withdrawn_at is None and user.has_perm("claims.change_inquiry")


def _still_open(user: Reader, row: Inquiry) -> list[str]:
    if row.due_on is None:
        return ["Say first by which day an answer was asked for: without it, silence is no answer."]
    if not Inquiry.objects.overdue().filter(pk=row.pk).exists():
        return [f"An answer may still come: it was asked for by {row.due_on:%d %B %Y}."]
    return []


SILENCE = Step(
    name="silence",
    label="No answer came",
    says="The day by which an answer was asked for has passed. Reports then say that there was no answer.",
    run=lambda *, actor, row: record_silence(actor=actor, inquiry=row),
    done="Recorded as unanswered:",
    offered=_may_be_silence,
    violations=_still_open,
    icon="voice_over_off",
    in_lists=True,
)


@admin.register(Inquiry)
class InquiryAdmin(WithdrawableAdmin):
    steps = (*WithdrawableAdmin.steps, SILENCE)
    list_display = ("source", "claim_link", "asked_on", "due_on", "outcome_short", "standing")
    brief = ("claim_link", "outcome_short")
    list_display_links = ("source",)
    list_select_related = label_related = ("source", "claim")
    named_only = ("source", "claim")
    sortable_by = ("claim_link", "asked_on")
    list_filter = (
        ChoiceFilter.of("outcome", Outcome),
        OverdueFilter,
        VisibleFilter.of("claim__dispute", Dispute),
        WithdrawnFilter,
    )
    search_fields = ("source__name", "claim__text", "question", "answer")
    search_help_text = "Search by source, claim, question or answer."
    autocomplete_fields = ("claim", "source")
    public_with = ("claim",)
    belongs_to = "claim"
    prefilled = ("claim", "source")
    fieldsets = (
        (None, {"fields": ["claim", "source", "question", ("asked_on", "due_on"), "channel"]}),
        ("Answer", {"fields": ["outcome", "answer", "answered_on"], "description": "What came of it."}),
    )

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, inquiry: Inquiry) -> Any:
        return link_to(inquiry.claim)

    @admin.display(description="outcome")
    def outcome_short(self, inquiry: Inquiry) -> Any:
        awaited = inquiry.outcome == Outcome.AWAITING and inquiry.withdrawn_at is None
        late = awaited and inquiry.due_on is not None and inquiry.due_on < timezone.localdate()
        return badge("Overdue", "warn") if late else short(inquiry, "outcome")

    @admin.display(description="state")
    def standing(self, inquiry: Inquiry) -> Any:
        return standing_label(inquiry)
