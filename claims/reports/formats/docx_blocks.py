"""Writes the blocks of a report into a DOCX document."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WrittenTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Written

from claims.reports.formats import docx_styles as styles
from claims.reports.formats.docx_styles import child, edged, framed, in_order, tabbed
from claims.reports.formats.docx_text import COLUMN, TextWriter, beside
from claims.reports.formats.drawing import NUMBERED, as_png, size, unwritten_in
from claims.reports.formats.letters import in_pictures
from claims.reports.outline.blocks import (
    Block,
    Card,
    Contents,
    Facts,
    Heading,
    Items,
    Outline,
    Paragraph,
    ParagraphRole,
    Picture,
    Quote,
    QuoteRole,
    Run,
    Runs,
    Table,
    plain,
    runs,
)

_ROLES: dict[ParagraphRole, str] = {
    "": "Normal",
    "intro": "Normal",
    "judgement": "Normal",
    "correction": "Report Correction",
    "caveat": "Report Caveat",
    "lead": "Report Question",
    "event": "Report Event",
    "state": "Report State",
    "banner": "Report Banner",
    "who": "Report Speaker",
    "over": "Report Note",
    "counts": "Report Note",
    "chain": "Report Note",
    "cited": "Report Note",
    "address": "Report Note",
    "meta": "Report Note",
    "none": "Report Missing",
    "rating": "Report Rating",
    "summary": "Report Summary",
}
_QUOTES: dict[QuoteRole, str] = {
    "verbatim": "Report Quotation",
    "review": "Report Quotation",
    "translation": "Report Translation",
    "question": "Report Translation",
    "answer": "Report Translation",
}
_KEPT_ROWS = 4
"""A table with no more rows than these is kept on one page; of a longer one the first stays with its head."""
_KEY, _HIGHEST = 220, 540
"""Points: how high the picture of the first page may be, and any other."""
_ITEM, _CARD = 6.35, 3.0
"""How far the text of a list and of a card is set in, in millimetres."""


class Writer(TextWriter):
    """Writes blocks to the end of a document."""

    pictures = 0
    """How many it has written."""

    def opening(self, outline: Outline) -> None:
        """The masthead, and whether the report is for everybody."""
        head = self.add("Report Masthead")
        tabbed(head, outline.newsroom)
        head.add_run(outline.kind).font.bold = False
        framed(head, {"bottom": styles.INK}, width=12)
        if outline.warning:
            self.paragraph(Paragraph(runs(outline.warning), "banner"))

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Write the blocks of a report; contents stand beside the picture that they follow, where there is room."""
        written = None
        for block, after in zip(blocks, (*blocks, None)[1:], strict=True):
            if (
                isinstance(block, Picture)
                and isinstance(after, Contents)
                and (columns := beside(*self.shown(block), after))
            ):
                written = after
                self.contents(after, columns, width=columns * COLUMN)
            if block is not written:
                self.block(block)

    def block(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Heading():
                self.heading(block)
            case Table():
                self.table(block)
            case Items():
                self.items(block)
            case Picture():
                self.picture(block)
            case Card():
                self.card(block)
            case Contents():
                self.contents(block)
            case _:
                self.texts(block)

    def texts(self, block: Block, indent: float = 0) -> list[Written]:
        """Write a block of mere text; the paragraphs that were made."""
        match block:
            case Paragraph():
                return [self.paragraph(block, indent=indent)]
            case Quote():
                return self.quote(block, indent)
            case Facts():
                return self.facts(block, indent=indent)
            case _:
                self.block(block)
                return []

    def heading(self, block: Heading) -> None:
        if block.over:
            over = self.add("Report Note", block.over)
            over.paragraph_format.space_before, over.paragraph_format.keep_with_next = Pt(14), True
        made = self.add(f"Heading {block.level}")
        if block.over:
            made.paragraph_format.space_before = Pt(0)
        elif block.role == "question":
            made.paragraph_format.space_before = Pt(8)
            made.paragraph_format.space_after = Pt(2)
        self.fill(made, block.runs)
        for run in made.runs if block.role == "question" else ():
            run.font.size = Pt(11.5)  # above lines, not above all that is said of one claim
        self.mark(made, block.anchor)

    def paragraph(self, block: Paragraph, style: str = "", indent: float = 0) -> Written:
        made = self.add(style or _ROLES[block.role])
        self.fill(made, block.runs)
        if indent:
            made.paragraph_format.left_indent = Mm(indent)
        if block.role in {"intro", "over"}:
            made.paragraph_format.keep_with_next = True
        elif block.role == "state":
            framed(made, {}, styles.GROUND)
        elif block.role == "caveat":
            framed(made, {"left": styles.ALARM}, width=12)
        elif block.role == "banner":
            framed(made, dict.fromkeys(("top", "left", "bottom", "right"), styles.ALARM))
        return made

    def quote(self, block: Quote, indent: float = 0) -> list[Written]:
        made = []
        for text in block.paragraphs:
            paragraph = self.add(_QUOTES[block.role])
            self.fill(paragraph, (Run(text, lang=block.lang),))
            # In a paragraph from right to left, "left" is where it begins.
            framed(paragraph, {"left": styles.LINE})
            paragraph.paragraph_format.left_indent = Mm(indent + 4)
            in_order(paragraph._p.get_or_add_pPr())
            made.append(paragraph)
        return made

    def facts(self, block: Facts, style: str = "Normal", indent: float = 0) -> list[Written]:
        made = []
        for label, content in block.pairs:
            paragraph = self.add(style)
            self.fill(paragraph, (label if label.style else Run(label.text, "quiet"), Run(": ", "quiet")))
            self.fill(paragraph, content)
            if indent:
                paragraph.paragraph_format.left_indent = Mm(indent)
            made.append(paragraph)
        for paragraph in made[:-1] if len(made) <= _KEPT_ROWS else ():
            paragraph.paragraph_format.keep_with_next = True
        return made

    def imprint(self, outline: Outline) -> None:
        """Who made the report, when, and from what, between two lines."""
        made = self.facts(outline.imprint, "Report Note")
        framed(made[0], {"top": styles.LINE})
        framed(made[-1], {"bottom": styles.LINE})
        if missing := unwritten_in(outline):
            self.add("Report Note", in_pictures(missing))

    def items(self, block: Items) -> None:
        for card in block.cards:
            made = [paragraph for part in card.blocks for paragraph in self.texts(part, _ITEM)]
            for paragraph in made[:-1]:
                paragraph.paragraph_format.keep_with_next = True
            if made and block.role not in NUMBERED:
                self.restyle(made[0], "List Bullet")
            if made:
                self.mark(made[0], card.anchor)

    def card(self, block: Card) -> None:
        decided = block.role in {"verdict", "draft", "earlier"}
        edge = block.colour.removeprefix("#") if decided and block.colour else styles.SOFT
        fill = styles.GROUND if block.role == "verdict" else ""
        made: list[Written] = []
        for part in block.blocks:
            written = self.texts(part, _CARD)
            if not isinstance(part, Quote):
                for paragraph in written:
                    framed(paragraph, {"left": edge}, fill, dash=block.role == "relay", width=24 if decided else 8)
            made += written
        if block.role == "verdict":
            # No page ends in it.
            for paragraph in made:
                paragraph.paragraph_format.keep_together = True
            for paragraph in made[:-1]:
                paragraph.paragraph_format.keep_with_next = True
        for paragraph in made[-1:]:
            paragraph.paragraph_format.space_after = Pt(6)
        for paragraph in made:
            in_order(paragraph._p.get_or_add_pPr())
        if made:
            self.mark(made[0], block.anchor)

    def shown(self, block: Picture) -> tuple[float, float]:
        """How wide and high the picture will be, in points."""
        width, height = size(block)
        # Neither wider than the page nor so high that what introduces it stands on another one.
        scale = min(1, Mm(styles.ROOM).pt / width, (_HIGHEST if self.pictures else _KEY) / height)
        return width * scale, height * scale

    def picture(self, block: Picture) -> None:
        made = self.add("Normal")
        made.paragraph_format.keep_with_next = True
        shape = made.add_run().add_picture(io.BytesIO(as_png(block)), width=Pt(self.shown(block)[0]))
        self.pictures += 1
        shape._inline.docPr.set("descr", block.alt)
        shape._inline.docPr.set("title", block.title)
        self.add("Caption", block.title).paragraph_format.keep_with_next = block.note is not None
        self.blocks([block.note] if block.note else [])

    def table(self, block: Table) -> None:
        if block.caption:
            self.add("Caption", block.caption)
        made = self.grid(block.widths, 1 + len(block.rows), block.caption or ", ".join(map(plain, block.head)))
        head, *rows = made.rows
        for cell, content in zip(head.cells, block.head, strict=True):
            self.cell(cell, content, keep=True, bold=True)
            edged(cell, top=(styles.INK, 8), bottom=(styles.INK, 8))
        for place, (row, contents) in enumerate(zip(rows, block.rows, strict=True)):
            total = place >= len(block.rows) - block.totals
            keep = place < min(len(block.rows) - 1, _KEPT_ROWS if len(block.rows) <= _KEPT_ROWS else 1)
            for column, (cell, content) in enumerate(zip(row.cells, contents, strict=True)):
                heads = column < block.row_heads and (total or not block.totals)
                self.cell(cell, content, keep=keep, bold=heads)
        self.add("Report Gap")

    def grid(self, widths: Iterable[float], lines: int, caption: str) -> WrittenTable:
        """An empty table whose first row is its head, as wide as the page."""
        shares = list(widths)
        made = self.document.add_table(rows=lines, cols=len(shares))
        made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.LEFT
        _set_table(made, caption)
        for column, share in zip(made.columns, shares, strict=True):
            column.width = Mm(styles.ROOM * share / sum(shares))
        child(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for row in made.rows:
            child(row._tr.get_or_add_trPr(), "w:cantSplit")
            for cell, share in zip(row.cells, shares, strict=True):
                cell.width = Mm(styles.ROOM * share / sum(shares))
        return made

    def cell(self, cell: _Cell, content: Runs, *, keep: bool, bold: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        self.restyle(paragraph, "Report Table")
        paragraph.paragraph_format.keep_with_next = keep
        self.fill(paragraph, content, bold=bold)


def _set_table(made: WrittenTable, caption: str) -> None:
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    # Word calls a file broken that has these in another order.
    properties.find(qn("w:tblLayout")).addprevious(borders)
    for side, colour, points in (
        ("top", styles.INK, "8"),
        ("bottom", styles.INK, "8"),
        ("insideH", styles.LINE, "4"),
    ):
        child(borders, f"w:{side}", val="single", sz=points, space="0", color=colour)
    child(properties, "w:tblCaption", val=caption)
