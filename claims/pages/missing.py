"""What a visitor gets where nothing is: the ways to what there is."""

from __future__ import annotations

from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from claims.pages.site import frame_context
from claims.reports.load.absent import NotYet
from factcheck.base.http import handlers
from factcheck.base.http.problem import is_api_path


def not_yet_page(request: HttpRequest, title: str, error: NotYet) -> HttpResponse:
    """What a visitor gets who asks how a dispute or claim stood before there was anything to read of it."""
    first = error.later.astimezone(UTC).date() if error.later else None
    context = {"request": request, "noindex": True, "title": title, "error": error, "first": first}
    body = render_to_string("claims/pages/not_yet.html", frame_context(request, section="disputes") | context)
    response = HttpResponse(body, status=error.status)
    response["Cache-Control"] = "no-store"
    return response


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of the site that says so; programs and the desk get the answers that they get for everything else."""
    if is_api_path(request.path_info) or request.path_info.startswith("/admin/"):
        return handlers.handler404(request, exception)
    # Nothing of the visitor is asked for: nothing here depends on them, and the database may not answer.
    body = render_to_string("claims/pages/missing.html", frame_context(request) | {"request": request, "noindex": True})
    response = HttpResponse(body, status=404)
    response["Cache-Control"] = "no-store"
    return response
