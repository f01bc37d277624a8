"""Writes a dossier as a PDF: tagged for screen readers (PDF/UA-1), with the fonts of the register inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from math import ceil
from pathlib import Path
from typing import Literal

import orjson
import typst

from claims.reports.content.dossier import Dossier
from claims.reports.formats import letters
from claims.reports.formats.drawing import NUMBERED, as_png, is_readable, lettered, size
from claims.reports.outline.blocks import (
    Block,
    Card,
    Contents,
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
    apart,
    runs,
)
from claims.reports.outline.report import outline_of

Data = str | int | float | bool | tuple[str, ...] | tuple[float, ...] | list["Data"] | dict[str, "Data"]
"""What the layout reads: values as JSON has them."""
_HERE = Path(__file__).resolve().parent
_JOINING = dict.fromkeys((0x200D, 0x20E3, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)), "")
"""What joins letters into one sign or changes its colour: joiners, the frame of a key, tones of skin."""
_SHORT_BLOCKS = 2000
"""Letters. Neither a card shorter than this nor a table lower than that is torn apart by the end of a page."""
_PAGE_OF_TEXT = 4200
"""Letters. A verdict is only torn apart where it would not fit on a page."""
_SHORT_TABLE, _SHORT_BEARINGS = 70, 50
"""Millimetres. A table lower than that is kept whole; those of what bears on a claim are many."""
_BEGINNING = 2
"""So many rows of a table stand with its head, and with what heads it, where the page ends in it."""
_ONE_PARAGRAPH = 400
"""Letters. A longer paragraph before a table may be parted from it."""
_PAGE, _LINE, _LETTER = 172, 3.8, 1.5
"""The width between the margins, the height of a line and the width of a letter in a table, in millimetres."""


def write(dossier: Dossier) -> bytes:
    """The report. The same dossier gives the same bytes, as long as the fonts of the register have all its letters.

    A letter that they lack is looked for among those of the machine; if it is not there either, its number stands in
    its place, and the report says so.
    """
    report = _report(outline_of(dossier))
    content, made = orjson.dumps(report).decode(), int(dossier.imprint.moment.timestamp())
    if missing := letters.unwritten(content):
        content = letters.spelled_out(orjson.dumps(report | {"remark": letters.remark(missing)}).decode())
    try:
        return _compiled(content, made)
    finally:
        letters.forget_documents()


def lacks(dossier: Dossier) -> str:
    """What the report says about letters without a font; empty where there are none."""
    told = orjson.dumps(dossier, default=str).decode()
    if not letters.lacking(told):
        return ""
    return letters.remark(letters.unwritten(orjson.dumps(_report(outline_of(dossier))).decode()))


def _compiled(content: str, made: int) -> bytes:
    try:
        return _compile(content, made)
    except typst.TypstError:
        # Letters that are there one by one, and not together: without what joins them.
        content = content.translate(_JOINING)
    try:
        return _compile(content, made)
    except typst.TypstError:
        return _compile(content, made, "1.7")


def _compile(content: str, made: int, standard: Literal["ua-1", "1.7"] = "ua-1") -> bytes:
    compiler = typst.Compiler(input=_layout(), font_paths=letters.fonts_for(content), sys_inputs={"report": content})
    # PDF/UA refuses a letter without a font.
    written = compiler.compile(format="pdf", pdf_standards=standard, timestamp=made)
    assert isinstance(written, bytes)
    return written


@cache
def _layout() -> bytes:
    return (_HERE / "typst" / "report.typ").read_bytes()


def _report(outline: Outline) -> dict[str, Data]:
    return {
        "title": outline.title,
        "short": outline.short,
        "lang": outline.lang,
        "kind": outline.kind,
        "newsroom": outline.newsroom,
        "warning": outline.warning,
        "warning_runs": _runs(runs(outline.warning)),
        "imprint": _pairs(outline.imprint),
        "remark": "",
        "foot": outline.foot,
        "address": outline.address,
        "blocks": _in_order(outline.blocks),
    }


def _in_order(blocks: Sequence[Block]) -> list[Data]:
    """The blocks, each with whether it stays with the next one: no page ends after what heads a table or a claim."""
    found: list[Data] = []
    heads_claim = False
    for block, after in zip_longest(blocks, blocks[1:]):
        if not isinstance(block, Paragraph | Facts):
            heads_claim = isinstance(block, Heading) and block.role == "claim"
        stays = (heads_claim and not isinstance(block, Heading)) or _introduces(block, after)
        found.append(_block(block) | {"stays": stays})
    return found


def _introduces(block: Block, after: Block | None) -> bool:
    """Whether it says how to read the next block, or is short and stands before a table or before a line of facts,
    which would be alone on the next page."""
    if not isinstance(block, Paragraph) or after is None or isinstance(after, Heading):
        return False
    alone = isinstance(after, Table) or (isinstance(after, Facts) and len(after.pairs) == 1)
    return block.role == "intro" or (alone and _length(block) < _ONE_PARAGRAPH)


def _block(block: Block) -> dict[str, Data]:
    name: dict[str, Data] = {"block": type(block).__name__.lower()}
    match block:
        case Heading():
            about: dict[str, Data] = {
                "level": block.level,
                "anchor": block.anchor,
                "over": block.over,
                "role": block.role,
            }
            return name | _content(block.runs) | about
        case Paragraph():
            return name | _content(block.runs) | {"role": block.role}
        case Quote():
            return name | _tongue(block.lang) | {"rtl": block.rtl, "role": block.role, "paragraphs": block.paragraphs}
        case Facts():
            return name | {"pairs": _pairs(block), "short": _length(block) < _SHORT_BLOCKS}
        case Table():
            return name | {
                "caption": block.caption,
                "role": block.role,
                # Repeated on each page it is no content, and what is no content has no links (PDF/UA).
                "head": [_content(tuple(replace(run, link="") for run in cell)) for cell in block.head],
                "rows": [[_content(cell) for cell in row] for row in block.rows],
                "widths": block.widths,
                "row_heads": block.row_heads,
                "totals": block.totals,
                **_ends(block),
            }
        case Items():
            entries: list[Data] = [_kept(card.blocks) | {"anchor": card.anchor} for card in block.cards]
            return name | {
                "entries": entries,
                "role": block.role,
                "ordered": block.ordered,
                "marked": block.role not in NUMBERED,
            }
        case Picture():
            return name | _picture(block)
        case Card():
            card: dict[str, Data] = {"role": block.role, "colour": block.colour, "anchor": block.anchor}
            return name | card | _kept(block.blocks, _PAGE_OF_TEXT if block.role == "verdict" else _SHORT_BLOCKS)
        case Contents():
            return name


def _pairs(facts: Facts) -> Data:
    return [[_run(label), _runs(content)] for label, content in facts.pairs]


def _kept(blocks: tuple[Block, ...], most: int = _SHORT_BLOCKS) -> dict[str, Data]:
    """The blocks, and whether they are so short, below `most` letters, that no page should end within them."""
    return {"blocks": [_block(block) for block in blocks], "short": sum(map(_length, blocks)) < most}


def _letters(content: Runs) -> str:
    # What is only measured is put together here: the outline would be asked for each cell of each table.
    return "".join([run.text for run in content])


def _length(block: Block) -> int:
    """About how many letters of room it takes."""
    match block:
        case Paragraph():
            text = _letters(block.runs)
        case Quote():
            text = block.text
        case Facts():
            text = "\n".join(_letters(content) for _label, content in block.pairs)
        case _:
            text = "\n" * 50
    return len(text) + 85 * (1 + text.count("\n"))


def _ends(table: Table) -> dict[str, Data]:
    """Whether it is too short for a page to end in it; and where not, how high its beginning is."""
    heights = list(_heights(table))
    short = sum(heights) < (_SHORT_BEARINGS if table.role == "bearings" else _SHORT_TABLE)
    # Its caption and its head are a line each, and their distances.
    beginning = 0 if short else sum(heights[:_BEGINNING]) + 2 * (_LINE + 3.5)
    return {"short": short, "beginning": beginning}


def _heights(table: Table) -> Iterator[float]:
    """About how high each row is, in millimetres."""
    room = [_PAGE * share / sum(table.widths) - 3 for share in table.widths]
    lines = (
        max(
            sum(ceil((1 + len(line)) * _LETTER / width) for line in _letters(cell).split("\n"))
            for cell, width in zip(row, room, strict=True)
        )
        for row in table.rows
    )
    yield from (_LINE * count + 3.5 for count in lines)


def _content(content: Runs) -> dict[str, Data]:
    # Several runs are a sentence of the report's own; one alone is a text of the register.
    return {"runs": _runs(content), "rtl": len(content) == 1 and content[0].rtl}


def _runs(content: Runs) -> Data:
    return [_run(run) for run in apart(content)]


def _run(run: Run) -> dict[str, Data]:
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
    # By its region alone the layout tells Chinese in traditional letters from that in simplified ones.
    traditional = "TW" if language.lower() == "zh" and "hant" in (part.lower() for part in rest) else ""
    region = next((part for part in rest if len(part) == 2 and part.isascii() and part.isalpha()), traditional)
    return {"lang": language.lower(), "region": region.upper()}


def _picture(picture: Picture) -> dict[str, Data]:
    width, height = size(picture)
    svg = letters.spelled_out(lettered(picture))
    readable = is_readable(svg)
    return {
        "title": picture.title,
        "alt": picture.alt,
        "svg": svg if readable else "",
        # Of a drawing that cannot be read out the dots; its words stand in `alt` either way.
        "png": [] if readable else [int(byte) for byte in as_png(picture)],
        "width": width,
        "height": height,
        "note": [_block(picture.note)] if picture.note else [],
    }
