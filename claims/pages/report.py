"""What the page of a dispute and that of a claim have in common: each is a report in the frame of the site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from claims.logic.moment import moment_in
from claims.models import Claim, Dispute
from claims.pages.site import frame_context
from claims.publisher import publisher
from claims.reports.content.dossier import Dossier
from claims.reports.formats import claimreview, html
from claims.reports.formats.catalogue import FORMATS
from claims.reports.formats.csl import cited
from claims.reports.load.absent import readable_after
from claims.reports.load.dossier import addressed

MOMENTS = ("as_of", "since")


def found(rows: QuerySet[Any], key: str) -> Any:
    """The row among these that `key` addresses. Raises Http404 where there is none."""
    row = addressed(rows, key).first()
    if row is None:
        raise Http404
    return row


def moments(request: HttpRequest) -> tuple[datetime | None, datetime | None]:
    """The moment to show and that of an earlier report to compare with, from `?as_of=` and `?since=`.

    Raises RuleViolation, in words, for what is no moment.
    """
    as_of, since = (moment_in(request.GET, name) for name in MOMENTS)
    return as_of, since


def report_page(
    request: HttpRequest, dossier: Dossier, noun: str, row: Dispute | Claim, description: str, linked_data: str = ""
) -> HttpResponse:
    """The report of the dossier of `row` as a page, with all formats in which it can be taken away.

    `linked_data` is for programs.
    """
    key = str(row.pk) if isinstance(row, Claim) else row.slug
    # What is not for everybody is not described to a program that shows a link to it either.
    about = "" if dossier.confidential else description
    frame = frame_context(request, section="disputes", description=about)
    past = bool(dossier.imprint.as_of)
    # What only the desk may know of has no day that this one tells.
    known = not past and not dossier.confidential
    first = readable_after(type(row), row.pk, AnonymousUser()) if known else None
    context: dict[str, Any] = {
        "downloads": _downloads(request, dossier, f"/api/v1/{noun}/{key}"),
        "first": first.astimezone(UTC).date() if first else None,
        "linked_data": linked_data,
        "citation": cited(dossier),
    }
    if not dossier.confidential and not past and all(claim.is_published for claim in dossier.claims):
        owner, shared = publisher().address, noun.removesuffix("s")
        page = f"{owner}{reverse(shared, kwargs={'key': key})}"
        context |= {
            "oembed": f"{owner}{reverse('oembed')}?{urlencode({'url': page})}",
            "picture": f"{owner}{reverse(f'{shared}-picture', kwargs={'key': key})}",
        }
    response = HttpResponse(html.page(dossier, {**frame, **context, "request": request}))
    # Weak: two pages that say the same may differ in the moment that they carry.
    response["ETag"] = f'W/"page-{dossier.version}"'
    return response


def _downloads(request: HttpRequest, dossier: Dossier, address: str) -> list[tuple[str, str]]:
    query = urlencode({name: request.GET[name] for name in MOMENTS if name in request.GET})
    decided = claimreview.can_be_written(dossier)
    return [
        (entry.label, f"{address}/report/{entry.name}/{'?' if query else ''}{query}")
        for entry in FORMATS.values()
        if decided or entry.name != "claimreview"
    ]
