"""Sources over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from sources.api.merging import MergedFilterSet, MergingViewSet
from sources.choices import Reliability, SourceKind
from sources.models import Source
from sources.models.source import SourceQuerySet, named_to


def sources_by_name(request: Request) -> SourceQuerySet:
    """The sources that the caller may look for by name."""
    return Source.objects.visible_to(request.user).named_to(request.user)


def name_told(request: Request) -> Q:
    """The condition that the caller may know who the source is."""
    return named_to(request.user)


class SourceSerializer(ShownSerializer):
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        required=False,
        help_text="Other names and spellings under which it is known.",
    )

    class Meta:
        model = Source
        put_needs = ("slug", "withheld")
        fields = (
            "id",
            "kind",
            "name",
            "slug",
            "description",
            "country",
            "part_of",
            "part_of_since",
            "website",
            "wikidata_id",
            "aliases",
            "reliability",
            "reliability_note",
            "interests",
            "withheld",
            "withheld_reason",
            "merged_into",
            *BOOKKEEPING,
        )
        read_only_fields = ("merged_into", *BOOKKEEPING)
        desk_fields = ("withheld_reason", "merged_into")
        use_instead = {"merged_into": "Call merge: a row is not led to another one directly."}


class SourceFilterSet(MergedFilterSet):
    kind = filters.ChoiceFilter(choices=SourceKind)
    reliability = filters.ChoiceFilter(choices=Reliability)
    # Whoever may not know a name must not find it by guessing either.
    country = filters.CountryFilter(told=name_told)
    slug = filters.TextFilter(told=name_told)
    alias = filters.TagFilter(field_name="aliases", told=name_told)
    withheld = filters.BooleanFilter()
    part_of = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug", told=name_told)

    class Meta:
        model = Source
        fields: tuple[str, ...] = ()


class SourceViewSet(MergingViewSet):
    """Persons, organisations, state bodies, news outlets and unnamed witnesses that make or relay claims.

    Outside the desk the name of a withheld source, and all that would tell it, is empty.
    """

    queryset = Source.objects.select_related("part_of", "merged_into")
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    searchable = True
    ordering_fields = {"name": "shown_name", "created_at": "created_at", "updated_at": "updated_at"}

    def get_queryset(self) -> SourceQuerySet:
        return super().get_queryset().with_shown_name(self.request.user)

    def filter_queryset(self, queryset: Any) -> QuerySet:
        # Whoever may not know a name must not find it by guessing either.
        if "search" in self.request.query_params:
            queryset = queryset.named_to(self.request.user)
        return super().filter_queryset(queryset)
