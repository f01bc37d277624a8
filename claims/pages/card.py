"""Claims and disputes as cards: small pages without a script that other sites may frame, and pictures of them that
messages show beside a link. Whoever looks, a card shows what everybody may read."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from claims.models import Claim, Dispute
from claims.pages.report import found
from claims.publisher import publisher
from claims.reports.answers import kept_answer
from claims.reports.content.cards import ClaimCard, DisputeCard
from claims.reports.content.corrections import CorrectionNotice
from claims.reports.load.cards import claim_cards, dispute_cards
from claims.reports.load.corrections import corrections_for, notices
from claims.services.prepared import CLAIM, DISPUTE
from factcheck.models.choosing import first_rows

PUBLIC = AnonymousUser()
_FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


@require_safe
@xframe_options_exempt
def claim_card(request: HttpRequest, key: str) -> HttpResponse:
    """The claim with its newest verdict and, if that corrects another one, the correction."""
    return kept_answer(request, CLAIM, key, "card", lambda: _page(request, _claim(key)))


@require_safe
@xframe_options_exempt
def dispute_card(request: HttpRequest, key: str) -> HttpResponse:
    """The question of the dispute, how far it is decided, and its first claims."""
    return kept_answer(request, DISPUTE, key, "card", lambda: _page(request, _dispute(key)))


@require_safe
def claim_picture(request: HttpRequest, key: str) -> HttpResponse:
    """The same as a PNG of 1200 by 630 dots."""
    return _shown(kept_answer(request, CLAIM, key, "picture", lambda: _picture(_claim(key))))


@require_safe
def dispute_picture(request: HttpRequest, key: str) -> HttpResponse:
    """The same as a PNG of 1200 by 630 dots."""
    return _shown(kept_answer(request, DISPUTE, key, "picture", lambda: _picture(_dispute(key))))


def _claim(key: str) -> ClaimCard:
    row = found(Claim.objects.published().visible_to(PUBLIC).select_related("dispute"), key)
    (shown,) = claim_cards([row])
    return shown


def _dispute(key: str) -> DisputeCard:
    (shown,) = dispute_cards([found(Dispute.objects.visible_to(PUBLIC), key)])
    return shown


def _page(request: HttpRequest, shown: ClaimCard | DisputeCard) -> HttpResponse:
    context: dict[str, Any] = {"publisher": publisher()}
    if isinstance(shown, ClaimCard):
        context |= {"claim": shown, "notices": correction_on(shown)}
    else:
        context["dispute"] = shown
    response = render(request, "claims/pages/card.html", context)
    response["Content-Security-Policy"] = _FRAMED
    return response


def correction_on(shown: ClaimCard) -> tuple[CorrectionNotice, ...]:
    """What the verdict that stands corrects, if it does."""
    if shown.decision is None:
        return ()
    return notices(first_rows(corrections_for(PUBLIC).filter(pk=shown.decision.id), 1), PUBLIC)


def _picture(shown: ClaimCard | DisputeCard) -> HttpResponse:
    correction = next(iter(correction_on(shown)), None) if isinstance(shown, ClaimCard) else None
    # What draws takes its time to load: who reads pages alone does not wait for it.
    return HttpResponse(import_module("claims.reports.formats.card").write(shown, correction), content_type="image/png")


def _shown(response: HttpResponse) -> HttpResponse:
    """Messages and other sites show the picture from here."""
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
