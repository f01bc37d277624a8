"""Reports of disputes and claims over REST: the address names the format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from claims.api.dossier import DOSSIER_PARAMETERS, SINCE, DossierView
from claims.choices import Audience
from claims.exports.file import RETRY_AFTER
from claims.exports.ready import (
    BeingMade,
    exported_response,
    have_exported,
    have_prepared,
    in_turn,
    report_response,
)
from claims.exports.record import is_signed_in
from claims.exports.render import record_report, target_of
from claims.logic.moment import moment_in
from claims.models import Claim, Dispute, Export
from claims.pages.site import frame_context
from claims.reports.content.dossier import Dossier
from claims.reports.formats.catalogue import FORMATS, Format
from factcheck.api.negotiation import PathDecides
from factcheck.api.problem import Problem
from factcheck.api.schema.headers import LACKS

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
        moments = {name: moment_in(request.query_params, name) for name in self.parameters}
        taken, user = request.method == "GET", request.user
        if taken and entry.slow and is_signed_in(user):
            export = have_exported(user, entry, dossier, target_of(dossier).address, **moments)
            if export is not None and (found := exported_response(entry, dossier, export)) is not None:
                return found
        with in_turn(entry):
            response = report_response(entry, dossier)
        if taken:
            record_report(entry, dossier, response.content, user, **moments)
        return response

    def preparing(self, noun: str, **further: str) -> Callable[[int], None] | None:
        entry = FORMATS.get(further["format_name"])
        if entry is None or not entry.slow:
            return None

        def prepare(row: int) -> None:
            if self.queryset.model.objects.visible_to(self.request.user).filter(pk=row).exists():
                have_prepared(noun, row, entry)

        return prepare

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, BeingMade):
            return being_made(self.request._request, exc.export)
        return super().handle_exception(exc)


class DisputeReportView(ReportView):
    queryset = Dispute.objects.all()
    shapes = ReportView.shapes | {"claimreview": LIST}

    @extend_schema(
        summary="Report of a dispute",
        description="The dispute, addressed by id or slug, with its rival claims side by side.",
        parameters=[*DOSSIER_PARAMETERS, SINCE, LACKS],
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
        parameters=[*DOSSIER_PARAMETERS, SINCE, LACKS],
    )
    def get(self, request: Request, key: str, format_name: str) -> HttpResponse:
        return super().get(request, key, format_name)

    def load_dossier(self, key: str) -> Dossier:
        return self.claim(key)


def being_made(request: HttpRequest, export: Export | None) -> HttpResponse:
    """That a worker is at it, and when to ask again: a browser does so by itself."""
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if export is not None:
        headers["Location"] = reverse("export-detail", args=[export.pk])
    if "text/html" not in request.META.get("HTTP_ACCEPT", ""):
        told = {"detail": "The report is being made. Ask for the same address again in a moment."}
        return HttpResponse(orjson.dumps(told), status=202, content_type="application/json", headers=headers)
    # Sent as a header, since the page itself is the same for all.
    headers["Refresh"] = str(RETRY_AFTER)
    page = render(request, "claims/pages/being_made.html", {**frame_context(request), "noindex": True}, status=202)
    for name, value in headers.items():
        page[name] = value
    return page


urlpatterns = [
    path("disputes/<str:key>/report/<str:format_name>/", DisputeReportView.as_view(), name="dispute-report"),
    path("claims/<str:key>/report/<str:format_name>/", ClaimReportView.as_view(), name="claim-report"),
]
