"""`?as_of=`: the moment at which a caller wants to see the register."""

from __future__ import annotations

from datetime import datetime

from rest_framework.request import Request

from claims.logic.moment import moment_in
from factcheck.api.schema import moment_parameter

AS_OF = moment_parameter("as_of", "Show it as it stood at this moment; a day alone means its end (UTC).")


def as_of(request: Request) -> datetime | None:
    """The moment that the caller names, or None for now; 400 for what is no moment, or lies ahead."""
    return moment_in(request.query_params, "as_of")


def deleted_key(key: str) -> int | None:
    """The id that `key` names: a row that was deleted has no other address any more."""
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None
