"""The state of a question and its sentence, against the definition reckoned a second way over random questions."""

from __future__ import annotations

import os
import re
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.question_sentence import Case, dispute_sentence, question_sentence
from claims.rules.question_state import CONFIDENCES, Finding, Side, dispute_state, is_full, question_state

EXAMPLES = int(os.environ.get("EXAMPLES", "400"))
LEANINGS = ["", "supported", "refuted", "neither"]


Pairs = set[frozenset[int]]
Question = tuple[list[Side], Pairs, Pairs, set[tuple[int, int]], str]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    count = draw(st.integers(0, 4))
    sides = []
    for pk in range(1, count + 1):
        leaning = draw(st.sampled_from([*LEANINGS, "supported", "refuted", "refuted"]))
        full = leaning in {"supported", "refuted"} and draw(st.sampled_from([True, True, False]))
        confidence = draw(st.sampled_from(["", "low", "moderate", "high", "high"])) if leaning else ""
        bearings = draw(st.frozensets(st.sampled_from(["supports", "refutes", "context"]), max_size=2))
        sides.append(Side(pk, leaning, full, confidence, bearings))
    pairs = [frozenset(pair) for pair in combinations(range(1, count + 1), 2)]
    rivals = {pair for pair in pairs if draw(st.booleans())}
    akin = {pair for pair in pairs if pair not in rivals and draw(st.booleans())}
    follows = {
        way for pair in sorted(map(sorted, akin)) for way in (tuple(pair), tuple(pair[::-1])) if draw(st.booleans())
    }
    return draw(st.permutations(sides)), rivals, akin, follows, draw(st.sampled_from(CONFIDENCES))


def naive_state(sides: list[Side], rivals: Pairs, akin: Pairs, follows: set[tuple[int, int]], required: str) -> str:
    """The definition, one claim after the other."""
    order = ["none", "low", "moderate", "high"]
    won = {side.claim for side in sides if side.leaning == "supported" and side.full}
    sure = {side.claim for side in sides if order.index(side.confidence or "none") >= order.index(required)} & won
    won -= {one for one in won - sure for other in sure if frozenset((one, other)) in akin}
    denied = {side.claim for side in sides if side.leaning == "refuted"}
    if any((one, other) in follows for one in won for other in denied):
        won = set()
    if won and all(frozenset(pair) in akin for pair in combinations(won, 2)):
        rest = [side for side in sides if side.claim not in won]
        against = [side for side in rest if any(frozenset((one, side.claim)) in rivals for one in won)]
        if not against:
            against = [side for side in rest if all(frozenset((one, side.claim)) not in akin for one in won)]
        refuted = all(side.leaning == "refuted" and side.full for side in against)
        decisive = [side for side in sides if side.claim in won or side in against]
        if refuted and all(order.index(side.confidence or "none") >= order.index(required) for side in decisive):
            return "settled"
    standing = [side for side in sides if side.leaning != "refuted"]
    both_ways = any("supports" in side.bearings and "refutes" in side.bearings for side in standing)
    for one, other in combinations(standing, 2):
        backed = "supports" in one.bearings and "supports" in other.bearings
        both_ways = both_ways or (backed and frozenset((one.claim, other.claim)) in rivals)
    return "contested" if both_ways else "open"


