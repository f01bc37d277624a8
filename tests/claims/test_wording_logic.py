"""The sentences that the register makes by itself, each against its definition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import Confidence, Likelihood, RelationKind
from claims.logic import wording
from claims.logic.origins import Tally


@pytest.mark.parametrize("code", [choice.value for choice in Likelihood])
def test_every_likelihood_is_a_sentence_with_its_range(code: str) -> None:
    sentence = wording.likelihood_sentence(code)
    assert sentence.startswith("The desk ")
    assert sentence.endswith("that the claim is true.")
    assert "%" in sentence
    # A likelihood and a confidence never stand in one sentence (ICD 203).
    assert "onfidence" not in sentence


@pytest.mark.parametrize("code", [choice.value for choice in Confidence])
def test_every_confidence_is_a_sentence_of_its_own(code: str) -> None:
    assert wording.confidence_sentence(code) == f"Confidence in this judgement is {code}."


def test_what_is_not_estimated_is_not_told() -> None:
    assert wording.likelihood_sentence("") == ""
    assert wording.confidence_sentence("") == ""


@pytest.mark.parametrize("kind", [choice.value for choice in RelationKind])
@pytest.mark.parametrize("inverse", [False, True])
def test_a_relation_reads_as_a_verb_from_either_claim(kind: str, inverse: bool) -> None:
    verb = wording.relation_verb(kind, inverse=inverse)
    directed = kind in {"refines", "supports"}
    assert verb == {"refines": "is refined by", "supports": "is supported by"}.get(kind, verb) if inverse else verb
    assert (wording.relation_verb(kind, inverse=True) != wording.relation_verb(kind, inverse=False)) == directed


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no origins"), (1, "1 origin"), (2, "2 origins"), (11, "11 origins"), (21, "21 origins")]
)
def test_counted_is_one_or_many(number: int, words: str) -> None:
    assert wording.counted(number, "origin", "origins") == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Tally(), "nobody on record"),
        (Tally(1, 1, 1), "1 source, 1 origin"),
        (Tally(7, 7, 2), "7 sources, 2 origins"),
        (Tally(3, 1, 1), "3 statements, 1 source, 1 origin"),
        (Tally(2, 2, 1), "2 sources, 1 origin"),
        (Tally(3, 2, 1, 1), "3 statements, 2 sources (1 only at second hand), 1 origin"),
    ],
)
def test_voices_are_sources_and_origins(said: Tally, words: str) -> None:
    assert wording.voices(said) == words


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (Tally(), "none"),
        (Tally(1, 0, 1), "1 piece"),
        (Tally(3, 0, 1), "3 pieces, 1 origin"),
        (Tally(3, 0, 3), "3 pieces, 3 origins"),
    ],
)
def test_pieces_are_counted_with_their_origins(shown: Tally, words: str) -> None:
    assert wording.pieces(shown) == words


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_no_count_is_told_that_is_not_there(total: int, sources: int, origins: int) -> None:
    numbers = {int(word) for word in wording.voices(Tally(total, sources, origins)).split() if word.isdigit()}
    assert numbers <= {total, sources, origins}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "Refuted", "to “Refuted”"),
        ("Contested", "Refuted", "from “Contested” to “Refuted”"),
        ("Refuted", "Refuted", "still “Refuted”"),
    ],
)
def test_a_changed_rating_is_told_from_what_to_what(old: str, new: str, words: str) -> None:
    assert wording.changed_rating(old, new) == words


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "Nothing has changed since Monday."), (1, "1 change since Monday."), (5, "5 changes since Monday.")],
)
def test_changes_are_counted_since_a_moment(count: int, sentence: str) -> None:
    assert wording.changes_sentence(count, "Monday") == sentence


def test_a_moment_is_told_in_its_own_zone() -> None:
    at = datetime(2025, 7, 3, 14, 5, tzinfo=UTC)
    assert wording.moment(at) == "3 July 2025, 14:05 UTC"
    assert wording.moment(at.astimezone(timezone(timedelta(hours=5)))) == "3 July 2025, 19:05 UTC+05:00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12", "12"),
        ("12.0000", "12"),
        ("0.5000", "0.5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-0.10", "-0.1"),
        ("0", "0"),
    ],
)
def test_a_number_has_no_zeros_to_spare(value: str, text: str) -> None:
    assert wording.number(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    text = wording.number(value)
    assert Decimal(text) == value
    assert "E" not in text


@pytest.mark.parametrize(
    ("least", "most", "unit", "words"),
    [
        (None, None, "deaths", ""),
        ("5", "7", "deaths", "5 to 7 deaths"),
        ("12", "12", "deaths", "12 deaths"),
        ("12", "12.0", "deaths", "12 deaths"),
        ("5", None, "deaths", "at least 5 deaths"),
        (None, "7", "deaths", "at most 7 deaths"),
        ("0", "0", "", "0"),
        ("0.5", None, "%", "at least 0.5 %"),
    ],
)
def test_a_quantity_says_exactly_what_is_known(least: str | None, most: str | None, unit: str, words: str) -> None:
    ends = [Decimal(end) if end is not None else None for end in (least, most)]
    assert wording.quantity(ends[0], ends[1], unit) == words


@pytest.mark.parametrize(
    ("selector", "quote", "words"),
    [
        (None, "", ""),
        ({}, "", ""),
        ({"type": "Unknown", "page": "1"}, "", ""),
        ({"type": "PageSelector", "page": "12"}, "", "page 12"),
        ({"type": "TimeSelector", "start": "00:01:30"}, "", "at 00:01:30"),
        ({"type": "TimeSelector", "start": "00:01:30", "end": "00:02"}, "", "at 00:01:30 to 00:02"),
        ({"type": "TextQuoteSelector", "exact": "he fell"}, "", "at the words “he fell”"),
        ({"type": "TextQuoteSelector", "exact": "he fell"}, "They say he fell down.", ""),
        ({"type": "TextQuoteSelector", "exact": "he fell"}, "They say nothing.", "at the words “he fell”"),
    ],
)
def test_the_place_in_a_work_is_told_unless_the_quote_tells_it(
    selector: dict[str, Any] | None, quote: str, words: str
) -> None:
    assert wording.place_in_work(selector, quote) == words


@pytest.mark.parametrize(("parts", "words"), [(["1"], "1"), (["1", "2"], "1 and 2"), (["1", "2", "3"], "1, 2 and 3")])
def test_one_after_another(parts: list[str], words: str) -> None:
    assert wording.one_after_another(parts) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.25, "5.25"), (0.111, "0.11"), (4.0, "4"), (0.0, "0"), (-0.0, "0"), (0.004, "0"), (-0.004, "0"), (-1.5, "-1.5")],
)
def test_a_score_has_two_decimals_at_most_and_no_negative_zero(value: float, text: str) -> None:
    assert wording.score(value) == text


@pytest.mark.parametrize(("count", "words"), [(0, "0 analysts"), (1, "1 analyst"), (3, "3 analysts")])
def test_analysts_are_counted(count: int, words: str) -> None:
    assert wording.analysts(count) == words


@pytest.mark.parametrize(
    "text", [wording.METHOD, wording.MATRIX_READING, wording.MATRIX, wording.COUNTING, wording.HISTORY]
)
def test_what_explains_a_part_is_whole_sentences(text: str) -> None:
    assert text.endswith(".")
    assert "  " not in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("code", "failing", "words"),
    [
        ("", [], ""),
        ("own_assertion", [("It is genuine.", "refuted")], "the claim’s own assertion"),
        ("repeats_own", [], "derived from the claim’s own assertion"),
        ("repeats_undercut", [], "derived from what is undercut"),
        ("broken_set", [], "incomplete, since a part of its set does not count or was withdrawn"),
        ("undercut", [], "undercut, since a claim on which it depends does not hold"),
        (
            "undercut",
            [("It is genuine.", "refuted")],
            "undercut, since it depends on “It is genuine”, which is refuted",
        ),
        (
            "undercut",
            [("It is genuine.", "refuted"), ("She was there.", "withdrawn")],
            "undercut, since it depends on “It is genuine”, which is refuted and “She was there”, which is withdrawn",
        ),
    ],
)
def test_why_evidence_does_not_count(code: str, failing: list[tuple[str, str]], words: str) -> None:
    assert wording.discounted(code, failing) == words


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "none"),
        ({"own_assertion": 1}, "1 own assertion"),
        ({"undercut": 2}, "2 undercut"),
        ({"own_assertion": 2, "undercut": 1}, "2 own assertions, 1 undercut"),
        (
            {"broken_set": 2, "repeats_own": 1, "own_assertion": 1},
            "1 own assertion, 1 derived from it, 2 of an incomplete set",
        ),
    ],
)
def test_what_does_not_count_is_counted_by_why(counts: dict[str, int], words: str) -> None:
    assert wording.discounts(counts) == words
