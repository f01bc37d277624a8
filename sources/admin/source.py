"""The desk's pages for sources."""

from __future__ import annotations

from typing import Any

import pycountry
from django import forms
from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextareaWidget

from factcheck.admin import (
    ChoiceFilter,
    LabelFilter,
    LinesField,
    RecordedForm,
    YesNoFilter,
    badge,
)
from factcheck.base.places import country_name
from sources.admin.affiliation import AffiliationInline
from sources.admin.merging import MergedFilter, MergingAdmin
from sources.choices import Reliability, SourceKind
from sources.models import Source

COUNTRIES = sorted(((c.alpha_2, country_name(c.alpha_2)) for c in pycountry.countries), key=lambda pair: pair[1])


class SourceForm(RecordedForm):
    """Countries by name; other names one on each line, since a name may hold a comma."""

    country = forms.ChoiceField(
        required=False,
        choices=[("", "None"), *COUNTRIES],
        widget=UnfoldAdminSelect2Widget(),
        help_text=Source._meta.get_field("country").help_text,
    )
    aliases = LinesField(
        label="Other names",
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Other names and spellings under which it is known, one on each line.",
    )


class CountryFilter(LabelFilter):
    title = parameter_name = field = "country"

    def label(self, value: str) -> str:
        return country_name(value)


class WithheldFilter(YesNoFilter):
    title, parameter_name = "name", "withheld"
    yes, no = "Withheld", "Public"

    def holds(self, request: HttpRequest) -> Q:
        return Q(withheld=True)


@admin.register(Source)
class SourceAdmin(MergingAdmin):
    form = SourceForm
    list_display = ("name", "kind_short", "country_shown", "reliability", "part_of", "withheld_shown")
    brief = ("kind_short",)
    list_select_related = ("part_of",)
    named_only = ("part_of",)
    sortable_by = ("name",)
    list_filter = (
        ChoiceFilter.of("kind", SourceKind),
        CountryFilter,
        ChoiceFilter.of("reliability", Reliability),
        WithheldFilter,
        MergedFilter,
    )
    search_fields = ("name", "aliases", "slug")
    search_help_text = "Search by name or other names."
    autocomplete_fields = ("part_of",)
    prefilled = ("part_of",)
    inlines = (AffiliationInline,)
    fieldsets = (
        (None, {"fields": ["name", "kind", "country", "part_of", "part_of_since", "description"]}),
        (
            "Reliability",
            {
                "fields": ["reliability", "reliability_note", "interests"],
                "classes": ["collapse"],
                "description": "How the desk grades the source, and what it has at stake.",
            },
        ),
        (
            "Withheld name",
            {
                "fields": ["withheld", "withheld_reason"],
                "classes": ["collapse"],
                "description": "Outside the desk a withheld source is shown as “Source withheld”, in every door.",
            },
        ),
        (
            "Names and addresses",
            {
                "fields": ["aliases", "website", "wikidata_id", "slug"],
                "classes": ["collapse"],
                "description": "What helps to find and to recognise it.",
            },
        ),
    )

    @admin.display(description="kind")
    def kind_short(self, source: Source) -> str:
        return source.get_kind_display()

    @admin.display(description="country")
    def country_shown(self, source: Source) -> str:
        return country_name(source.country) or "–"

    @admin.display(description="name is")
    def withheld_shown(self, source: Source) -> Any:
        if source.merged_into_id is not None:
            return badge(f"Merged into {source.merged_into_id}", "faint")
        return badge("Withheld", "warn") if source.withheld else "public"
