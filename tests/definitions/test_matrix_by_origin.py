"""The matrix by origin against `docs/definitions.md`: the weight of an origin is shared equally by its pieces."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic import weighing
from claims.logic.matrix import Column, Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of

EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
RATINGS = ("VI", "I", "N", "C", "VC", "NA", "")
Row = tuple[list[str], int, str, str]
"""The rating against each claim, the origin, and the two grades of one piece."""


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    claims, pieces = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    rating = st.lists(st.sampled_from(RATINGS), min_size=claims, max_size=claims)
    row = st.tuples(rating, st.integers(1, pieces), st.sampled_from("ABCDEF"), st.sampled_from("123456"))
    return draw(st.lists(row, min_size=1, max_size=pieces))


def matrix(told: Sequence[Row], **more: dict[int, Any]) -> Matrix:
    claims = [Hypothesis(number, number, f"Claim {number}") for number in range(1, len(told[0][0]) + 1)]
    pieces = [
        # Far from the numbers of the pieces, so that no origin is taken for a piece of its own.
        Piece(
            number,
            f"Piece {number}",
            reliability,
            credibility,
            10_000 + origin,
            **{name: values[number] for name, values in more.items() if number in values},
        )
        for number, (_ratings, origin, reliability, credibility) in enumerate(told, start=1)
    ]
    votes = {
        (number, claim): [Vote(rating)]
        for number, (ratings, *_rest) in enumerate(told, start=1)
        for claim, rating in enumerate(ratings, start=1)
        if rating
    }
    return matrix_of(claims, pieces, votes, name_analysts=False, analysts=1)


def by_claim(found: Matrix) -> dict[int, Column]:
    return {column.claim: column for column in found.columns}


def against(rating: str) -> float:
    return float(max(0, 3 - weighing.SCALE.get(rating, 3)) ** 2)


def fits(rating: str) -> float:
    return float(max(0, weighing.SCALE.get(rating, 3) - 3) ** 2)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows())
def test_each_origin_counts_the_mean_of_its_pieces(told: list[Row]) -> None:
    families: dict[int, list[list[str]]] = {}
    for ratings, origin, *_grades in told:
        families.setdefault(origin, []).append(ratings)
    for claim, column in by_claim(matrix(told)).items():
        wanted = [
            math.fsum(math.fsum(score(row[claim - 1]) for row in found) / len(found) for found in families.values())
            for score in (against, fits)
        ]
        assert [column.origin_inconsistency, column.origin_consistency] == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows())
def test_where_each_piece_is_its_own_origin_both_orders_are_the_same(told: list[Row]) -> None:
    own = [(ratings, number, *grades) for number, (ratings, _origin, *grades) in enumerate(told)]
    found = matrix(own)
    for column in found.columns:
        assert column.origin_rank == column.rank
        assert column.weighted_origin_rank == column.weighted_rank
        assert column.origin_inconsistency == pytest.approx(column.inconsistency, abs=1e-9)
        assert column.origin_consistency == pytest.approx(column.consistency, abs=1e-9)
    assert (found.echoes, found.order_sentence, found.echo_sentence) == ((), "", "")


@settings(max_examples=max(10, EXAMPLES // 4), deadline=None)
@given(rows(), st.integers(0, 6), st.sampled_from((1, 7, 1_000)))
def test_reprints_with_the_ratings_of_the_original_change_no_rank_by_origin(
    told: list[Row], reprinted: int, times: int
) -> None:
    own: list[Row] = [(ratings, number, *grades) for number, (ratings, _origin, *grades) in enumerate(told)]
    original = own[reprinted % len(own)]
    before, after = by_claim(matrix(own)), by_claim(matrix([*own, *[original] * times]))
    for claim, column in before.items():
        assert after[claim].origin_rank == column.origin_rank
        assert after[claim].weighted_origin_rank == column.weighted_origin_rank
        assert after[claim].origin_inconsistency == pytest.approx(column.origin_inconsistency, abs=1e-9)


def test_reprints_by_worse_papers_do_not_make_the_original_lighter() -> None:
    finding: Row = (["VI", "VC"], 1, "A", "1")
    rumour: Row = (["VC", "VI"], 2, "D", "4")
    found = by_claim(matrix([finding, (finding[0], 1, "E", "5"), rumour]))
    assert [found[claim].weighted_origin_rank for claim in (1, 2)] == [2, 1]


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows())
def test_an_origin_is_decisive_when_another_comes_first_without_it(told: list[Row]) -> None:
    def first(rows: list[Row]) -> set[int]:
        return {claim for claim, column in by_claim(matrix(rows)).items() if column.origin_rank == 1} if rows else set()

    found = matrix(told)
    if said := found.order_sentence:
        assert ("does not hang on any single origin" in said) == (not any(origin.decisive for origin in found.origins))
    for origin in found.origins:
        number = told[int(origin.pieces[0][1:]) - 1][1]
        assert origin.decisive == (first([row for row in told if row[1] != number]) != first(told)), origin


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows(), st.data())
def test_what_does_not_count_is_shown_and_weighs_nothing(told: list[Row], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.integers(1, len(told))))
    found = matrix(told, discounted=dict.fromkeys(gone, "the claim’s own assertion"))
    kept = [row for number, row in enumerate(told, start=1) if number not in gone]
    assert len(found.rows) == len(told)
    assert {int(row.code[1:]) for row in found.rows if row.discounted} == gone
    assert not any(row.decisive or row.share for row in found.rows if row.discounted)
    if kept:
        without = by_claim(matrix(kept))
        for claim, column in by_claim(found).items():
            assert (column.rank, column.origin_rank, column.total) == (
                without[claim].rank, without[claim].origin_rank, without[claim].total
            )  # fmt: skip
    else:
        assert {column.rank for column in found.columns} == {None}


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows(), st.data())
def test_a_claim_scores_as_in_a_matrix_without_what_does_not_count_on_it(told: list[Row], data: st.DataObject) -> None:
    claims = range(1, len(told[0][0]) + 1)
    gone = {claim: data.draw(st.sets(st.integers(1, len(told)))) for claim in claims}
    reasons: dict[int, dict[int, str]] = {number: {} for number in range(1, len(told) + 1)}
    for claim, numbers in gone.items():
        for number in numbers:
            reasons[number][claim] = "the claim’s own assertion"
    found = matrix(told, discounted_on=reasons)
    for claim, column in by_claim(found).items():
        kept = [row for number, row in enumerate(told, start=1) if number not in gone[claim]]
        alone = by_claim(matrix(kept))[claim] if kept else None
        for name in ("inconsistency", "consistency", "counted", "weighted_inconsistency", "weighted_counted", "rated",
                     "total", "not_applicable", "origin_inconsistency", "origin_consistency"):  # fmt: skip
            assert getattr(column, name) == pytest.approx(getattr(alone, name, 0), abs=1e-9), name
        assert (column.rank is None) == (alone is None or alone.rank is None)
    for row in found.rows:
        number = int(row.code[1:])
        assert {cell.claim for cell in row.cells if cell.discounted} == {*reasons[number]}
        assert [cell.consensus for cell in sorted(row.cells, key=lambda cell: cell.claim)] == told[number - 1][0]


def test_a_set_is_one_piece_and_weighs_as_its_weakest_part() -> None:
    chain: Row = (["VI", "VC"], 1, "A", "1")
    told = [chain, (chain[0], 1, "B", "4"), (["VC", "VI"], 2, "C", "3")]
    found = matrix(told, unit={1: 1, 2: 1})
    columns = by_claim(found)
    assert (columns[1].inconsistency, columns[2].inconsistency) == (4.0, 4.0)
    assert columns[1].weighted_inconsistency == pytest.approx(4 * 0.8 * 0.4, abs=1e-9)
    assert found.echoes == ()


def test_one_witness_and_four_reprints_stand_against_three_tests() -> None:
    """By piece the witness wins, by origin the tests do; and it is said what that hangs on."""
    witness: Row = (["VC", "VI"], 1, "C", "3")
    tests: list[Row] = [(["VI", "VC"], origin, "C", "3") for origin in (2, 3, 4)]
    found = matrix([witness] * 5 + tests)
    columns = by_claim(found)
    assert [columns[claim].rank for claim in (1, 2)] == [1, 2]
    assert [columns[claim].origin_rank for claim in (1, 2)] == [2, 1]
    assert found.echo_sentence.startswith("Echo: E1, E2, E3, E4 and E5: 5 pieces, 1 origin.")
    assert found.order_sentence == (
        "Counted by piece, claim 1 comes first; counted by origin, claim 2 comes first. The order hangs on how often "
        "one origin is counted: E1, E2, E3, E4 and E5: 5 pieces, 1 origin. "
        "Counted by origin, the first place does not hang on any single origin."
    )


def test_an_order_that_hangs_on_one_origin_says_so() -> None:
    found = matrix([(["VI", "VC"], 1, "C", "3"), (["VI", "VC"], 1, "C", "3"), (["C", "I"], 2, "C", "3")])
    assert found.order_sentence == (
        "Counted by piece or by origin, claim 2 comes first. Counted by origin, the first place changes without E1 "
        "and E2."
    )
