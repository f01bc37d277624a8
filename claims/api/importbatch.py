"""The record of imports over REST; read-only."""

from __future__ import annotations

from claims.models import ImportBatch
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedReadOnlyViewSet


class ImportBatchSerializer(ShownSerializer):
    imported_by = PersonField(help_text="Who brought it in.")

    class Meta:
        model = ImportBatch
        fields = ("id", "origin", "digest", "format", "counts", "problems", "imported_by", *BOOKKEEPING)
        read_only_fields = fields


class ImportBatchFilterSet(filters.RecordedFilterSet):
    format = filters.TextFilter()
    digest = filters.TextFilter()

    class Meta:
        model = ImportBatch
        fields: tuple[str, ...] = ()


class ImportBatchViewSet(RecordedReadOnlyViewSet):
    """Where sets of rows came from; for the desk."""

    queryset = ImportBatch.objects.select_related("imported_by")
    serializer_class = ImportBatchSerializer
    filterset_class = ImportBatchFilterSet
    exportable = False
    ordering_fields = ("created_at",)
