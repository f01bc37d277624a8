"""The front page of the register, and its search."""

from __future__ import annotations

from typing import Any

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
from factcheck.base.people import Reader
from factcheck.models.choosing import first_rows
from factcheck.search.find import search_rows
from factcheck.search.query import LongSearch, SearchQuery, read_query
from factcheck.search.rank import RANKED, best_of

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
    """The disputes, claims and sources in which all that the text asks for occurs, the best of each first."""
    query, problem = SearchQuery(), ""
    try:
        query = read_query(text)
    except LongSearch as error:
        problem = str(error)
    context: dict[str, Any] = {"text": text, "problem": problem, "most": FOUND, "noindex": True, "search_query": query}
    context["searched"] = bool(query)
    if query:
        context |= _found(request.user, query)
    answer = site_page(request, "claims/pages/search.html", context, parameters=("q",))
    answer.status_code = 400 if problem else 200
    return answer


def _found(user: Reader, query: SearchQuery) -> dict[str, Any]:
    claims = search_rows(Claim.objects.visible_to(user).published(), query, wanted=RANKED)
    disputes = search_rows(Dispute.objects.visible_to(user), query, wanted=RANKED)
    sources = search_rows(sources_known_to(user), query, wanted=RANKED)
    return {
        "claims": claim_cards(best_of(claims.select_related("dispute"), query, FOUND)),
        "disputes": dispute_cards(best_of(disputes, query, FOUND)),
        "sources": source_views(best_of(sources.select_related("part_of"), query, FOUND), user),
    }
