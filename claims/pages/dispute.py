"""The pages of disputes: all of them, and each with its claims."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.choices import QuestionState
from claims.models import Dispute
from claims.pages.missing import not_yet_page
from claims.pages.paging import PARAMETER, page_of
from claims.pages.report import found, moments, report_page
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.load.absent import NotYet
from claims.reports.load.cards import dispute_cards
from claims.reports.load.dossier import load_dispute
from claims.rules.question_state import disputes_in
from claims.services.prepared import DISPUTE, REGISTER
from factcheck.base.errors import RuleViolation

SHOWN = 20


@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    """All disputes that the visitor may read, the newest first, or those in one state."""
    return kept_answer(request, REGISTER, "0", "disputes", lambda: _disputes_page(request))


def _disputes_page(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    if state and state not in QuestionState.values:
        raise RuleViolation(
            f"“{state}” is no state of a dispute. There are: {', '.join(QuestionState.values)}.",
            code="invalid_choice",
            field="state",
        )
    readable = Dispute.objects.visible_to(request.user)
    rows, further = page_of(disputes_in(readable, state) if state else readable, request, ("-id",), SHOWN)
    address = reverse("disputes")
    states = [("All", address, not state)]
    states += [(str(name), f"{address}?state={code}", code == state) for code, name in QuestionState.choices]
    context = {"disputes": dispute_cards(rows), "further": further, "states": states, "state": state}
    about = "Every contested question in the register, with its claims and how far it is decided."
    frame = {"section": "disputes", "parameters": ("state", PARAMETER), "description": about}
    return site_page(request, "claims/pages/disputes.html", context, **frame)


@require_safe
def dispute(request: HttpRequest, key: str) -> HttpResponse:
    """A dispute with its claims; by its id, the way to its lasting address."""
    if key.isdigit():
        return _dispute_page(request, key)
    return kept_answer(request, DISPUTE, key, "page", lambda: _dispute_page(request, key))


def _dispute_page(request: HttpRequest, key: str) -> HttpResponse:
    row = found(Dispute.objects.visible_to(request.user), key)
    if key != row.slug:
        # With the moments that were asked for: the present is no answer to who asks for the past.
        asked = f"?{query}" if (query := request.META.get("QUERY_STRING", "")) else ""
        return HttpResponsePermanentRedirect(f"{reverse('dispute', kwargs={'key': row.slug})}{asked}")
    try:
        dossier = load_dispute(row, request.user, *moments(request))
    except NotYet as error:
        return not_yet_page(request, row.title, error)
    return report_page(request, dossier, "disputes", row, dossier.dispute.question)
