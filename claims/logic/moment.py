"""Moments as people and programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

REMEDY = "Give a moment with its zone, such as 2025-07-02T12:00Z or 2025-07-02T14:00+02:00, or a day: 2025-07-02."


def moment_of(text: str) -> datetime:
    """The moment that `text` names, in UTC; a day alone means its end, so that all that happened on it counts.

    Raises ValueError, with words for the caller, for anything else, also for a moment without a zone.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, UTC) - _TICK
        # A plus sign that was not escaped in an address arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(REMEDY) from None


_TICK = timedelta(microseconds=1)
