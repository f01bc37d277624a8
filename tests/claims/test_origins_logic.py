"""Independent origins, counted a second way: walked down from each origin, where the code walks up from each row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import (
    BEARINGS,
    SIDES,
    TOGETHER,
    Tally,
    count_pieces,
    lineage,
)
from claims.logic.pieces import Kinship, Shown
from claims.logic.verbs import VERBS
from claims.logic.voices import Voices

STANCES = list(VERBS)
Parents = dict[int, int | None]


@st.composite
def forests(draw: st.DrawFn) -> Parents:
    """Rows of which each passes on an earlier one, or none: no circles, as the register has it."""
    size = draw(st.integers(1, 12))
    return {row: draw(st.none() | st.integers(0, row - 1)) if row else None for row in range(size)}


def spread(parents: Parents) -> dict[int, set[int]]:
    """Each origin with all that goes back to it, by walking from the origins to what repeats them."""
    below = {origin: {origin} for origin, parent in parents.items() if parent is None}
    for found in below.values():
        while more := {row for row, parent in parents.items() if parent in found} - found:
            found |= more
    return below


def origins_among(rows: set[int], parents: Parents) -> int:
    return sum(bool(found & rows) for found in spread(parents).values())


@pytest.mark.parametrize(
    ("start", "parents", "line"),
    [
        (1, {}, (1,)),
        (1, {1: None}, (1,)),
        (3, {3: 2, 2: 1, 1: None}, (3, 2, 1)),
        (3, {3: 2}, (3, 2)),
        (1, {1: 1}, (1,)),
        (3, {3: 2, 2: 1, 1: 2}, (3, 2, 1)),
        (0, {0: None, 1: 0}, (0,)),
        (1, {1: 0, 0: None}, (1, 0)),
    ],
)
def test_a_line_leads_back_to_its_origin_and_round_no_circle(
    start: int, parents: Parents, line: tuple[int, ...]
) -> None:
    assert lineage(start, parents) == line


@settings(max_examples=60, deadline=None)
@given(forests())
def test_each_step_of_a_line_is_what_the_step_before_passes_on(parents: Parents) -> None:
    for row in parents:
        line = lineage(row, parents)
        assert [parents[step] for step in line] == [*line[1:], None]
        assert row in spread(parents)[line[-1]]


def test_what_nobody_says_and_nothing_shows_counts_nothing() -> None:
    assert Voices().count(1) == dict.fromkeys((*SIDES, TOGETHER), Tally())
    assert count_pieces([], Kinship({1: None})) == dict.fromkeys((*BEARINGS, TOGETHER), Tally())


@settings(max_examples=60, deadline=None)
@given(forests(), st.data())
def test_a_piece_counts_once_for_each_bearing_and_once_together(parents: Parents, data: st.DataObject) -> None:
    rows = st.tuples(st.sampled_from(sorted(parents)), st.sampled_from(BEARINGS))
    shown = [Shown(*row) for row in data.draw(st.lists(rows, max_size=15))]
    counted = count_pieces(shown, Kinship(parents))
    for bearing in (*BEARINGS, TOGETHER):
        pieces = {row.evidence for row in shown if bearing in (row.bearing, TOGETHER)}
        assert counted[bearing] == Tally(len(pieces), 0, origins_among(pieces, parents))
    assert counted[TOGETHER].total <= sum(counted[bearing].total for bearing in BEARINGS)
