"""The balance of the register as a page of the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.logic.balance import STANCES, Outcome
from claims.models import Attribution, Dispute
from claims.reports.load.balance import BY, MOST, load_balance
from factcheck.audit.access import is_desk

TITLES = {"source": "By source", "side": "By side", "country": "By country"}
PARTY = {"source": "Source", "side": "Side", "country": "Country"}
SHARES = {"supported": "hold", "refuted": "do not hold", "neither": "neither", "undecided": "no verdict"}


def balance_view(request: HttpRequest) -> HttpResponse:
    """The balance by source, side or country, of all disputes or one. Raises PermissionDenied outside the desk."""
    if not (is_desk(request.user) and request.user.has_perm("claims.view_attribution")):
        raise PermissionDenied
    by = request.GET.get("by", "side")
    by = by if by in BY else "side"
    dispute = _dispute(request)
    statements = Attribution.objects.filter(claim__dispute=dispute) if dispute is not None else None
    balance = load_balance(request.user, by, statements, MOST)
    # A column for each verb that occurs: all of them side by side would be wider than a screen.
    stances = [stance for stance in STANCES if any(row.statements[stance] for row in balance.rows)]
    chosen = {"dispute": dispute.slug} if dispute is not None else {}
    context = {
        **admin.site.each_context(request),
        "title": "Balance",
        "balance": balance,
        "party": PARTY[by],
        "most": max((row.claims for row in balance.rows), default=0),
        "dispute": dispute,
        "ways": [(TITLES[way], f"?{urlencode({'by': way, **chosen})}", way == by) for way in BY],
        "csv": f"{reverse('balance-csv')}?{urlencode({'by': by, 'limit': MOST, **chosen})}",
        "rows": [
            {
                "row": row,
                "stances": [row.statements[stance] for stance in stances],
                "outcomes": [_words(row.asserted), _words(row.denied)],
            }
            for row in balance.rows
        ],
        "stances": stances,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/balance.html", context)


def _dispute(request: HttpRequest) -> Dispute | None:
    """The dispute in the address; raises Http404 for one that is not there, rather than show all."""
    slug = request.GET.get("dispute")
    return get_object_or_404(Dispute.objects.visible_to(request.user), slug=slug) if slug is not None else None


def _words(outcome: Outcome) -> dict[str, Any]:
    """How the claims were decided: their number, and each share that is not empty."""
    return {"claims": outcome.claims, "shares": [(n, SHARES[code]) for code, n in outcome.shares if n]}
