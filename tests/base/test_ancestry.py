"""The furthest ancestor of a row, also where the rows run in a circle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.base.ancestry import furthest


def test_furthest() -> None:
    parents = {1: None, 2: 1, 3: 2, 4: 99}
    assert [furthest(row, parents) for row in (1, 2, 3, 4, 5)] == [1, 1, 1, 99, 5]


def test_circle_ends() -> None:
    assert furthest(1, {1: 2, 2: 3, 3: 1}) == 3
    assert furthest(1, {1: 1}) == 1


@given(st.integers(0, 9), st.dictionaries(st.integers(0, 9), st.none() | st.integers(0, 9)))
def test_furthest_always_ends_at_a_row_without_parent_or_in_a_circle(
    start: int, parents: dict[int, int | None]
) -> None:
    end = furthest(start, parents)
    parent = parents.get(end)
    if parent is not None:
        assert furthest(end, parents) != end or parent == end or furthest(parent, parents) in {end, parent}


@given(st.integers(1, 30), st.data())
def test_rows_of_one_tree_have_one_origin(size: int, data: st.DataObject) -> None:
    parents: dict[int, int | None] = {0: None}
    for row in range(1, size):
        parents[row] = data.draw(st.integers(0, row - 1))
    assert {furthest(row, parents) for row in parents} == {0}
