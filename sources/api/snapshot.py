"""Snapshots over REST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from factcheck.api import filters
from factcheck.api.idempotency import attempt_of
from factcheck.api.negotiation import PathDecides
from factcheck.api.reason import change_reason
from factcheck.api.reference import Reference
from factcheck.api.serializers import REASON_FIELD
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.strict import refuse_unknown
from factcheck.api.uploads import MULTIPART, UploadParser, close_upload, expect_upload, read_upload
from factcheck.api.viewset import RecordedViewSet
from factcheck.audit.access import DESK
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.base.errors import Conflict
from factcheck.base.text import check_text
from sources.downloads import copy_response
from sources.models import Document, Snapshot
from sources.models.snapshot import SnapshotQuerySet
from sources.services import record_copy, stage_copy, stage_fetch
from sources.services.snapshot import FETCHER, Staged


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy whose file is kept, and what was said about it."""

    staged: Staged
    details: dict[str, Any]


class SnapshotSerializer(ShownSerializer):
    taken_by = PersonField(help_text="Who took the copy.")
    kept = serializers.BooleanField(
        source="file", read_only=True, help_text="Whether the register keeps the file itself; the desk may download it."
    )

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
            "kept",
            "broken_since",
            *BOOKKEEPING,
        )
        read_only_fields = ("broken_since", *BOOKKEEPING)
        # Here no file comes along: those are uploaded or fetched.
        extra_kwargs = {"archive_url": {"required": True, "allow_blank": False}}


class UploadSerializer(serializers.ModelSerializer):
    """What comes with an uploaded file; size and digest are computed, never said."""

    serializer_related_field = Reference

    file = serializers.FileField(write_only=True, help_text="The copy itself.")
    taken_at = serializers.DateTimeField(required=False, help_text="When the copy was taken; now, if left out.")
    media_type = serializers.CharField(
        max_length=100, required=False, help_text="What the copy is; what its first bytes say counts for more."
    )

    class Meta:
        model = Snapshot
        fields = ("document", "file", "taken_at", "final_url", "archive_url", "tool", "media_type")


class FetchSerializer(serializers.Serializer):
    """What is to be fetched."""

    document = Reference(queryset=Document.objects.all(), help_text="The document that this is a copy of.")
    url = serializers.CharField(
        max_length=2_000,
        required=False,
        validators=[check_text],
        help_text="The address to copy; by default the document's.",
    )


class SnapshotFilterSet(filters.RecordedFilterSet):
    document = filters.ReferenceFilter(queryset=Document.objects.all())
    digest = filters.TextFilter()
    taken_at, taken_after, taken_before = filters.moments("taken_at")
    kept = filters.BooleanFilter(method="by_keeping")
    broken = filters.PresenceFilter(field_name="broken_since")

    class Meta:
        model = Snapshot
        fields: tuple[str, ...] = ()

    def by_keeping(self, queryset: SnapshotQuerySet, name: str, value: bool) -> SnapshotQuerySet:
        return queryset.kept() if value else queryset.filter(file="")


class SnapshotViewSet(RecordedViewSet):
    """Kept copies of documents. A snapshot never changes and is never deleted."""

    queryset = Snapshot.objects.select_related("document__publisher", "taken_by").defer("text")
    serializer_class = SnapshotSerializer
    filterset_class = SnapshotFilterSet
    ordering_fields = ("taken_at", "created_at")
    http_method_names = ("get", "head", "options", "post")
    action_permissions = RecordedViewSet.action_permissions | {
        "upload": "sources.add_snapshot",
        "fetch": "sources.add_snapshot",
        "file": DESK,
    }

    ready: Kept | None = None

    def perform_create(self, serializer: BaseSerializer) -> None:
        serializer.save(taken_by=self.request.user)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        if self.action_map.get((request.method or "").lower()) == "upload":
            expect_upload(request, settings.FACTCHECK_SNAPSHOT_MAX_BYTES)
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        if self.action == "upload":
            close_upload(request._request)
        return super().finalize_response(request, response, *args, **kwargs)

    def recorded(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Files are written and servers waited for before the transaction, so that others can write meanwhile."""
        prepare = {"upload": self.prepare_upload, "fetch": self.prepare_fetch}.get(self.action or "")
        run = super().recorded(act)
        if prepare is None:
            return run

        def prepared(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            attempt = attempt_of(request)
            change_reason(request)
            # What was answered already is not fetched again, only to be thrown away.
            if attempt is None or not IdempotencyKey.objects.filter(actor=attempt.actor_id, key=attempt.key).exists():
                self.ready = prepare(request)
            return run(request, *args, **kwargs)

        return prepared

    def prepare_upload(self, request: Request) -> Kept:
        """The uploaded file, kept, with what was said about it. Raises a 400 that names the field."""
        fields, file = read_upload(request, {*UploadSerializer.Meta.fields, REASON_FIELD} - {"file"}, "file")
        serializer = UploadSerializer(data={**fields, "file": file}, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        details = dict(serializer.validated_data)
        details.pop("file")
        file.seek(0)
        staged = stage_copy(file, details.pop("media_type", "") or file.content_type or "")
        return Kept(replace(staged, final_url=details.pop("final_url", "")), details)

    def prepare_fetch(self, request: Request) -> Kept:
        """What stands at the address, kept. Raises a 400 that says why there is no copy."""
        serializer = FetchSerializer(data=request.data, context=self.get_serializer_context())
        refuse_unknown(request.data, serializer, beside=(REASON_FIELD,))
        serializer.is_valid(raise_exception=True)
        document = serializer.validated_data["document"]
        return Kept(
            stage_fetch(document, serializer.validated_data.get("url")), {"document": document, "tool": FETCHER}
        )

    @extend_schema(request={MULTIPART: UploadSerializer}, responses={201: SnapshotSerializer})
    @action(detail=False, methods=["post"], parser_classes=[UploadParser])
    def upload(self, request: Request) -> Response:
        """Keep an uploaded file as a copy of a document; its size and fingerprint are computed here."""
        return self.keep(request)

    @extend_schema(request=FetchSerializer, responses={201: SnapshotSerializer})
    @action(detail=False, methods=["post"])
    def fetch(self, request: Request) -> Response:
        """Copy what stands at the address of a document now. Only public addresses; only where it is switched on."""
        return self.keep(request)

    def keep(self, request: Request) -> Response:
        """The snapshot for the file that is ready."""
        if self.ready is None:
            raise Conflict("The answer kept under this Idempotency-Key has just expired. Send the request again.")
        snapshot = record_copy(actor=request.user, staged=self.ready.staged, **self.ready.details)
        response = self.answer(snapshot, 201)
        for name, value in self.location_of(snapshot).items():
            response[name] = value
        return response

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)}, filters=False)
    @action(detail=True, methods=["get"], content_negotiation_class=PathDecides)
    def file(self, request: Request, pk: str) -> Any:
        """The kept file, for the desk: the works of others are not published again."""
        snapshot = self.get_object()
        # The ETag is the file's, not the row's.
        self.current_object = None
        return copy_response(request, snapshot)
