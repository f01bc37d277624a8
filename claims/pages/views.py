"""The pages of a dispute and of a claim: their reports, as far as the visitor may read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.dossier.load import addressed, load_claim, load_dispute
from claims.exports import html
from claims.exports.catalogue import FORMATS
from claims.exports.claimreview import claim_review
from claims.logic.dossier import Dossier
from claims.logic.moment import moment_of
from claims.models import Claim, Dispute
from factcheck.base.errors import RuleViolation


@require_safe
def dispute(request: HttpRequest, key: str) -> HttpResponse:
    """A dispute with its claims; by its id, the way to its lasting address."""
    row = _found(Dispute.objects.visible_to(request.user), key)
    if key != row.slug:
        return HttpResponsePermanentRedirect(f"/disputes/{row.slug}/")
    return _page(load_dispute(row, request.user, _moment(request)), f"/api/v1/disputes/{row.slug}", request)


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """One claim."""
    row = _found(Claim.objects.visible_to(request.user), key)
    return _page(load_claim(row, request.user, _moment(request)), f"/api/v1/claims/{row.pk}", request)


def _found(rows: QuerySet[Any], key: str) -> Any:
    row = addressed(rows, key).first()
    if row is None:
        raise Http404
    return row


def _moment(request: HttpRequest) -> datetime | None:
    """The moment in `?as_of=`. Raises RuleViolation, in words, for what is none."""
    text = request.GET.get("as_of")
    try:
        return moment_of(text, timezone.now()) if text is not None else None
    except ValueError as error:
        raise RuleViolation(str(error), code="invalid_moment", field="as_of") from None


def _page(dossier: Dossier, address: str, request: HttpRequest) -> HttpResponse:
    shown = f"?{urlencode({'as_of': request.GET['as_of']})}" if dossier.imprint.as_of else ""
    decided = any(claim_review(claim, dossier.imprint) for claim in dossier.claims)
    downloads = [
        (entry.label, f"{address}/report/{entry.name}/{shown}")
        for entry in FORMATS.values()
        if decided or entry.name != "claimreview"
    ]
    return HttpResponse(html.page(dossier, downloads))
