"""What a source was before: its own page, and the rows on the page of the source."""

from __future__ import annotations

from django.contrib import admin

from factcheck.admin import RecordedModelAdmin, RecordedTabularInline, VisibleFilter
from sources.models import Affiliation, Source

FIELDS = ("part_of", "name", "since", "until", "note")


class AffiliationInline(RecordedTabularInline):
    model = Affiliation
    belongs = "The bodies to which this source belonged before, and what it was called then."
    fk_name = "source"
    autocomplete_fields = ("part_of",)
    fields = FIELDS
    label_related = ("source", "part_of")
    hide_title = True
    verbose_name = "earlier affiliation"
    verbose_name_plural = "earlier affiliations"


@admin.register(Affiliation)
class AffiliationAdmin(RecordedModelAdmin):
    list_display = ("source", "part_of", "name", "since", "until")
    list_select_related = label_related = ("source", "part_of")
    list_filter = (VisibleFilter.of("source", Source),)
    search_fields = ("source__name", "part_of__name", "name")
    search_help_text = "Search by source, body or name."
    autocomplete_fields = ("source", "part_of")
    belongs_to = "source"
    prefilled = ("source",)
    fieldsets = ((None, {"fields": ["source", *FIELDS]}),)
