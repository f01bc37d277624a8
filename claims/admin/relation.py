"""The desk's pages for relations between claims."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from claims.admin.labels import short, standing_label
from claims.admin.withdrawal import WithdrawableAdmin
from claims.choices import ConflictPoint, RelationKind
from claims.models import ClaimRelation, Dispute
from factcheck.admin import ChoiceFilter, VisibleFilter, WithdrawnFilter, link_to


@admin.register(ClaimRelation)
class ClaimRelationAdmin(WithdrawableAdmin):
    list_display = ("kind_short", "claim_link", "other_link", "point_short", "standing")
    list_select_related = label_related = ("claim", "other")
    named_only = ("claim", "other")
    sortable_by = ("claim_link", "other_link")
    list_filter = (
        ChoiceFilter.of("kind", RelationKind),
        ChoiceFilter.of("point", ConflictPoint, title="point of conflict"),
        VisibleFilter.of("claim__dispute", Dispute),
        WithdrawnFilter,
    )
    search_fields = ("claim__text", "other__text", "note")
    search_help_text = "Search by either claim or note."
    autocomplete_fields = ("claim", "other")
    public_with = ("claim", "other")
    belongs_to = "claim"
    prefilled = ("claim", "other")
    fieldsets = ((None, {"fields": ["claim", "kind", "other", "point", "note"]}),)

    @admin.display(description="relation")
    def kind_short(self, relation: ClaimRelation) -> str:
        return short(relation, "kind")

    @admin.display(description="claim", ordering="claim_id")
    def claim_link(self, relation: ClaimRelation) -> Any:
        return link_to(relation.claim)

    @admin.display(description="other claim", ordering="other_id")
    def other_link(self, relation: ClaimRelation) -> Any:
        return link_to(relation.other)

    @admin.display(description="point of conflict")
    def point_short(self, relation: ClaimRelation) -> str:
        return short(relation, "point") or "–"

    @admin.display(description="state")
    def standing(self, relation: ClaimRelation) -> Any:
        return standing_label(relation)
