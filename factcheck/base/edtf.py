"""Dates as exact as the world gives them: ISO 8601 with reduced precision, which is EDTF level 0."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})Z)?)?)?", re.ASCII)


def parse(text: str) -> tuple[datetime, datetime]:
    """The moment an EDTF date begins and the moment after it ends, both UTC.

    >>> parse("2025-07")
    (datetime.datetime(2025, 7, 1, 0, 0, tzinfo=datetime.timezone.utc), \
datetime.datetime(2025, 8, 1, 0, 0, tzinfo=datetime.timezone.utc))

    Raises ValueError when it is not `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `YYYY-MM-DDThh:mmZ`, or no such day exists.
    """
    found = _SHAPE.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 9998:
        raise ValueError("not an EDTF date")
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    assert year is not None
    # Not `month or 1`: "2025-00" names no month.
    first = {"month": 1 if month is None else month, "day": 1 if day is None else day}
    start = datetime(year, **first, hour=hour or 0, minute=minute or 0, tzinfo=UTC)
    if month is None:
        return start, start.replace(year=year + 1)
    if day is None:
        return start, start.replace(year=year + month // 12, month=month % 12 + 1)
    return start, start + (timedelta(days=1) if hour is None else timedelta(minutes=1))


def span(text: str) -> tuple[datetime, datetime] | None:
    """The same, or None for no date, or one that was written past the checks."""
    try:
        return parse(text)
    except ValueError:
        return None


_PRECISIONS = {4: "year", 7: "month", 10: "day", 17: "minute"}


def precision(text: str) -> str:
    """How exact it is: `year`, `month`, `day` or `minute`; empty for no date."""
    return _PRECISIONS[len(text)] if span(text) is not None else ""


def is_day(text: str) -> bool:
    """Whether it is exact to the day, and no more."""
    return precision(text) == "day"


def certainly_earlier(one: str, other: str) -> bool:
    """Whether the span of the one date has ended before that of the other begins; never, where one is missing."""
    was, then = span(one), span(other)
    return was is not None and then is not None and was[1] <= then[0]


def certainly_within(text: str, since: str, until: str) -> bool:
    """Whether a date lies, wherever in its span it may be, between the last day on which something can have begun and
    the first on which it can have ended, both included."""
    return certainly_since(text, since) and certainly_until(text, until)


def certainly_since(text: str, since: str) -> bool:
    """Whether a date is certainly not before another: not before the last day of that."""
    day, start = span(text), span(since)
    return day is not None and start is not None and day[0] >= max(start[0], start[1] - timedelta(days=1))


def certainly_until(text: str, until: str) -> bool:
    """Whether a date is certainly not after another: not after the first day of that."""
    day, end = span(text), span(until)
    return day is not None and end is not None and day[1] <= min(end[1], end[0] + timedelta(days=1))


def following(text: str) -> str:
    """The date that follows `text` at the same precision; text comparison with it bounds a range from above."""
    _start, end = parse(text)
    return {4: f"{end:%Y}".zfill(4), 7: f"{end.year:04}-{end:%m}", 10: f"{end.year:04}-{end:%m-%d}"}.get(
        len(text), f"{end.year:04}-{end:%m-%dT%H:%MZ}"
    )


def least(text: str) -> str:
    """The least text of the dates that begin when `text` begins: 2025 for 2025-01-01. All dates that begin then or
    later are not less than it, and all that begin before it are less."""
    shorter = text.removesuffix("T00:00Z")
    while len(shorter) > 4 and shorter.endswith("-01"):
        shorter = shorter[:-3]
    return shorter


def in_words(text: str) -> str:
    """The date as a reader expects it: `2025`, `July 2025`, `3 July 2025`, `3 July 2025, 14:05 UTC`."""
    if not text:
        return ""
    start, _end = parse(text)
    month, day = f"{MONTHS[start.month - 1]} {start.year}", day_in_words(start)
    return {4: str(start.year), 7: month, 10: day}.get(len(text), f"{day}, {start:%H:%M} UTC")


def on_in_words(text: str) -> str:
    """The date as it follows a verb: `in 2025`, `in July 2025`, `on 3 July 2025`; empty for none."""
    return f"{'in' if len(text) in _COARSE else 'on'} {in_words(text)}" if text else ""


_COARSE = {4, 7}
"""The lengths of a year and of a month, in which something happens, and not on it."""


def day_in_words(day: date) -> str:
    """`3 July 2025`, for every day of the calendar: strftime writes fewer digits of years before 1000."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
