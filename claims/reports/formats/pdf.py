"""Writes a dossier as a PDF: tagged for screen readers (PDF/UA-1), with the fonts of the register inside."""

from __future__ import annotations

from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import orjson
import typst

from claims.reports.content.dossier import Dossier
from claims.reports.formats.drawing import fonts, lettered, size
from claims.reports.outline.blocks import (
    Block,
    Card,
    Facts,
    Heading,
    Items,
    Outline,
    Paragraph,
    Picture,
    Quote,
    Run,
    Runs,
    Table,
    plain,
    runs,
)
from claims.reports.outline.report import outline_of

_HERE = Path(__file__).resolve().parent
_SHORT_BLOCKS = 2000
"""Letters. Neither a card shorter than this nor a table lower than that is torn apart by the end of a page."""
_SHORT_TABLE = 110
_PAGE, _LINE, _LETTER = 164, 4.1, 1.55
"""The width between the margins, the height of a line and the width of a letter in a table, in millimetres."""


def write(dossier: Dossier) -> bytes:
    """The report. The same dossier gives the same bytes, as long as the fonts of the register have all its letters."""
    content = {"report": orjson.dumps(_report(outline_of(dossier))).decode()}
    made = int(dossier.imprint.moment.timestamp())
    try:
        return _compile(content, made, "ua-1", machine=False)
    except typst.TypstError:
        # PDF/UA refuses a letter without a font: look for one on this machine, and else show what there is.
        try:
            return _compile(content, made, "ua-1", machine=True)
        except typst.TypstError:
            return _compile(content, made, "1.7", machine=True)


def _compile(content: dict[str, str], made: int, standard: Any, *, machine: bool) -> bytes:
    compiler = typst.Compiler(input=_layout(), font_paths=fonts(machine=machine), sys_inputs=content)
    written = compiler.compile(format="pdf", pdf_standards=standard, timestamp=made)
    assert isinstance(written, bytes)
    return written


@cache
def _layout() -> bytes:
    return (_HERE / "typst" / "report.typ").read_bytes()


def _report(outline: Outline) -> dict[str, Any]:
    return {
        "title": outline.title,
        "short": outline.short,
        "lang": outline.lang,
        "kind": outline.kind,
        "newsroom": outline.newsroom,
        "warning": outline.warning,
        "warning_runs": _runs(runs(outline.warning)),
        "imprint": [(label, _runs(content)) for label, content in outline.imprint],
        "foot": outline.foot,
        "address": outline.address,
        "contents": outline.contents,
        "opening": len(outline.opening),
        "blocks": [_block(block) for block in outline.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    name = {"block": type(block).__name__.lower()}
    match block:
        case Heading():
            return name | _content(block.runs) | {
                "level": block.level, "anchor": block.anchor, "over": block.over, "note": block.note,
            }  # fmt: skip
        case Paragraph():
            return name | _content(block.runs) | {"role": block.role}
        case Quote():
            return name | _tongue(block.lang) | {"rtl": block.rtl, "role": block.role, "paragraphs": block.paragraphs}
        case Facts():
            return name | {"pairs": [(label, _runs(content)) for label, content in block.pairs]}
        case Table():
            return name | {
                "caption": block.caption,
                "head": block.head,
                "rows": [[_content(cell) for cell in row] for row in block.rows],
                "widths": block.widths,
                "row_heads": block.row_heads,
                "strips": block.strips,
                "totals": block.totals,
                "short": _height(block) < _SHORT_TABLE,
            }
        case Items():
            return name | {"entries": [_kept(entry) for entry in block.entries], "ordered": block.ordered}
        case Picture():
            return name | _picture(block)
        case Card():
            return name | {"role": block.role, "colour": block.colour} | _kept(block.blocks)


def _kept(blocks: tuple[Block, ...]) -> dict[str, Any]:
    """The blocks, and whether they are so short that no page should end within them."""
    return {"blocks": list(map(_block, blocks)), "short": sum(map(_length, blocks)) < _SHORT_BLOCKS}


def _length(block: Block) -> int:
    """About how many letters of room it takes."""
    text = plain(block.runs) if isinstance(block, Paragraph) else block.text if isinstance(block, Quote) else "\n" * 50
    return len(text) + 85 * (1 + text.count("\n"))


def _height(table: Table) -> float:
    """About how high it is, in millimetres."""
    room = [_PAGE * share / sum(table.widths) - 3 for share in table.widths]
    lines = (
        max(
            sum(ceil((1 + len(line)) * _LETTER / width) for line in plain(cell).split("\n"))
            for cell, width in zip(row, room, strict=True)
        )
        for row in table.rows
    )
    return sum(_LINE * count + 3.5 for count in lines)


def _content(content: Runs) -> dict[str, Any]:
    # Several runs are a sentence of the report's own; one alone is a text of the register.
    return {"runs": _runs(content), "rtl": len(content) == 1 and content[0].rtl}


def _runs(content: Runs) -> list[dict[str, Any]]:
    return [_run(run) for run in content]


def _run(run: Run) -> dict[str, Any]:
    return {
        "text": run.text,
        "style": run.style,
        "link": run.link,
        "colour": run.colour,
        "rtl": run.rtl,
        **_tongue(run.lang),
    }


def _tongue(lang: str) -> dict[str, str]:
    """The language and region of a BCP 47 tag, as far as a PDF can say them."""
    language, *rest = lang.split("-")
    if not (language.isascii() and language.isalpha() and 2 <= len(language) <= 3):
        return {"lang": "", "region": ""}
    region = next((part for part in rest if len(part) == 2 and part.isascii() and part.isalpha()), "")
    return {"lang": language.lower(), "region": region.upper()}


def _picture(picture: Picture) -> dict[str, Any]:
    width, height = size(picture)
    return {
        "title": picture.title,
        "alt": picture.alt,
        "svg": lettered(picture),
        "width": width,
        "height": height,
    }
