"""The outline of a report, and that every format for readers says all of it, in its order and its words."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest
from django.db import connection

from claims.logic.direction import runs_to_the_left
from claims.reports.content.dossier import ClaimDossier, DisputeDossier
from claims.reports.formats import html
from claims.reports.formats.catalogue import FORMATS, Format
from claims.reports.load.dossier import load_dispute
from claims.reports.outline.blocks import (
    Card,
    CardRole,
    Heading,
    Items,
    Outline,
    Paragraph,
    Run,
    clean,
    facts,
    plain,
    runs,
)
from claims.reports.outline.report import outline_of
from tests import factories as make
from tests.claims import report_readers as readers
from tests.claims.report_case import ARABIC, HOSTILE
from tests.claims.report_readers import Sentence

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="writers ask no database"),
]

PROSE = [
    (name, entry)
    for name, entry in FORMATS.items()
    if name in {"pdf", "docx"} or (entry.media_type.startswith("text/") and name != "csv")
]
"""The formats that are read from the beginning to the end, and so say the same in the same order."""


def departures(name: str, body: bytes, outline: Outline, expected: list[Sentence]) -> list[str]:
    """Where a report departs from the sentences that another format has."""
    if name == "pdf":
        return readers.departures_of_pdf(body, outline, expected)
    read = {"html": readers.from_html, "markdown": readers.from_markdown, "docx": readers.from_docx}.get(name)
    if read is None:
        return readers.departures_of_text(body, expected)
    found = read(body)
    return [f"{a} is {b}" for a, b in zip_longest(expected, found) if a != b]


@pytest.mark.parametrize(("name", "entry"), PROSE, ids=[name for name, _entry in PROSE])
def test_every_format_says_the_same_in_the_same_order(
    public: DisputeDossier, desk: ClaimDossier, name: str, entry: Format
) -> None:
    for dossier in (public, desk):
        expected = readers.from_html(html.write(dossier))
        assert len(expected) > 100
        assert {kind for kind, _text in expected} == {
            "heading 1", "heading 2", "text", "quote", "label", "head", "cell",
        } | ({"heading 3"} if dossier is public else set())  # fmt: skip
        assert departures(name, entry.write(dossier), outline_of(dossier), expected) == []


@pytest.mark.parametrize("name", ["html", "markdown", "docx", "pdf"])
def test_a_format_that_drops_or_moves_a_paragraph_is_found_out(
    desk: ClaimDossier, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = readers.from_html(html.write(desk))
    writer = FORMATS[name].writer
    outline = outline_of(desk)
    place = next(place for place, block in enumerate(outline.blocks) if isinstance(block, Paragraph))
    one, other = outline.blocks[place], outline.blocks[-1]
    assert one != other
    for blocks in (
        tuple(block for block in outline.blocks if block is not one),
        tuple(other if block is one else one if block is other else block for block in outline.blocks),
    ):
        monkeypatch.setattr(writer, "outline_of", lambda _dossier, blocks=blocks: replace(outline, blocks=blocks))
        assert departures(name, FORMATS[name].write(desk), outline, expected) != []


@pytest.mark.parametrize("name", ["html", "markdown", "docx", "pdf"])
def test_facts_are_read_on_every_card_in_every_format(
    desk: ClaimDossier, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = facts(
        ("Plain", runs("One")),
        (HOSTILE, runs(Run(HOSTILE), " and ", Run("more", "strong", link="https://x.example/"))),
        ("Lines", runs("First\nSecond")),
        ("To the left", runs(Run(ARABIC, lang="ar"))),
    )
    blocks = (Paragraph(runs("Before"), "who"), *known, Paragraph(runs("After"), "meta"))
    roles: list[CardRole] = ["verdict", "draft", "earlier", "statement", "relay", "evidence"]
    made = (
        Heading(1, runs("Facts")),
        Heading(2, runs("Everywhere")),
        *known,
        *(Card(role, blocks) for role in roles),
        Items("sources", (Card("entry", blocks), Card("entry", blocks)), ordered=True),
    )
    outline = replace(outline_of(desk), blocks=made)
    for writer in ("html", name):
        monkeypatch.setattr(FORMATS[writer].writer, "outline_of", lambda _dossier: outline)
    expected = readers.from_html(html.write(desk))
    assert [kind for kind, _text in expected].count("label") == 4 * 9 + len(outline.imprint.pairs)
    assert departures(name, FORMATS[name].write(desk), outline, expected) == []


def test_an_outline_lets_no_odd_letter_or_address_through() -> None:
    assert clean("a\x00b\x0b\ud800\r\nc\x85\td") == "a\ufffdb\ufffd\ufffd\nc\n d"
    kept = {
        link: Run("x", link=link).link
        for link in ("https://a.example/", "#claim-1", "javascript:alert(1)", "/x", "file:x")
    }
    assert [link for link, shown in kept.items() if shown] == ["https://a.example/", "#claim-1"]
    assert [runs_to_the_left(text) for text in ("(2025) قال", "Baku قال", "123", "")] == [True, False, False, False]


def test_what_says_a_claim_again_is_named_beside_it_and_said_of_it_alone(anonymous: Any) -> None:
    dispute = make.make_dispute(question="What happened?")
    judged, exact, vague, again, other = (
        make.make_claim(text, dispute=dispute, published=True)
        for text in ("Three died.", "Three men died.", "People died.", "Three were killed.", "Nobody died.")
    )
    make.make_published(judged)
    make.make_relation(exact, judged, kind="refines")
    make.make_relation(judged, vague, kind="refines")
    make.make_relation(again, judged, kind="repeats")
    make.make_relation(other, judged, kind="excludes")
    blocks = outline_of(load_dispute(dispute, anonymous)).blocks
    (said,) = (plain(block.runs) for block in blocks if isinstance(block, Paragraph) and block.role == "counts"
               and plain(block.runs).startswith("Besides"))  # fmt: skip
    named = ", ".join(f"claim {claim.pk}" for claim in (exact, vague, again))
    assert said == f"Besides, which say some of these again, more or less exactly: {named}"
