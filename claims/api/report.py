"""Reports of disputes and claims over REST: the address names the format."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from claims.exports import html
from claims.exports.catalogue import FORMATS, Format, disposition
from claims.exports.load import addressed, load_claim, load_dispute
from claims.logic.dossier import Dossier
from claims.models import Claim, Dispute
from factcheck.base.rest.conditional import not_modified, parse_tags
from factcheck.base.rest.parameters import check_parameters
from factcheck.base.rest.permissions import ModelRolePermissions
from factcheck.base.rest.refusals import Problem
from factcheck.base.rest.schema import ETAG, IF_NONE_MATCH

BARE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
LISTED = ", ".join(FORMATS)


class PathDecides(BaseContentNegotiation):
    """The format stands in the address; the Accept header is not asked."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


REPORT_SCHEMA: dict[str, Any] = {
    "parameters": [
        OpenApiParameter(
            "format_name",
            str,
            OpenApiParameter.PATH,
            enum=list(FORMATS),
            description=" ".join(f"`{entry.name}`: {entry.description}" for entry in FORMATS.values()),
        ),
        OpenApiParameter("key", str, OpenApiParameter.PATH, description="The id; of a dispute also its slug."),
        IF_NONE_MATCH,
        ETAG,
    ],
    "responses": {
        **{
            (200, entry.media_type): OpenApiTypes.OBJECT if "json" in entry.media_type else OpenApiTypes.STR
            for entry in FORMATS.values()
        },
        304: None,
    },
    "tags": ["reports"],
}


class ReportView(APIView):
    """One row as a report, with what the caller may read of it."""

    permission_classes = (ModelRolePermissions,)
    content_negotiation_class = PathDecides
    http_method_names = ("get", "head", "options")
    queryset: ClassVar[QuerySet]

    def dossier(self, key: str) -> Dossier:
        """The dossier of the row that `key` addresses. Raises NotFound for what the caller may not read."""
        raise NotImplementedError

    def get(self, request: Any, key: str, format_name: str) -> HttpResponse:
        check_parameters(request, ())
        entry = FORMATS.get(format_name)
        if entry is None:
            raise Problem(
                404, "unknown_format", f"There is no report format {format_name[:40]!r}. Choose from: {LISTED}."
            )
        dossier = self.dossier(key)
        # Weak, since two reports of the same content differ in the moment that they carry.
        tag = f'W/"{entry.tag(dossier)}"'
        if self.is_known(request, entry.tag(dossier)):
            response = not_modified(HttpResponse(headers={"ETag": tag}))
        else:
            response = report_response(entry, dossier)
            response["ETag"] = tag
        return response

    def is_known(self, request: Any, tag: str) -> bool:
        """Whether the caller has this content in this form."""
        header = request.META.get("HTTP_IF_NONE_MATCH")
        tags = parse_tags(header, "If-None-Match") if header is not None else []
        return tags is None or tag in tags


class DisputeReportView(ReportView):
    queryset = Dispute.objects.all()

    @extend_schema(
        operation_id="dispute_report",
        summary="Report of a dispute",
        description="The dispute, addressed by id or slug, with its rival claims side by side.",
        **REPORT_SCHEMA,
    )
    def get(self, request: Any, key: str, format_name: str) -> HttpResponse:
        return super().get(request, key, format_name)

    def dossier(self, key: str) -> Dossier:
        user = self.request.user
        dispute = addressed(Dispute.objects.visible_to(user), key).first()
        if dispute is None:
            raise NotFound
        return load_dispute(dispute, user)


class ClaimReportView(ReportView):
    queryset = Claim.objects.all()

    @extend_schema(
        operation_id="claim_report",
        summary="Report of a claim",
        description="The claim with its verdict, statements, evidence, relations, reviews and inquiries. "
        "As `claimreview`, a claim without a published verdict is a 404 (`no_published_verdict`).",
        **REPORT_SCHEMA,
    )
    def get(self, request: Any, key: str, format_name: str) -> HttpResponse:
        return super().get(request, key, format_name)

    def dossier(self, key: str) -> Dossier:
        user = self.request.user
        claim = addressed(Claim.objects.visible_to(user), key).first()
        if claim is None:
            raise NotFound
        return load_claim(claim, user)


def report_response(entry: Format, dossier: Dossier) -> HttpResponse:
    """The report as a download, or shown in the browser where the format is made for that."""
    response = HttpResponse(entry.write(dossier), content_type=f"{entry.media_type}{entry.charset}")
    response["Content-Disposition"] = disposition(entry.file_name(dossier), inline=entry.inline)
    if entry is FORMATS["html"]:
        response["Content-Security-Policy"] = f"{html.policy()}; {BARE}"
    return response


urlpatterns = [
    path("disputes/<str:key>/report/<str:format_name>/", DisputeReportView.as_view(), name="dispute-report"),
    path("claims/<str:key>/report/<str:format_name>/", ClaimReportView.as_view(), name="claim-report"),
]
