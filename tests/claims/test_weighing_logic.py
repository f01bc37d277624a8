"""The arithmetic of the matrix, reckoned a second time in fractions and by hand."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic import weighing
from claims.logic.matrix import WORDS, Cell, Matrix
from claims.logic.matrix_plain import WEIGHT
from tests.claims.content_case import matrix

SCALE = {"VI": 1, "I": 2, "N": 3, "C": 4, "VC": 5, "NA": 3}
CODES = st.sampled_from(list(SCALE))
VOTES = st.lists(CODES, max_size=6)
MEANS = st.lists(st.none() | st.floats(1, 5), max_size=8)
GRIDS = st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(
    lambda size: st.lists(
        st.lists(st.lists(CODES, max_size=3), min_size=size[0], max_size=size[0]), min_size=size[1], max_size=size[1]
    )
)


def written(grid: list[list[list[str]]]) -> list[str]:
    return [" ".join(",".join(cell) or "-" for cell in row) for row in grid]


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_the_mean_of_the_votes_counts_what_does_not_apply_as_neutral(votes: list[str]) -> None:
    found = weighing.mean_rating(votes)
    if not votes:
        assert found is None
    else:
        assert found == pytest.approx(float(Fraction(sum(SCALE[vote] for vote in votes), len(votes))))


@pytest.mark.parametrize(
    ("means", "against", "fitting"),
    [
        ([], 0, 0),
        ([None], 0, 0),
        ([3.0], 0, 0),
        ([1.0], 4, 0),
        ([5.0], 0, 4),
        ([1.0, 5.0, None, 3.0], 4, 4),
        ([2.5, 3.5], 0.25, 0.25),
    ],
)
def test_what_speaks_against_and_what_fits_are_told_apart(
    means: list[float | None], against: float, fitting: float
) -> None:
    assert (weighing.inconsistency(means), weighing.consistency(means)) == (against, fitting)


@settings(max_examples=60, deadline=None)
@given(MEANS)
def test_against_and_fitting_together_are_the_whole_distance_from_neutral(means: list[float | None]) -> None:
    whole = math.fsum((mean - 3) ** 2 for mean in means if mean is not None)
    assert weighing.inconsistency(means) + weighing.consistency(means) == pytest.approx(whole)
    mirrored = [None if mean is None else 6 - mean for mean in means]
    assert weighing.inconsistency(mirrored) == pytest.approx(weighing.consistency(means))


@settings(max_examples=60, deadline=None)
@given(MEANS)
def test_evidence_tells_claims_apart_as_far_as_their_means_differ(means: list[float | None]) -> None:
    rated = [mean for mean in means if mean is not None]
    found = weighing.diagnosticity(means)
    if not rated:
        assert found == 0
        return
    # The variance as the mean square difference of all pairs, halved: no mean is needed.
    pairs = math.fsum((one - other) ** 2 for one in rated for other in rated)
    assert found == pytest.approx(math.sqrt(pairs / (2 * len(rated) ** 2)), abs=1e-7)


@pytest.mark.parametrize("votes", [["NA"], ["NA", "NA", "VI"]])
def test_most_votes_for_not_applicable_are_the_consensus(votes: list[str]) -> None:
    assert [weighing.consensus(order) for order in permutations(votes)] == ["NA"] * math.factorial(len(votes))


@pytest.mark.parametrize(
    ("votes", "agreed"), [(["NA", "VI"], "VI"), (["NA", "NA", "C", "VC"], "C"), (["VI", "VC"], "N"), (["I"], "I")]
)
def test_a_tie_with_not_applicable_is_decided_by_the_others(votes: list[str], agreed: str) -> None:
    assert weighing.consensus(votes) == agreed


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_the_consensus_is_a_nearest_rating_and_of_two_the_one_nearer_to_neutral(votes: list[str]) -> None:
    applies = [SCALE[vote] for vote in votes if vote != "NA"]
    if not votes or len(applies) * 2 < len(votes):
        assert weighing.consensus(votes) == ("NA" if votes else "")
        return
    exact = Fraction(sum(applies), len(applies))
    best = min((abs(SCALE[code] - exact), abs(SCALE[code] - 3), code) for code in SCALE if code != "NA")
    assert weighing.consensus(votes) == best[2]


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_who_agrees_is_not_apart_and_the_order_of_votes_tells_nothing(votes: list[str]) -> None:
    apart = weighing.disagreement(votes)
    assert (apart is None) == (not votes)
    if apart is None:
        return
    assert (apart == 0) == (len(set(votes)) == 1)
    assert weighing.disagreement(votes[::-1]) == pytest.approx(apart)
    # Two who stand at the ends of the scale are as far apart as any can be.
    assert apart <= math.sqrt(8) + 1e-9


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ([], ""),
        (["C"], "consensus"),
        (["C", "C"], "consensus"),
        (["C", "VC"], "mild dispute"),
        (["NA", "C"], "mild dispute"),
        (["I", "C"], "mild dispute"),
        (["N", "NA"], "mild dispute"),
        (["VI", "C"], "extreme dispute"),
        (["VI", "VI", "N", "VC"], "large dispute"),
    ],
)
def test_how_far_analysts_are_apart_has_a_word(votes: list[str], words: str) -> None:
    assert weighing.disagreement_words(weighing.disagreement(votes)) == words


@settings(max_examples=60, deadline=None)
@given(VOTES)
def test_heuer_counts_what_is_against_and_nothing_that_fits(votes: list[str]) -> None:
    counted = 2 * votes.count("VI") + votes.count("I")
    assert weighing.heuer(votes) == pytest.approx(-counted / len(votes) if votes else 0)


@pytest.mark.parametrize(("reliability", "credibility"), list(product("ABCDE", "12345")))
def test_a_grade_is_a_fifth_less_than_the_one_above(reliability: str, credibility: str) -> None:
    expected = Fraction(5 - "ABCDE".index(reliability), 5) * Fraction(6 - int(credibility), 5)
    assert weighing.weight(reliability, credibility) == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("grades", "same"), [(("F", "1"), ("C", "1")), (("A", "6"), ("A", "3")), (("", ""), ("C", "3")), (("x", "9"), "C3")]
)
def test_what_is_not_known_counts_as_the_middle(grades: tuple[str, str], same: tuple[str, str]) -> None:
    assert weighing.weight(*grades) == weighing.weight(*same)


@settings(max_examples=60, deadline=None)
@given(GRIDS)
def test_the_scores_of_a_claim_are_sums_over_its_cells(grid: list[list[list[str]]]) -> None:
    found = matrix(*written(grid))
    for column in found.columns:
        cells = [row[column.number - 1] for row in grid]
        means = [Fraction(sum(SCALE[vote] for vote in cell), len(cell)) for cell in cells if cell]
        assert column.inconsistency == pytest.approx(float(sum((3 - mean) ** 2 for mean in means if mean < 3)))
        assert column.consistency == pytest.approx(float(sum((mean - 3) ** 2 for mean in means if mean > 3)))
        assert (column.rated, column.total) == (len(means), len(grid))
        assert column.counted == pytest.approx(
            -sum((2 * cell.count("VI") + cell.count("I")) / len(cell) for cell in cells if cell)
        )
        # All grades are unknown, and so all weights the same.
        assert column.weighted_inconsistency == pytest.approx(0.36 * column.inconsistency)
        assert column.weighted_counted == pytest.approx(0.36 * column.counted)
        assert (column.weighted_rank is None) == (column.rank is None)


@settings(max_examples=60, deadline=None)
@given(GRIDS)
def test_a_matrix_has_every_cell_once_under_the_claim_and_beside_the_piece(grid: list[list[list[str]]]) -> None:
    found = matrix(*written(grid))
    assert sorted(column.number for column in found.columns) == list(range(1, len(grid[0]) + 1))
    assert sorted(row.code for row in found.rows) == [f"E{place + 1}" for place in range(len(grid))]
    for row in found.rows:
        assert [cell.claim for cell in row.cells] == [column.claim for column in found.columns]
        for cell, column in zip(row.cells, found.columns, strict=True):
            assert [vote.rating for vote in cell.votes] == grid[int(row.code[1:]) - 1][column.number - 1]
            assert cell.analysts == len(cell.votes)
            assert cell.rated == bool(cell.votes)


@settings(max_examples=60, deadline=None)
@given(GRIDS)
def test_the_most_telling_evidence_comes_first_and_untested_claims_last(grid: list[list[list[str]]]) -> None:
    found = matrix(*written(grid))
    assert all(one.diagnosticity >= other.diagnosticity - 1e-8 for one, other in pairwise(found.rows))
    ranks = [column.rank for column in found.columns]
    tested = [rank for rank in ranks if rank is not None]
    assert ranks == [*sorted(tested), *[None] * (len(ranks) - len(tested))]
    assert found.untested == found.columns[len(tested) :]
    # A rank is one more than how many fare better.
    assert all(rank == 1 + sum(other < rank for other in tested) for rank in tested)


@settings(max_examples=60, deadline=None)
@given(GRIDS)
def test_the_order_of_the_evidence_changes_no_score(grid: list[list[list[str]]]) -> None:
    one, other = matrix(*written(grid)), matrix(*written(grid[::-1]))
    for column, same in zip(one.columns, other.columns, strict=True):
        assert (column.number, column.rank, column.coverage) == (same.number, same.rank, same.coverage)
        assert column.scores == same.scores


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((), ""),
        (("VI",), ""),
        (("- -",), ""),
        (("VI -",), ""),
        (
            ("VI C", "VI C"),
            "Counted by piece, the first place among claims 1 and 2 does not hang on any single piece of evidence.",
        ),
        (
            ("VI C -", "VI C -"),
            "Counted by piece, the first place among claims 1 and 2 does not hang on any single piece of evidence.",
        ),
        (
            ("VI C",),
            "Counted by piece, the first place changes without E1: another claim, one more or none would then come first.",  # noqa: E501 - as it is told
        ),
        (
            ("VI C", "I C", "C VI"),
            "Counted by piece, the first place changes without E1 or E2: another claim, one more or none would then come first.",  # noqa: E501 - as it is told
        ),
    ],
)
def test_a_matrix_says_on_what_its_order_hangs(rows: tuple[str, ...], sentence: str) -> None:
    assert matrix(*rows).sensitivity_sentence == sentence


@pytest.mark.parametrize(
    ("codes", "listed"),
    [(["E2"], "without E2:"), (["E10", "E2"], "without E2 or E10:"), (["E3", "E1", "E20"], "without E1, E3 or E20:")],
)
def test_decisive_pieces_are_listed_by_their_numbers(codes: list[str], listed: str) -> None:
    base = matrix("VI C", "VI C")
    rows = tuple(type(base.rows[0])(1, code, "", "F", "6", 0.36, 0.0, (), decisive=True) for code in codes)
    found = Matrix(base.columns, rows, 1)
    assert listed in found.sensitivity_sentence
    assert found.decisive == tuple(sorted(codes, key=lambda code: int(code[1:])))


@pytest.mark.parametrize("code", list(SCALE))
def test_each_rating_has_words(code: str) -> None:
    cell = Cell(1, 1, 3.0, code, 0.0)
    assert cell.words == WORDS[code]
    assert cell.disagreement_words == "consensus"


def test_a_cell_that_nobody_rated_has_no_words() -> None:
    (row,) = matrix("- C").rows
    empty = next(cell for cell in row.cells if cell.claim == 1)
    assert (empty.rated, empty.words, empty.disagreement_words, empty.mean) == (False, "", "", None)


def test_scores_are_told_in_words() -> None:
    best, worst = matrix("VI,I C", "- VC", grades=("A1", "B2")).columns
    assert (best.number, best.scores, best.coverage) == (2, "0 against, 5 fitting", "rated 2 of 2")
    assert best.weighted_scores == "0 against, 3.56 fitting"
    assert (worst.scores, worst.counts) == ("2.25 against, 0 fitting", "-1.5, weighted -1.5")


def test_what_is_told_of_weights_is_what_they_are() -> None:
    told = [float(number) for number in re.findall(r"0\.\d", WEIGHT)]
    assert told == [*(weighing.weight(grade, "1") for grade in "BCDE"), weighing.weight("F", "1")]
    assert [weighing.weight("A", grade) for grade in "12345"] == [1, *told[:4]]
    assert weighing.weight("A", "6") == told[4]
