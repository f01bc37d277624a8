"""ClaimReview from plain rows: who is named as the author of a claim, where it appeared, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.verbs import VERBS
from claims.reports.content.rows import SnapshotContent, Term, When
from claims.reports.formats.claimreview import (
    NoPublishedVerdict,
    can_be_written,
    claim_of,
    claim_review,
    person_or_body,
    without_empty,
    work_of,
    write,
)
from tests.claims import content_case as case
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE

PAGE = "https://desk.example.org/claims/1/"
DATES = ["", "2024", "2025-06", "2025-06-28", "2025-07-03"]


def review(row: Any) -> dict[str, Any]:
    found = claim_review(row, case.IMPRINT)
    assert found is not None
    return found


def with_statements(*rows: Any) -> Any:
    groups = tuple(case.group("for", row) for row in rows)
    return case.claim(1, origins=groups, verdict=case.verdict("Refuted"))


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE, "😀"])
def test_the_words_of_a_claim_and_its_rating_are_is_givenas_they_are(text: str) -> None:
    row = case.claim(1, text, verdict=case.verdict(text, summary=text))
    found = orjson.loads(write(case.report_on(row)))
    assert found["claimReviewed"] == found["itemReviewed"]["text"] == text
    assert found["reviewRating"]["alternateName"] == found["reviewRating"]["ratingExplanation"] == text
    assert (found["url"], found["inLanguage"], found["datePublished"]) == (PAGE, "en", "2025-07-03")
    assert found["itemReviewed"]["@id"] == f"{PAGE}#claim"


@pytest.mark.parametrize(("number", "is_given"), [(None, False), (1, True), (3, True), (5, True)])
def test_a_number_is_is_givenwith_the_ends_of_its_scale(number: int | None, is_given: bool) -> None:
    row = case.claim(1, verdict=case.verdict(rating=case.rating(number=number)))
    rating = review(row)["reviewRating"]
    assert ("ratingValue" in rating, "worstRating" in rating, "bestRating" in rating) == (is_given,) * 3
    assert not is_given or (rating["worstRating"], rating["ratingValue"], rating["bestRating"]) == (1, number, 5)


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_published_is_no_review(status: str) -> None:
    row = case.claim(1, verdict=case.verdict("Refuted"), status=Term(status, status))
    assert claim_review(row, case.IMPRINT) is None
    assert claim_review(case.claim(1), case.IMPRINT) is None
    assert not can_be_written(case.report(row, case.claim(2)))
    with pytest.raises(NoPublishedVerdict):
        write(case.report_on(row))


def test_a_dispute_has_a_review_for_each_decided_claim_and_may_have_none() -> None:
    rows = [case.corrected(1, "Refuted"), case.claim(2), case.corrected(3, "Supported", "Contested")]
    found = orjson.loads(write(case.report(*rows)))
    assert [entry["reviewRating"]["alternateName"] for entry in found] == ["Refuted", "Contested"]
    assert orjson.loads(write(case.report())) == []


def test_a_correction_says_why_and_when() -> None:
    first = review(case.corrected(1, "Contested"))
    row = case.corrected(1, "Contested", "Refuted")
    row = replace(row, verdict=replace(row.verdict, correction_reason="Seen again."))
    assert "correction" not in first
    assert review(row)["correction"] == {
        "@type": "CorrectionComment",
        "text": "Seen again.",
        "datePublished": "2025-07-02",
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(DATES), max_size=5), st.sampled_from(list(VERBS)))
def test_a_claim_appeared_first_in_its_oldest_work_and_in_each_once(dates: list[str], stance: str) -> None:
    works = [case.document(f"W{place}", f"https://a.example/{place}", on) for place, on in enumerate(dates)]
    rows = [case.statement(stance, document=work) for work in works for _twice in range(2)]
    found = claim_of(with_statements(*rows), PAGE)
    carries = stance in {"asserts", "relays"}
    told = [entry["url"] for entry in ([found["firstAppearance"]] if works and carries else [])]
    told += [entry["url"] for entry in found["appearance"]]
    expected = [work.url for date in [*DATES[1:], ""] for work in works if work.published_on.text == date]
    assert told == (expected if carries else [])


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("person", "Person"), ("witness", "Person"), ("organization", "Organization"), ("state", "Organization")],
)
def test_a_source_is_a_person_or_a_body(kind: str, type_: str) -> None:
    found = person_or_body(case.source(HOSTILE, kind, wikidata="Q42", website="https://s.example/"), "Minister")
    assert found == {
        "@type": type_,
        "name": HOSTILE,
        "jobTitle": "Minister" if type_ == "Person" else "",
        "sameAs": ["https://www.wikidata.org/wiki/Q42"],
        "url": "https://s.example/",
    }


@pytest.mark.parametrize("hidden", ["source", "behalf", "none"])
def test_nothing_tells_of_who_is_withheld(hidden: str) -> None:
    who = case.source("A Witness", "person", withheld=hidden == "source")
    body = case.source("The Guard", withheld=hidden == "behalf")
    found = person_or_body(who, "guard of the prison", body)
    assert (found is None) == (hidden == "source")
    assert (found or {}).get("jobTitle", "") == ("guard of the prison" if hidden == "none" else "")
    row = with_statements(case.statement(who=who, capacity="guard of the prison", on_behalf_of=body))
    told = str(review(row))
    assert ("A Witness" in told) == (hidden != "source")
    assert ("guard" in told) == (hidden == "none")
    assert "The Guard" not in told


def test_a_work_without_address_or_of_a_withheld_publisher_is_not_told() -> None:
    kept = (SnapshotContent(1, When("2025", "2025"), "https://archive.example/1", ""),)
    assert work_of(case.document(url="")) is None
    assert work_of(case.document(publisher=case.source(withheld=True))) is None
    assert work_of(case.document(publisher=case.source(), snapshots=kept)) == {
        "@type": "CreativeWork",
        "url": "https://paper.example.org/1",
        "name": "Two dead",
        "datePublished": "",
        "archivedAt": "https://archive.example/1",
    }
    hidden = case.document("H", "https://h.example/", "2024", publisher=case.source(withheld=True))
    shown = case.document("S", "https://s.example/", "2025")
    row = with_statements(case.statement(document=hidden), case.statement(document=shown))
    assert claim_of(row, PAGE)["firstAppearance"]["name"] == "S"


PLAIN = st.recursive(
    st.sampled_from(["", "a", None, 0, 1, False]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


def empties(value: object) -> list[object]:
    """The values under keys that hold nothing, wherever they are."""
    if isinstance(value, list):
        return [found for entry in value for found in empties(entry)]
    if not isinstance(value, dict):
        return []
    bare = [entry for entry in value.values() if entry is None or (entry != 0 and not entry)]
    return bare + [found for entry in value.values() for found in empties(entry)]


def leaves(value: object) -> list[object]:
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in leaves(entry)]
    return [leaf for entry in value for leaf in leaves(entry)] if isinstance(value, list) else [value]


@settings(max_examples=80, deadline=None)
@given(PLAIN)
def test_no_key_is_left_without_a_value_and_no_value_is_lost(value: object) -> None:
    found = without_empty(value)
    assert empties(found) == []
    kept = [leaf for leaf in leaves(value) if leaf not in ("", None)]
    assert [leaf for leaf in leaves(found) if leaf not in ("", None)] == kept
    assert without_empty(found) == found
