"""What a caller prefers of an answer (RFC 7240): not to wait for it, or to be told no more than what is new in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

PREFERENCE = "respond-async"
BRIEF = "return=minimal"
MAX_ROWS = 5_000
"""Rows of one request that a worker does."""


def wants_job(request: Request) -> bool:
    """Whether the caller would rather be answered at once, and look later what became of it."""
    return PREFERENCE in _preferences(request)


def wants_little(request: Request | HttpRequest | None) -> bool:
    """Whether of rows that this request writes their ids and versions are answer enough."""
    if request is None or request.method in SAFE_METHODS:
        return False
    return _preferences(request).get("return") == "minimal"


def told_briefly(row: Any) -> dict[str, int]:
    """What of a row that was written only the register knows."""
    return {"id": row.pk, "version": row.version}


def is_brief(data: object) -> bool:
    """Whether that is all that an answer tells of its rows."""
    rows = data if isinstance(data, list) else [data]
    return all(isinstance(row, dict) and row.keys() == {"id", "version"} for row in rows)


def _preferences(request: Request | HttpRequest) -> dict[str, str]:
    """What is preferred, by its name; of what is said twice the first is meant."""
    found: dict[str, str] = {}
    for given in request.META.get("HTTP_PREFER", "").lower().split(","):
        name, _equals, value = given.partition(";")[0].partition("=")
        found.setdefault(name.strip(), value.strip().strip('"'))
    return found
