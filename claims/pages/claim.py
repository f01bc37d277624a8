"""The page of one claim, with its verdict for readers and, as ClaimReview, for search engines."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.pages.report import found, moments, report_page
from claims.reports.answers import kept_answer
from claims.reports.content.dossier import ClaimDossier
from claims.reports.formats.claimreview import claim_review
from claims.reports.load.dossier import load_claim
from claims.services.prepared import CLAIM

# Inside <script> these would end the element, open another one, or break the line for an old reader of JSON.
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """One claim."""
    return kept_answer(request, CLAIM, key, "page", lambda: _claim_page(request, key))


def _claim_page(request: HttpRequest, key: str) -> HttpResponse:
    row = found(Claim.objects.visible_to(request.user), key)
    dossier = load_claim(row, request.user, *moments(request))
    verdict = dossier.claim.verdict
    about = f"{verdict.rating.label}. {verdict.summary}" if verdict is not None else dossier.claim.context
    return report_page(request, dossier, "claims", str(row.pk), about, _linked_data(dossier))


def _linked_data(dossier: ClaimDossier) -> str:
    """The ClaimReview as the text of a script element; empty where the page shows more than the public reads, or a
    past moment, whose verdict may no longer stand."""
    hidden = bool(dossier.confidential or dossier.imprint.as_of)
    review = None if hidden else claim_review(dossier.claim, dossier.imprint, dossier.dispute)
    if review is None:
        return ""
    # Nothing is left in it that could end the element.
    return mark_safe(orjson.dumps(review, option=orjson.OPT_INDENT_2).decode().translate(_ESCAPED))  # noqa: S308
