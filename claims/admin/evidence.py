"""The desk's pages for evidence, with its documents and its bearing on claims."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from claims.admin.labels import assertion_hint
from claims.choices import Credibility, EvidenceKind
from claims.models import Dispute, Evidence, EvidenceDocument, EvidenceLink
from claims.models.evidence import EvidenceLinkQuerySet
from factcheck.admin import (
    ChoiceFilter,
    RecordedModelAdmin,
    RecordedTabularInline,
    VisibleFilter,
    YesNoFilter,
    link_to,
)
from factcheck.models.recorded import RecordedModel


class LinkedFilter(YesNoFilter):
    title, parameter_name = "bears on a claim", "linked"
    yes, no = "Linked", "Not linked yet"

    def holds(self, request: HttpRequest) -> Exists:
        return Exists(EvidenceLink.objects.standing().filter(evidence=OuterRef("pk")))


class CarrierInline(RecordedTabularInline):
    model = EvidenceDocument
    belongs = "The works in which this piece of evidence can be read, seen or heard."
    autocomplete_fields = ("document",)
    fields = ("document",)
    label_related = ("evidence", "document")
    verbose_name = "document"
    verbose_name_plural = "documents"
    hide_title = True
    show_change_link = False

    def has_delete_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        # Which documents carry published evidence may be corrected; the history keeps what was said.
        return request.user.has_perm("claims.delete_evidencedocument")


class BearingInline(RecordedTabularInline):
    """The claims that the evidence bears on: one piece of evidence may support one and refute another."""

    model = EvidenceLink
    belongs = "The claims that this piece of evidence supports or refutes, or to which it gives context."
    autocomplete_fields = ("claim",)
    fields = ("claim", "bearing", "strength", "own_assertion", "own_assertion_hint", "set_name", "note")
    readonly_fields = ("own_assertion_hint",)
    label_related = ("evidence", "claim")
    verbose_name = "bearing on a claim"
    verbose_name_plural = "bearing on claims"
    standing_only = True
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        links = super().get_queryset(request)
        assert isinstance(links, EvidenceLinkQuerySet)
        return links.with_speaker()

    @admin.display(description="own assertion?")
    def own_assertion_hint(self, link: EvidenceLink) -> str:
        return assertion_hint(link)


@admin.register(Evidence)
class EvidenceAdmin(RecordedModelAdmin):
    list_display = ("title", "kind_short", "credibility_short", "dispute_link", "derived")
    brief = ("kind_short", "credibility_short")
    list_select_related = ("dispute", "derived_from")
    named_only = ("dispute",)
    sortable_by = ()
    list_filter = (
        ChoiceFilter.of("kind", EvidenceKind),
        ChoiceFilter.of("credibility", Credibility),
        VisibleFilter.of("dispute", Dispute),
        LinkedFilter,
    )
    search_fields = ("title", "description")
    search_help_text = "Search by title or description."
    autocomplete_fields = ("dispute", "derived_from")
    belongs_to = "dispute"
    prefilled = ("dispute", "derived_from")
    inlines = (BearingInline, CarrierInline)
    fieldsets = (
        (None, {"fields": ["title", "kind", "description", "dispute"]}),
        (
            "Credibility and origin",
            {
                "fields": ["credibility", "observed_on", "derived_from", "independent_because"],
                "classes": ["collapse"],
                "description": "Evidence from one origin counts once, however often it is repeated. What one document "
                "carries has one origin, unless somebody says why not.",
            },
        ),
    )

    @admin.display(description="kind")
    def kind_short(self, evidence: Evidence) -> str:
        return evidence.get_kind_display()

    @admin.display(description="credibility")
    def credibility_short(self, evidence: Evidence) -> str:
        return evidence.get_credibility_display()

    @admin.display(description="dispute")
    def dispute_link(self, evidence: Evidence) -> Any:
        return link_to(evidence.dispute)

    @admin.display(description="derived from")
    def derived(self, evidence: Evidence) -> str:
        return "derived" if evidence.derived_from_id else "own origin"
