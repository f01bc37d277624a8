"""The desk's pages for the bearing of evidence on claims."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from claims.admin.labels import assertion_hint, discount_label, label_of, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import Bearing, Strength
from claims.models import Dispute, EvidenceLink, Premise
from claims.models.evidence import EvidenceLinkQuerySet
from factcheck.admin import (
    ChoiceFilter,
    RecordedTabularInline,
    VisibleFilter,
    WithdrawnFilter,
    YesNoFilter,
    link_to,
)


class CountsFilter(YesNoFilter):
    title, parameter_name = "counts as evidence", "counts"
    yes, no = "Counts", "Does not count"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(EvidenceLink.objects.counting().filter(pk=OuterRef("pk")))


class PremiseInline(RecordedTabularInline):
    model = Premise
    belongs = "Claims that must hold for this bearing to mean anything, such as: the video is genuine."
    fk_name = "link"
    autocomplete_fields = ("claim",)
    fields = ("claim", "note")
    label_related = ("link__evidence", "link__claim", "claim")
    standing_only = True
    hide_title = True
    verbose_name = "claim on which it depends"
    verbose_name_plural = "depends on"


@admin.register(EvidenceLink)
class EvidenceLinkAdmin(WithdrawableAdmin):
    list_display = ("evidence", "bearing_label", "claim_link", "strength", "counting", "standing")
    list_display_links = ("evidence",)
    list_select_related = label_related = ("evidence", "claim")
    named_only = ("claim",)
    sortable_by = ("claim_link",)
    list_filter = (
        ChoiceFilter.of("bearing", Bearing),
        ChoiceFilter.of("strength", Strength),
        VisibleFilter.of("claim__dispute", Dispute),
        CountsFilter,
        WithdrawnFilter,
    )
    inlines = (PremiseInline,)
    search_fields = ("evidence__title", "claim__text", "note")
    search_help_text = "Search by evidence, claim or note."
    autocomplete_fields = ("evidence", "claim")
    public_with = ("claim",)
    belongs_to = "claim"
    prefilled = ("evidence", "claim")
    fieldsets = (
        (None, {"fields": ["evidence", "claim", "bearing", "strength", "note"]}),
        (
            "What it counts for",
            {
                "fields": ["own_assertion", "own_assertion_hint", "set_name"],
                "description": "What is only the claim's own assertion does not count, nor what depends on a claim "
                "that does not hold. What shows something only together is one piece.",
            },
        ),
    )
    readonly_fields = ("own_assertion_hint",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        links = super().get_queryset(request)
        assert isinstance(links, EvidenceLinkQuerySet)
        return links.with_discount().with_speaker()

    @admin.display(description="bearing")
    def bearing_label(self, link: EvidenceLink) -> Any:
        return label_of(link, "bearing")

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, link: EvidenceLink) -> Any:
        return link_to(link.claim)

    @admin.display(description="counts")
    def counting(self, link: EvidenceLink) -> Any:
        return discount_label(link)

    @admin.display(description="own assertion?")
    def own_assertion_hint(self, link: EvidenceLink) -> str:
        return assertion_hint(link)

    @admin.display(description="state")
    def standing(self, link: EvidenceLink) -> Any:
        return standing_label(link)
