"""HTML, Markdown and DOCX as they write single blocks, read back by readers that know nothing of the writers."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

import docx
import html5lib
import pytest
from django.utils.safestring import SafeString, mark_safe
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claims.reports.formats import html_blocks, markdown
from claims.reports.formats.docx_blocks import Writer
from claims.reports.formats.docx_styles import set_styles
from claims.reports.outline.blocks import (
    Block,
    Card,
    Contents,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    facts,
    plain,
    runs,
)
from tests.claims.content_case import ARABIC, CHINESE, HOSTILE

TEXTS = [HOSTILE, ARABIC, CHINESE, "😀", "# a", "1. a", "- a", "a|b", "*", "a_b_c", "&amp;", "===", "\\", "`"]
MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def parsed(page: str) -> Element:
    """The body of a page, read strictly: whatever is not closed, or closed twice, is an error."""
    made = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!DOCTYPE html><title></title><body>{page}</body>"
    )
    body = made.find("body")
    assert body is not None
    return body


# HTML.


@pytest.mark.parametrize("text", ['"', "'", "<", "&", '"><script>', "a b", ARABIC, "&quot;"])
def test_an_attribute_holds_its_value_and_no_more(text: str) -> None:
    (made,) = parsed(html_blocks.element("p", "x", title=text, class_=text, aria_label=text))
    assert made.attrib == {"title": text, "class": text, "aria-label": text}
    assert made.text == "x"


def test_attributes_without_a_value_are_left_out() -> None:
    assert html_blocks.opened("p", class_="", id="", title="") == "<p>"
    assert html_blocks.element("p") == "<p></p>"


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_not_safe_is_escaped_and_what_is_safe_stays(text: str) -> None:
    made = html_blocks.together((text, mark_safe("<b>x</b>"), text))
    assert isinstance(made, SafeString)
    page = parsed(html_blocks.element("p", made))
    assert "".join(page.itertext()) == f"{text}x{text}"
    assert [node.tag for node in page.iter()] == ["body", "p", "b"]


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("a\nb", "a<br>b"), ("\n\n", "<br><br>"), ("<br>\n", "&lt;br&gt;<br>")]
)
def test_line_breaks_are_kept(text: str, shown: str) -> None:
    assert html_blocks.lines(text) == shown


PICTURE = Picture("balance", "Title", "Words", "<svg></svg>")
NUMBERS = Table("Numbers", (runs("a"), runs("b")), ((runs("1"), runs("2")), (runs("3"), runs("4"))), (1, 1))
ROLES = st.sampled_from(["", "", "part", "claim"])


@st.composite
def reports(draw: st.DrawFn) -> tuple[Block, ...]:
    """Headings as they come, with texts, tables and pictures among them."""
    made: list[Block] = []
    for place in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(["heading", "heading", "text", "table", "picture"]))
        if kind == "heading":
            anchor = draw(st.sampled_from(["", f"h-{place}"]))
            made.append(Heading(draw(st.integers(2, 4)), runs(f"H{place}"), anchor, role=draw(ROLES)))
        else:
            made.append({"text": Paragraph(runs(f"P{place}")), "table": NUMBERS, "picture": PICTURE}[kind])
    return tuple(made)


@settings(max_examples=60, deadline=None)
@given(reports())
def test_sections_are_closed_where_a_heading_of_their_level_begins(blocks: tuple[Block, ...]) -> None:
    page = parsed(html_blocks.body(blocks))
    words = [text for text in "".join(page.itertext()).replace("Numbers", "").split("\n") if text]
    assert "".join(words) == "".join(
        plain(block.runs) if isinstance(block, Heading | Paragraph) else "ab1234" if block is NUMBERS else ""
        for block in blocks
    )
    # What is within what, reckoned from the headings alone: a section lasts until one of its level or above.
    inside: dict[str, list[str]] = {}
    still: list[tuple[int, str]] = []
    for block in blocks:
        if isinstance(block, Heading):
            still = [entry for entry in still if entry[0] < block.level]
            if block.anchor:
                inside[block.anchor] = [name for _level, name in still if name]
            if block.anchor:
                still.append((block.level, block.anchor))
    parents = {node: outer for outer in page.iter() for node in outer}
    found: dict[str, list[str]] = {}
    for node in page.iter("section"):
        outer, line = node, []
        while (outer := parents.get(outer)) is not None:  # type: ignore[assignment]
            if outer.tag == "section" and outer.get("id"):
                line.append(str(outer.get("id")))
        if node.get("id"):
            found[str(node.get("id"))] = line[::-1]
    assert found == inside


@settings(max_examples=60, deadline=None)
@given(reports())
def test_a_picture_stands_beside_the_tables_that_follow_it_and_nothing_else(blocks: tuple[Block, ...]) -> None:
    page = parsed(html_blocks.body(blocks))
    expected: list[list[str]] = []
    for place, block in enumerate(blocks):
        if block is PICTURE:
            expected.append(["div"])
        elif block is NUMBERS and expected and all(row in (PICTURE, NUMBERS) for row in blocks[place - 1 : place]):
            # Beside a picture, if tables alone are between them.
            before = [row for row in blocks[:place] if row is not NUMBERS]
            if before and before[-1] is PICTURE:
                expected[-1].append("table")
    found = [[node.tag for node in box] for box in page.iter("div") if box.get("class") == "pictured"]
    assert found == expected


@pytest.mark.parametrize("totals", [0, 1, 2])
@pytest.mark.parametrize("heads", [0, 1, 2])
def test_a_table_has_heads_and_sums_where_they_are_asked_for(totals: int, heads: int) -> None:
    rows = tuple((runs(f"{place}a"), runs(f"{place}b"), runs(f"{place}c")) for place in range(3))
    made = Table("Caption", (runs("a"), runs("b"), runs("c")), rows, (1, 1, 1), row_heads=heads, totals=totals)
    (table,) = parsed(html_blocks.body((made,)))
    assert len(table.findall("tbody/tr")) == 3 - totals
    assert len(table.findall("tfoot/tr")) == totals
    assert {node.get("scope") for node in table.findall("thead//th")} == {"col"}
    assert len([node for node in table.iter("th") if node.get("scope") == "row"]) == 3 * heads
    assert "".join(table.itertext()) == "Captionabc" + "".join(f"{n}a{n}b{n}c" for n in range(3))


def test_a_matrix_can_be_scrolled_without_a_mouse() -> None:
    made = Table("Cells", (runs("a"),), ((runs("1"),),), (1,), role="matrix")
    (box,) = parsed(html_blocks.body((made,)))
    assert (box.get("role"), box.get("aria-label"), box.get("tabindex")) == ("group", "Cells", "0")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("style", ["", "strong", "quiet", "flag", "code", "stance", "mark"])
def test_a_run_in_any_style_is_its_text(style: Any, text: str) -> None:
    run = Run(text, style, lang="fr", link="https://a.example/?a=1&b='\"", datetime="2025", title=text)
    (made,) = parsed(html_blocks.body((Paragraph((run,)),)))
    assert "".join(made.itertext()) == text
    assert made.get("lang") == "fr"
    (link,) = made.iter("a")
    assert (link.get("href"), link.get("title")) == (run.link, text)


# Markdown.


def shown(text: str) -> list[tuple[str, str]]:
    """What a reader of Markdown sees: the kind of each block, and its words."""
    tokens = MARKDOWN.parse(text)
    return [
        (
            tokens[place - 1].type,
            "".join(child.content or "\n" * (child.type == "softbreak") for child in token.children),
        )
        for place, token in enumerate(tokens)
        if token.type == "inline" and token.children is not None
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_a_heading_stays_one_line_and_one_heading(level: int, text: str) -> None:
    (written,) = markdown.blocks((Heading(level, runs(Run(f"{text}\n{text} #"))),))
    assert shown(written) == [("heading_open", f"{text} {text} #")]
    assert MARKDOWN.parse(written)[0].tag == f"h{level}"


@pytest.mark.parametrize("text", TEXTS)
def test_a_cell_stays_a_cell(text: str) -> None:
    made = Table("", (runs(text), runs("b")), ((runs(f"{text}\n{text}"), ()),), (1, 1))
    assert shown("\n\n".join(markdown.blocks((made,)))) == [
        ("th_open", text),
        ("th_open", "b"),
        ("td_open", f"{text} {text}"),
        ("td_open", ""),
    ]


@pytest.mark.parametrize("text", TEXTS)
def test_a_quotation_has_all_its_paragraphs_and_ends_with_them(text: str) -> None:
    written = "\n\n".join(markdown.blocks((Quote(f"{text}\n\n{text}\n{text}"), Paragraph(runs("after")))))
    assert shown(written) == [("paragraph_open", part) for part in (text, f"{text}\n{text}", "after")]
    tokens = MARKDOWN.parse(written)
    assert [token.type for token in tokens if "blockquote" in token.type] == ["blockquote_open", "blockquote_close"]
    assert tokens[-3].level == 0


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("size", [1, 2, 9, 12])
def test_a_list_has_as_many_entries_as_there_are_cards(size: int, ordered: bool) -> None:
    for further in ((), (Quote("said"), *facts(("Label", runs("value"))))):
        cards = tuple(Card("entry", (Paragraph(runs(f"Row {place}")), *further)) for place in range(size))
        (written,) = markdown.blocks((Items("sources", cards, ordered=ordered),))
        tokens = MARKDOWN.parse(written)
        name = "ordered_list_open" if ordered else "bullet_list_open"
        assert [token.type for token in tokens if token.level == 0 and token.nesting == 1] == [name]
        assert sum(token.type == "list_item_open" and token.level == 1 for token in tokens) == size
        assert sum(token.type == "blockquote_open" for token in tokens) == (size if further else 0)
        # Loose only where an entry is more than a paragraph.
        assert ("\n\n" in written) == bool(further)


@given(st.text(st.sampled_from("ab*_`[]()<>|~#+-=:.!1 \\\n&;漢ق"), max_size=20))
@settings(max_examples=150, deadline=None)
def test_a_line_of_text_is_read_as_it_was_written(text: str) -> None:
    expected = " ".join(text.split())
    assert [words for _kind, words in shown(markdown.line(text))] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("before", "after", "bold"),
    [(" ", " ", True), ("", "", True), ("a", "b", True), ("(", ")", True), ("", ", then", True)],
)
def test_bold_words_are_bold_among_their_neighbours(before: str, after: str, bold: bool) -> None:
    (written,) = markdown.blocks((Paragraph(runs(before, Run("word", "strong"), after)),))
    tokens = MARKDOWN.parse(written)[1].children or []
    assert ("strong_open" in {token.type for token in tokens}) == bold
    assert "".join(token.content for token in tokens) == f"{before}word{after}".strip()


@pytest.mark.parametrize(
    ("run", "written"),
    [
        (Run("https://a.example/", link="https://a.example/"), "<https://a.example/>"),
        (Run("words", link="https://a.example/(b)"), "[words](https://a.example/\\(b\\))"),
        (Run("words", link="#claim-1"), "words"),
        (Run("words", link="javascript:x"), "words"),
        (Run("abc", "code"), "`abc`"),
        (Run("a`b", "code"), "a\\`b"),
        (Run("two\nlines", link="https://a.example/"), "[two lines](https://a.example/)"),
    ],
)
def test_links_and_codes_in_markdown(run: Run, written: str) -> None:
    assert list(markdown.blocks((Paragraph((run,)),))) == [written]


def test_a_picture_is_told_in_words() -> None:
    made = Picture("key", "A *title*", "For\nand against", "<svg></svg>")
    assert list(markdown.blocks((made,))) == ["Picture: A \\*title\\*. For and against"]


# DOCX.


def written(*blocks: Block) -> Any:
    """A document with these blocks and the styles of a report."""
    made = docx.Document()
    set_styles(made, "en")
    writer = Writer(made)
    for block in blocks:
        writer.block(block)
    return made


def texts(made: Any) -> list[str]:
    """The paragraphs without the marks that keep what is read from right to left in its place."""
    return [re.sub("[\u200e\u200f]", "", paragraph.text) for paragraph in made.paragraphs if paragraph.text]


@pytest.mark.parametrize("text", TEXTS)
def test_a_document_says_each_block_as_it_is(text: str) -> None:
    made = written(
        Heading(2, runs(text), "here", over="Claim 1"),
        Paragraph(runs(text, " and ", text)),
        Quote(f"{text}\n\n{text}", "ar"),
        *facts(("Label", runs(text))),
        Items("sources", (Card("entry", (Paragraph(runs(text)),)),), ordered=True),
        Card("verdict", (Paragraph(runs(text), "rating"),), colour="#112233"),
    )
    assert texts(made) == ["Claim 1", text, f"{text} and {text}", text, text, f"Label: {text}", text, text]
    assert [paragraph.style.name for paragraph in made.paragraphs][1] == "Heading 2"


def test_a_run_with_a_colour_has_its_square() -> None:
    made = written(Paragraph((Run("Refuted", "strong", colour="#b71c1c"),), "rating"))
    assert texts(made) == ["■ Refuted"]


@pytest.mark.parametrize(("text", "turned"), [(ARABIC, True), (CHINESE, False), ("plain", False)])
def test_a_paragraph_is_set_in_the_direction_of_its_text(text: str, turned: bool) -> None:
    for block in (Paragraph(runs(text)), Quote(text)):
        (paragraph,) = [row for row in written(block).paragraphs if row.text]
        assert bool(paragraph._p.findall(f".//{qn('w:bidi')}")) == turned


@pytest.mark.parametrize(("rows", "held"), [(1, 0), (4, 3), (5, 1), (17, 1)])
def test_a_table_has_its_head_on_every_page_and_a_small_one_is_kept_together(rows: int, held: int) -> None:
    content = tuple((runs(f"{place}"), runs(HOSTILE)) for place in range(rows))
    made = written(Table("Numbers", (runs("a"), runs("b")), content, (3, 1), row_heads=1))
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["a", "b"],
        *[[str(place), HOSTILE] for place in range(rows)],
    ]
    assert [len(row._tr.findall(f".//{qn('w:tblHeader')}")) for row in table.rows] == [1, *[0] * rows]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept == [True, *[True] * held, *[False] * (rows - held)]
    wide, narrow = (column.width for column in table.columns)
    assert wide == pytest.approx(3 * narrow, rel=0.01)


def test_contents_lead_to_the_headings_and_can_be_brought_up_to_date() -> None:
    made = written(Contents((Heading(2, runs("x"), "claim-7", over="Claim 7"), Heading(2, runs("Method"), "method"))))
    links = made.element.body.findall(f".//{qn('w:hyperlink')}")
    assert [(link.get(qn("w:anchor")), "".join(row.text for row in link.iter(qn("w:t")))) for link in links] == [
        ("claim_7", "Claim 7"),
        ("method", "Method"),
    ]
    fields = [mark.get(qn("w:fldCharType")) for mark in made.element.body.iter(qn("w:fldChar"))]
    assert fields == ["begin", "separate", "end"]


@pytest.mark.parametrize(("width", "entries", "columns"), [(260, 10, 1), (260, 21, 2), (480, 10, 0), (260, 60, 0)])
def test_contents_stand_beside_the_picture_before_them_where_both_have_room(
    width: int, entries: int, columns: int
) -> None:
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 310" width="{width}" height="310"></svg>'
    picture = Picture("matrix", "How it fits", "Ten lines.", drawn)
    contents = Contents(tuple(Heading(2, runs(f"Part {place}"), f"part-{place}") for place in range(entries)))
    made = docx.Document()
    set_styles(made, "en")
    Writer(made).blocks((picture, contents, Paragraph(runs("After them."))))
    rows = made.paragraphs
    beside = [row for row in rows if row._p.find(f".//{qn('w:framePr')}") is not None]
    assert len(beside) == (1 + -(-entries // columns) if columns else 0)
    assert sum(row.text.count("Part") for row in rows) == entries
    before = rows[: next(place for place, row in enumerate(rows) if row._p.findall(f".//{qn('wp:docPr')}"))]
    assert [row._p for row in before] == [row._p for row in beside], "in front of what they stand beside"


def test_every_anchor_is_a_bookmark_of_its_own() -> None:
    card = Card("evidence", (Paragraph(runs("E1")),), anchor="evidence-1")
    entry = Card("entry", (Paragraph(runs("S1")),), anchor="source-1")
    heads = (Heading(2, runs(f"H{place}"), f"claim-{place}") for place in range(5))
    made = written(*heads, Heading(3, runs("x")), card, Items("sources", (entry,)))
    marks = made.element.body.findall(f".//{qn('w:bookmarkStart')}")
    assert len({mark.get(qn("w:id")) for mark in marks}) == len({mark.get(qn("w:name")) for mark in marks}) == 7
    assert all(re.fullmatch(r"\w+", mark.get(qn("w:name"))) for mark in marks)
