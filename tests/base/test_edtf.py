"""Dates as exact as the world gives them: text sorts as time does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base import edtf

PRECISIONS = {"%Y": 4, "%Y-%m": 7, "%Y-%m-%d": 10, "%Y-%m-%dT%H:%MZ": 17}
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9998, 12, 31, 23, 59), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.sampled_from(sorted(PRECISIONS.values()))


def spelled(moment: datetime, length: int) -> str:
    whole = f"{moment.year:04}-{moment:%m-%dT%H:%M}Z"
    return whole if length == 17 else whole[:length]


DATES = st.builds(spelled, MOMENTS, LENGTHS)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("2025-12", datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)),
        ("2025-07-01T23:59Z", datetime(2025, 7, 1, 23, 59, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC)),
        ("9998", datetime(9998, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)),
        ("0001", datetime(1, 1, 1, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC)),
    ],
)
def test_parse(text: str, start: datetime, end: datetime) -> None:
    assert edtf.parse(text) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "0000",
        "9999",
        "2025-",
        "2025-13",
        "2025-00",
        "2025-00-01",
        "2025-07-00",
        "2025-02-29",
        "2025-07-01T24:00Z",
        "2025-07-01T14:05",
        "2025-07-01T14:05:00Z",
        "2025-07-01 14:05Z",
        "2025-7-1",
        "-2025",
        "2025~",
        "2025\n",
        " 2025",
        "２０２５",
        "2025-W01",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an EDTF date|must be in|out of range"):
        edtf.parse(text)


@given(DATES, DATES)
def test_order_of_text_is_order_of_time(one: str, other: str) -> None:
    if one < other:
        assert edtf.parse(one)[0] <= edtf.parse(other)[0]
    if edtf.parse(one)[0] < edtf.parse(other)[0]:
        assert one < other


@given(DATES)
def test_following_begins_where_the_date_ends(text: str) -> None:
    after = edtf.following(text)
    assert len(after) == len(text)
    assert after > text
    if edtf.parse(text)[1].year < 9999:
        assert edtf.parse(after)[0] == edtf.parse(text)[1]


@given(DATES, DATES)
def test_least_bounds_what_begins_then_or_later(text: str, other: str) -> None:
    later = edtf.parse(other)[0] >= edtf.parse(text)[0]
    assert (other >= edtf.least(text)) == later
    ends = edtf.least(edtf.following(text))
    assert (other < ends) == (edtf.parse(other)[0] < edtf.parse(text)[1])


@pytest.mark.parametrize(
    ("text", "least"),
    [("2025-01-01T00:00Z", "2025"), ("2025-07-01", "2025-07"), ("2025-01", "2025"), ("2025-07-02", "2025-07-02")],
)
def test_least_is_the_shortest_that_begins_then(text: str, least: str) -> None:
    assert edtf.least(text) == least


@given(DATES, DATES)
def test_following_bounds_what_lies_within(text: str, other: str) -> None:
    """`text <= other < following(text)` finds what was said within `text`, be it more exact or as exact."""
    start, end = edtf.parse(text)
    within = start <= edtf.parse(other)[0] and edtf.parse(other)[1] <= end
    found = text <= other < edtf.following(text)
    assert found == (within and len(other) >= len(text))


@given(st.dates(date(1, 1, 1), date(9998, 12, 31)))
def test_calendar_day(day: date) -> None:
    start, end = edtf.parse(day.isoformat())
    assert (start.date(), end - start) == (day, timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("2025", "2025"),
        ("2025-07", "July 2025"),
        ("2025-07-03", "3 July 2025"),
        ("2025-07-03T04:05Z", "3 July 2025, 04:05 UTC"),
    ],
)
def test_in_words(text: str, words: str) -> None:
    assert edtf.in_words(text) == words
