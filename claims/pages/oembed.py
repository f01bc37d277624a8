"""How other sites embed a claim or a dispute by its address alone (https://oembed.com)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from claims.models import Claim, Dispute
from claims.pages.card import correction_on
from claims.pages.card_size import height_of
from claims.pages.report import found
from claims.publisher import publisher
from claims.reports.content.cards import ClaimCard
from claims.reports.load.cards import claim_cards, dispute_cards
from factcheck.base.errors import RuleViolation
from factcheck.base.text import fold

WIDTH = 640
"""How wide a card is in pixels, where nobody asks for less."""
NARROWEST = 200
_ROWS: dict[str, Callable[[], Any]] = {"claim": Claim.objects.published, "dispute": Dispute.objects.all}
_FRAME = (
    '<iframe src="{}" title="{}" width="{}" height="{}" style="border:0;max-width:100%" loading="lazy" '
    'sandbox="allow-popups allow-top-navigation-by-user-activation"></iframe>'
)


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What `?url=` of a public claim or dispute is embedded as; 404 for any other address, 501 for other formats than
    `json` and `xml`, as the specification says."""
    written = request.GET.get("format", "json")
    if written not in {"json", "xml"}:
        return HttpResponse(f"There is no format {written[:20]!r}; ask for json or xml.", "text/plain", status=501)
    match = _match(request.GET.get("url", ""))
    noun = match.url_name or ""
    row = found(_ROWS[noun]().visible_to(AnonymousUser()), match.kwargs["key"])
    (shown,) = claim_cards([row]) if isinstance(row, Claim) else dispute_cards([row])
    width = _most(request, "maxwidth", WIDTH)
    notices = correction_on(shown) if isinstance(shown, ClaimCard) else ()
    height = _most(request, "maxheight", height_of(shown, width, notices))
    answer = _embedded(match, row, width, height)
    response = (
        HttpResponse(orjson.dumps(answer), content_type="application/json")
        if written == "json"
        else HttpResponse(_as_xml(answer), content_type="text/xml; charset=utf-8")
    )
    # Like everything that is public, for scripts of all sites.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _match(address: str) -> ResolverMatch:
    """The page that is asked for. Raises Http404 for an address that is not one of ours."""
    owner = publisher().address
    if not address.startswith(f"{owner}/"):
        raise Http404
    try:
        match = resolve(urlsplit(address.removeprefix(owner)).path)
    except Resolver404:
        raise Http404 from None
    if match.url_name not in _ROWS:
        raise Http404
    return match


def _most(request: HttpRequest, name: str, usual: int) -> int:
    """The lesser of what is asked for and what is usual."""
    asked = request.GET.get(name, "")
    if not asked:
        return usual
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) >= NARROWEST):
        raise RuleViolation(
            f"{name} must be a whole number of pixels from {NARROWEST} on.", code="invalid_size", field=name
        )
    return min(int(asked), usual)


def _embedded(match: ResolverMatch, row: Claim | Dispute, width: int, height: int) -> dict[str, str | int]:
    owner = publisher()
    noun, key = match.url_name, row.pk if isinstance(row, Claim) else row.slug
    title = _title(row)
    card = f"{owner.address}{reverse(f'{noun}-card', kwargs={'key': key})}"
    return {
        "version": "1.0",
        "type": "rich",
        "title": fold(title),
        "provider_name": owner.name,
        "provider_url": f"{owner.address}/",
        "cache_age": 300,
        "html": format_html(_FRAME, card, title, width, height),
        "width": width,
        "height": height,
        "thumbnail_url": f"{owner.address}{reverse(f'{noun}-picture', kwargs={'key': key})}",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }


def _title(row: Claim | Dispute) -> str:
    """What is shown where the card is not: a claim never without what was decided on it."""
    if isinstance(row, Dispute):
        return row.title
    (card,) = claim_cards([row])
    return f"{card.decision.label if card.decision else 'No verdict yet'}: {row.text}"


def _as_xml(answer: dict[str, str | int]) -> bytes:
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = str(value)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
