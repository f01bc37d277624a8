"""One search over all nouns for the desk: what their lists would find, with the pages of the rows."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from claims.api.search import SEARCHED, find_rows
from factcheck.admin.links import admin_url
from factcheck.admin.picker import picked_of
from factcheck.audit.access import is_desk
from factcheck.search.query import MAX_LENGTH, MAX_TERMS, read_query

MOST = 20
FIRST = ("disputes", "claims", "sources", "documents", "evidence", "attributions", "verdicts", "reviews")
"""The nouns in which people look for something, by their place in addresses; of equals theirs come in this order."""


def find_view(request: HttpRequest) -> HttpResponse:
    """The rows in which all words of `q` occur, the best first, as JSON."""
    if not is_desk(request.user):
        raise PermissionDenied
    text = " ".join(request.GET.get("q", "").replace("\x00", " ")[:MAX_LENGTH].split()[:MAX_TERMS])
    query = read_query(text)
    nouns = [SEARCHED[name] for name in FIRST]
    found = find_rows(nouns, query, text, request.user, MOST + 1) if query else []
    rows = []
    # What is called just so comes first.
    for _score, noun, row in sorted(found[:MOST], key=lambda one: str(one[2]).casefold() != text.casefold()):
        picked = picked_of(noun.model)
        details = picked.details([row], request.user).get(row.pk, "") if picked is not None else ""
        rows.append(
            {
                "noun": str(noun.model._meta.verbose_name).capitalize(),
                "text": str(row),
                "details": details,
                "url": admin_url(row),
            }
        )
    return JsonResponse({"rows": rows, "more": len(found) > MOST})
