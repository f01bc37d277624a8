"""Snapshots over REST."""

from __future__ import annotations

from typing import Any

from factcheck.audit.rest import RecordedViewSet
from factcheck.audit.rest.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.base.rest import filters
from sources.models import Document, Snapshot


class SnapshotSerializer(ShownSerializer):
    taken_by = PersonField(help_text="Who took the copy.")

    class Meta:
        model = Snapshot
        fields = (
            "id",
            "document",
            "taken_at",
            "final_url",
            "archive_url",
            "media_type",
            "size",
            "digest",
            "tool",
            "taken_by",
            *BOOKKEEPING,
        )
        read_only_fields = BOOKKEEPING


class SnapshotFilterSet(filters.StrictFilterSet):
    document = filters.ReferenceFilter(queryset=Document.objects.all())
    digest = filters.TextFilter()
    taken_after = filters.DateTimeFilter(field_name="taken_at", lookup_expr="gte")
    taken_before = filters.DateTimeFilter(field_name="taken_at", lookup_expr="lt")

    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = ()


class SnapshotViewSet(RecordedViewSet):
    """Kept copies of documents. A snapshot never changes and is never deleted."""

    queryset = Snapshot.objects.select_related("document__publisher", "taken_by")
    serializer_class = SnapshotSerializer
    filterset_class = SnapshotFilterSet
    ordering_fields = ("taken_at", "created_at")
    http_method_names = ("get", "head", "options", "post")

    def perform_create(self, serializer: Any) -> None:
        serializer.save(taken_by=self.request.user)