def found_in(question: Question) -> Finding:
    sides, rivals, akin, follows, required = question
    return question_state(
        sides,
        lambda one, other: frozenset((one, other)) in rivals,
        lambda one, other: frozenset((one, other)) in akin,
        lambda one, other: (one, other) in follows,
        required,
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(questions())
def test_state_is_that_of_the_definition(question: Question) -> None:
    assert found_in(question).state == naive_state(*question)


@settings(max_examples=EXAMPLES, deadline=None)
@given(questions())
def test_what_the_sentence_says_of_each_claim_is_true(question: Question) -> None:
    sides, rivals, akin, follows, required = question
    found, by_claim = found_in(question), {side.claim: side for side in sides}
    case = Case(found.code, found.supported, found.against, found.others, required=required)
    sentence = question_sentence(case, lambda pk: f"C{pk}.")
    named = {int(pk) for pk in re.findall(r"“C(\d)”", sentence)}
    assert named <= by_claim.keys()
    assert named >= {*found.supported, *found.against}
    assert sentence.endswith(".")
    assert ".”" not in sentence
    several = len(found.others) > 1
    full = {side.claim for side in sides if side.full and side.leaning == "supported"}
    gone = {side.claim for side in sides if side.full and side.leaning == "refuted"}
    if re.search(r"(is|are both|are all) fully supported", sentence):
        assert {*found.supported} <= full
        for pk in full - {*found.supported}:
            assert any(frozenset((one, pk)) in akin for one in found.supported)
    if "have to hold" in sentence or "has to hold" in sentence:
        assert all(by_claim[pk].leaning == "refuted" for pk in found.others)
        assert all(any((one, pk) in follows for one in found.supported) for pk in found.others)
        assert ("and the verdicts on" in sentence and "have to hold" in sentence) == several
    if "fully refuted." in sentence and "not fully refuted" not in sentence:
        assert {*found.against} <= gone
    if "not fully refuted" in sentence:
        assert not {*found.against} & gone
    if re.search("its rival|their rival", sentence):
        assert ("their rival" in sentence) == (len(found.supported) > 1)
        assert all(any(frozenset((one, pk)) in rivals for one in found.supported) for pk in found.against)
    if "can hold together with that" in sentence:
        rest = by_claim.keys() - {*found.supported}
        assert rest
        assert all(any(frozenset((one, pk)) in akin for one in found.supported) for pk in rest)
    if "nothing on record" in sentence:
        assert any(frozenset(pair) not in akin for pair in combinations(found.supported, 2))
    if "Evidence supports claims that cannot all be true" in sentence:
        for one in found.against:
            assert "supports" in by_claim[one].bearings
            assert any(frozenset((one, other)) in rivals for other in found.against)
    if "speaks for and against" in sentence:
        assert ("against each of “" in sentence) == several
    if "No claim on it is fully supported" in sentence:
        assert not full
    if "not have the confidence" in sentence:
        assert ("the verdicts on" in sentence and "do not have" in sentence) == several
        assert all(
            CONFIDENCES.index(by_claim[pk].confidence or "none") < CONFIDENCES.index(required) for pk in found.others
        )
    assert (found.state == "settled") == (found.code in {"rivals_refuted", "others_refuted", "unopposed", "alone"})


@pytest.mark.django_db
def test_the_page_of_the_method_says_what_the_rule_asks(settings: Any) -> None:
    for required, asked in (("moderate", True), ("high", True), ("none", False)):
        settings.FACTCHECK_SETTLED_CONFIDENCE = required
        page = " ".join(Client().get("/method/").content.decode().split())
        assert (f"each of these verdicts has {required} confidence or higher" in page) == asked
        assert ("has too little confidence" in page) == asked
    assert "leans to “refuted”, be it only mostly" in page
    assert "well founded, " not in page
    # A claim that is refuted mostly, with evidence for it, is no side of a dispute, and settles none.
    sides = [
        Side(1, "supported", full=True, confidence="high", bearings=frozenset({"supports"})),
        Side(2, "refuted", full=False, confidence="high", bearings=frozenset({"supports", "refutes"})),
    ]
    found = question_state(
        sides, lambda one, other: one != other, lambda *_pair: False, lambda *_pair: False, "moderate"
    )
    assert (found.state, found.code) == ("open", "rivals_stand")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["open", "contested", "settled", "under_review"]), max_size=5))
def test_a_dispute_is_never_settled_while_one_of_its_questions_is_not(states: list[str]) -> None:
    found = dispute_state(states)
    undecided = any(state in {"open", "contested"} for state in states)
    assert (found in {"settled", "under_review"}) == (bool(states) and not undecided)
    assert (found == "contested") == ("contested" in states)
    if len(states) > 1:
        told = dispute_sentence(states)
        assert told.startswith(f"{states.count('settled')} of {len(states)} questions settled")
        # Each question is in one of the numbers that are told, and none is told of no question.
        numbers = {words: int(number) for number, words in re.findall(r", (\d+) ([a-z ]+)", told)}
        assert sum(numbers.values()) + states.count("settled") == len(states)
        assert numbers == {
            words: n
            for words in ("under review", "contested", "open")
            if (n := sum(state.replace("_", " ") == words for state in states))
        }


@pytest.mark.parametrize(
    ("leaning", "value", "full"),
    [
        *(("supported", value, value == 5) for value in (1, 2, 3, 4, 5)),
        *(("refuted", value, value == 1) for value in (1, 2, 3, 4, 5)),
        ("supported", None, False),
        ("neither", 3, False),
    ],
)
def test_mostly_is_not_full(leaning: str, value: int | None, full: bool) -> None:
    assert is_full(leaning, value) is full


def test_a_settled_question_under_review_says_since_when() -> None:
    case = Case("alone", (1,), settled_on="3 July 2025", review_since="1 August 2025")
    assert question_sentence(case, {1: "It rained."}.__getitem__) == (
        "Settled on 3 July 2025, under review since 1 August 2025. “It rained” is fully supported; no other claim on "
        "it is published."
    )
