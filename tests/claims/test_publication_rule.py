"""The guard rails before publication, as rules on plain values: every case of each."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, combinations

import pytest

from claims.choices import Bearing, Leaning
from claims.rules.decision import NEEDED_BEARING, PUBLICATION_RULES, Decision, Piece
from claims.rules.registry import apply

BEARINGS = [bearing.value for bearing in Bearing]
SETS_OF_BEARINGS = list(chain.from_iterable(combinations(BEARINGS, count) for count in range(len(BEARINGS) + 1)))


def broken(**what: object) -> list[tuple[str, str]]:
    """The codes and fields of the rules that such a verdict breaks by itself."""
    decision = Decision(claim=1, **{"rationale": "Because.", "label": "Mostly so", **what})
    return [(found.rule.code, found.field) for found in apply(PUBLICATION_RULES, decision)]


def pieces(bearings: Iterable[str], **what: object) -> tuple[Piece, ...]:
    return tuple(Piece(number, bearing, number, **what) for number, bearing in enumerate(bearings, start=1))


@pytest.mark.parametrize("rationale", ["", " ", "\n", "\t \r\n", "\u00a0", "\u2003"])
def test_white_space_is_no_rationale(rationale: str) -> None:
    assert broken(rationale=rationale, pieces=pieces(["context"])) == [("rationale_required", "rationale")]


@pytest.mark.parametrize("rationale", [".", " x ", "Two autopsies agree.", "\n\nA\n"])
def test_any_word_is_a_rationale(rationale: str) -> None:
    assert broken(rationale=rationale, pieces=pieces(["context"])) == []


@pytest.mark.parametrize("leaning", [leaning.value for leaning in Leaning])
@pytest.mark.parametrize("bearings", SETS_OF_BEARINGS, ids="+".join)
def test_a_verdict_rests_on_evidence_of_its_own_bearing(leaning: str, bearings: tuple[str, ...]) -> None:
    needed = {"supported": "supports", "refuted": "refutes"}.get(leaning)
    if not bearings:
        expected = [("evidence_required", "rating")]
    elif needed and needed not in bearings:
        expected = [(f"{needed}_evidence_required", "rating")]
    else:
        expected = []
    assert broken(leaning=leaning, pieces=pieces(bearings)) == expected


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("own_assertion", "1 is its own assertion"),
        ("repeats_own", "1 derives from its own assertion"),
        ("undercut", "1 depends on a claim that does not hold"),
        ("broken_set", "1 is part of an incomplete set"),
    ],
)
def test_what_does_not_count_is_no_evidence_and_is_told(reason: str, words: str) -> None:
    own = pieces(["supports"], discount=reason)
    assert broken(leaning="supported", pieces=own) == [("evidence_required", "rating")]
    decision = Decision(1, "So", "supported", rationale=".", pieces=own)
    [found] = apply(PUBLICATION_RULES, decision)
    assert found.broken.words == ("No evidence that counts is linked to ", decision.row, f": {words}.")
    both = (*own, *pieces(["refutes"]))
    assert broken(leaning="supported", pieces=both) == [("supports_evidence_required", "rating")]
    [found] = apply(PUBLICATION_RULES, Decision(1, "So", "supported", rationale=".", pieces=both))
    assert found.broken.words[-1] == f" does; what else supports it does not count: {words}."


@pytest.mark.parametrize("leaning", list(NEEDED_BEARING))
def test_the_refusal_names_the_rating_and_the_remedy(leaning: Leaning) -> None:
    [found] = apply(PUBLICATION_RULES, Decision(1, "Mostly so", leaning, rationale=".", pieces=pieces(["context"])))
    assert "“Mostly so” needs evidence" in str(found.broken.words[0])
    assert f"with the bearing “{NEEDED_BEARING[leaning].value}”" in found.rule.remedy
    assert "choose another rating" in found.rule.remedy
