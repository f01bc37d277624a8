"""Documents over REST."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import is_desk
from sources.choices import DocumentKind
from sources.models import Document, Source
from sources.models.document import DocumentQuerySet


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
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING
        desk_fields = ("text",)


class DocumentFilterSet(filters.StrictFilterSet):
    kind = filters.ChoiceFilter(choices=DocumentKind)
    publisher = filters.ReferenceFilter(
        queryset=lambda request: Source.objects.visible_to(request.user).named_to(request.user), slug_field="slug"
    )
    url = filters.TextFilter()
    language = filters.TextFilter()
    published_after, published_before = filters.edtf_range("published_on")
    retracted = filters.BooleanFilter(field_name="retracted_on", lookup_expr="gt", method="by_retraction")

    class Meta:
        model = Document
        fields: tuple[str, ...] = ()

    def by_retraction(self, queryset: DocumentQuerySet, name: str, value: bool) -> DocumentQuerySet:
        return queryset.exclude(retracted_on="") if value else queryset.filter(retracted_on="")


class DocumentViewSet(RecordedViewSet):
    """Published or recorded works in which claims were printed, or that carry evidence."""

    queryset = Document.objects.select_related("publisher")
    serializer_class = DocumentSerializer
    filterset_class = DocumentFilterSet
    searchable = True
    ordering_fields = ("created_at", "updated_at", "published_on")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if {"search", "url"} & set(self.request.query_params) and not is_desk(self.request.user):
            queryset = queryset.filter(Q(publisher=None) | Q(publisher__withheld=False))
        return super().filter_queryset(queryset)
