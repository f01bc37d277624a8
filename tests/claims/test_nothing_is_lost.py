"""Every declared field of a row is told by its card, by hand or among the facts: no field is lost in silence."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

from claims.logic.origins import Tally
from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import NEVER, NO_TERM, Term, When, declared
from claims.reports.content.dossier import Imprint
from claims.reports.content.evidence import EvidenceContent, EvidenceStep
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import (
    AttributionContent,
    ChainLink,
    DisputeContent,
    DocumentContent,
    InquiryContent,
    RatingContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.outline import rows
from claims.reports.outline.blocks import Block, Facts, Heading, Items, Paragraph, Picture, Quote, Table
from claims.reports.outline.further import PLACED, further
from claims.reports.outline.report import outline_of
from tests.claims import content_case as case

IMPRINT = Imprint("Desk", "https://register.example.org", datetime(2025, 7, 1, tzinfo=UTC), desk=True)
NOT_IN_WORDS = {
    "AttributionContent.quote_language": "marks the language of the quote, and is told where it was translated",
    "AttributionContent.stance": "is told by its words",
    "AttributionContent.passes_on": "is told by the words of what they did",
    "ReviewContent.language": "marks the language of the words",
    "ReviewContent.url": "is where the title leads",
    "DocumentContent.language": "marks the language of the title",
    "RelationContent.kind": "is told by its verb",
    "SourceContent.withheld": "is told to the desk by a remark",
    "AttributionContent.anonymous": "is told by a sentence",
    "AttributionContent.taken_back_on": "is told by a sentence where it was taken back",
    "VerdictContent.status": "is told by the heading",
    "VerdictContent.likelihood_sentence": "is told by the words of the likelihood",
    "VerdictContent.confidence_sentence": "is told by the words of the confidence",
    "AttributionContent.quote_warnings": "is told by the sentence of the state",
    "VerdictContent.correction_reason": "is told where it corrects one",
    "VerdictContent.correction_severity": "is told where it corrects one",
    "EvidenceContent.bearing": "is told by its line",
}
"""Fields that the card of their row does not hold as they are, and where they are instead."""


def words_of(blocks: Any) -> str:
    """All words in blocks, whatever they are in."""
    match blocks:
        case None | int() | float() | bool():
            return ""
        case str():
            return blocks
        case tuple() | list():
            return " ".join(map(words_of, blocks))
        case _ if is_dataclass(blocks):
            return " ".join(words_of(getattr(blocks, field.name)) for field in fields(blocks))
    raise TypeError(type(blocks).__name__)


def folded(words: str) -> str:
    return " ".join(words.casefold().split())


def marked(content: type, **given: Any) -> Any:
    """A row of content whose every text, term and date is a word that occurs nowhere else."""
    hints = get_type_hints(content)
    values: dict[str, Any] = {}
    for field in fields(content):
        mark = f"mark-{content.__name__}-{field.name}"
        hint = hints[field.name]
        values[field.name] = {
            str: mark,
            Term: Term(mark, mark),
            When: When("2025-07-01", mark),
            int: 1,
            bool: False,
            tuple[str, ...]: (mark,),
            Tally: Tally(),
        }.get(hint)
    return content(**values | given)


SOURCE = marked(SourceContent, website="https://example.org/mark-website")
COPY = marked(SnapshotContent, archive_url="https://example.org/mark-archive")
WORK = marked(DocumentContent, publisher=SOURCE, url="https://example.org/mark-url", snapshots=(COPY,))
BODY = replace(SOURCE, name="mark-body")
RATING = marked(RatingContent, colour="#112233")
CHAIN = (
    ChainLink(1, SOURCE, "", NO_TERM, NEVER, None),
    ChainLink(2, replace(SOURCE, name="mark-origin"), "", NO_TERM, NEVER, None),
)
ROWS: dict[type, Any] = {
    SourceContent: SOURCE,
    DocumentContent: WORK,
    AttributionContent: marked(
        AttributionContent, source=SOURCE, on_behalf_of=BODY, document=WORK, chain=CHAIN, anonymous=True
    ),
    EvidenceContent: marked(
        EvidenceContent,
        strength=Term("strong", "mark-strength"),
        documents=(WORK,),
        lineage=(EvidenceStep(1, "own"), EvidenceStep(2, "mark-origin")),
    ),
    VerdictContent: marked(VerdictContent, rating=RATING),
    RelationContent: marked(RelationContent, other_address="https://example.org/claims/2/"),
    ReviewContent: marked(ReviewContent, publisher=SOURCE, url="https://example.org/mark-review"),
    InquiryContent: marked(InquiryContent, source=SOURCE),
}


def told_of(row: Any) -> str:
    """All words of a report on one claim with this row, the desk's own."""
    named, more = case.claim(7), {"imprint": IMPRINT}
    match row:
        case SourceContent():
            more["sources"] = (row,)
        case DocumentContent():
            more["documents"] = (row,)
        case AttributionContent():
            named = replace(named, origins=(case.group("for", row),))
        case EvidenceContent():
            named = replace(named, evidence=(row,))
        case VerdictContent():
            named = replace(named, verdict=row)
        case RelationContent():
            named = replace(named, relations=(row,))
        case ReviewContent():
            named = replace(named, reviews=(row,))
        case InquiryContent():
            named = replace(named, inquiries=(row,))
    return folded(words_of(outline_of(case.report_on(named, **more)).blocks))


