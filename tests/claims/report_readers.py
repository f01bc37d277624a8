"""Reads the prose of a report back out of each format, by the format's own rules, so that all can be compared.

A report comes out as sentences in their order, each with its kind: heading 1 to 4, text, quote, label (of a fact), head
(of a column) or cell. A picture is a text: its title and the words that describe it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import docx
import html5lib
from docx.oxml.ns import qn
from docx.table import Table
from markdown_it import MarkdownIt
from pypdf import PdfReader

from claims.reports.formats.docx_styles import SOFT
from claims.reports.outline.blocks import Contents, Outline, Picture, plain

Sentence = tuple[str, str]
SVG = "{http://www.w3.org/2000/svg}"
_PICTURE = re.compile(r"Picture: (.*?)\. .*")
_TO_THE_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


_MARKS = str.maketrans("", "", "\u200e\u200f")


def folded(text: str) -> str:
    """In one line, without the marks of direction that a format adds."""
    return " ".join(text.translate(_MARKS).split())


def squeezed(text: str) -> str:
    """Without spaces: where lines break is the affair of each program."""
    return "".join(text.split())


# HTML


def from_html(body: bytes) -> list[Sentence]:
    """The sentences of the page, then those of its foot."""
    page = html5lib.parse(body, namespaceHTMLElements=False)
    return [sentence for part in ("main", "footer") for sentence in _elements(page.find(f".//{part}"))]


def _elements(parent: Any) -> Iterator[Sentence]:
    for child in parent:
        name = str(child.tag).rpartition("}")[2]
        if re.fullmatch("h[1-4]", name):
            yield f"heading {name[1]}", _text(child)
        elif name == "blockquote":
            yield from (("quote", _text(paragraph)) for paragraph in child)
        elif name in {"p", "caption", "dd"}:
            yield "text", _text(child)
        elif name == "dt":
            yield "label", _text(child)
        elif name in {"td", "th"}:
            yield "head" if child.get("scope") == "col" else "cell", _text(child)
        elif name == "svg":
            if child.get("role") == "img":
                title, words = (_text(part) for part in list(child)[:2])
                yield "text", f"Picture: {title}. {words}"
        elif name != "nav":  # the contents, which lead to what follows
            yield from _elements(child)


def _text(element: Any) -> str:
    for line_break in element.iter("br"):
        line_break.text = "\n"
    return folded("".join(element.itertext()))


# Markdown


def from_markdown(body: bytes) -> list[Sentence]:
    around: list[str] = []
    read: list[Sentence] = []
    for token in MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(body.decode()):
        if token.nesting:
            around.append(token.tag) if token.nesting == 1 else around.pop()
        elif token.type == "inline":
            read += _inline(token.children or [], around)
        else:
            assert token.type == "hr", f"{token.type} is nothing that a report has"
    return read


_KINDS = {"th": "head", "td": "cell"} | {f"h{level}": f"heading {level}" for level in range(1, 5)}
_INLINE = {"text", "text_special", "softbreak", "code_inline", "link_open", "link_close", "strong_open", "strong_close"}


def _inline(tokens: list[Any], around: list[str]) -> Iterator[Sentence]:
    assert not {token.type for token in tokens} - _INLINE
    tokens = [token for token in tokens if token.content or token.type != "text"]
    texts = ["\n" if token.type == "softbreak" else token.content for token in tokens]
    if "li" in around and tokens[0].type == "strong_open":
        end = next(place for place, token in enumerate(tokens) if token.type == "strong_close")
        label = "".join(texts[:end])
        if label.endswith(":"):
            yield "label", label.removesuffix(":")
            texts = texts[end:]
    text = folded("".join(texts))
    if over := re.match(r"(Claim \d+): ", text) if around[-1] == "h2" else None:
        yield "text", over[1]
        text = text[over.end() :]
    yield _KINDS.get(around[-1], "quote" if "blockquote" in around else "text"), text


# DOCX


def from_docx(body: bytes) -> list[Sentence]:
    """The sentences in order, without the contents, which lead to what follows."""
    read: list[Sentence] = []
    for part in docx.Document(io.BytesIO(body)).iter_inner_content():
        for kind, text in _rows(part) if isinstance(part, Table) else _written(part):
            # Its title stands under a picture once more.
            named = bool(read) and read[-1][1].startswith(f"Picture: {text}. ")
            if (text or kind == "cell") and not named:
                read.append((kind, text))
    return read


def _rows(table: Table) -> Iterator[Sentence]:
    """A table row by row."""
    rows = [row.cells for row in table.rows]
    for row in rows:
        yield from (("head" if row is rows[0] else "cell", folded(cell.text).replace("■ ", "")) for cell in row)


def _written(paragraph: Any) -> Iterator[Sentence]:
    name = paragraph.style.name
    if name == "Report Contents" or paragraph.text == "Contents":
        return
    for picture in paragraph._p.iter(qn("wp:docPr")):
        yield "text", folded(f"Picture: {picture.get('title')}. {picture.get('descr')}")
    text = paragraph.text
    for run in paragraph.runs[:3]:
        # Behind a label there is a quiet colon or, in a narrow cell, a new line.
        mark = run.text if run.text == ": " else "\n" if run.text.endswith("\n") and "Table" in name else ""
        if mark and str(run.font.color.rgb) == SOFT:
            label, _mark, text = text.partition(mark)
            yield "label", folded(label).removeprefix("■ ")
    if name.startswith("Heading"):
        yield f"heading {name[-1]}", folded(text)
    elif name != "Report Masthead":
        quote = name in {"Report Quotation", "Report Translation"}
        yield "quote" if quote else "text", folded(text).removeprefix("■ ")


# PDF


def departures_of_pdf(body: bytes, outline: Outline, expected: list[Sentence]) -> list[str]:
    """Where the PDF departs from these sentences: what is missing at its place, and what is too much.

    A PDF has no paragraphs, only letters in their order. Those that are read from right to left are stored in the order
    in which they are drawn: sentences with such letters are passed over.
    """
    flow = _flow(PdfReader(io.BytesIO(body)), outline)
    heads = re.findall(r"(?:head\t[^\n]*\n)+", "".join(f"{kind}\t{squeezed(text)}\n" for kind, text in expected))
    repeated = {"".join(line.partition("\t")[2] for line in head.splitlines()) for head in heads}
    repeated |= {_lettering(block.svg) for block in outline.blocks if isinstance(block, Picture)}
    found, place = [], 0
    for _kind, text in expected:
        # A picture is drawn, and its title stands below; its description is for those who cannot see it.
        shown = squeezed(_PICTURE.sub(r"\1", text))
        start = flow.find(shown, place)
        if _TO_THE_LEFT.search(shown):
            continue
        if start < 0:
            found.append(f"missing: {text}")
            continue
        found += _too_much(flow[place:start], repeated)
        place = start + len(shown)
    return found + _too_much(flow[place:], repeated)


def _too_much(gap: str, repeated: set[str]) -> list[str]:
    """What stands between two sentences, unless it is the mark of a list, the head of a table on a new page or the
    lettering of a picture."""
    for head in repeated:
        gap = gap.replace(head, "", 1)
    return [] if re.fullmatch(r"–|(\d+\.)?", gap) or _TO_THE_LEFT.search(gap) else [f"too much: {gap}"]


def _lettering(svg: str) -> str:
    return squeezed("".join("".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")))


def _flow(reader: PdfReader, outline: Outline) -> str:
    """The text of all pages without what stands on each of them, and without the contents."""
    head = squeezed(f"{outline.short}{outline.newsroom}{outline.warning}")
    flow = ""
    for number, page in enumerate(reader.pages, start=1):
        text = squeezed(page.extract_text())
        foot = squeezed(f"{outline.foot}{outline.address}{number}/{len(reader.pages)}")
        first = squeezed(f"{outline.newsroom}{outline.kind}") if number == 1 else head
        assert text.startswith(first)
        assert text.endswith(foot)
        flow += text[len(first) : len(text) - len(foot)]
    for block in outline.blocks:
        if isinstance(block, Contents):
            entries = [squeezed(row.over or plain(row.runs)) for row in block.entries]
            contents = re.search("Contents" + "".join(rf"{re.escape(entry)}\d+" for entry in entries), flow)
            assert contents is not None
            flow = flow[: contents.start()] + flow[contents.end() :]
    return flow


# Any other text


def departures_of_text(body: bytes, expected: list[Sentence]) -> list[str]:
    """What is missing at its place in a text of which nothing is known: its letters and digits are looked at alone."""
    flow, found, place = _letters(body.decode()), [], 0
    for _kind, text in expected:
        start = flow.find(_letters(_PICTURE.sub(r"\1", text)), place)
        found += [f"missing: {text}"] if start < 0 else []
        place = max(start, place)
    return found


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
