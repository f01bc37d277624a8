"""The blocks of a report by themselves: what a text becomes in them, and how they are cut and joined."""

from __future__ import annotations

import unicodedata
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.direction import runs_to_the_left
from claims.reports.outline.blocks import (
    Block,
    Facts,
    Outline,
    Picture,
    Quote,
    Run,
    balanced,
    clean,
    facts,
    hexadecimal,
    joined,
    paragraphs,
    plain,
    prose,
    runs,
    web_address,
)
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE

ANY = st.text(max_size=40)
LINES = st.text(st.sampled_from("ab \t\n\r\u00a0\u2003漢ق"), max_size=30)


def may_stand_in_xml(character: str) -> bool:
    """As XML 1.0 has it, without the controls that it discourages."""
    code = ord(character)
    allowed = code in (0x9, 0xA) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
    return allowed and not 0x7F <= code <= 0x9F


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(categories=["Cc", "Cs", "Lu", "Zl", "Zp", "Zs", "Cn", "Lo"]), max_size=40))
def test_a_clean_text_has_only_what_xml_knows(text: str) -> None:
    found = clean(text)
    assert all(map(may_stand_in_xml, found))
    assert not set(found) & set("\r\t\u2028\u2029")
    assert clean(found) == found


@settings(max_examples=60, deadline=None)
@given(ANY.filter(lambda text: all(map(may_stand_in_xml, text))))
def test_a_text_that_is_clean_stays_as_it_is(text: str) -> None:
    expected = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\t", " ")
    assert clean(text) == expected


@pytest.mark.parametrize("text", [HOSTILE, ARABIC, CHINESE, "", " ", "a\u202eb", "\u200f", "😀", "\u00a0"])
def test_letters_of_every_script_stay(text: str) -> None:
    assert clean(text) == Run(text).text == Quote(text).text == text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028", "\u2029", "\n"])
def test_every_end_of_a_line_is_one(end: str) -> None:
    assert clean(f"a{end}b{end}") == "a\nb\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://a.example/", True),
        ("HTTP://A.EXAMPLE", True),
        ("https://a.example/ö?q=1#x", True),
        ("https://", False),
        ("https://a b", False),
        ("https://a\n", False),
        (" https://a.example", False),
        ("ftp://a.example", False),
        ("javascript:alert(1)//https://a", False),
        ("data:text/html,https://a", False),
        ("//a.example", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_addresses(text: str, kept: bool) -> None:
    assert web_address(text) == (text if kept else "")
    assert Run("x", link=text).link == Quote("x", cite=text).cite == (text if kept else "")


@pytest.mark.parametrize(
    ("colour", "kept"),
    [
        ("#1b5e20", True),
        ("#ABCDEF", True),
        ("#fff", False),
        ("red", False),
        ("#1b5e20;", False),
        ("#1b5e20\n", False),
        ("#1b5e2g", False),
        ('"/><script>', False),
        ("", False),
        ("#١٢٣٤٥٦", False),
    ],
)
def test_a_colour_is_six_digits(colour: str, kept: bool) -> None:
    assert hexadecimal(colour) == (colour if kept else "")


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a1 (!אق漢\u200f\u202b٣"), max_size=12))
def test_the_first_letter_with_a_direction_decides(text: str) -> None:
    strong = [unicodedata.bidirectional(letter) for letter in text]
    decisive = [direction for direction in strong if direction in ("L", "R", "AL")]
    assert runs_to_the_left(text) == (decisive[:1] in (["R"], ["AL"]))
    assert Run(text).rtl == Quote(text).rtl == runs_to_the_left(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n\n\t ", []),
        ("one", ["one"]),
        ("one\ntwo", ["one\ntwo"]),
        ("one\n\ntwo", ["one", "two"]),
        ("one\n \t\ntwo\n\n\n\nthree\n", ["one", "two", "three"]),
        ("  one \n  two  ", ["one\ntwo"]),
        ("one\r\n\r\ntwo", ["one", "two"]),
        ("one\u2029\u2029two", ["one", "two"]),
        ("one\n\u00a0\ntwo", ["one", "two"]),
        (f"{ARABIC}\n\n{CHINESE}", [ARABIC, CHINESE]),
    ],
)
def test_an_empty_line_begins_a_paragraph(text: str, parts: list[str]) -> None:
    assert list(paragraphs(text)) == parts
    assert [plain(block.runs) for block in prose(text)] == parts
    assert list(Quote(text).paragraphs) == parts


@settings(max_examples=60, deadline=None)
@given(LINES)
def test_paragraphs_are_the_lines_between_empty_ones(text: str) -> None:
    found: list[list[str]] = [[]]
    for line in clean(text).split("\n"):
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    assert [part.split("\n") for part in paragraphs(text)] == [part for part in found if part]


def test_prose_gives_each_paragraph_its_role_and_language() -> None:
    made = prose("a\n\nb", "summary", "fr")
    assert [(block.role, block.runs[0].lang, block.runs[0].text) for block in made] == [
        ("summary", "fr", "a"),
        ("summary", "fr", "b"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.sampled_from(["", "a", " "]) | st.builds(Run, st.sampled_from(["", "b"]))))
def test_runs_keep_every_part_with_a_text(parts: list[Any]) -> None:
    texts = [part.text if isinstance(part, Run) else part or "" for part in parts]
    found = runs(*parts)
    assert [run.text for run in found] == [text for text in texts if text]
    assert plain(found) == "".join(texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=3)), st.sampled_from([", ", "\n", "—"]))
def test_groups_are_joined_as_texts_are(groups: list[list[str]], between: str) -> None:
    found = joined([runs(*group) for group in groups], between)
    assert plain(found) == between.join("".join(group) for group in groups if group)


def test_facts_are_the_pairs_that_have_a_text() -> None:
    assert facts() == facts(("A", ()), ("B", runs("")), (Run("C"), runs(None))) == ()
    (block,) = facts(("A", runs("1")), (Run("B", "strong"), runs("2", "3")), ("C", ()))
    assert [(label.text, label.style, plain(content)) for label, content in block.pairs] == [
        ("A", "", "1"),
        ("B", "strong", "23"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 200), st.integers(1, 12))
def test_groups_are_as_few_and_as_equal_as_can_be(count: int, most: int) -> None:
    groups = balanced(count, most)
    assert list(chain.from_iterable(groups)) == list(range(count))
    sizes = [len(group) for group in groups]
    assert all(0 < size <= most for size in sizes)
    assert len(sizes) == len(range(0, count, most))
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def outline(title: str = "Title", *blocks: Block) -> Outline:
    return Outline(title, "en", "Report", "Desk", "", Facts(()), "foot", "https://a.example", blocks)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("", ""),
        ("x" * 96, "x" * 96),
        ("x" * 97, "x" * 95 + "…"),
        ("x" * 94 + " yyy", "x" * 94 + "…"),
        (CHINESE * 10, (CHINESE * 10)[:95] + "…"),
    ],
)
def test_a_long_title_is_cut_to_a_line(title: str, short: str) -> None:
    assert outline(title).short == short
    assert len(short) <= 96


def test_a_picture_is_cleaned_like_all_else() -> None:
    made = Picture("key", "Title", "a\x00\r\nb", "<svg>\x0b</svg>")
    assert (made.alt, made.svg) == ("a\ufffd\nb", "<svg>\ufffd</svg>")
