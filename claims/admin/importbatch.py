"""The desk's pages for imports: read only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.models import ImportBatch
from factcheck.admin import PeriodFilter, RecordedModelAdmin


@admin.register(ImportBatch)
class ImportBatchAdmin(RecordedModelAdmin):
    never_changes = "The record of an import never changes."
    list_display = ("origin", "format", "created_shown", "problems_shown", "imported_by", "created_at")
    list_select_related = ("imported_by",)
    list_filter = (PeriodFilter.of("created_at", title="imported"),)
    search_fields = ("origin", "digest")
    search_help_text = "Search by file, address or fingerprint."
    fieldsets = (
        (
            None,
            {"fields": ["origin", "format", "created_shown", "problem_list", "imported_by", "created_at", "digest"]},
        ),
    )
    readonly_fields = ("created_shown", "problem_list")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="created")
    def created_shown(self, batch: ImportBatch) -> str:
        counts = batch.counts if isinstance(batch.counts, dict) else {}
        return ", ".join(f"{count} {noun}" for noun, count in counts.items()) or "nothing"

    @admin.display(description="problems")
    def problems_shown(self, batch: ImportBatch) -> str:
        return str(len(batch.problems)) if batch.problems else "none"

    @admin.display(description="problems")
    def problem_list(self, batch: ImportBatch) -> Any:
        return "\n".join(str(problem) for problem in batch.problems[:200]) or "none"
