"""The headers that keep a browser from running, framing, sniffing or caching what it should not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from factcheck.base.http.problem import is_api_path

_COMMON = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# No page outside the admin needs a script.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Alpine, which the admin theme is built on, compiles its attributes; nothing inline and no other host is
# allowed.
ADMIN_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
)
DOCS_POLICY = f"default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; {_COMMON}"

STANDING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STANDING = {name.lower(): (name, value) for name, value in STANDING.items()}


class SecurityHeadersMiddleware:
    """Sets what a view has not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        set_headers(request, response)
        return response


def set_headers(request: HttpRequest, response: HttpResponseBase) -> None:
    """Every header of this module, where the answer has none of that name."""
    # Past Django, which would look for line breaks in each of them at each answer: these are ours.
    headers = response.headers._store
    for key, named in _STANDING.items():
        headers.setdefault(key, named)
    if "content-security-policy" not in headers:
        headers["content-security-policy"] = ("Content-Security-Policy", policy_for(request, response))
    if not request.path_info.startswith(str(settings.STATIC_URL or "/static/")):
        guard_caches(request, response)


def guard_file(headers: Headers, path: str, url: str) -> None:
    """For a static file, which comes from in front: no page frames it, and where it is opened it runs nothing."""
    headers["Content-Security-Policy"] = FILE_POLICY


def policy_for(request: HttpRequest, response: HttpResponseBase) -> str:
    """The content security policy for this answer."""
    if request.path_info.startswith("/admin/"):
        return ADMIN_POLICY
    if request.path_info.startswith("/api/docs/"):
        return DOCS_POLICY
    if is_api_path(request.path_info) and "html" not in response.get("Content-Type", ""):
        return DATA_POLICY
    return PAGE_POLICY


def guard_caches(request: HttpRequest, response: HttpResponseBase) -> None:
    """No shared cache keeps what one reader may see and another may not.

    The cookie and the header are looked at, not the user: asking for the user would cost a query on every
    page.
    """
    response.headers["Vary"] = _varying(response.headers.get("Vary", ""))
    if response.has_header("Cache-Control"):
        return
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if has_session or "HTTP_AUTHORIZATION" in request.META:
        # A program keeps its copy and asks with the ETag; browsers, which alone send this header, keep nothing.
        of_program = is_api_path(request.path_info) and not has_session and "HTTP_SEC_FETCH_SITE" not in request.META
        response["Cache-Control"] = "private, no-cache" if of_program else "private, no-store"
    elif is_api_path(request.path_info):
        # Kept, but asked for again each time: with the ETag that is one short answer.
        response["Cache-Control"] = "no-cache"


@lru_cache(maxsize=64)
def _varying(already: str) -> str:
    """The header Vary of an answer that varied by this already."""
    response = HttpResponse(headers={"Vary": already} if already else None)
    patch_vary_headers(response, ["Accept", "Accept-Encoding", "Authorization", "Cookie"])
    return str(response["Vary"])
