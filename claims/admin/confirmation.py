"""The desk's pages for confirmations: read-only, since one is made by confirming a verdict."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from claims.models import Confirmation, Dispute
from factcheck.admin import RecordedModelAdmin, VisibleFilter, link_to


@admin.register(Confirmation)
class ConfirmationAdmin(RecordedModelAdmin):
    never_changes = "A confirmation never changes: confirm the verdict once more instead."
    list_display = ("verdict_link", "reviewer", "reason", "created_at")
    list_display_links = ("created_at",)
    list_select_related = label_related = ("verdict__rating", "verdict__claim", "reviewer")
    sortable_by = ("verdict_link",)
    list_filter = (VisibleFilter.of("verdict__claim__dispute", Dispute),)
    search_fields = ("reason", "verdict__claim__text")
    search_help_text = "Search by reason or claim."
    readonly_fields = ("reviewer", "created_at")
    fieldsets = ((None, {"fields": ["verdict", "reviewer", "reason", "created_at"]}),)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="verdict", ordering="verdict_id")
    def verdict_link(self, confirmation: Confirmation) -> object:
        return link_to(confirmation.verdict)
