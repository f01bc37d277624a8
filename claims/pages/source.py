"""The pages of sources: all whose name the visitor may know, and each with what it says."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.pages.paging import PARAMETER, page_of
from claims.pages.site import site_page
from claims.reports.answers import kept_answer
from claims.reports.load.source import SHOWN, load_source, source_views, sources_known_to
from claims.reports.pictures.timeline import picture_of
from claims.services.prepared import REGISTER, SOURCE
from factcheck.audit.access import is_desk

ON_A_PAGE = 60


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The sources that the visitor may know by name, in order of name."""
    return kept_answer(request, REGISTER, "0", "sources", lambda: _sources_page(request))


def _sources_page(request: HttpRequest) -> HttpResponse:
    known = sources_known_to(request.user).select_related("part_of")
    rows, further = page_of(known, request, ("name", "id"), ON_A_PAGE)
    about = "Everybody who makes, denies or passes on a claim in the register."
    context = {"sources": source_views(rows, request.user), "further": further}
    frame = {"section": "sources", "parameters": (PARAMETER,), "description": about}
    return site_page(request, "claims/pages/sources.html", context, **frame)


@require_safe
def source(request: HttpRequest, key: str) -> HttpResponse:
    """A source with what it says; by its id, the way to its lasting address."""
    return kept_answer(request, SOURCE, key, "page", lambda: _source_page(request, key))


def _source_page(request: HttpRequest, key: str) -> HttpResponse:
    rows = sources_known_to(request.user).select_related("part_of")
    by_id = key.isascii() and key.isdigit()
    row = (rows.filter(pk=key) if by_id and len(key) < 19 else rows.filter(slug=key)).first()
    if row is None:
        # A twin leads to the one into which it was merged.
        twins = {"twins": int(key)} if by_id and len(key) < 19 else {"twins__slug": key}
        row = rows.filter(**twins).first()
    if row is None:
        raise Http404
    if key != row.slug:
        return HttpResponsePermanentRedirect(reverse("source", kwargs={"key": row.slug}))
    dossier = load_source(row, request.user)
    context = {
        "dossier": dossier,
        "source": dossier.source,
        "picture": picture_of(dossier.stances) if dossier.stances.positions else None,
        "shown": SHOWN,
        "desk": is_desk(request.user),
    }
    about = row.description or f"What {row.name} says on the claims in the register."
    return site_page(request, "claims/pages/source.html", context, section="sources", description=about)
