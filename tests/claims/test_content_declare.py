"""A content field is declared once; comparison, tables, facts and JSON follow from that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import (
    NEVER,
    NO_TERM,
    Plain,
    Shown,
    Term,
    When,
    cells,
    compared,
    declared,
    derived,
    facts,
    labels,
    plain,
    text,
)
from claims.reports.content.evidence import EvidenceContent, EvidenceStep
from claims.reports.content.rows import (
    AttributionContent,
    ChainLink,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)

PAPER = SourceContent(
    id=3, name="The Paper", kind=Term("media", "news outlet"), withheld=False, reliability=NO_TERM, country=NO_TERM
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A content class as short as one can be, with each kind of field."""

    id: int
    title: Annotated[str, Shown("title", column="title")]
    method: Annotated[str, Shown("how it was obtained", column="method")]
    kind: Annotated[Term, Shown("kind", column="kind")]
    grade: Annotated[Term, Shown("grade", column="grade", words=True)]
    found_on: Annotated[When, Shown("date", column="date", name="date")]
    amount: Annotated[Decimal | None, Shown("amount", column="amount")]
    open: Annotated[bool, Shown("open to all")]
    tags: Annotated[tuple[str, ...], Shown("topics", column="tags")]
    by: Annotated[SourceContent | None, Shown("source", column="source")]
    line: Annotated[tuple[EvidenceStep, ...], Shown("derived from", name="derived_from", skip=1)]
    note: Annotated[str, Shown("note", part="link")]
    secret: Annotated[str, Shown("initials", compared=False)]
    slug: str = ""

    @property
    def sentence(self) -> Annotated[str, Shown("in a sentence", compared=False)]:
        return f"{self.title}."

    @property
    def internal(self) -> str:
        return "nobody is told"


FINDING = Finding(
    id=1,
    title="Autopsy",
    method="by order of a court",
    kind=Term("forensic", "forensic finding"),
    grade=Term("2", "probably true (2)"),
    found_on=When("2025-07", "July 2025"),
    amount=Decimal("5.5000"),
    open=True,
    tags=("deaths", "custody"),
    by=PAPER,
    line=(EvidenceStep(1, "Autopsy"), EvidenceStep(2, ""), EvidenceStep(4, "Court file")),
    note="It names the cause.",
    secret="N. P.",
)
EMPTY = replace(
    FINDING,
    title="",
    method="",
    kind=NO_TERM,
    grade=NO_TERM,
    found_on=NEVER,
    amount=None,
    open=False,
    tags=(),
    by=None,
    line=(EvidenceStep(1, "Autopsy"),),
    note="",
    secret="",
)


def test_declared_are_the_annotated_fields_in_their_order_then_properties() -> None:
    assert list(declared(Finding)) == [
        "title", "method", "kind", "grade", "found_on", "amount", "open", "tags", "by", "line", "note", "secret",
        "sentence",
    ]  # fmt: skip
    assert declared(Finding)["method"].label == "how it was obtained"


def test_declared_is_read_once() -> None:
    assert declared(Finding) is declared(Finding)


def test_derived_are_the_declared_properties_alone() -> None:
    assert derived(Finding) == ("sentence",)
    assert derived(SourceContent) == ()


def test_compared_are_the_words_of_what_is_declared() -> None:
    assert compared(FINDING) == {
        "title": "Autopsy",
        "method": "by order of a court",
        "kind": "forensic finding",
        "grade": "probably true (2)",
        "date": "July 2025",
        "amount": "5.5",
        "open": True,
        "tags": "deaths, custody",
        "by": {"id": 3, "label": "The Paper"},
        "derived_from": [{"id": 2, "label": "evidence not shown here"}, {"id": 4, "label": "Court file"}],
    }


def test_compared_leaves_out_what_is_not_to_be_compared() -> None:
    assert "secret" not in compared(FINDING)
    assert "sentence" not in compared(FINDING)
    assert "slug" not in compared(FINDING)
    assert "id" not in compared(FINDING)


def test_compared_of_a_part_has_that_part_alone() -> None:
    assert compared(FINDING, part="link") == {"note": "It names the cause."}
    assert compared(FINDING, part="other") == {}


def test_labels_are_known_by_the_code_of_the_field_among_changes() -> None:
    assert labels(Finding)["date"] == "date"
    assert labels(Finding)["derived_from"] == "derived from"
    assert "found_on" not in labels(Finding)
    assert "secret" not in labels(Finding)


def test_facts_are_labels_and_words_of_what_holds_something() -> None:
    assert facts(FINDING) == (
        ("Title", "Autopsy"),
        ("How it was obtained", "by order of a court"),
        ("Kind", "forensic finding"),
        ("Grade", "probably true (2)"),
        ("Date", "July 2025"),
        ("Amount", "5.5"),
        ("Open to all", "yes"),
        ("Topics", "deaths, custody"),
        ("Source", "The Paper"),
        ("Derived from", "evidence not shown here; Court file"),
        ("Note", "It names the cause."),
        ("Initials", "N. P."),
        ("In a sentence", "Autopsy."),
    )


