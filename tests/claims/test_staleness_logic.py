"""Why a verdict is stale, on plain traces: what counts as a change after it was looked at, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.logic.moment import AHEAD, REMEDY, moment_of
from claims.logic.staleness import Reason, Trace, reasons

MONDAY = datetime(2025, 7, 7, 12, tzinfo=UTC)
SUNDAY, TUESDAY, FRIDAY = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)


def codes(*traces: Trace) -> list[str]:
    return [reason.code for reason in reasons(MONDAY, traces)]


def trace(
    noun: str = "attribution", changed: datetime = TUESDAY, added: datetime | None = SUNDAY, **more: object
) -> Trace:
    return replace(Trace(noun, 1, "The attribution to The Paper", changed, added), **more)  # type: ignore[arg-type]


def test_without_a_trace_there_is_no_reason() -> None:
    assert reasons(MONDAY, []) == ()


@pytest.mark.parametrize("changed", [SUNDAY, MONDAY])
def test_what_was_there_when_it_was_looked_at_is_no_reason(changed: datetime) -> None:
    assert codes(trace(changed=changed)) == []


@pytest.mark.parametrize("noun", ["attribution", "evidence_link", "relation", "evidence", "document"])
def test_what_changed_after_that_is_a_reason(noun: str) -> None:
    assert codes(trace(noun)) == [f"{noun}_changed"]


@pytest.mark.parametrize("noun", ["attribution", "evidence_link", "relation"])
def test_what_came_after_that_was_added(noun: str) -> None:
    assert codes(trace(noun, added=TUESDAY)) == [f"{noun}_added"]


@pytest.mark.parametrize("noun", ["attribution", "evidence_link", "relation"])
def test_what_was_withdrawn_after_that_was_withdrawn_and_not_changed(noun: str) -> None:
    assert codes(trace(noun, withdrawn=TUESDAY)) == [f"{noun}_withdrawn"]
    assert codes(trace(noun, withdrawn=SUNDAY)) == [f"{noun}_changed"]


def test_a_retracted_document_is_a_reason_even_if_it_is_young() -> None:
    assert codes(trace("document", retracted=True)) == ["document_retracted"]
    assert codes(trace("document", added=TUESDAY, retracted=True)) == ["document_retracted"]


def test_a_broken_copy_and_carriers_have_words_of_their_own() -> None:
    broken = Trace("snapshot", 4, "The kept copy", TUESDAY)
    carried = Trace("carriers", 5, "The documents of the evidence", FRIDAY)
    found = reasons(MONDAY, [carried, broken])
    assert [reason.words for reason in found] == [
        "The kept copy has not verified since 8 July 2025.",
        "The documents of the evidence were changed on 11 July 2025.",
    ]
    assert [reason.code for reason in found] == ["snapshot_broken", "carriers_changed"]


def test_young_evidence_is_told_by_what_brought_it() -> None:
    link = trace("evidence_link", added=TUESDAY)
    evidence = replace(trace("evidence", added=TUESDAY), row=2)
    document = replace(trace("document", added=TUESDAY), row=3)
    assert codes(link, evidence, document) == ["evidence_link_added"]


def test_young_evidence_is_told_where_nothing_else_is() -> None:
    assert codes(trace("evidence", added=TUESDAY)) == ["evidence_added"]


def test_reasons_come_in_the_order_in_which_things_changed() -> None:
    late, early = trace("relation", changed=FRIDAY), trace("attribution", changed=TUESDAY)
    assert codes(late, early) == ["attribution_changed", "relation_changed"]


def test_nothing_is_said_twice() -> None:
    assert codes(trace(), trace()) == ["attribution_changed"]


def test_a_reason_is_a_sentence_with_its_day() -> None:
    (reason,) = reasons(MONDAY, [trace()])
    assert str(reason) == "The attribution to The Paper was changed on 8 July 2025."
    assert (reason.row, reason.at) == (1, TUESDAY)


NOUNS = st.sampled_from(["attribution", "evidence_link", "relation", "evidence", "carriers", "document", "snapshot"])
MOMENTS = st.integers(-5, 5).map(lambda days: MONDAY + timedelta(days=days))
TRACES = st.builds(
    Trace, NOUNS, st.integers(1, 3), st.just("It"), MOMENTS, st.none() | MOMENTS, st.none() | MOMENTS, st.booleans()
)


@given(st.lists(TRACES, max_size=8))
def test_a_verdict_is_stale_exactly_when_something_changed_after_it(traces: list[Trace]) -> None:
    found = reasons(MONDAY, traces)
    assert bool(found) == any(row.changed > MONDAY for row in traces)
    assert all(reason.at > MONDAY for reason in found)
    assert list(found) == sorted(found, key=lambda reason: (reason.at, reason.code, reason.row))
    assert {reason.row for reason in found} <= {row.row for row in traces}


@given(st.lists(TRACES, max_size=8), MOMENTS)
def test_a_later_look_never_finds_an_older_change(traces: list[Trace], later: datetime) -> None:
    now, then = reasons(MONDAY, traces), reasons(max(MONDAY, later), traces)
    assert {reason.at for reason in then} <= {row.changed for row in traces}
    assert len(then) <= len(traces)
    assert not then or now


def test_reasons_of_the_same_moment_are_told_apart() -> None:
    one, two = trace("attribution"), replace(trace("attribution"), row=2)
    assert len(reasons(MONDAY, [one, two])) == 2
    assert isinstance(reasons(MONDAY, [one])[0], Reason)


# --- moments, as `?as_of=` and `?since=` take them ---

NOW = datetime(2025, 7, 9, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-07-02T12:00Z", datetime(2025, 7, 2, 12, tzinfo=UTC)),
        ("2025-07-02T14:00+02:00", datetime(2025, 7, 2, 12, tzinfo=UTC)),
        ("2025-07-02T14:00 02:00", datetime(2025, 7, 2, 12, tzinfo=UTC)),
        ("2025-07-02", datetime(2025, 7, 2, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2025-07-09", NOW),
        ("2025-07-09T15:30Z", NOW),
    ],
)
def test_a_moment_is_read_in_its_zone_and_a_day_to_its_end(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "now", "2025", "2025-07", "2025-07-02T12:00", "2025-13-01", "2025-02-30", "02.07.2025", "9" * 40]
)
def test_what_is_no_moment_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="Give a moment with its zone") as caught:
        moment_of(text, NOW)
    assert str(caught.value) == REMEDY


@pytest.mark.parametrize("text", ["2025-07-10", "2025-07-09T15:31Z", "9998-01-01", "2025-07-09T16:30+00:00"])
def test_what_lies_ahead_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="lies ahead") as caught:
        moment_of(text, NOW)
    assert str(caught.value) == AHEAD


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "9999-12-31"])
def test_a_moment_off_the_calendar_is_refused_and_no_fault(text: str) -> None:
    with pytest.raises(ValueError, match=r"Give a moment|lies ahead"):
        moment_of(text, NOW)


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(2025, 7, 8), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_moment_of_the_past_is_read_as_it_is_written(at: datetime) -> None:
    assert moment_of(at.isoformat(), NOW) == at


@given(st.text(max_size=40))
def test_no_text_makes_anything_but_a_moment_of_the_past_or_a_refusal(text: str) -> None:
    try:
        found = moment_of(text, NOW)
    except ValueError:
        return
    assert found <= NOW
    assert found.tzinfo is not None
