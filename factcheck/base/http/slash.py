"""Sends an address without its last slash to the one with it, body and method kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch, is_valid_path
from django.utils.http import escape_leading_slashes


class SlashMiddleware:
    """308, because a 301 turns a POST into a GET and loses its body in silence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if lacks_slash(request):
            response = HttpResponse(status=308)
            response["Location"] = escape_leading_slashes(request.get_full_path(force_append_slash=True))
            return response
        return self.get_response(request)


def lacks_slash(request: HttpRequest) -> bool:
    """Whether nothing lives at the path, but something at the path with a slash."""
    path = request.path_info
    if path.endswith("/"):
        return False
    urlconf = getattr(request, "urlconf", None)
    return not _lives(path, urlconf) and _lives(f"{path}/", urlconf)


def _lives(path: str, urlconf: str | None) -> bool:
    # The admin ends in a route for everything, which only says that nothing is there.
    match = is_valid_path(path, urlconf)
    return isinstance(match, ResolverMatch) and getattr(match.func, "__name__", "") != "catch_all_view"
