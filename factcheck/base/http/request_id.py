"""The name of one request, the same in logs, answers and the audit trail."""

from __future__ import annotations

import re
import secrets

from django.http import HttpRequest

HEADER = "X-Request-ID"
KEY = "factcheck.request_id"
"""Where the environment of a request keeps its id; no header can have a name with a dot."""
_SAFE = re.compile(r"[A-Za-z0-9._:+/=@-]{1,64}")


def request_id_of(request: HttpRequest) -> str:
    """The id that the caller or a proxy gave, if it is safe to log and to store, else a new one."""
    return safe_id(request.META.get("HTTP_X_REQUEST_ID", ""))


def safe_id(given: str) -> str:
    """This id, if it is safe to log and to store, else a new one."""
    return given if _SAFE.fullmatch(given) else secrets.token_hex(16)


def name_request(request: HttpRequest) -> str:
    """Give the request its id, once."""
    if not name_of(request):
        # Whoever logs from the header after us reads the checked value.
        request.META[KEY] = request.META["HTTP_X_REQUEST_ID"] = request_id_of(request)
    return name_of(request)


def name_of(request: HttpRequest | None) -> str:
    """The id that the request was given; empty for one that came past the middleware, and without a request."""
    return request.META.get(KEY, "") if request is not None else ""
