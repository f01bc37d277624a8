"""The pages of claims: all that are published, and each with its verdict for readers and, as ClaimReview, for search
engines."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.missing import not_yet_page
from claims.pages.paging import PARAMETER, page_of
from claims.pages.report import found, moments, report_page
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.content.dossier import ClaimDossier
from claims.reports.formats.claimreview import claim_review
from claims.reports.load.absent import NotYet
from claims.reports.load.cards import claim_cards
from claims.reports.load.dossier import load_claim
from claims.services.prepared import CLAIM, REGISTER

# Inside <script> these would end the element, open another one, or break the line for an old reader of JSON.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


ON_A_PAGE = 30


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """The published claims that the visitor may read, the newest first, or those under one topic."""
    return kept_answer(request, REGISTER, "0", "claims", lambda: _claims_page(request))


def _claims_page(request: HttpRequest) -> HttpResponse:
    tag = request.GET.get("tag", "").strip()
    rows = Claim.objects.published().visible_to(request.user).select_related("dispute")
    if tag:
        rows = rows.filter(tags__has=tag)
    shown, further = page_of(rows, request, ("-id",), ON_A_PAGE)
    about = f"Published claims under the topic {tag}." if tag else "Every published claim, the newest first."
    context = {"claims": claim_cards(shown), "further": further, "tag": tag}
    frame = {"section": "claims", "parameters": ("tag", PARAMETER), "description": about}
    return site_page(request, "claims/pages/claims.html", context, **frame)


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """One claim."""
    return kept_answer(request, CLAIM, key, "page", lambda: _claim_page(request, key))


def _claim_page(request: HttpRequest, key: str) -> HttpResponse:
    row = found(Claim.objects.visible_to(request.user), key)
    try:
        dossier = load_claim(row, request.user, *moments(request))
    except NotYet as error:
        return not_yet_page(request, row.text, error)
    verdict = dossier.claim.verdict
    about = f"{verdict.rating.label}. {verdict.summary}" if verdict is not None else dossier.claim.context
    return report_page(request, dossier, "claims", row, about, _linked_data(dossier))


def _linked_data(dossier: ClaimDossier) -> str:
    """The ClaimReview as the text of a script element; empty where the page shows more than the public reads, or a
    past moment, whose verdict may no longer stand."""
    hidden = bool(dossier.confidential or dossier.imprint.as_of)
    review = None if hidden else claim_review(dossier.claim, dossier.imprint, dossier.dispute)
    if review is None:
        return ""
    # Nothing is left in it that could end the element.
    return mark_safe(orjson.dumps(review, option=orjson.OPT_INDENT_2).decode().translate(_ESCAPED))  # noqa: S308
