"""What a caller prefers who does not want to wait (RFC 7240), and how much they may ask for then."""

from __future__ import annotations

from rest_framework.request import Request

PREFERENCE = "respond-async"
MAX_ROWS = 5_000
"""Rows of one request that a worker does."""


def wants_job(request: Request) -> bool:
    """Whether the caller would rather be answered at once, and look later what became of it."""
    given = request.META.get("HTTP_PREFER", "").split(",")
    return PREFERENCE in {part.partition(";")[0].strip().lower() for part in given}
