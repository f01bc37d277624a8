"""What sources were before, over REST."""

from __future__ import annotations

from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from sources.api.source import sources_by_name
from sources.models import Affiliation


class AffiliationSerializer(ShownSerializer):
    class Meta:
        model = Affiliation
        fields: tuple[str, ...] = ("id", "source", "name", "part_of", "since", "until", "note", *BOOKKEEPING)
        read_only_fields: tuple[str, ...] = BOOKKEEPING


class AffiliationFilterSet(filters.RecordedFilterSet):
    source = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")

    class Meta:
        model = Affiliation
        fields: tuple[str, ...] = ()


class AffiliationViewSet(RecordedViewSet):
    """To which bodies sources belonged, and what they were called, from when to when.

    The body to which a source belongs now is its `part_of`; the one before it is kept here by itself when that changes,
    and the desk adds its dates. A statement speaks for the body to which its source certainly belonged then,
    where the kinds of both allow it.
    """

    queryset = Affiliation.objects.select_related("source", "part_of")
    serializer_class = AffiliationSerializer
    filterset_class = AffiliationFilterSet
    ordering_fields = ("created_at", "updated_at")
