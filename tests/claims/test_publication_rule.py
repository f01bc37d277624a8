"""The guard rails before publication, as rules on plain values: every case of each."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import Bearing, Leaning
from claims.rules.publication import (
    NEEDED_BEARING,
    refuse_beside_supported_rival,
    require_evidence,
    require_rationale,
)
from claims.rules.rivalry import rivals_among
from factcheck.base.errors import RuleViolation

BEARINGS = [bearing.value for bearing in Bearing]
SETS_OF_BEARINGS = list(chain.from_iterable(combinations(BEARINGS, count) for count in range(len(BEARINGS) + 1)))


@pytest.mark.parametrize("rationale", ["", " ", "\n", "\t \r\n", "\u00a0", "\u2003"])
def test_white_space_is_no_rationale(rationale: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        require_rationale(rationale)
    assert (caught.value.code, caught.value.field) == ("rationale_required", "rationale")


@pytest.mark.parametrize("rationale", [".", " x ", "Two autopsies agree.", "\n\nA\n"])
def test_any_word_is_a_rationale(rationale: str) -> None:
    require_rationale(rationale)


@pytest.mark.parametrize("leaning", [leaning.value for leaning in Leaning])
@pytest.mark.parametrize("bearings", SETS_OF_BEARINGS, ids="+".join)
def test_a_verdict_rests_on_evidence_of_its_own_bearing(leaning: str, bearings: tuple[str, ...]) -> None:
    needed = {"supported": "supports", "refuted": "refutes"}.get(leaning)
    if not bearings:
        expected = "evidence_required"
    elif needed and needed not in bearings:
        expected = f"{needed}_evidence_required"
    else:
        expected = ""
    if not expected:
        require_evidence("Some rating", leaning, bearings)
        return
    with pytest.raises(RuleViolation) as caught:
        require_evidence("Some rating", leaning, bearings)
    assert (caught.value.code, caught.value.field) == (expected, "rating")


@pytest.mark.parametrize("leaning", list(NEEDED_BEARING))
def test_the_refusal_names_the_rating_and_the_remedy(leaning: Leaning) -> None:
    with pytest.raises(RuleViolation) as caught:
        require_evidence("Mostly so", leaning, {"context"})
    assert "“Mostly so” needs evidence" in caught.value.message
    assert f"with the bearing “{NEEDED_BEARING[leaning].value}”" in caught.value.message
    assert "choose another rating" in caught.value.message


def test_a_leaning_that_is_none_is_a_bug_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="sideways"):
        require_evidence("Some rating", "sideways", {"context"})


@pytest.mark.parametrize("leaning", [leaning.value for leaning in Leaning])
@pytest.mark.parametrize("rival", [None, "The rival claim 7"])
def test_two_rivals_are_never_both_supported(leaning: str, rival: str | None) -> None:
    if leaning == "supported" and rival:
        with pytest.raises(RuleViolation) as caught:
            refuse_beside_supported_rival(leaning, rival)
        assert caught.value.code == "rival_supported"
        assert caught.value.message.startswith("The rival claim 7 is published as supported")
    else:
        refuse_beside_supported_rival(leaning, rival)


@pytest.mark.parametrize(
    ("claim", "pairs", "everyone", "rivals"),
    [
        (1, [], (), []),
        (1, [(1, 2)], (), [2]),
        (1, [(2, 1)], (), [2]),
        (1, [(1, 2), (2, 1)], (), [2]),
        (1, [(2, 3)], (), []),
        (1, [(1, 5), (4, 1), (4, 5)], (), [4, 5]),
        (1, [], (1, 2, 3), [2, 3]),
        (1, [(1, 9)], (1, 2), [2, 9]),
        (1, [(1, 1)], (1,), []),
    ],
)
def test_rivals_are_the_other_ends_and_everyone_who_excludes(
    claim: int, pairs: list[tuple[int, int]], everyone: tuple[int, ...], rivals: list[int]
) -> None:
    assert rivals_among(claim, pairs, everyone) == rivals


IDS = st.integers(1, 6)


@given(st.lists(st.tuples(IDS, IDS)), st.sets(IDS))
def test_rivalry_goes_both_ways(pairs: list[tuple[int, int]], everyone: set[int]) -> None:
    for one in range(1, 7):
        for other in rivals_among(one, pairs):
            assert one in rivals_among(other, pairs)
        assert one not in rivals_among(one, pairs, everyone)
        assert rivals_among(one, pairs, everyone) == sorted({*rivals_among(one, pairs), *everyone} - {one})
