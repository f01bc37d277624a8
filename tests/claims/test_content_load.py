"""The columns of a row become content in the words of a reader, each by its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from claims.choices import Bearing, Credibility, EvidenceKind, Likelihood, Stance
from claims.models import Claim, Evidence, EvidenceLink, Inquiry, Review, Verdict
from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import NEVER, NO_TERM, Shown, Term, When
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import (
    DisputeContent,
    InquiryContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.load.fields import columns_of, content_of, country, day, language, moment, term, web_address, when
from sources.choices import Reliability, SourceKind
from sources.models import Snapshot, Source


@pytest.mark.parametrize(
    ("code", "choices", "words"),
    [
        ("asserts", Stance, "asserts"),
        ("supports", Bearing, "supports"),
        (2, Credibility, "probably true (2)"),
        (6, Credibility, "truth cannot be judged (6)"),
        ("A", Reliability, "completely reliable (A)"),
        ("F", Reliability, "reliability cannot be judged (F)"),
    ],
)
def test_term_is_the_code_with_its_words(code: str | int, choices: type, words: str) -> None:
    assert term(code, choices) == Term(str(code), words)


@pytest.mark.parametrize("code", ["", None])
def test_no_code_is_no_term(code: str | None) -> None:
    assert term(code, Stance) is NO_TERM


def test_a_code_that_is_no_longer_in_the_vocabulary_stands_for_itself() -> None:
    assert term("abolished", Stance) == Term("abolished", "abolished")


@pytest.mark.parametrize("choices", [Stance, Bearing, Credibility, EvidenceKind, Likelihood, Reliability, SourceKind])
def test_every_word_of_a_vocabulary_is_told_without_its_explanation(choices: type) -> None:
    for code, label in choices.choices:  # type: ignore[attr-defined]
        found = term(code, choices)
        assert found.code == str(code)
        assert found.words
        assert ":" not in found.words, label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("2025", "2025"),
        ("2025-07", "July 2025"),
        ("2025-07-01", "1 July 2025"),
        ("no date", "no date"),
        ("2025-13", "2025-13"),
    ],
)
def test_when_is_as_exact_as_the_date(text: str, words: str) -> None:
    assert when(text) == When(text, words)


@given(st.text(max_size=30))
def test_when_never_fails_and_keeps_what_is_written(text: str) -> None:
    assert when(text).text == text


def test_moment_is_told_in_the_time_zone_of_the_register() -> None:
    at = datetime(2025, 7, 1, 23, 30, tzinfo=UTC)
    found = moment(at)
    assert datetime.fromisoformat(found.text) == at
    assert datetime.fromisoformat(found.text).utcoffset() == timezone.localtime(at).utcoffset()
    assert moment(None) is NEVER


def test_day_is_a_date_of_that_precision() -> None:
    assert day(date(2025, 7, 1)) == When("2025-07-01", "1 July 2025")
    assert day(None) == NEVER


def test_language_and_country_have_their_names() -> None:
    assert language("az") == Term("az", "Azerbaijani")
    assert language("") == NO_TERM
    assert country("AZ") == Term("AZ", "Azerbaijan")
    assert country("") == NO_TERM


@pytest.mark.parametrize(
    "hostile",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "//example.org",
        "https://user:password@example.org/",
        "https://",
        "",
        "  ",
        "mailto:someone@example.org",
    ],
)
def test_only_the_web_becomes_a_link(hostile: str) -> None:
    assert web_address(hostile) == ""


@pytest.mark.parametrize(
    ("stored", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" https://example.org/a ", "https://example.org/a"),
        ('https://example.org/a"b', "https://example.org/a%22b"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/<script>", "https://example.org/%3Cscript%3E"),
    ],
)
def test_what_would_end_a_link_is_quoted(stored: str, link: str) -> None:
    assert web_address(stored) == link


@given(st.text(max_size=60))
def test_whatever_is_stored_a_link_is_of_the_web_and_in_one_piece(stored: str) -> None:
    link = web_address(stored)
    assert link == "" or link.lower().startswith(("http://", "https://"))
    assert not set(link) & set("\"'<>` \n\t\\")


def test_columns_are_read_by_their_kind() -> None:
    row = Evidence(
        pk=5, kind="forensic", title="Autopsy", description="It shows.", observed_on="2025-07", credibility=2
    )
    found = columns_of(EvidenceContent, row)
    assert found == found | {
        "id": 5,
        "kind": term("forensic", EvidenceKind),
        "title": "Autopsy",
        "description": "It shows.",
        "observed_on": When("2025-07", "July 2025"),
        "credibility": Term("2", "probably true (2)"),
    }


def test_columns_of_a_part_are_read_from_the_row_of_that_part() -> None:
    link = EvidenceLink(pk=9, bearing="supports", strength="strong", note="It names the cause.")
    assert columns_of(EvidenceContent, link, part="link") == {
        "bearing": Term("supports", "supports"),
        "strength": Term("strong", "strong"),
        "note": "It names the cause.",
        "own_assertion": False,
        "set_name": "",
    }


def test_labels_of_a_row_become_a_tuple() -> None:
    assert columns_of(ClaimContent, Claim(tags=["deaths", "custody"]))["tags"] == ("deaths", "custody")


def test_numbers_stay_numbers() -> None:
    found = columns_of(ClaimContent, Claim(quantity_min=Decimal(5), quantity_max=None))
    assert found["quantity_min"] == Decimal(5)
    assert found["quantity_max"] is None


def test_what_refers_to_another_row_is_left_to_the_caller() -> None:
    assert "source" not in columns_of(InquiryContent, Inquiry())
    assert "publisher" not in columns_of(ReviewContent, Review())
    assert {"rating", "author", "reviewer", "supersedes"}.isdisjoint(columns_of(VerdictContent, Verdict()))


def test_content_is_what_is_given_before_what_is_stored() -> None:
    source = Source(pk=4, name="A name", kind="person", slug="a-name", reliability="F", withheld=False)
    found = content_of(SourceContent, source, part_of="", wikidata="", name="Another name")
    assert (found.id, found.name, found.slug) == (4, "Another name", "a-name")


def test_content_that_lacks_a_field_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="state"):
        content_of(DisputeContent, Source())


def test_content_does_not_take_what_it_does_not_have() -> None:
    with pytest.raises(TypeError, match="wing"):
        content_of(SnapshotContent, Snapshot(), wing="left")


def test_a_new_field_is_read_without_a_line_of_its_own() -> None:
    @dataclass(frozen=True, slots=True)
    class Wider:
        id: int
        title: Annotated[str, Shown("title")]
        description: Annotated[str, Shown("description")]

    assert content_of(Wider, Evidence(pk=1, title="A", description="B")) == Wider(1, "A", "B")
