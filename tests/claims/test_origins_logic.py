"""Independent origins, counted a second way: walked down from each origin, where the code walks up from each row."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import (
    BEARINGS,
    SIDES,
    TOGETHER,
    Said,
    Tally,
    count_pieces,
    count_voices,
    families,
    lineage,
    tally,
)
from claims.logic.pieces import Kinship, Shown
from claims.logic.verbs import VERBS, side_of

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


@settings(max_examples=60, deadline=None)
@given(forests(), st.data())
def test_a_tally_counts_rows_speakers_and_origins(parents: Parents, data: st.DataObject) -> None:
    counted = data.draw(st.sets(st.sampled_from(sorted(parents))))
    speakers = {row: data.draw(st.none() | st.integers(1, 4)) for row in counted}
    found = tally(list(speakers.items()), parents)
    named = [speaker for speaker in speakers.values() if speaker is not None]
    assert found == Tally(len(counted), len(set(named)), origins_among(counted, parents))
    assert found.origins <= found.total


def test_a_tally_reads_its_rows_once_and_takes_none_at_all() -> None:
    assert tally(((row, 7) for row in (1, 2)), {}) == Tally(2, 1, 2)
    assert tally([], {1: 2}) == Tally()


def test_relays_of_a_statement_that_is_not_counted_are_one_origin() -> None:
    assert tally([(2, 5), (3, 6)], {2: 1, 3: 1, 1: None}) == Tally(2, 2, 1)
    assert tally([(2, 5), (3, 6)], {}) == Tally(2, 2, 2)


@settings(max_examples=60, deadline=None)
@given(forests())
def test_a_family_has_all_that_goes_back_to_its_origin_the_nearest_first(parents: Parents) -> None:
    said = [Said(row, row % 3, "asserts") for row in sorted(parents, reverse=True)]
    found = families(said, parents)
    assert {origin: {row.id for row in rows} for origin, rows in found.items()} == spread(parents)
    for rows in found.values():
        steps = [len(lineage(row.id, parents)) for row in rows]
        assert steps == sorted(steps)
        # What is equally near stays in the order given.
        placed = list(zip(steps, (row.id for row in rows), strict=True))
        assert all(one[1] > other[1] for one, other in pairwise(placed) if one[0] == other[0])


@settings(max_examples=60, deadline=None)
@given(forests(), st.data())
def test_a_relay_speaks_for_the_side_of_its_origin_and_all_else_for_its_own(
    parents: Parents, data: st.DataObject
) -> None:
    said = [Said(row, data.draw(st.integers(1, 3)), data.draw(st.sampled_from(STANCES))) for row in parents]
    stances = {row.id: row.stance for row in said}
    origin_of = {row: origin for origin, found in spread(parents).items() for row in found}
    expected: dict[str, list[Said]] = {side: [] for side in SIDES}
    for row in said:
        expected[side_of(stances[origin_of[row.id]] if row.stance == "relays" else row.stance)].append(row)
    counted = count_voices(said, parents)
    assert list(counted) == [*SIDES, TOGETHER]
    for side, rows in {**expected, TOGETHER: said}.items():
        ids = {row.id for row in rows}
        assert counted[side] == Tally(len(rows), len({row.source for row in rows}), origins_among(ids, parents)), side


def test_a_relay_of_what_is_hidden_speaks_for_the_nearest_that_is_shown() -> None:
    parents = {1: None, 2: 1, 3: 2}
    denied = count_voices([Said(2, 5, "denies"), Said(3, 6, "relays")], parents)
    assert (denied["against"], denied["for"]) == (Tally(2, 2, 1), Tally())
    alone = count_voices([Said(3, 6, "relays")], parents)
    assert (alone["against"], alone["for"]) == (Tally(), Tally(1, 1, 1))


def test_what_nobody_says_and_nothing_shows_counts_nothing() -> None:
    assert count_voices([], {1: None}) == dict.fromkeys((*SIDES, TOGETHER), Tally())
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