TOLD = {content: told_of(row) for content, row in ROWS.items()}
CASES = [(content, name) for content in ROWS for name in declared(content)]


@pytest.mark.parametrize(("content", "name"), CASES, ids=[f"{content.__name__}.{name}" for content, name in CASES])
def test_every_declared_field_is_told_by_the_report_on_its_row(content: type, name: str) -> None:
    row = ROWS[content]
    told = TOLD[content]
    value = getattr(row, name)
    if f"{content.__name__}.{name}" in NOT_IN_WORDS or value in (None, False, "", ()):
        return
    match value:
        case str():
            wanted = value
        case Term() | When():
            wanted = value.words
        case SourceContent() | DocumentContent() | RatingContent():
            wanted = value.label
        case tuple() if isinstance(value[-1], str):
            wanted = value[-1]
        case tuple():
            wanted = value[-1] if isinstance(value[-1], str) else value[-1].label
        case _:
            raise TypeError(type(value).__name__)
    assert folded(wanted) in told, f"{name} is declared, and no report on a {content.__name__} tells it"


@pytest.mark.parametrize("content", [*ROWS, DisputeContent, QuestionContent, ClaimContent])
def test_what_is_placed_is_declared(content: type) -> None:
    assert PLACED[content] <= set(declared(content)), "take out of PLACED what is no field any more"


def test_every_content_class_of_a_card_says_what_it_places() -> None:
    assert set(PLACED) == {*ROWS, DisputeContent, QuestionContent, ClaimContent}


def test_no_exemption_is_for_a_field_that_is_gone_or_told() -> None:
    known = {f"{content.__name__}.{name}" for content, name in CASES}
    assert set(NOT_IN_WORDS) <= known


@pytest.mark.parametrize("content", ROWS, ids=lambda content: content.__name__)
def test_a_field_that_nobody_places_becomes_a_fact(content: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PLACED, content, frozenset())  # type: ignore[arg-type]
    (block,) = further(ROWS[content])
    told = {label.text for label, _words in block.pairs}
    for name, entry in declared(content).items():
        if getattr(ROWS[content], name) not in (None, False, "", ()):
            assert entry.label[:1].upper() + entry.label[1:] in told, name


def test_the_identifier_of_a_source_is_such_a_fact() -> None:
    assert [(label.text, words[0].text) for block in further(SOURCE) for label, words in block.pairs] == [
        ("Wikidata", "mark-SourceContent-wikidata")
    ]
    assert further(replace(SOURCE, wikidata="")) == ()


def test_every_kind_of_block_has_words() -> None:
    kinds: tuple[Block, ...] = (
        Heading(1, rows.runs("a heading")),
        Paragraph(rows.runs("a paragraph")),
        Quote("a quote"),
        Facts(()),
        Table("a table", (), (), ()),
        Items("sources", ()),
        Picture("key", "a picture", "words", "<svg/>"),
    )
    assert "a heading" in words_of(kinds)
    assert "a quote" in words_of(kinds)
