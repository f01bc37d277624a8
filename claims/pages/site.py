"""What every public page has in common: its frame, its canonical address, and the newsroom that answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from claims.publisher import publisher
from factcheck.api.conditional import PUBLIC, TOLD_TO
from factcheck.base.text import shortened

FRAME = "claims/pages/frame.html"
NAVIGATION = (
    ("disputes", "Disputes"),
    ("claims", "Claims"),
    ("verdicts", "Verdicts"),
    ("sources", "Sources"),
    ("corrections", "Corrections"),
    ("method", "Method"),
)
LONGEST_DESCRIPTION = 300


def frame_context(
    request: HttpRequest, *, section: str = "", parameters: Sequence[str] = (), description: str = ""
) -> dict[str, Any]:
    """What the frame of a page wants to know.

    `section` is the name of the entry of the navigation that is open, `parameters` those of the query that make this
    page another one than the same address without them, and `description` what a search engine or a message shows.
    """
    owner = publisher()
    query = urlencode([(name, request.GET[name]) for name in parameters if name in request.GET])
    return {
        "frame": FRAME,
        "publisher": owner,
        "navigation": [(reverse(name), words, name == section) for name, words in NAVIGATION],
        "canonical": f"{owner.address}{request.path}{'?' if query else ''}{query}",
        "description": shortened(description, LONGEST_DESCRIPTION),
    }


def site_page(request: HttpRequest, template: str, context: dict[str, Any], **frame: Any) -> HttpResponse:
    """The page that `template` makes of the context, in the frame of the site."""
    response = render(request, template, {**frame_context(request, **frame), **context})
    if not request.user.is_authenticated:
        setattr(response, TOLD_TO, PUBLIC)
    return response
