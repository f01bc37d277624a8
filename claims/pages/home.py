"""The front page of the register, and its search."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from claims.choices import QuestionState
from claims.models import Claim, Dispute
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.load.cards import claim_cards, dispute_cards, newest_verdicts, verdict_cards
from claims.reports.load.corrections import load_corrections
from claims.reports.load.source import source_views, sources_known_to
from claims.rules.question_state import disputes_in
from claims.services.prepared import REGISTER
from factcheck.api.search import MAX_LENGTH, MAX_TERMS, matching
from factcheck.base.people import Reader
from factcheck.models.choosing import first_rows

VERDICTS, CORRECTIONS, DISPUTES = 8, 3, 3
FOUND = 30
"""How many of each noun a search shows."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The newest verdicts and corrections and the disputes that are open; with `?q=` what was searched for."""
    if "q" in request.GET:
        return search(request, " ".join(request.GET["q"].split()))
    return kept_answer(request, REGISTER, "0", "home", lambda: _front_page(request))


def _front_page(request: HttpRequest) -> HttpResponse:
    user = request.user
    disputes = Dispute.objects.visible_to(user).order_by("-id")
    undecided = [*disputes_in(disputes, QuestionState.OPEN)[:DISPUTES]]
    context = {
        "verdicts": verdict_cards(first_rows(newest_verdicts(user), VERDICTS)),
        "corrections": load_corrections(user, CORRECTIONS),
        "disputes": dispute_cards(undecided or [*disputes[:DISPUTES]]),
        "undecided": bool(undecided),
    }
    about = "Competing claims side by side: who says what, what speaks for it, and what the desk decided, when and why."
    return site_page(request, "claims/pages/home.html", context, description=about)


def search(request: HttpRequest, text: str) -> HttpResponse:
    """The disputes, claims and sources in which every word of the text occurs."""
    terms = text.split()
    problem = ""
    if len(text) > MAX_LENGTH:
        problem = f"Search for at most {MAX_LENGTH} characters."
    elif len(terms) > MAX_TERMS:
        problem = f"Search for at most {MAX_TERMS} words."
    context: dict[str, Any] = {"text": text, "problem": problem, "most": FOUND, "noindex": True}
    context["searched"] = bool(terms) and not problem
    if context["searched"]:
        context |= _found(request.user, terms)
    answer = site_page(request, "claims/pages/search.html", context, parameters=("q",))
    answer.status_code = 400 if problem else 200
    return answer


def _found(user: Reader, terms: list[str]) -> dict[str, Any]:
    claims = Claim.objects.visible_to(user).published().filter(matching(("text", "context"), terms))
    disputes = Dispute.objects.visible_to(user).filter(matching(("title", "question", "summary", "place"), terms))
    named: Q = matching(("name", "description"), terms)
    sources = sources_known_to(user).filter(named).order_by("name", "id")
    return {
        "claims": claim_cards([*claims.select_related("dispute").order_by("-id")[:FOUND]]),
        "disputes": dispute_cards([*disputes.order_by("-id")[:FOUND]]),
        "sources": source_views(sources.select_related("part_of")[:FOUND], user),
    }
