"""The desk's pages for the claims on which the bearing of evidence depends."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from claims.admin.labels import standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.models import Dispute, Premise
from factcheck.admin import VisibleFilter, WithdrawnFilter, link_to


@admin.register(Premise)
class PremiseAdmin(WithdrawableAdmin):
    list_display = ("evidence", "claim_link", "standing")
    list_display_links = ("evidence",)
    list_select_related = label_related = ("link__evidence", "link__claim", "claim")
    sortable_by = ("claim_link",)
    list_filter = (VisibleFilter.of("link__claim__dispute", Dispute), WithdrawnFilter)
    search_fields = ("link__evidence__title", "claim__text", "note")
    search_help_text = "Search by evidence, claim or note."
    autocomplete_fields = ("link", "claim")
    prefilled = ("link", "claim")
    fieldsets = ((None, {"fields": ["link", "claim", "note"]}),)

    @admin.display(description="evidence and what it bears on")
    def evidence(self, premise: Premise) -> str:
        return str(premise.link)

    @admin.display(description="depends on", ordering="claim_id")
    def claim_link(self, premise: Premise) -> Any:
        return link_to(premise.claim)

    @admin.display(description="state")
    def standing(self, premise: Premise) -> Any:
        return standing_label(premise)
