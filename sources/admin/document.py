"""The desk's pages for documents."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from factcheck.audit.admin import (
    ChoiceFilter,
    LabelFilter,
    ReadOnlyInline,
    RecordedModelAdmin,
    YesNoFilter,
    badge,
    safe_link,
)
from factcheck.base import edtf
from factcheck.base.places import language_name
from sources.choices import DocumentKind
from sources.models import Document, Snapshot


class LanguageFilter(LabelFilter.of("language")):  # type: ignore[misc]
    def label(self, value: str) -> str:
        return language_name(value)


class RetractedFilter(YesNoFilter):
    title, parameter_name = "retracted", "retracted"
    yes, no = "Retracted", "Standing"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.exclude(retracted_on="")


class SnapshotInline(ReadOnlyInline):
    model = Snapshot
    fields = ("taken_at", "archive_link", "media_type", "size")
    readonly_fields = fields
    hide_title = True

    @admin.display(description="kept at")
    def archive_link(self, snapshot: Snapshot) -> Any:
        return safe_link(snapshot.archive_url)


@admin.register(Document)
class DocumentAdmin(RecordedModelAdmin):
    list_display = ("title", "kind_short", "publisher", "published", "language", "link", "retracted")
    list_select_related = label_related = ("publisher",)
    list_filter = (ChoiceFilter.of("kind", DocumentKind), LanguageFilter, RetractedFilter)
    search_fields = ("title", "url", "authors", "publisher__name")
    search_help_text = "Search by title, address, author or publisher."
    autocomplete_fields = ("publisher",)
    prefilled = ("publisher",)
    inlines = (SnapshotInline,)
    fieldsets = (
        (None, {"fields": ["title", "kind", "url", "publisher", "published_on"]}),
        (
            "Authors, language and text",
            {
                "fields": ["authors", "language", "text"],
                "classes": ["collapse"],
                "description": "The text is for the desk alone: quotes are checked against it.",
            },
        ),
        (
            "Retraction",
            {
                "fields": ["retracted_on"],
                "classes": ["collapse"],
                "description": "Whether the publisher took the work back.",
            },
        ),
    )

    @admin.display(description="kind", ordering="kind")
    def kind_short(self, document: Document) -> str:
        return document.get_kind_display()

    @admin.display(description="published on", ordering="published_on")
    def published(self, document: Document) -> str:
        return edtf.in_words(document.published_on) or "–"

    @admin.display(description="address")
    def link(self, document: Document) -> Any:
        return safe_link(document.url, "open")

    @admin.display(description="state", ordering="retracted_on")
    def retracted(self, document: Document) -> Any:
        return badge("Retracted", "bad") if document.retracted_on else "standing"
