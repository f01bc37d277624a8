"""Whatever a text of the register holds, it is text in a report: never markup, and never a way to anywhere else."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claims.reports.formats.html_blocks import body
from claims.reports.formats.markdown import blocks
from claims.reports.outline.blocks import (
    Block,
    Card,
    Facts,
    Heading,
    Items,
    Paragraph,
    Quote,
    Run,
    Table,
    facts,
    runs,
)
from tests.claims.report_case import ARABIC
from tests.claims.report_readers import squeezed

PIECES = [*"ab 1.*_`[]()<>|~#+-=:&;!\\\n\"'“”é", "\u00a0", "&copy;", "http://x.example", "**", "<b>", "</p>", "<!--"]
ADDRESSES = ["", "#claim-1", "javascript:alert(1)", "https://x.example/a(b)?a=1&copy=2|`*_\\'\"<z>", "data:text/html,x"]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(str.strip)
RUNS = st.builds(
    Run,
    text=TEXTS,
    style=st.sampled_from(["", "strong", "flag", "quiet", "code", "stance", "mark"]),
    link=st.sampled_from(ADDRESSES),
    lang=st.sampled_from(["", "ru", '"><i>']),
    datetime=st.sampled_from(["", "2025", '"><i>']),
    title=st.sampled_from(["", '"><i>']),
)
CONTENTS = st.lists(RUNS, min_size=1, max_size=3).map(tuple)
MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
INLINE = {"text", "text_special", "softbreak", "code_inline", "link_open", "link_close", "strong_open", "strong_close"}
HTML = {
    "p",
    "br",
    "strong",
    "span",
    "code",
    "abbr",
    "time",
    "a",
    "h2",
    "dl",
    "div",
    "dt",
    "dd",
    "blockquote",
    "ul",
    "li",
}
HTML |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "html", "head", "body"}


@pytest.fixture(scope="module")
def every_block() -> Any:
    """A function that puts a text into every kind of block, with the letters that are to come out again."""

    def made(content: tuple[Run, ...], one: Run) -> tuple[tuple[Block, ...], str]:
        table = Table("Table", (content, runs("b")), ((content, (one,)),), (1.0, 1.0), row_heads=1)
        listed = Card("entry", (Paragraph(content), *facts((one, content)), Quote(one.text, cite=one.link)))
        entered = (
            Heading(2, content),
            Paragraph(content),
            table,
            Facts(((one, content),)),
            Items("sources", (listed,)),
        )
        text, other = "".join(run.text for run in content), one.text
        return entered, f"{text}{text}Table{text}b{text}{other}{other}{text}{text}{other}{text}{other}"

    return made


@settings(max_examples=60, deadline=None, database=None)
@given(content=CONTENTS, one=RUNS)
def test_in_html_no_text_is_markup(every_block: Any, content: tuple[Run, ...], one: Run) -> None:
    made, text = every_block(content, one)
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        f"<!DOCTYPE html><title></title>{body(made)}"
    )
    page.find("head").clear()
    assert squeezed("".join(page.itertext())) == squeezed(text)
    assert {element.tag for element in page.iter()} <= HTML
    links = [element.get(name) for element in page.iter() for name in ("href", "cite") if element.get(name)]
    assert all(re.match("https://|#claim-1$", link) for link in links)
    names = {name for element in page.iter() for name in element.keys()}  # noqa: SIM118 - an element is no dict
    assert names <= {"class", "id", "lang", "dir", "href", "title", "datetime", "scope", "cite", "aria-labelledby"}


@settings(max_examples=60, deadline=None, database=None)
@given(content=CONTENTS, one=RUNS)
@example(content=(Run("a", "code"), Run("a", "code"), Run("a", "strong"), Run("a", "strong")), one=Run("a"))
def test_in_markdown_no_text_is_markup(every_block: Any, content: tuple[Run, ...], one: Run) -> None:
    made, text = every_block(content, one)
    written = "\n\n".join(blocks(made))
    tokens = MARKDOWN.parse(written)
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= INLINE, written
    # The colon behind a label is the format's own.
    assert squeezed("".join(child.content for child in inline)).replace(":", "") == squeezed(text).replace(":", ""), (
        written
    )
    opened = [token.type for token in tokens if token.level == 0 and token.nesting == 1]
    # A list of facts and one of rows are one where nothing is between them; a text may have several paragraphs.
    kinds = [kind for kind, _same in groupby(opened)]
    assert kinds == ["heading_open", "paragraph_open", "table_open", "bullet_list_open"], written
    links = [str(child.attrs["href"]) for child in inline if child.type == "link_open"]
    assert all(link.startswith("https://x.example/a") for link in links), written


def test_a_text_from_right_to_left_stands_apart_from_its_neighbours() -> None:
    assert body((Paragraph(runs("By ", Run(ARABIC, lang="ar"), ".")),)) == (
        f'<p class="prose">By <span lang="ar" dir="auto">{ARABIC}</span>.</p>'
    )
    assert body((Paragraph((Run(ARABIC, "strong"),), "who"),)) == (
        f'<p class="who" dir="auto"><strong>{ARABIC}</strong></p>'
    )
    assert 'dir="auto"' in body((Quote(f"2025 ({ARABIC})", "ar"),))


def test_facts_are_a_list_of_labels() -> None:
    made = facts(("One", runs("1\n2")), ("None", ()), (Run("Rated", "strong", colour="#1b5e20"), runs("x")))
    page = body(made)
    assert page.startswith('<dl class="facts"><div><dt>One</dt><dd>1<br>2</dd></div><div><dt><span class="rating">')
    assert list(blocks(made)) == ["- **One:** 1\n  2\n- **Rated:** x"]
    assert facts(("None", ())) == ()
