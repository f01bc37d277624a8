"""Refuses what no honest client sends, before anything else reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from factcheck.base.frames import roomy
from factcheck.base.http.headers import set_headers
from factcheck.base.http.problem import refuse
from factcheck.base.http.request_id import HEADER, name_of, name_request
from factcheck.base.http.request_log import context_of, line_of, write_line
from factcheck.base.text import forbidden_character

MAX_PATH = 4_096
MAX_QUERY = 8_192
MAX_PARAMETERS = 200
MAX_COOKIE = 4_096
# The admin's search box and its autocomplete: each word is a condition of its own, and 900 of them ran for 40
# s.
MAX_SEARCH = 200
MAX_WORDS = 8
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_LENGTH = re.compile("[0-9]{1,18}")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")

Problem = tuple[int, str, str]
"""A status, a code and words."""


class HostileInputMiddleware:
    """Outermost: PostgreSQL cannot store NUL, nothing can encode a lone surrogate, and neither is ever meant.

    It also gives every request its id and says it in the answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name_request(request)
        problem = path_problem(request) or query_problem(request) or header_problem(request) or admin_problem(request)
        if problem:
            status, code, detail = problem
            response = refuse(request, status, code, detail)
            set_headers(request, response)
            write_line(line_of(request), status, context_of(request))
        else:
            drop_hostile_cookies(request)
            response = roomy(self.get_response, request)
        response.headers.setdefault(HEADER, name_of(request))
        return response


def path_problem(request: HttpRequest) -> Problem | None:
    """404 for a path that no text of ours can match, 414 for one that is too long."""
    path = request.path_info
    if len(path) > MAX_PATH:
        return 414, "uri_too_long", f"The path is longer than {MAX_PATH:,} characters."
    # Django has decoded the path, and has put bytes that are no UTF-8 back as %FF; no address of ours has a percent.
    if _PERCENT.search(path):
        return 404, "not_found", "Nothing is here: the path is not UTF-8."
    if found := forbidden_character(path) or _control(path):
        return 404, "not_found", f"Nothing is here: the path holds the character {found}."
    return None


def query_problem(request: HttpRequest) -> Problem | None:
    """400 for a query string that is not clean UTF-8 text, 414 for one that is too long."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > MAX_QUERY:
        return 414, "uri_too_long", f"The query string is longer than {MAX_QUERY:,} characters."
    if query.count("&") >= MAX_PARAMETERS:
        return 400, "too_many_parameters", f"Give at most {MAX_PARAMETERS} parameters."
    try:
        text = unquote_to_bytes(query.encode("latin-1")).decode()
    except UnicodeError:
        return 400, "invalid_query", "The query string is not UTF-8."
    if found := forbidden_character(text):
        return 400, "invalid_query", f"Remove the character {found} from the query string."
    return None


def header_problem(request: HttpRequest) -> Problem | None:
    """400 for control characters in headers, and for an impossible length."""
    # Cookies are judged one by one: a bad one is forgotten.
    headers = {
        key: str(value)
        for key, value in request.META.items()
        if (key.startswith("HTTP_") or key == "CONTENT_TYPE") and key != "HTTP_COOKIE"
    }
    # All at once: hardly ever is there a bad one to be named.
    if _control("".join(headers.values())):
        key, found = next((key, found) for key, value in headers.items() if (found := _control(value)))
        name = key.removeprefix("HTTP_").replace("_", "-").title()
        return 400, "invalid_header", f"Remove the character {found} from the header {name}."
    if getattr(request, "malformed_content_type", False):
        return 400, "invalid_header", "The header Content-Type cannot be read."
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not _LENGTH.fullmatch(str(length)):
        return 400, "invalid_header", "The header Content-Length is not a number."
    if not request.META.get("HTTP_AUTHORIZATION", "").isascii():
        return 400, "invalid_header", "The header Authorization is not ASCII."
    return None


def admin_problem(request: HttpRequest) -> Problem | None:
    """400 for a search without end, and for a regular expression in a lookup: `(a+)+$` holds SQLite's process
    for half a minute, and the admin allows every lookup on a model's own fields."""
    if not request.path_info.startswith("/admin/"):
        return None
    for name, value in parse_qsl(request.META.get("QUERY_STRING", "")):
        if "regex" in name:
            return 400, "invalid_parameter", "Regular expressions are not a filter here."
        if name in {"q", "term"} and (len(value) > MAX_SEARCH or len(value.split()) > MAX_WORDS):
            return (
                400,
                "invalid_parameter",
                f"Search for at most {MAX_WORDS} words and {MAX_SEARCH} characters.",
            )
    return None


def drop_hostile_cookies(request: HttpRequest) -> None:
    """Forget cookies that hold what cannot be looked up: the visitor is then not logged in, instead of
    refused."""
    for name, value in list(request.COOKIES.items()):
        if len(value) > MAX_COOKIE or forbidden_character(value) or forbidden_character(name):
            del request.COOKIES[name]


def has_control(text: str) -> bool:
    """Whether a header that says this is refused."""
    return _CONTROL.search(text) is not None


def _control(text: str) -> str | None:
    found = _CONTROL.search(text)
    return f"U+{ord(found.group()):04X}" if found else None
