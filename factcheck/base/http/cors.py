"""Which answers the scripts of other websites may read (Fetch standard, "CORS protocol").

What the public may read, anybody's page may: it is answered to every origin, without cookies. A token is taken from the
pages of the origins that `FACTCHECK_CORS_ORIGINS` names, and from no other. No origin is ever told that it may send
cookies, and nothing outside the API is for other pages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from factcheck.base.http.problem import is_api_path
from factcheck.base.http.session import may_have_session

READING = ("GET", "HEAD", "OPTIONS")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE")
READERS_HEADERS = ("Accept", "If-None-Match", "Range", "X-Request-ID")
WRITERS_HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Change-Reason")
TOLD = (
    *("Accept-Ranges", "Allow", "Content-Disposition", "Content-Range", "ETag", "Idempotent-Replayed", "Link"),
    *("Location", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-Request-ID"),
)
"""Headers of answers that a script may read beside those that any may."""
SECONDS = 7_200
"""For so long a browser need not ask again; none remembers it longer."""


class CorsMiddleware:
    """Answers what a browser asks before it asks, and marks what a page of another origin may read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_api_path(request.path_info):
            return self.get_response(request)
        if request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META:
            return preflight(request)
        response = self.get_response(request)
        if "HTTP_AUTHORIZATION" in request.META:
            # With or without the header Origin: a cache keeps one answer for several origins otherwise.
            if settings.FACTCHECK_CORS_ORIGINS:
                patch_vary_headers(response, ["Origin"])
            if is_trusted(request):
                open_to(response, request.META["HTTP_ORIGIN"])
        elif request.method in READING and not may_have_session(request):
            open_to(response, "*")
        return response


def is_trusted(request: HttpRequest) -> bool:
    """Whether the request comes from a page of an origin that may use tokens."""
    return request.META.get("HTTP_ORIGIN") in settings.FACTCHECK_CORS_ORIGINS


def preflight(request: HttpRequest) -> HttpResponse:
    """What a page of this origin may send. Whoever is not named may read as the public, and learns no more."""
    trusted = is_trusted(request)
    headers = {
        "Access-Control-Allow-Origin": request.META["HTTP_ORIGIN"] if trusted else "*",
        "Access-Control-Allow-Methods": ", ".join(METHODS if trusted else READING),
        "Access-Control-Allow-Headers": ", ".join((*READERS_HEADERS, *(WRITERS_HEADERS if trusted else ()))),
        "Access-Control-Max-Age": str(SECONDS),
        "Vary": "Origin",
    }
    return HttpResponse(status=204, headers=headers)


def open_to(response: HttpResponseBase, origin: str) -> None:
    """Let pages of this origin read the answer."""
    response["Access-Control-Allow-Origin"] = origin
    response["Access-Control-Expose-Headers"] = ", ".join(TOLD)
    # Else a page that isolates itself could not show it in an element either.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
