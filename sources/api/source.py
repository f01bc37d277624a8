"""Sources over REST."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import is_desk
from sources.choices import Reliability, SourceKind
from sources.models import Source
from sources.models.source import SourceQuerySet

NAMING_PARAMETERS = {"search", "country", "slug", "part_of", "alias"}


class SourceSerializer(ShownSerializer):
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        required=False,
        help_text="Other names and spellings under which it is known.",
    )

    class Meta:
        model = Source
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
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING
        desk_fields = ("withheld_reason",)


class SourceFilterSet(filters.StrictFilterSet):
    kind = filters.ChoiceFilter(choices=SourceKind)
    reliability = filters.ChoiceFilter(choices=Reliability)
    country = filters.TextFilter()
    slug = filters.TextFilter()
    alias = filters.TagFilter(field_name="aliases")
    withheld = filters.BooleanFilter()
    part_of = filters.ReferenceFilter(queryset=Source.objects.all())

    class Meta:
        model = Source
        fields: tuple[str, ...] = ()


class SourceViewSet(RecordedViewSet):
    """Persons, organisations, state bodies, news outlets and unnamed witnesses that make or relay claims.

    Outside the desk the name of a withheld source, and all that would tell it, is empty.
    """

    queryset = Source.objects.select_related("part_of")
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    searchable = True
    ordering_fields = {"name": "shown_name", "created_at": "created_at", "updated_at": "updated_at"}

    def get_queryset(self) -> SourceQuerySet:
        return super().get_queryset().with_shown_name(self.request.user)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        # Whoever may not know a name must not find it by guessing either.
        if NAMING_PARAMETERS & set(self.request.query_params) and not is_desk(self.request.user):
            assert isinstance(queryset, SourceQuerySet)
            queryset = queryset.named_to(self.request.user)
        return super().filter_queryset(queryset)
