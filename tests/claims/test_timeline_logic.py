"""Positions over time: their order, and where a voice departs from what it said before."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.logic.verbs import VERBS
from claims.reports.content.bonds import Link
from claims.reports.content.position import Position
from claims.reports.content.rows import NEVER, SourceContent, Term, When
from claims.reports.content.timeline import Timeline, timeline_of
from claims.reports.pictures.timeline import picture_of
from tests.claims.content_case import with_retractions

_number = count(1)
STANCES = list(VERBS)


def voice(name: str = "The state", pk: int = 1) -> SourceContent:
    return SourceContent(pk, name, Term("", ""), withheld=False, reliability=Term("", ""), country=Term("", ""))


def said(stance: str, said_on: str = "", *, claim: int = 1, by: str = "", who: Any = None) -> Position:
    who = who or voice()
    return Position(
        id=next(_number),
        voice=who,
        source=who,
        claim=claim,
        number=claim,
        text=f"Claim {claim} holds.",
        language="en",
        stance=Term(stance, stance),
        said_on=When(said_on, said_on),
        by=When(by, by) if by else NEVER,
        capacity="",
        quote="",
        quote_language="",
        translation="",
        document="",
        relays=(),
    )


def told(*positions: Position, links: Any = ()) -> list[tuple[str, int | None]]:
    """The kind and the referred place in the given order of each departure, in the given order."""
    rows = with_retractions(positions)
    found = {row.id: row.departure for row in timeline_of(rows, [Link(*link) for link in links]).positions}
    places = {row.id: number for number, row in enumerate(positions)}
    return [(gone.kind, places[gone.refers_to]) if (gone := found[row.id]) else ("", None) for row in positions]


NONE = ("", None)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("denies", "asserts", "contradicts"),
        ("asserts", "denies", "contradicts"),
        ("asserts", "retracts", "contradicts"),
        ("denies", "retracts", "contradicts"),
        ("denies", "hedges", "shifts"),
        ("asserts", "declines", "shifts"),
        ("hedges", "asserts", "shifts"),
        ("declines", "denies", "shifts"),
        ("asserts", "asserts", ""),
        ("hedges", "declines", ""),
        ("hedges", "retracts", ""),
        ("suggests", "denies", "shifts"),
        ("denies", "suggests", "shifts"),
        ("disputes", "suggests", "shifts"),
        ("asserts", "suggests", ""),
        ("suggests", "asserts", ""),
        ("suggests", "alleges", ""),
        ("suggests", "questions", ""),
        ("declines", "suggests", ""),
        ("suggests", "retracts", ""),
        ("retracts", "suggests", ""),
        ("alleges", "denies", "contradicts"),
        ("alleges", "disputes", "contradicts"),
        ("asserts", "alleges", ""),
        ("denies", "disputes", ""),
        ("asserts", "questions", "shifts"),
        ("asserts", "disclaims", "shifts"),
        ("questions", "disclaims", ""),
        ("denies", "opines", ""),
        ("jokes", "denies", ""),
        ("relays", "denies", ""),
        ("asserts", "relays", ""),
    ],
)
def test_departures_on_one_claim(before, after, kind):
    assert told(said(before, "2024"), said(after, "2025")) == [NONE, (kind, 0) if kind else NONE]


@pytest.mark.parametrize(
    ("link", "before", "after", "kind"),
    [
        ((1, 2, "contradicts"), "asserts", "asserts", "contradicts"),
        ((1, 2, "contradicts"), "denies", "denies", "contradicts"),
        ((1, 2, "contradicts"), "asserts", "denies", ""),
        ((2, 1, "contradicts"), "asserts", "asserts", "contradicts"),
        ((1, 2, "excludes"), "asserts", "asserts", "contradicts"),
        ((1, 2, "excludes"), "denies", "denies", ""),
        ((1, 2, "repeats"), "asserts", "denies", "contradicts"),
        ((1, 2, "contradicts"), "asserts", "hedges", "shifts"),
        ((1, 2, "excludes"), "denies", "asserts", ""),
        ((1, 2, "repeats"), "asserts", "retracts", ""),
        ((1, 2, "contradicts"), "suggests", "asserts", "shifts"),
        ((1, 2, "excludes"), "alleges", "suggests", "shifts"),
        ((1, 2, "excludes"), "suggests", "suggests", ""),
        ((1, 2, "contradicts"), "suggests", "denies", ""),
        ((1, 2, "refines"), "suggests", "denies", "shifts"),
        ((1, 2, "supports"), "suggests", "denies", ""),
        ((1, 2, "supports"), "asserts", "denies", ""),
        ((1, 2, "supports"), "hedges", "asserts", ""),
        ((1, 2, "supports"), "denies", "asserts", ""),
        ((1, 2, "supports"), "denies", "hedges", ""),
        ((1, 2, "refines"), "asserts", "denies", "contradicts"),
        ((2, 1, "refines"), "denies", "asserts", "contradicts"),
        ((1, 2, "refines"), "denies", "asserts", ""),
        ((2, 1, "refines"), "asserts", "denies", ""),
        ((2, 1, "supports"), "asserts", "denies", ""),
        ((1, 2, "compatible"), "asserts", "denies", ""),
        ((1, 2, "compatible"), "asserts", "hedges", ""),
        ((1, 2, "contradicts"), "hedges", "asserts", "shifts"),
        ((1, 2, "excludes"), "retracts", "asserts", ""),
        ((1, 2, "contradicts"), "asserts", "retracts", ""),
    ],
)
def test_departures_between_two_claims(link, before, after, kind):
    found = told(said(before, "2024"), said(after, "2025", claim=2), links=[link])
    assert found[1] == ((kind, 0) if kind else NONE)


@pytest.mark.parametrize(
    ("before", "after", "certain"),
    [
        ({"said_on": "2024-12"}, {"said_on": "2025-07-01"}, True),
        ({"said_on": "2025-07-01T10:00Z"}, {"said_on": "2025-07-01T10:01Z"}, True),
        ({"said_on": "2024-12"}, {"by": "2025-07-03"}, None),
        ({"said_on": "2025-06"}, {"by": "2025-07"}, None),
        ({"by": "2025-07-01"}, {"said_on": "2025-07-03"}, True),
        ({"by": "2025-07-01"}, {"by": "2025-07-03"}, None),
        ({"by": "2025-07-03"}, {"said_on": "2025-07-03"}, None),
        ({"said_on": "2025-07-03"}, {"by": "2025-07-03"}, None),
        ({"said_on": "2025"}, {"by": "2025-07-03"}, None),
        ({"said_on": "2024-12"}, {}, None),
        ({}, {"said_on": "2025"}, None),
        ({"said_on": "no date"}, {"said_on": "2025"}, None),
        ({"said_on": "2025"}, {"said_on": "2025-07"}, None),
        ({"said_on": "2025-07"}, {"said_on": "2025-07"}, None),
        ({}, {}, None),
    ],
)
def test_nothing_is_called_earlier_that_may_be_later(before, after, certain):
    found = told(said("denies", **before), said("asserts", **after))
    assert found == [NONE, ("contradicts", 0) if certain else NONE]


def test_the_words_tell_the_earlier_position():
    rows = timeline_of([said("denies", by="2024-12-03"), said("hedges", "2025-07-03")], []).positions
    assert rows[1].departure is not None
    assert rows[1].departure.words == (
        "Leaves open what it held before. Earlier (by 2024-12-03) it denied: “Claim 1 holds.”"
    )


def test_three_steps_refer_to_the_latest_position_that_they_leave():
    rows = [said("denies", "2023"), said("asserts", "2024"), said("denies", "2025")]
    assert told(*rows) == [NONE, ("contradicts", 0), ("contradicts", 1)]


def test_the_words_name_who_spoke_for_the_voice():
    spokesman = replace(said("asserts", "2024"), source=voice("A spokesman", 9))
    rows = timeline_of([spokesman, said("denies", "2025")], []).positions
    assert rows[1].departure is not None
    assert rows[1].departure.words == (
        "Contradicts an earlier position. Earlier (2024) it, through A spokesman, asserted: “Claim 1 holds.”"
    )


def test_what_keeps_up_a_new_position_is_no_new_departure():
    rows = [said("asserts", "2022"), said("denies", "2023"), said("denies", "2024"), said("denies", by="2025-07-03")]
    assert told(*rows) == [NONE, ("contradicts", 0), NONE, NONE]


def test_what_may_have_been_said_together_is_flagged_each():
    rows = [said("denies", "2024-12"), said("hedges", "2025-07-03"), said("declines", "2025-07-03")]
    assert told(*rows) == [NONE, ("shifts", 0), ("shifts", 0)]


def test_after_a_retraction_only_a_new_clear_position_departs():
    rows = [said("asserts", "2022"), said("retracts", "2023"), said("hedges", "2024"), said("asserts", "2025")]
    assert told(*rows) == [NONE, ("contradicts", 0), NONE, ("shifts", 2)]
    assert told(*rows[:2], said("asserts", "2024"))[2] == ("shifts", 1)


def test_a_retraction_is_told_as_one():
    rows = with_retractions([said("asserts", "2022"), said("retracts", "2023")])
    taken = timeline_of(rows, []).positions[1].departure
    assert taken is not None
    assert taken.words == "Takes back an earlier position. Earlier (2022) it asserted: “Claim 1 holds.”"


def test_what_was_taken_back_is_not_held_against_anybody():
    rows = [said("denies", "2022"), said("retracts", "2023"), said("asserts", "2024")]
    assert told(*rows)[2] == NONE
    # Nor where it may have been taken back before; a second retraction takes back nothing more.
    rows = [said("denies", "2022"), said("retracts"), said("asserts", "2024")]
    assert told(*rows)[2] == NONE
    rows = [said("denies", "2022"), said("retracts", "2023"), said("retracts", "2024")]
    assert told(*rows)[1:] == [("contradicts", 0), NONE]
    # On another claim the retraction has no effect.
    rows = [said("asserts", "2022"), said("retracts", "2023", claim=2), said("denies", "2024")]
    assert told(*rows)[2] == ("contradicts", 0)


def test_a_retraction_takes_back_nothing_that_another_said_in_its_own_name_for_the_same_voice():
    board, clerk = voice("The board"), voice("A clerk", 2)
    rows = [
        said("asserts", "2022", who=board),
        replace(said("asserts", "2023", who=board), source=clerk),
        said("retracts", "2024", who=board),
        replace(said("denies", "2025", who=board), source=clerk),
    ]
    assert told(*rows) == [NONE, NONE, ("contradicts", 0), ("contradicts", 1)]
    assert told(*rows[1:3]) == [NONE, NONE]


def test_a_contradiction_is_named_before_a_later_shift():
    rows = [said("asserts", "2022"), said("hedges", "2023"), said("denies", "2024")]
    assert told(*rows)[2] == ("contradicts", 0)


@pytest.mark.parametrize(
    "links", [[(1, 2), (2, 3)], [(2, 1), (3, 2)], [(1, 2), (2, 3), (3, 1)], [(1, 2), (2, 1), (3, 2)]]
)
def test_repetitions_of_repetitions_are_one_claim_also_in_a_ring(links):
    found = told(said("asserts", "2024"), said("denies", "2025", claim=3), links=[(*link, "repeats") for link in links])
    assert found[1] == ("contradicts", 0)


def test_a_rival_of_a_repetition_is_a_rival():
    links = [(1, 2, "repeats"), (3, 2, "excludes")]
    assert told(said("asserts", "2024"), said("asserts", "2025", claim=3), links=links)[1] == ("contradicts", 0)


def test_a_ring_of_contradictions_is_not_followed_round():
    ring = [(1, 2, "contradicts"), (2, 3, "contradicts"), (3, 1, "contradicts")]
    assert told(said("asserts", "2024"), said("asserts", "2025"), links=ring) == [NONE, NONE]
    # Nor does the rival of a rival become the claim itself.
    assert told(said("asserts", "2024"), said("denies", "2025", claim=3), links=ring[:2]) == [NONE, NONE]


def test_several_relations_between_two_claims_count_each():
    links = [(1, 2, "compatible"), (1, 2, "supports"), (1, 2, "excludes")]
    assert told(said("asserts", "2024"), said("asserts", "2025", claim=2), links=links)[1] == ("contradicts", 0)


def test_voices_do_not_answer_for_each_other():
    assert told(said("denies", "2024"), said("asserts", "2025", who=voice("Another", 2))) == [NONE, NONE]


def test_order_dated_then_by_then_unknown():
    rows = [said("asserts"), said("asserts", by="2025-07-03"), said("asserts", "2025-07-04"), said("asserts", "2024")]
    ordered = timeline_of(rows, []).positions
    assert [row.when for row in ordered] == ["2024", "by 2025-07-03", "2025-07-04", "date not known"]


def test_the_picture_has_a_mark_for_each_position_and_an_arrow_for_each_departure():
    rows = [
        said("denies", "2024"),
        said("asserts", "2025"),
        said("hedges", who=voice("Another voice, with a long name", 2)),
    ]
    picture = picture_of(timeline_of(rows, []))
    assert {mark.shape for mark in picture.marks} == {"denies", "asserts", "hedges"}
    assert len(picture.arrows) == 1
    assert len(picture.lanes) == 2
    assert [words for _x, _y, shape, words in picture.legend if shape == "denies"] == ["says that it is not so"]
    assert len(picture.legend) == 3
    assert picture.description.startswith("3 positions by 2 voices; 1 of them departs from an earlier one")


def test_the_picture_is_no_wider_than_a_page_and_loses_nothing_in_its_bands():
    rows = [said(["asserts", "denies"][month % 2], f"2024-{month:02}") for month in range(1, 13)]
    rows += [said("hedges", "2024-12-31", who=voice("国际民航组织事故调查委员会特别工作组", 2))]
    picture = picture_of(timeline_of(rows, []))
    assert picture.width <= 900
    assert len(picture.marks) == 13
    assert len(picture.arrows) == 11
    assert len({(mark.x, mark.y) for mark in picture.marks}) == 13
    assert len(picture.lanes) == 3  # two bands of six dates for the first voice, one of one date for the other
    assert max(len(text) for lane in picture.lanes for _y, text in lane.lines) <= 20


def test_an_empty_timeline():
    assert timeline_of([], []) == Timeline()
    assert picture_of(Timeline()).marks == ()


dates = st.sampled_from(["", "2023", "2024", "2024-12", "2025", "2025-07", "2025-07-01", "2025-07-01T10:00Z"])
positions = st.builds(
    said,
    st.sampled_from(STANCES),
    dates,
    claim=st.integers(1, 3),
    by=st.sampled_from(["", "2025-07-03"]),
    who=st.sampled_from([voice(), voice("Another", 2)]),
)
links = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(1, 3),
        st.sampled_from(["contradicts", "excludes", "repeats", "supports", "refines", "compatible"]),
    ),
    max_size=4,
)


@given(st.lists(positions, max_size=8), links)
def test_whatever_is_said_each_departure_leads_back_in_its_own_voice(rows, links):
    timeline = timeline_of(with_retractions(rows), [Link(*link) for link in links])
    place = {row.id: number for number, row in enumerate(timeline.positions)}
    assert len(place) == len(rows)
    for row in timeline.departures:
        assert row.departure is not None
        earlier = timeline.positions[place[row.departure.refers_to]]
        assert place[earlier.id] < place[row.id]
        assert earlier.voice == row.voice
        assert earlier.bounds[1] <= row.bounds[0]
        assert row.said_on
    picture = picture_of(timeline)
    assert all(0 <= mark.x <= picture.width and 0 <= mark.y <= picture.height for mark in picture.marks)
