"""JSON-LD makes nobody the author of a claim who did not assert it: reckoned a second way from the definitions.

The second way looks at each statement by itself and knows no shared code: what a relay passes on is followed by hand,
and dates are pairs of numbers.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.chains import Spoken, asserting, carrying, taken_back
from claims.logic.verbs import VERBS
from claims.logic.voices import Statement, Voices
from claims.reports.content.rows import ChainLink, Term, When
from claims.reports.formats.claimreview import claim_of, claim_review
from tests.claims import content_case as case

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
PAGE = "https://desk.example.org/claims/10/"
SPANS = {
    "2023": (20230101, 20231231),
    "2023-12": (20231201, 20231231),
    "2024": (20240101, 20241231),
    "2024-05": (20240501, 20240531),
    "2024-05-09": (20240509, 20240509),
}


@dataclass(frozen=True)
class Row:
    """A statement as it was entered; one that does not stand was withdrawn, and is known by its number alone."""

    id: int
    source: int
    stance: str
    said_on: str
    relayed_from: int | None
    stands: bool
    joint_with: int | None = None
    on_behalf_of: int | None = None
    older: bool = False
    """Whether it was entered, and last changed, before the claim got its present wording."""


@st.composite
def chains(draw: st.DrawFn) -> list[Row]:
    # Often what the sentence hangs on, seldom all the rest.
    stance = st.sampled_from(["asserts", "relays", "retracts", "denies"]) | st.sampled_from(list(VERBS))
    return [
        Row(
            id=number,
            source=draw(st.integers(1, 4)),
            stance=draw(stance),
            said_on=draw(st.sampled_from(["", *SPANS])),
            relayed_from=draw(st.none() | st.integers(0, number - 1)) if number else None,
            stands=draw(st.integers(0, 9)) > 0,
            joint_with=draw(st.none() | st.integers(0, number - 1)) if number else None,
            on_behalf_of=draw(st.sampled_from([None, None, 1, 2, 4])),
            older=draw(st.integers(0, 3)) == 0,
        )
        for number in range(draw(st.integers(0, 9)))
    ]


# --- the second way ---


def earlier(one: str, other: str) -> bool:
    return bool(one and other) and SPANS[one][1] < SPANS[other][0]


def end_of(row: Row, rows: list[Row]) -> Row | None:
    """The furthest statement that a relay passes on; None where that is no more on record."""
    if not row.stands:
        return None
    if row.stance != "relays" or row.relayed_from is None:
        return row
    return end_of(rows[row.relayed_from], rows)


def speak_in(row: Row, withheld: int) -> set[int]:
    """Its source and the body for which that spoke, of which nothing is told where one of the two is withheld."""
    both = {row.source} | ({row.on_behalf_of} if row.on_behalf_of is not None else set())
    return {row.source} if withheld in both else both


def was_taken_back(row: Row, rows: list[Row], withheld: int = 0) -> bool:
    end = end_of(row, rows)
    return any(
        back.stands and back.stance == "retracts" and speak_in(back, withheld) & speak_in(spoken, withheld)
        for back in rows
        for spoken in (row, end)
        # No retraction is taken back, and who passes one on passes on that the source took it back.
        if spoken is not None and spoken.stance != "retracts" and not earlier(back.said_on, spoken.said_on)
    )


def asserters(rows: list[Row], withheld: int = 0) -> list[Row]:
    return [row for row in rows if row.stands and row.stance == "asserts" and not was_taken_back(row, rows, withheld)]


def one_act(row: Row, rows: list[Row]) -> set[int]:
    """The statements that are one joint act with this one, by hand: whoever names one of them belongs to them."""
    found: set[int] = {row.id}
    for _round in rows:
        found |= {one.id for one in rows if one.stands and one.joint_with in found}
        found |= {
            one.joint_with
            for one in rows
            if one.id in found and one.joint_with is not None and rows[one.joint_with].stands
        }
    return found


def carriers(rows: list[Row]) -> set[int]:
    ends = {row.id: end_of(row, rows) for row in rows if row.stands and row.stance in {"asserts", "relays"}}
    return {pk for pk, end in ends.items() if end is not None and end.stance in {"asserts", "relays"}}


# --- the way of the register ---


def said(rows: list[Row]) -> list[Spoken]:
    return [
        Spoken(row.id, row.source, row.stance, row.said_on, on_behalf_of=row.on_behalf_of) for row in rows if row.stands
    ]


def passed_on(rows: list[Row]) -> dict[int, int | None]:
    return {row.id: row.relayed_from for row in rows}


def content(rows: list[Row], withheld: int) -> Any:
    """The claim as a report has it: each statement with the line back to its origin, and a work of its own."""
    sources = {
        number: case.source(f"Source {number}", id=number, withheld=number == withheld) for number in range(1, 5)
    }
    links = {
        row.id: ChainLink(row.id, sources[row.source], "", Term(row.stance, row.stance), When("", ""), None)
        if row.stands
        else ChainLink(row.id, None, "", Term("", ""), When("", ""), None)
        for row in rows
    }

    def line(row: Row) -> list[ChainLink]:
        return [links[row.id], *(line(rows[row.relayed_from]) if row.relayed_from is not None else [])]

    statements = [
        case.statement(
            row.stance,
            row.said_on,
            sources[row.source],
            id=row.id,
            joint_with=row.joint_with if row.joint_with is not None and rows[row.joint_with].stands else None,
            on_behalf_of=sources[row.on_behalf_of] if row.on_behalf_of is not None else None,
            chain=tuple(line(row)),
            earlier_wording=row.older,
            document=case.document(f"Work {row.id}", f"https://works.example.org/{row.id}"),
        )
        for row in rows
        if row.stands
    ]
    return case.claim(1, origins=tuple(case.group("for", row) for row in statements), verdict=case.verdict())


@settings(max_examples=EXAMPLES, deadline=None)
@given(chains(), st.integers(0, 4))
def test_the_author_is_the_earliest_who_asserts_these_words_and_may_be_named(rows: list[Row], withheld: int) -> None:
    claim = content(rows, withheld)
    review = claim_review(claim, case.IMPRINT)
    assert review is not None
    item = review["itemReviewed"]
    makers = {row.id: row for row in asserters(rows, withheld) if row.source != withheld and not row.older}
    named = {(f"Source {row.source}", row.said_on) for row in makers.values()}
    if not makers:
        assert {"author", "datePublished"} & set(item) == set()
        return
    authors = [author["name"] for author in (item["author"] if isinstance(item["author"], list) else [item["author"]])]
    found = authors[0], item.get("datePublished", "")
    assert found in named
    firsts = [row for row in makers.values() if (f"Source {row.source}", row.said_on) == found]
    assert set(authors) in [
        {f"Source {makers[pk].source}" for pk in one_act(row, rows) & makers.keys()} for row in firsts
    ], "an author is missing from a joint act, or is none of it"
    assert len(authors) == len(set(authors))
    assert not any(earlier(on, found[1]) for _name, on in named)
    assert found[1] or not any(on for _name, on in named), "an undated statement stands before a dated one"


@settings(max_examples=EXAMPLES, deadline=None)
@given(chains())
def test_a_claim_appeared_where_it_was_asserted_or_an_assertion_was_passed_on(rows: list[Row]) -> None:
    found = claim_of(content(rows, 0), PAGE)
    works = {work["name"] for work in [found["firstAppearance"], *found["appearance"]] if work}
    assert works == {f"Work {pk}" for pk in carriers(rows) if not rows[pk].older}


@settings(max_examples=EXAMPLES, deadline=None)
@given(chains())
def test_chains_and_retractions_are_reckoned_as_defined(rows: list[Row]) -> None:
    back = taken_back(said(rows), passed_on(rows))
    assert set(back) == {row.id for row in rows if row.stands and was_taken_back(row, rows)}
    assert all(found.stance == "retracts" for found in back.values())
    assert {row.id for row in asserting(said(rows), passed_on(rows))} == {row.id for row in asserters(rows)}
    assert carrying(said(rows), passed_on(rows)) == carriers(rows)


@pytest.mark.parametrize("stance", [code for code in VERBS if code != "asserts"])
def test_whoever_does_anything_but_assert_makes_no_claim_and_neither_does_who_passes_it_on(stance: str) -> None:
    rows = [
        Row(0, 1, stance, "2023", None, stands=True),
        Row(1, 2, "relays", "2024", 0, stands=True),
        Row(2, 3, "relays", "2024-05", 1, stands=True),
    ]
    found = claim_of(content(rows, 0), PAGE)
    assert (found["author"], found["datePublished"]) == (None, "")
    assert bool(found["firstAppearance"]) == (stance == "relays")
    statements = [Statement(row.id, 1, row.source, row.stance, relayed_from=passed_on(rows)[row.id]) for row in rows]
    counted = Voices(statements).count(1)
    assert bool(counted["for"].total) == (VERBS[stance].side == "for")


def test_a_relayed_denial_of_a_body_leaves_its_newspaper_out() -> None:
    """One newspaper prints that a ministry denied it; another that a witness said so and took it back."""
    denied = [Row(0, 1, "denies", "2024", None, stands=True), Row(1, 2, "relays", "2024-05", 0, stands=True)]
    retracted = [
        Row(0, 3, "asserts", "2023", None, stands=True),
        Row(1, 4, "relays", "2024", 0, stands=True),
        Row(2, 3, "retracts", "2024-05", None, stands=True),
    ]
    for rows in (denied, retracted):
        review = claim_review(content(rows, 0), case.IMPRINT)
        assert review is not None
        assert "author" not in review["itemReviewed"]
