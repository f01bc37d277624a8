"""The menu of reports on the page of a dispute or claim, and the preview of its report."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from claims.admin.export_ask import make_bundle_url
from claims.choices import ClaimStatus
from claims.exports.target import Target, find_target
from claims.logic.moment import moment_in
from claims.models import Export, Verdict
from claims.reports.formats import html
from claims.reports.formats.catalogue import FORMATS
from factcheck.admin.steps import button
from factcheck.base.errors import Absent


def export_menu(noun: str, pk: int, key: int | str) -> dict[str, Any]:
    """A menu that leads to the preview, the reports and the bundle of one dispute or claim; `key` is what addresses
    call it."""
    preview = reverse("admin:claims_export_preview", args=[noun, pk])
    items = [button("Preview", preview, icon="visibility")]
    if (last := Export.objects.last_report(Target(noun, pk).address)) is not None:
        since = urlencode({"since": last.isoformat()})
        day = date_format(timezone.localtime(last), "j M")
        items += [
            button(f"Changes since {day}", f"{preview}?{since}", icon="history"),
            button(f"PDF since {day}", f"/api/v1/{noun}s/{key}/report/pdf/?{since}", icon="download"),
        ]
    items += [
        *(
            button(
                entry.label,
                f"/api/v1/{noun}s/{key}/report/{entry.name}/",
                icon="open_in_new" if entry.inline else "download",
            )
            for entry in FORMATS.values()
            if entry.name != "claimreview" or noun == "dispute" or _is_decided(pk)
        ),
        button("Bundle (ZIP)", make_bundle_url(noun, pk), icon="folder_zip"),
    ]
    return button("Export", icon="ios_share", items=items)


def _is_decided(claim: int) -> bool:
    """Whether the claim is published with a verdict: of any other there is no ClaimReview."""
    return Verdict.objects.current().filter(claim=claim, claim__status=ClaimStatus.PUBLISHED).exists()


def preview_view(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """The report as it would leave the register now, with what changed from `?since=` on. Nothing is taken out, and
    nothing recorded."""
    since = moment_in(request.GET, "since")
    try:
        target = find_target(f"/api/v1/{noun}s/{pk}/", request.user)
        dossier = target.load_dossier(request.user, since=since)
    except Absent:
        raise Http404 from None
    response = HttpResponse(html.write(dossier))
    response["Content-Security-Policy"] = (
        f"{html.policy()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response
