"""Reports of disputes and claims over REST: the address names the format."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from claims.api.dossier import DOSSIER_PARAMETERS, SINCE, DossierView
from claims.choices import Audience
from claims.exports.render import record_report
from claims.logic.moment import moment_in
from claims.models import Claim, Dispute
from claims.reports.content.dossier import Dossier
from claims.reports.formats import html
from claims.reports.formats.catalogue import FORMATS, Format, disposition
from factcheck.api.negotiation import PathDecides
from factcheck.api.problem import Problem

BARE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
LISTED = ", ".join(FORMATS)


OBJECT: dict[str, Any] = {"type": "object", "additionalProperties": True}
LIST: dict[str, Any] = {"type": "array", "items": OBJECT}


class ReportView(DossierView):
    """One row as a report, with what the caller may read of it."""

    content_negotiation_class = PathDecides
    formats = FORMATS
    shapes: ClassVar[dict[str, Any]] = {"json": OBJECT, "claimreview": OBJECT, "csl": LIST}
    """What the formats for programs hold."""
    parameters = ("as_of", "since")
    kept_form = "report"
    # Who is logged in leaves a record of each report that they take out.
    kept_for = (Audience.PUBLIC,)

    def load_dossier(self, key: str) -> Dossier:
        """The dossier of the row that `key` addresses. Raises NotFound for what the caller may not read."""
        raise NotImplementedError

    def get(self, request: Request, key: str, format_name: str) -> HttpResponse:
        entry = FORMATS.get(format_name)
        if entry is None:
            raise Problem(
                404, "unknown_format", f"There is no report format {format_name[:40]!r}. Choose from: {LISTED}."
            )
        dossier = self.load_dossier(key)
        return self.answer(request, entry.form, dossier, lambda: self.export(request, entry, dossier))

    def export(self, request: Request, entry: Format, dossier: Dossier) -> HttpResponse:
        """The report, on record as taken out by whoever is signed in."""
        response = render_report(entry, dossier)
        if request.method == "GET":
            moments = {name: moment_in(request.query_params, name) for name in ("as_of", "since")}
            record_report(entry, dossier, response.content, request.user, **moments)
        return response


class DisputeReportView(ReportView):
    queryset = Dispute.objects.all()
    shapes = ReportView.shapes | {"claimreview": LIST}

    @extend_schema(
        summary="Report of a dispute",
        description="The dispute, addressed by id or slug, with its rival claims side by side.",
        parameters=[*DOSSIER_PARAMETERS, SINCE],
    )
    def get(self, request: Request, key: str, format_name: str) -> HttpResponse:
        return super().get(request, key, format_name)

    def load_dossier(self, key: str) -> Dossier:
        return self.dispute(key)


class ClaimReportView(ReportView):
    queryset = Claim.objects.all()

    @extend_schema(
        summary="Report of a claim",
        description="The claim with its verdict, statements, evidence, relations, reviews and inquiries. "
        "As `claimreview`, a claim without a published verdict is a 404 (`no_published_verdict`).",
        parameters=[*DOSSIER_PARAMETERS, SINCE],
    )
    def get(self, request: Request, key: str, format_name: str) -> HttpResponse:
        return super().get(request, key, format_name)

    def load_dossier(self, key: str) -> Dossier:
        return self.claim(key)


def render_report(entry: Format, dossier: Dossier) -> HttpResponse:
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
