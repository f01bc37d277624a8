"""The menu of reports on the page of a dispute or claim, and the preview of its report."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from claims.admin.export_ask import bundle_url
from claims.exporting.subject import subject_of
from claims.exports import html
from claims.exports.catalogue import FORMATS
from factcheck.audit.admin.steps import button
from factcheck.base.errors import Absent


def export_menu(noun: str, pk: int, key: int | str) -> dict[str, Any]:
    """A menu that leads to the preview, the reports and the bundle of one dispute or claim; `key` is what addresses
    call it."""
    items = [
        button("Preview", reverse("admin:claims_export_preview", args=[noun, pk]), icon="visibility"),
        *(
            button(
                entry.label,
                f"/api/v1/{noun}s/{key}/report/{entry.name}/",
                icon="open_in_new" if entry.inline else "download",
            )
            for entry in FORMATS.values()
        ),
        button("Bundle (ZIP)", bundle_url(noun, pk), icon="folder_zip"),
    ]
    return button("Export", icon="ios_share", items=items)


def preview_view(request: HttpRequest, noun: str, pk: int) -> HttpResponse:
    """The report as it would leave the register now. Nothing is taken out, and nothing recorded."""
    try:
        dossier = subject_of(f"/api/v1/{noun}s/{pk}/", request.user).dossier(request.user)
    except Absent:
        raise Http404 from None
    response = HttpResponse(html.write(dossier))
    response["Content-Security-Policy"] = (
        f"{html.policy()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response
