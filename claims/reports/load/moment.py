"""The moments that a reader asks for by `?as_of=` and `?since=`, at any door."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from claims.logic.moment import moment_of
from factcheck.base.errors import RuleViolation


def moment_in(given: Mapping[str, str], name: str) -> datetime | None:
    """The moment in the parameter of this name, or None without it.

    Raises RuleViolation, in words and under that name, for what is no moment or lies ahead.
    """
    if (text := given.get(name)) is None:
        return None
    try:
        return moment_of(text, timezone.now())
    except ValueError as error:
        raise RuleViolation(str(error), code="invalid_moment", field=name) from None