def test_facts_of_an_empty_row_are_none_but_what_is_derived() -> None:
    assert facts(EMPTY) == (("In a sentence", "."),)
    assert facts(EMPTY, {"sentence"}) == ()


@pytest.mark.parametrize("name", list(declared(Finding)))
def test_a_field_that_is_placed_by_hand_is_no_fact(name: str) -> None:
    label = declared(Finding)[name].label.capitalize()
    assert label in dict(facts(FINDING))
    assert label not in dict(facts(FINDING, {name}))


def test_cells_are_codes_texts_and_numbers_by_column() -> None:
    assert cells(FINDING) == {
        "title": "Autopsy",
        "method": "by order of a court",
        "kind": "forensic",
        "grade": "probably true (2)",
        "date": "2025-07",
        "amount": "5.5",
        "tags": "deaths; custody",
        "source": PAPER,
    }


def test_cells_of_an_empty_row_are_empty() -> None:
    assert set(cells(EMPTY).values()) == {""}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        ("", ""),
        ("as it is", "as it is"),
        ({"id": 1, "label": "A source"}, "A source"),
        ([], ""),
        ([{"id": 1, "label": "One"}, "two"], "One; two"),
    ],
)
def test_text_is_a_plain_value_as_a_reader_sees_it(value: Plain, words: str) -> None:
    assert text(value) == words


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NO_TERM, ""),
        (NEVER, ""),
        (Term("a", "reliable"), "reliable"),
        (Decimal(12), "12"),
        (Decimal("0.50"), "0.5"),
        ((), ""),
        (("one",), "one"),
        ((PAPER,), [{"id": 3, "label": "The Paper"}]),
    ],
)
def test_plain_has_words_for_every_kind_of_value(value: object, expected: Plain) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize("value", [object(), {"a": 1}, 1.5j, b"bytes"])
def test_plain_refuses_what_has_no_words(value: object) -> None:
    with pytest.raises(TypeError, match="give it an id and a label"):
        plain(value)


@pytest.mark.parametrize("nothing", [NO_TERM, NEVER])
def test_an_empty_term_or_date_is_false(nothing: object) -> None:
    assert not nothing
    assert str(nothing) == ""


@pytest.mark.parametrize("something", [Term("a", "reliable"), When("2025", "2025")])
def test_a_term_or_date_is_true_and_its_words(something: Term | When) -> None:
    assert something
    assert str(something) == something.words


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (PAPER, "The Paper"),
        (SnapshotContent(1, When("2025-07-01", "1 July 2025"), "", ""), "copy of 1 July 2025"),
        (ChainLink(7, PAPER, "", NO_TERM, NEVER, None), "The Paper"),
        (ChainLink(7, None, "", NO_TERM, NEVER, None), "a statement since withdrawn"),
        (EvidenceStep(7, "Court file"), "Court file"),
        (EvidenceStep(7, ""), "evidence not shown here"),
    ],
)
def test_what_is_referred_to_has_a_label(content: Any, label: str) -> None:
    assert content.label == label
    assert plain((content,)) == [{"id": content.id, "label": label}]


ALL = (
    AttributionContent,
    ClaimContent,
    DisputeContent,
    DocumentContent,
    EvidenceContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    VerdictContent,
)


@pytest.mark.parametrize("content", ALL)
def test_a_label_stands_in_the_middle_of_a_sentence(content: type) -> None:
    for name, entry in declared(content).items():
        assert entry.label, name
        first = entry.label.split()[0]
        assert first[0].islower() or first == "Wikidata", name
        assert not entry.label.endswith((".", ":")), name


@pytest.mark.parametrize("content", ALL)
def test_no_two_compared_fields_share_a_code(content: type) -> None:
    codes = [(entry.part, entry.name or name) for name, entry in declared(content).items() if entry.compared]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("content", ALL)
def test_no_two_fields_share_a_column(content: type) -> None:
    columns = [entry.column for entry in declared(content).values() if entry.column]
    assert len(columns) == len(set(columns))


@pytest.mark.parametrize("content", ALL)
def test_only_terms_stand_in_words_in_a_column(content: type) -> None:
    hints = get_type_hints(content)
    for name, entry in declared(content).items():
        if entry.words:
            assert hints[name] is Term, name


TEXTS = st.text(max_size=20)


@given(st.dictionaries(st.sampled_from(["title", "method", "note", "secret"]), TEXTS))
def test_whatever_a_text_holds_it_is_told_once(changes: dict[str, str]) -> None:
    row = replace(FINDING, **changes)  # type: ignore[arg-type]
    told = dict(facts(row))
    for name, value in changes.items():
        if name in declared(Finding):
            label = declared(Finding)[name].label
            assert told.get(label[:1].upper() + label[1:], "") == value


@given(TEXTS, TEXTS)
def test_rows_that_differ_in_a_field_differ_when_compared(before: str, after: str) -> None:
    was, now = compared(replace(FINDING, method=before)), compared(replace(FINDING, method=after))
    assert (was != now) == (before != after)
    assert {name for name in now if was[name] != now[name]} <= {"method"}
