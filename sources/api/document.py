"""Documents over REST."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.audit.access import is_desk
from sources.api.merging import MergedFilterSet, MergingViewSet
from sources.api.source import sources_by_name
from sources.choices import DocumentKind
from sources.models import Document


class DocumentSerializer(ShownSerializer):
    class Meta:
        model = Document
        fields = (
            "id",
            "kind",
            "title",
            "url",
            "publisher",
            "authors",
            "published_on",
            "language",
            "text",
            "retracted_on",
            "merged_into",
            *BOOKKEEPING,
        )
        read_only_fields = ("merged_into", *BOOKKEEPING)
        desk_fields = ("text", "merged_into")
        use_instead = {"merged_into": "Call merge: a row is not led to another one directly."}


def publisher_told(request: Request) -> Q:
    """Whose address and title the reader is told: not where a withheld source published it."""
    return Q() if is_desk(request.user) else Q(publisher=None) | Q(publisher__withheld=False)


class DocumentFilterSet(MergedFilterSet):
    kind = filters.ChoiceFilter(choices=DocumentKind)
    publisher = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    url = filters.AddressFilter(told=publisher_told)
    language = filters.LanguageFilter()
    published_on, published_after, published_before = filters.edtf_range("published_on")
    retracted_on, retracted_after, retracted_before = filters.edtf_range("retracted_on")
    retracted = filters.PresenceFilter(field_name="retracted_on")

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()


class DocumentViewSet(MergingViewSet):
    """Published or recorded works in which claims were printed, or that carry evidence."""

    queryset = Document.objects.select_related("publisher", "merged_into__publisher")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilterSet
    searchable = True
    ordering_fields = ("created_at", "updated_at", "published_on")
    crossed_fields = ("kind", "language")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if "search" in self.request.query_params:
            queryset = queryset.filter(publisher_told(self.request))
        return super().filter_queryset(queryset)
