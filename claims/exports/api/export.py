"""Exports over REST: what was taken out of the register, and asking for what takes its time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.choices import ExportKind, ExportStatus
from claims.exports.cancel import cancel_export, delete_export
from claims.exports.file import RETRY_AFTER, make_link, serve_file
from claims.exports.job import JOB_KINDS, request_export
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.render import BUNDLE
from claims.logic.moment import moment_of
from claims.models import Export
from claims.reports.formats.catalogue import FORMATS
from factcheck.api import filters
from factcheck.api.choices import NamedChoiceField
from factcheck.api.idempotency import answer_once, attempt_of
from factcheck.api.negotiation import PathDecides
from factcheck.api.schema import MOMENT
from factcheck.api.shown import PersonField
from factcheck.api.strict import StrictSerializer
from factcheck.api.viewset import RecordedReadOnlyViewSet
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.base.http.address import public_url
from factcheck.base.text import check_text

LONGEST_MOMENT = 40
NAMES = sorted({*FORMATS, *LIST_FORMATS, BUNDLE})


class SignedIn(BasePermission):
    """Whoever is signed in, whatever their role: what they may take out is what they may read."""

    message = "Sign in to see or ask for exports."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and request.user.is_active)


@extend_schema_field(MOMENT)
class MomentField(serializers.Field):
    """A past moment, or a day."""

    def to_internal_value(self, data: Any) -> datetime:
        text = data if isinstance(data, str) and len(data) <= LONGEST_MOMENT else ""
        try:
            return moment_of(text, timezone.now())
        except ValueError as error:
            raise serializers.ValidationError(str(error), "invalid_moment") from None


class ExportSerializer(serializers.ModelSerializer):
    made_by = PersonField(help_text="Who took it out; null for the system itself.")
    link = serializers.SerializerMethodField(
        help_text="Where the file is handed out until it expires; empty without a file. For a copy that the public "
        "may read it opens without a log-in, for any other to its maker alone."
    )

    class Meta:
        model = Export
        fields = (
            "id",
            "kind",
            "query",
            "format",
            "status",
            "made_by",
            "maker",
            "desk",
            "as_of",
            "since",
            "requested_at",
            "started_at",
            "finished_at",
            "expires_at",
            "done",
            "total",
            "rows",
            "size",
            "digest",
            "schema_version",
            "content_version",
            "head_entry",
            "head_hash",
            "file_name",
            "link",
            "lacks",
            "problem",
        )
        read_only_fields = fields

    def get_link(self, export: Export) -> str:
        return make_link(export)


class ExportRequestSerializer(StrictSerializer):
    """What is to be exported."""

    kind = NamedChoiceField(choices=[(kind.value, kind.label) for kind in JOB_KINDS], help_text="What to take out.")
    query = serializers.CharField(
        max_length=10_000,
        validators=[check_text],
        help_text="The address of the dispute, the claim or the list with its filters, such as "
        "/api/v1/claims/?status=published; `ids=1,2,3` in it selects rows of a list.",
    )
    format = NamedChoiceField(
        choices=NAMES, help_text="The format: one of a report, one of a list, or zip for a bundle."
    )
    as_of = MomentField(required=False, allow_null=True, help_text="The past moment to show.")
    since = MomentField(required=False, allow_null=True, help_text="Tell what changed from this moment on.")
    desk = serializers.BooleanField(
        default=True,
        help_text="Whether to make it with the caller's own eyes; false makes a copy that the public may read.",
    )


class ExportFilterSet(filters.StrictFilterSet):
    kind = filters.ChoiceFilter(choices=ExportKind)
    status = filters.ChoiceFilter(choices=ExportStatus)
    format = filters.TextFilter()
    made_by = filters.TextFilter(field_name="made_by__username")
    digest = filters.TextFilter()
    requested_at, requested_after, requested_before = filters.moments("requested_at")

    class Meta:
        model = Export
        fields: tuple[str, ...] = ()


class ExportViewSet(RecordedReadOnlyViewSet):
    """What was taken out of the register by those who were signed in: one's own; all of it with the right to that.

    Ask for one with POST: a worker makes it, and its `status` tells how far it is.
    """

    queryset = Export.objects.select_related("made_by")
    serializer_class = ExportSerializer
    filterset_class = ExportFilterSet
    permission_classes: Any = (SignedIn,)
    exportable = False
    # What is asked for here is read, and made by a worker.
    only_reads = expensive = frozenset({"create"})
    ordering_fields = ("requested_at",)
    default_ordering = "-id"

    @extend_schema(
        request=ExportRequestSerializer,
        responses={202: ExportSerializer},
    )
    def create(self, request: Request) -> HttpResponse:
        """Ask for an export. The answer names its address (Location), where its progress and its file are found."""
        attempt = attempt_of(request)
        given = ExportRequestSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return answer_once(attempt, IdempotencyKey.objects.all(), lambda: self.ask(dict(given.validated_data)))

    def ask(self, wanted: dict[str, Any]) -> HttpResponse:
        """Ask for the export and say where it will be."""
        export = request_export(actor=self.request.user, **wanted)
        location = public_url(self.reverse_action("detail", kwargs={"pk": export.pk}, request=None))
        headers = {"Location": location, "Retry-After": str(RETRY_AFTER)}
        return Response(self.get_serializer(export).data, status=status.HTTP_202_ACCEPTED, headers=headers)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str) -> HttpResponse:
        """Delete what one has asked for: its file, or the making of it. That it was asked for stays on record."""
        export = self.get_object()
        self.current_object = None
        delete_export(actor=request.user, export=export)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=ExportSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> HttpResponse:
        """Call off a job of one's own that waits or is being made. 409 for one that is done."""
        export = cancel_export(actor=request.user, export=self.get_object())
        return Response(self.get_serializer(export).data)

    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
            (206, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY),
            304: None,
            410: OpenApiResponse(description="The file is not kept any more."),
            416: OpenApiResponse(description="The file has no such bytes."),
        },
        filters=False,
    )
    @action(detail=True, methods=["get"], content_negotiation_class=PathDecides)
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """The file, or the part of it that `Range` names, streamed; its ETag is its fingerprint.

        409 while it is not done, 410 when it is not kept.
        """
        export = self.get_object()
        # The ETag is the file's, not the row's.
        self.current_object = None
        return serve_file(request, export)
