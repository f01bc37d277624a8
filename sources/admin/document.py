"""The desk's pages for documents."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from factcheck.admin import (
    ChoiceFilter,
    LabelFilter,
    ReadOnlyInline,
    Step,
    YesNoFilter,
    badge,
    safe_link,
)
from factcheck.admin.links import add_url
from factcheck.admin.steps import button
from factcheck.base import edtf
from factcheck.base.errors import Forbidden
from factcheck.base.people import Reader
from factcheck.base.places import language_name
from sources.admin.merging import MergedFilter, MergingAdmin
from sources.admin.snapshot import download_link, state_of
from sources.choices import DocumentKind
from sources.models import Document, Snapshot
from sources.services import record_copy, stage_fetch
from sources.services.snapshot import FETCHER, Staged


class LanguageFilter(LabelFilter):
    title = parameter_name = field = "language"

    def label(self, value: str) -> str:
        return language_name(value)


class RetractedFilter(YesNoFilter):
    title, parameter_name = "retracted", "retracted"
    yes, no = "Retracted", "Standing"

    def holds(self, request: HttpRequest) -> Q:
        # A range of the index, as "not empty" is none.
        return Q(retracted_on__gt="")


def stage(*, actor: Reader, row: Document) -> Staged:
    """The copy of what stands at the address of the document, kept. Raises Forbidden and RuleViolation."""
    if not actor.has_perm("sources.add_snapshot"):
        raise Forbidden("Ask a researcher: your role does not take copies.")
    return stage_fetch(row)


FETCH = Step(
    name="fetch",
    label="Fetch a copy now",
    says="What stands at the address of the document is copied as it is now, and kept.",
    run=lambda *, actor, row, prepared: record_copy(actor=actor, document=row, staged=prepared, tool=FETCHER),
    done="Kept:",
    offered=lambda user, row: bool(settings.FACTCHECK_FETCH and row.url and user.has_perm("sources.add_snapshot")),
    icon="download",
    context=lambda row: [("Document", row.title), ("Address", row.url)],
    prepare=stage,
)


class SnapshotInline(ReadOnlyInline):
    model = Snapshot
    belongs = (
        "Copies of this work as it was at a moment. Quotes are looked up in them, and they stay when the "
        "original changes or goes. Who may add copies finds “Add a copy” above once the work is saved."
    )
    fields = ("taken_at", "state", "download", "archive_link", "media_type", "size_shown")
    readonly_fields = fields
    hide_title = True
    verbose_name_plural = "copies"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("document").defer("text", "document__text")

    @admin.display(description="state")
    def state(self, snapshot: Snapshot) -> Any:
        return state_of(snapshot)

    @admin.display(description="file")
    def download(self, snapshot: Snapshot) -> Any:
        return download_link(snapshot)

    @admin.display(description="archived at")
    def archive_link(self, snapshot: Snapshot) -> Any:
        return safe_link(snapshot.archive_url)

    @admin.display(description="size")
    def size_shown(self, snapshot: Snapshot) -> str:
        return filesizeformat(snapshot.size)


@admin.register(Document)
class DocumentAdmin(MergingAdmin):
    list_display = ("title", "kind_short", "publisher", "published", "language", "link", "retracted")
    brief = ("kind_short", "published")
    list_select_related = label_related = ("publisher",)
    named_only = ("publisher",)
    sortable_by = ("published",)
    list_filter = (ChoiceFilter.of("kind", DocumentKind), LanguageFilter, RetractedFilter, MergedFilter)
    search_fields = ("title", "url", "authors", "publisher__name")
    search_help_text = "Search by title, address, author or publisher."
    autocomplete_fields = ("publisher",)
    prefilled = ("publisher",)
    inlines = (SnapshotInline,)
    steps = (FETCH,)
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

    def buttons(self, request: HttpRequest, row: Document) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        made.insert(0, button("Read", reverse("read-document", args=[row.pk]), icon="article"))
        if request.user.has_perm("sources.add_snapshot"):
            made.append(button("Add a copy", add_url(Snapshot, document=row.pk), icon="upload"))
        return made

    @admin.display(description="kind")
    def kind_short(self, document: Document) -> str:
        return document.get_kind_display()

    @admin.display(description="published on", ordering="published_on")
    def published(self, document: Document) -> str:
        return edtf.in_words(document.published_on) or "–"

    @admin.display(description="address")
    def link(self, document: Document) -> Any:
        return safe_link(document.url, "open")

    @admin.display(description="state")
    def retracted(self, document: Document) -> Any:
        if document.merged_into_id is not None:
            return badge(f"Merged into {document.merged_into_id}", "faint")
        return badge("Retracted", "bad") if document.retracted_on else "standing"
