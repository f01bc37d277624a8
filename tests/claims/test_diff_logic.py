"""What changed between two representations, row by row and field by field, without a database."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.logic.diff import Change, changes

CLAIM: dict[str, Any] = {
    "id": 1,
    "text": "He died of heart failure.",
    "version": 3,
    "updated_at": "2025-07-01",
    "origins": {"for": 1},
    "attributions": [{"id": 10, "source": {"id": 5, "label": "The Paper"}, "stance": "asserts"}],
    "evidence": [
        {"id": 20, "bearing": "supports", "strength": "weak", "evidence": {"id": 30, "title": "Autopsy", "kind": "x"}}
    ],
    "relations": [],
    "verdict": {"id": 40, "rating": "Contested"},
    "reviews": [],
    "inquiries": [],
}


def claim(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(CLAIM) | fields


def told(found: list[Change]) -> list[tuple[str, int, str]]:
    return [(row.noun, row.id, row.change) for row in found]


def test_nothing_changed_between_two_that_are_alike() -> None:
    assert changes("claim", claim(), claim()) == []


@pytest.mark.parametrize(
    "fields", [{"version": 9}, {"updated_at": "2026"}, {"created_at": "2026"}, {"origins": {"for": 7}}]
)
def test_bookkeeping_and_counts_are_no_change(fields: dict[str, Any]) -> None:
    assert changes("claim", claim(), claim(**fields)) == []


def test_a_field_that_changed_is_told_with_both_values() -> None:
    (row,) = changes("claim", claim(), claim(text="He was beaten."))
    assert (row.noun, row.id, row.claim, row.change) == ("claim", 1, 1, "changed")
    assert row.fields == {"text": ("He died of heart failure.", "He was beaten.")}
    assert row.label == "He was beaten."


def test_a_field_that_came_or_went_has_no_value_on_one_side() -> None:
    (row,) = changes("claim", claim(), claim(context="New."))
    assert row.fields == {"context": (None, "New.")}
    (row,) = changes("claim", claim(context="Old."), claim())
    assert row.fields == {"context": ("Old.", None)}


def test_a_whole_that_was_not_there_is_added_with_all_that_hangs_on_it() -> None:
    found = changes("claim", None, claim())
    assert told(found) == [
        ("claim", 1, "added"),
        ("attribution", 10, "added"),
        ("evidence-link", 20, "added"),
        ("evidence", 30, "added"),
        ("verdict", 40, "added"),
    ]
    assert all(row.fields == {} for row in found)


def test_a_whole_that_is_gone_is_removed_with_all_that_hung_on_it() -> None:
    assert {row.change for row in changes("claim", claim(), None)} == {"removed"}
    assert len(changes("claim", claim(), None)) == len(changes("claim", None, claim()))


def test_nothing_on_either_side_is_nothing() -> None:
    assert changes("claim", None, None) == []


def test_rows_are_known_by_noun_and_id() -> None:
    now = claim(attributions=[{"id": 11, "source": {"id": 6, "label": "Another"}, "stance": "denies"}])
    assert told(changes("claim", claim(), now)) == [("attribution", 10, "removed"), ("attribution", 11, "added")]


def test_a_superseded_verdict_is_removed_and_the_other_one_added() -> None:
    now = claim(verdict={"id": 41, "rating": "Refuted"})
    assert told(changes("claim", claim(), now)) == [("verdict", 40, "removed"), ("verdict", 41, "added")]


def test_a_verdict_may_be_none_or_several() -> None:
    assert told(changes("claim", claim(), claim(verdict=None))) == [("verdict", 40, "removed")]
    now = claim(verdict=[{"id": 40, "rating": "Contested"}, {"id": 42, "rating": "Draft"}])
    assert told(changes("claim", claim(), now)) == [("verdict", 42, "added")]


def test_evidence_is_told_apart_from_its_bearing() -> None:
    now = claim()
    now["evidence"][0]["evidence"]["title"] = "Second autopsy"
    (link, piece) = changes("claim", claim(), now)
    assert (piece.noun, piece.claim, piece.fields) == ("evidence", None, {"title": ("Autopsy", "Second autopsy")})
    assert link.noun == "evidence-link"
    now = claim()
    now["evidence"][0]["strength"] = "strong"
    (link,) = changes("claim", claim(), now)
    assert (link.noun, link.claim, link.fields) == ("evidence-link", 1, {"strength": ("weak", "strong")})


def test_rows_of_a_dispute_are_filed_under_their_claims() -> None:
    dispute = {"id": 9, "title": "Deaths in custody", "claims": [claim(), claim(id=2, attributions=[])]}
    then = copy.deepcopy(dispute)
    then["claims"][1]["text"] = "He was beaten."
    (row,) = changes("dispute", dispute, then)
    assert (row.noun, row.id, row.claim) == ("claim", 2, 2)
    now = copy.deepcopy(dispute)
    now["claims"][0]["attributions"][0]["stance"] = "retracts"
    (row,) = changes("dispute", dispute, now)
    assert (row.noun, row.claim, row.label) == ("attribution", 1, "The Paper retracts")


@pytest.mark.parametrize(
    ("part", "rows", "label"),
    [
        (
            "attributions",
            [{"id": 1, "source": {"id": 5, "label": "The Paper"}, "stance": "denies"}],
            "The Paper denies",
        ),
        ("relations", [{"id": 1, "claim": "A", "kind": "contradicts", "other": "B"}], "A contradicts B"),
        ("reviews", [{"id": 1, "publisher": {"id": 5, "label": "Checkers"}}], "Checkers"),
        ("inquiries", [{"id": 1, "source": {"id": 5, "label": "The Ministry"}}], "The Ministry"),
        ("verdict", [{"id": 1, "rating": "Refuted"}], "Refuted"),
    ],
)
def test_each_row_is_called_by_what_a_reader_knows_of_it(part: str, rows: list[Any], label: str) -> None:
    found = changes("claim", claim(**{part: []}), claim(**{part: rows}))
    assert [row.label for row in found if row.change == "added"] == [label]


def test_a_long_label_is_cut() -> None:
    (row,) = changes("claim", claim(), claim(text="x" * 900))
    assert row.label == "x" * 297 + "..."
    assert row.fields["text"][1] == "x" * 900


TEXTS = st.dictionaries(st.sampled_from(["text", "context", "status", "language"]), st.text(max_size=5), min_size=1)


@given(TEXTS, TEXTS)
def test_changes_are_exactly_the_fields_that_differ(before: dict[str, str], after: dict[str, str]) -> None:
    was, now = claim(**before), claim(**after)
    differing = {name for name in was.keys() | now.keys() if was.get(name) != now.get(name)}
    found = changes("claim", was, now)
    assert {name for row in found for name in row.fields} == differing
    for row in found:
        assert all(row.fields[name] == (was.get(name), now.get(name)) for name in row.fields)


@given(TEXTS, TEXTS)
def test_changes_the_other_way_round_are_the_same_changes(before: dict[str, str], after: dict[str, str]) -> None:
    there = changes("claim", claim(**before), claim(**after))
    back = changes("claim", claim(**after), claim(**before))
    turned = [{name: (old, new) for name, (new, old) in row.fields.items()} for row in back]
    assert [row.fields for row in there] == turned
