"""The arithmetic of the matrix, on vectors that an independent implementation computed, and what must always hold."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.logic import weighing
from claims.logic.matrix import Hypothesis, Matrix, Piece, Vote
from claims.logic.matrix_scores import matrix_of

VOTES = {
    ("E1", "H1"): ["VI", "VI"],
    ("E1", "H2"): ["VC", "C"],
    ("E1", "H3"): ["N"],
    ("E2", "H1"): ["C"],
    ("E2", "H2"): ["C"],
    ("E2", "H3"): ["C"],
    ("E3", "H1"): ["NA", "I"],
    ("E3", "H2"): ["I", "C"],
    ("E3", "H3"): [],
    ("E4", "H1"): ["I"],
    ("E4", "H2"): ["VC"],
    ("E4", "H3"): ["NA", "NA", "I"],
}
EXACT = 1e-9


def matrix(votes: dict[tuple[str, str], list[str]] = VOTES, grades: str = "", *, named: bool = True) -> Matrix:
    pieces = sorted({evidence for evidence, _claim in votes})
    claims = sorted({claim for _evidence, claim in votes})
    return matrix_of(
        [Hypothesis(int(name[1:]), int(name[1:]), name) for name in claims],
        [Piece(int(name[1:]), name, *(grades.split()[n] if grades else "F6")) for n, name in enumerate(pieces)],
        {
            (int(evidence[1:]), int(claim[1:])): [Vote(code, f"analyst {n}") for n, code in enumerate(codes)]
            for (evidence, claim), codes in votes.items()
        },
        name_analysts=named,
        analysts=3,
    )


def test_scores_of_the_vectors():
    by_claim = {column.text: column for column in matrix().columns}
    assert [by_claim[name].inconsistency for name in ("H1", "H2", "H3")] == pytest.approx([5.25, 0, 1 / 9], abs=EXACT)
    assert [by_claim[name].consistency for name in ("H1", "H2", "H3")] == pytest.approx([1, 7.25, 1], abs=EXACT)
    assert [column.text for column in matrix().columns] == ["H2", "H3", "H1"]
    assert [column.rank for column in matrix().columns] == [1, 2, 3]
    assert (by_claim["H3"].not_applicable, by_claim["H3"].rated, by_claim["H3"].total) == (1, 3, 4)
    assert by_claim["H3"].coverage == "rated 3 of 4"


def test_diagnosticity_of_the_vectors():
    rows = {row.title: row for row in matrix().rows}
    expected = {"E1": 1.4337208778404378, "E2": 0, "E3": 0.25, "E4": 1.2862041002516346}
    assert {name: row.diagnosticity for name, row in rows.items()} == pytest.approx(expected, abs=EXACT)
    assert [row.title for row in matrix().rows] == ["E1", "E4", "E3", "E2"]


@pytest.mark.parametrize(
    ("evidence", "agreed", "apart"),
    [
        ("E1", ["VI", "C", "N"], [0, 0.7071067811865476, 0]),
        ("E3", ["I", "N", ""], [0.7071067811865476, 1.4142135623730951, None]),
        ("E4", ["I", "VC", "NA"], [0, 0, 0.5773502691896257]),
    ],
)
def test_consensus_and_disagreement_of_the_vectors(evidence, agreed, apart):
    cells = [VOTES[evidence, claim] for claim in ("H1", "H2", "H3")]
    assert [weighing.consensus(votes) for votes in cells] == agreed
    assert [weighing.disagreement(votes) for votes in cells] == pytest.approx(apart, abs=EXACT)


@pytest.mark.parametrize(
    ("votes", "agreed"),
    [(["VC", "C"], "C"), (["C", "N"], "N"), (["I", "N"], "N"), (["VI", "I"], "I"), (["VI", "I", "I"], "I")],
)
def test_what_lies_between_two_ratings_goes_toward_neutral(votes, agreed):
    assert weighing.consensus(votes) == agreed


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (0, "consensus"),
        (0.49, "consensus"),
        (0.5, "mild dispute"),
        (1.5, "large dispute"),
        (2.0, "extreme dispute"),
    ],
)
def test_words_for_disagreement(value, words):
    assert weighing.disagreement_words(value) == words


def test_heuer_counts_only_what_is_inconsistent():
    by_claim = {column.text: column for column in matrix().columns}
    assert by_claim["H1"].counted == pytest.approx(-2 - 0.5 - 1, abs=EXACT)
    assert by_claim["H2"].counted == pytest.approx(-0.5, abs=EXACT)
    assert by_claim["H3"].counted == pytest.approx(-1 / 3, abs=EXACT)


def test_weighted_scores_stand_beside_the_plain_ones():
    votes = {("E1", "H1"): ["VI"], ("E1", "H2"): ["N"], ("E2", "H1"): ["N"], ("E2", "H2"): ["I"]}
    weak_first = {column.text: column for column in matrix(votes, "E5 A1").columns}
    assert (weak_first["H1"].inconsistency, weak_first["H2"].inconsistency) == (4, 1)
    assert weak_first["H1"].weighted_inconsistency == pytest.approx(4 * 0.2 * 0.2, abs=EXACT)
    assert weak_first["H2"].weighted_inconsistency == pytest.approx(1, abs=EXACT)
    assert (weak_first["H2"].rank, weak_first["H2"].weighted_rank) == (1, 2)
    assert weak_first["H1"].weighted_counted == pytest.approx(-2 * 0.04, abs=EXACT)


def test_what_nobody_rated_is_never_best():
    votes = {("E1", "H1"): ["I"], ("E1", "H2"): [], ("E2", "H1"): ["VI"], ("E2", "H2"): []}
    found = matrix(votes)
    assert [(column.text, column.rank, column.coverage) for column in found.columns] == [
        ("H1", 1, "rated 2 of 2"),
        ("H2", None, "rated 0 of 2"),
    ]
    assert [column.text for column in found.untested] == ["H2"]
    assert found.sensitivity_sentence == ""


@pytest.mark.parametrize("untested", [["NA"], ["NA", "NA"], ["NA", "NA", "N"]])
def test_a_claim_to_which_nothing_applies_is_not_tested(untested):
    found = matrix({("E1", "H1"): ["I"], ("E1", "H2"): untested})
    assert [(column.text, column.rank, column.weighted_rank) for column in found.columns] == [
        ("H1", 1, 1),
        ("H2", None, None),
    ]


def test_one_vote_against_most_that_do_not_apply_tests_a_claim():
    found = matrix({("E1", "H1"): ["I"], ("E1", "H2"): ["NA", "NA", "I"]})
    assert [(column.text, column.rank) for column in found.columns] == [("H2", 1), ("H1", 2)]


def test_the_order_flips_without_the_piece_that_carries_it():
    votes = {("E1", "H1"): ["VI"], ("E1", "H2"): ["C"], ("E2", "H1"): ["C"], ("E2", "H2"): ["I"]}
    found = matrix(votes)
    assert [column.text for column in found.columns] == ["H2", "H1"]
    assert found.decisive == ("E1",)
    assert "without E1" in found.sensitivity_sentence


def test_an_order_that_several_pieces_carry_does_not_flip():
    votes = {(f"E{n}", claim): [code] for n in (1, 2, 3) for claim, code in (("H1", "VI"), ("H2", "C"))}
    assert matrix(votes).decisive == ()
    assert "does not hang" in matrix(votes).sensitivity_sentence


def test_analysts_are_named_only_where_they_may_be():
    assert matrix(named=True).rows[0].cells[0].votes
    hidden = matrix(named=False)
    assert all(cell.votes == () for row in hidden.rows for cell in row.cells)
    assert hidden.rows[0].cells[0].analysts == 2


def test_an_empty_matrix():
    found = matrix_of([], [], {}, name_analysts=True, analysts=0)
    assert (found.columns, found.rows, found.rated, found.sensitivity_sentence) == ((), (), False, "")


codes = st.lists(st.sampled_from(["VI", "I", "N", "C", "VC", "NA"]), max_size=4)
grids = st.integers(1, 4).flatmap(
    lambda h: st.integers(1, 5).flatmap(
        lambda e: st.fixed_dictionaries({(f"E{i}", f"H{j}"): codes for i in range(1, e + 1) for j in range(1, h + 1)})
    )
)


@given(grids)
def test_leaving_a_piece_out_is_a_matrix_without_it(votes):
    found = matrix(votes)
    leaders = {column.text for column in found.columns if column.rank == 1}
    for row in found.rows:
        rest = {key: codes for key, codes in votes.items() if key[0] != row.title}
        without = {column.text for column in matrix(rest).columns if column.rank == 1} if rest else set()
        assert row.decisive == (without != leaders)


@given(grids)
def test_ranks_follow_the_scores(votes):
    ranked = [column for column in matrix(votes).columns if column.rank]
    assert [column.rank for column in ranked] == sorted(column.rank for column in ranked)
    for better, worse in pairwise(ranked):
        assert round(better.inconsistency, 9) <= round(worse.inconsistency, 9)


@given(codes)
def test_consensus_is_never_farther_from_neutral_than_the_mean(votes):
    rated = [weighing.SCALE[vote] for vote in votes if vote != "NA"]
    agreed = weighing.consensus(votes)
    if agreed not in {"", "NA"}:
        distance = abs(weighing.SCALE[agreed] - 3)
        assert distance <= abs(sum(rated) / len(rated) - 3) + 0.5 - (1e-12 if distance else 0)
