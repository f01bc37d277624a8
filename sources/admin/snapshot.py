"""The desk's pages for snapshots: added, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from factcheck.audit.admin import PeriodFilter, RecordedModelAdmin, safe_link
from sources.models import Snapshot


@admin.register(Snapshot)
class SnapshotAdmin(RecordedModelAdmin):
    never_changes = "A snapshot never changes: it shows what the document said then. Add a new one instead."
    list_display = ("document", "taken_at", "archive_link", "media_type", "size", "taken_by")
    list_select_related = ("document", "taken_by")
    label_related = ("document",)
    list_filter = (PeriodFilter.of("taken_at", title="taken"),)
    search_fields = ("document__title", "archive_url")
    search_help_text = "Search by the title of the document or the address of the copy."
    autocomplete_fields = ("document",)
    prefilled = ("document",)
    fieldsets = (
        (None, {"fields": ["document", "taken_at", "archive_url", "media_type", "size", "digest"]}),
        (
            "How it was taken",
            {
                "fields": ["final_url", "tool"],
                "classes": ["collapse"],
                "description": "The address after redirects, and the program or service that took the copy.",
            },
        ),
    )

    @admin.display(description="kept at")
    def archive_link(self, snapshot: Snapshot) -> Any:
        return safe_link(snapshot.archive_url)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            fieldsets[1][1]["fields"] = [*fieldsets[1][1]["fields"], "taken_by"]
        return fieldsets

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.taken_by = request.user
        obj.save()
