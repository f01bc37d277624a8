"""The desk's pages for inquiries: the right of reply."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from claims.admin.labels import short, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import Outcome
from claims.models import Dispute, Inquiry
from factcheck.audit.admin import ChoiceFilter, VisibleFilter, WithdrawnFilter, YesNoFilter, link_to


class OverdueFilter(YesNoFilter):
    title, parameter_name = "answer overdue", "overdue"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(outcome=Outcome.AWAITING, due_on__lt=timezone.localdate())


@admin.register(Inquiry)
class InquiryAdmin(WithdrawableAdmin):
    list_display = ("source", "claim_link", "asked_on", "due_on", "outcome_short", "standing")
    list_display_links = ("source",)
    list_select_related = label_related = ("source", "claim")
    list_filter = (
        ChoiceFilter.of("outcome", Outcome),
        OverdueFilter,
        VisibleFilter.of("claim__dispute", Dispute),
        WithdrawnFilter,
    )
    search_fields = ("source__name", "claim__text", "question", "answer")
    search_help_text = "Search by source, claim, question or answer."
    autocomplete_fields = ("claim", "source")
    prefilled = ("claim", "source")
    fieldsets = (
        (None, {"fields": ["claim", "source", "question", ("asked_on", "due_on"), "channel"]}),
        ("Answer", {"fields": ["outcome", "answer", "answered_on"], "description": "What came of it."}),
    )

    @admin.display(description="claim", ordering="claim")
    def claim_link(self, inquiry: Inquiry) -> Any:
        return link_to(inquiry.claim)

    @admin.display(description="outcome", ordering="outcome")
    def outcome_short(self, inquiry: Inquiry) -> str:
        return short(inquiry, "outcome")

    @admin.display(description="state", ordering="withdrawn_at")
    def standing(self, inquiry: Inquiry) -> Any:
        return standing_label(inquiry)
