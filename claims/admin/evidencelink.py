"""The desk's pages for the bearing of evidence on claims."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from claims.admin.labels import label_of, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import Bearing, Strength
from claims.models import Dispute, EvidenceLink
from factcheck.admin import ChoiceFilter, VisibleFilter, WithdrawnFilter, link_to


@admin.register(EvidenceLink)
class EvidenceLinkAdmin(WithdrawableAdmin):
    list_display = ("evidence", "bearing_label", "claim_link", "strength", "standing")
    list_display_links = ("evidence",)
    list_select_related = label_related = ("evidence", "claim")
    list_filter = (
        ChoiceFilter.of("bearing", Bearing),
        ChoiceFilter.of("strength", Strength),
        VisibleFilter.of("claim__dispute", Dispute),
        WithdrawnFilter,
    )
    search_fields = ("evidence__title", "claim__text", "note")
    search_help_text = "Search by evidence, claim or note."
    autocomplete_fields = ("evidence", "claim")
    prefilled = ("evidence", "claim")
    fieldsets = ((None, {"fields": ["evidence", "claim", "bearing", "strength", "note"]}),)

    @admin.display(description="bearing", ordering="bearing")
    def bearing_label(self, link: EvidenceLink) -> Any:
        return label_of(link, "bearing")

    @admin.display(description="claim", ordering="claim")
    def claim_link(self, link: EvidenceLink) -> Any:
        return link_to(link.claim)

    @admin.display(description="state", ordering="withdrawn_at")
    def standing(self, link: EvidenceLink) -> Any:
        return standing_label(link)
