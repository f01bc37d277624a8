"""The logo of the newsroom, from the file that the settings name."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from claims.publisher import publisher

_TYPES = {"svg": "image/svg+xml", "png": "image/png"}
# A drawing may have styles of its own; opened by itself it runs nothing and fetches nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_safe
def logo(request: HttpRequest, ending: str) -> HttpResponse:
    """The logo; 404 without one, or under the ending of another kind of file."""
    path = settings.FACTCHECK_LOGO
    if path is None or ending != publisher().logo:
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=_TYPES[ending])
    response["Last-Modified"] = http_date(path.stat().st_mtime)
    response["Cache-Control"] = "public, max-age=3600"
    response["Content-Security-Policy"] = _POLICY
    return response
