"""Moments as people and programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from factcheck.base.errors import RuleViolation

REMEDY = "Give a moment with its zone, such as 2025-07-02T12:00Z or 2025-07-02T14:00+02:00, or a day: 2025-07-02."
AHEAD = "This moment lies ahead: nobody knows yet how the register will stand."


def moment_of(text: str, now: datetime) -> datetime:
    """The moment up to `now` that `text` names, in UTC; a day alone means its end, so that all of it counts.

    Raises ValueError, with words for the caller, for a moment without a zone or ahead, and for what is none.
    """
    moment: datetime | None
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            if day == now.astimezone(UTC).date():
                return now
            moment = datetime.combine(day + timedelta(days=1), time.min, UTC) - timedelta(microseconds=1)
        else:
            # A plus sign that was not escaped in an address arrives as a space.
            given = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
            moment = given.astimezone(UTC) if given.tzinfo is not None else None
    except (ValueError, OverflowError):
        moment = None
    # The year 1 is left out: told in another zone, it may lie before the calendar begins.
    if moment is None or moment.year < 2:
        raise ValueError(REMEDY)
    if moment > now:
        raise ValueError(AHEAD)
    return moment


def moment_in(given: Mapping[str, str], name: str) -> datetime | None:
    """The moment in the parameter of this name (`?as_of=`, `?since=`), at any door; None without it.

    Raises RuleViolation, in words and under that name, for what is no moment or lies ahead.
    """
    if (text := given.get(name)) is None:
        return None
    try:
        return moment_of(text, datetime.now(UTC))
    except ValueError as error:
        raise RuleViolation(str(error), code="invalid_moment", field=name) from None
