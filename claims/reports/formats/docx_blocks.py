"""Writes the blocks of a report into a DOCX document."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Written

from claims.reports.formats import docx_styles as styles
from claims.reports.formats.docx_styles import child, framed, in_order, lettered, tabbed
from claims.reports.formats.drawing import as_png, size
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

_ROLES = {
    "": "Normal",
    "intro": "Normal",
    "lead": "Report Question",
    "event": "Report Event",
    "state": "Report State",
    "banner": "Report Banner",
    "who": "Report Speaker",
    "meta": "Report Note",
    "none": "Report Missing",
    "rating": "Report Rating",
    "summary": "Report Summary",
}
_COLOURS = {"flag": styles.ALARM, "quiet": styles.SOFT}
_QUOTES = {"verbatim": "Report Quotation", "translation": "Report Translation", "words": "Report Translation"}
_KEPT_ROWS = 16


class Writer:
    """Writes blocks to the end of a document."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.bookmarks = 0
        # To look for a style by its name, or for the end of the document, costs more than all else.
        self.end = document.element.body.sectPr
        self.styles = {style.name: style.style_id for style in document.styles}

    def add(self, style: str, text: str = "") -> Any:
        """A new paragraph in this style."""
        element = OxmlElement("w:p")
        self.end.addprevious(element)
        made = Written(element, self.document._body)
        element.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), self.styles[style])
        if text:
            element.append(lettered(text))
        return made

    def opening(self, outline: Outline) -> None:
        """The masthead, and whether the report is for everybody."""
        head = self.add("Report Masthead")
        tabbed(head, outline.newsroom)
        head.add_run(outline.kind).font.bold = False
        framed(head, {"bottom": styles.INK}, width=12)
        if outline.warning:
            self.paragraph(Paragraph(runs(outline.warning), "banner"))

    def block(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Heading():
                self.heading(block)
            case Paragraph():
                self.paragraph(block)
            case Quote():
                self.quote(block)
            case Facts():
                self.facts(block)
            case Table():
                self.table(block)
            case Items():
                self.items(block)
            case Picture():
                self.picture(block)
            case Card():
                self.card(block)

    def heading(self, block: Heading) -> None:
        if block.over:
            over = self.add("Report Note", block.over)
            over.paragraph_format.space_before, over.paragraph_format.keep_with_next = Pt(24), True
        made = self.add(f"Heading {block.level}")
        if block.over:
            made.paragraph_format.space_before = Pt(0)
        start, end = (OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")) if block.anchor else (None, None)
        if start is not None:
            self.bookmarks += 1
            start.set(qn("w:id"), str(self.bookmarks))
            start.set(qn("w:name"), _bookmark(block.anchor))
            made._p.append(start)
        self.fill(made, block.runs)
        if end is not None:
            end.set(qn("w:id"), str(self.bookmarks))
            made._p.append(end)
        if block.note:
            self.run(made, Run(f"  {block.note}", "quiet"), light=True)

    def paragraph(self, block: Paragraph, style: str = "") -> Any:
        made = self.add(style or _ROLES[block.role])
        self.fill(made, block.runs)
        if block.role == "intro":
            made.paragraph_format.keep_with_next = True
        elif block.role == "state":
            framed(made, {}, styles.GROUND)
        elif block.role == "banner":
            framed(made, dict.fromkeys(("top", "left", "bottom", "right"), styles.ALARM))
        return made

    def quote(self, block: Quote, indent: float = 0) -> list[Any]:
        made = []
        for text in block.paragraphs:
            paragraph = self.add(_QUOTES[block.role])
            self.fill(paragraph, (Run(text, lang=block.lang),))
            # In a paragraph from right to left, "left" is where it begins.
            framed(paragraph, {"left": styles.LINE})
            paragraph.paragraph_format.left_indent = Mm(indent + 4)
            in_order(paragraph._p.pPr)
            made.append(paragraph)
        return made

    def facts(self, block: Facts, style: str = "Normal") -> list[Any]:
        made = []
        for label, content in block.pairs:
            paragraph = self.add(style)
            self.run(paragraph, Run(f"{label}: ", "quiet"))
            self.fill(paragraph, content)
            made.append(paragraph)
        return made

    def imprint(self, outline: Outline) -> None:
        """Who made the report, when, and from what, between two lines."""
        made = self.facts(Facts(outline.imprint), "Report Note")
        framed(made[0], {"top": styles.LINE})
        framed(made[-1], {"bottom": styles.LINE})

    def items(self, block: Items) -> None:
        for entry in block.entries:
            for place, part in enumerate(entry):
                if isinstance(part, Quote):
                    self.quote(part, 6.35)
                elif isinstance(part, Paragraph):
                    first = "List Number" if block.ordered else "List Bullet"
                    later = "Report Note" if part.role == "meta" else "List Continue"
                    made = self.paragraph(part, later if place else first)
                    made.paragraph_format.left_indent = Mm(6.35)
                    made.paragraph_format.keep_with_next = place < len(entry) - 1

    def card(self, block: Card) -> None:
        decided = block.role in {"verdict", "draft", "earlier"}
        edge = block.colour.removeprefix("#") if decided and block.colour else styles.SOFT
        fill = styles.GROUND if block.role == "verdict" else ""
        for part in block.blocks:
            made: Iterable[Any] = ()
            if isinstance(part, Quote):
                made = self.quote(part, 3)
            elif isinstance(part, Paragraph):
                made = (self.paragraph(part),)
                for paragraph in made:
                    paragraph.paragraph_format.left_indent = Mm(3)
                    framed(paragraph, {"left": edge}, fill, dash=block.role == "relay", width=24 if decided else 8)
            last = list(made)[-1:]
        for paragraph in last:
            paragraph.paragraph_format.space_after = Pt(9)

    def picture(self, block: Picture) -> None:
        width, height = size(block)
        # Neither wider than the page nor so high that what introduces it stands on another one.
        scale = min(1, styles.ROOM / 25.4 * 72 / width, 540 / height)
        made = self.add("Normal")
        made.paragraph_format.keep_with_next = True
        shape = made.add_run().add_picture(io.BytesIO(as_png(block)), width=Pt(width * scale))
        shape._inline.docPr.set("descr", block.alt)
        shape._inline.docPr.set("title", block.title)
        self.add("Caption", block.title).paragraph_format.keep_with_next = False

    def table(self, block: Table) -> None:
        if block.caption:
            self.add("Caption", block.caption)
        made = self.document.add_table(rows=1, cols=len(block.head))
        made.autofit, made.alignment = False, WD_TABLE_ALIGNMENT.LEFT
        _set_table(made, block)
        whole = [styles.ROOM * share / sum(block.widths) for share in block.widths]
        for column, width in zip(made.columns, whole, strict=True):
            column.width = Mm(width)
        for place, (cell, name) in enumerate(zip(made.rows[0].cells, block.head, strict=True)):
            self.cell(cell, runs(Run(name, "strong")), whole[place], keep=True)
            colour = (block.strips[place] if block.strips else "").removeprefix("#")
            _edges(cell, top=(colour or styles.INK, 24 if colour else 8), bottom=(styles.INK, 8))
        child(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for line, row in enumerate(block.rows):
            cells = made.add_row().cells
            child(made.rows[-1]._tr.get_or_add_trPr(), "w:cantSplit")
            total = line >= len(block.rows) - block.totals
            keep = len(block.rows) <= _KEPT_ROWS and line < len(block.rows) - 1
            for place, content in enumerate(row):
                self.cell(cells[place], content, whole[place], keep=keep)
                if block.row_heads and place == 0 and (total or not block.totals):
                    for run in cells[place].paragraphs[0].runs:
                        run.font.bold = True
        self.add("Report Note")

    def cell(self, cell: Any, content: Runs, width: float, *, keep: bool) -> None:
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self.styles["Report Table"]
        paragraph.paragraph_format.keep_with_next = keep
        self.fill(paragraph, content)

    def fill(self, paragraph: Any, content: Runs) -> None:
        """Write the runs into a paragraph; a text that stands alone is set in its own direction."""
        if len(content) == 1 and content[0].rtl:
            child(paragraph._p.get_or_add_pPr(), "w:bidi")
            in_order(paragraph._p.pPr)
        for run in content:
            self.run(paragraph, run)

    def run(self, paragraph: Any, run: Run, *, light: bool = False) -> None:
        """Write one run; a `light` one is not bold where its paragraph is."""
        if run.colour:
            paragraph._p.append(lettered("■ ", colour=run.colour.removeprefix("#")))
        made = lettered(
            run.text,
            font=styles.MONO if run.style == "code" else "",
            bold=False if light else True if run.style in {"strong", "flag"} else None,
            colour=_COLOURS.get(run.style, styles.BOND if run.link.startswith("http") else ""),
            rtl=run.rtl,
            lang=run.lang,
        )
        paragraph._p.append(self.linked(paragraph, made, run.link) if run.link else made)

    def linked(self, paragraph: Any, made: Any, target: str) -> Any:
        """The run as a link to an address or to a place in the report."""
        wrapper = OxmlElement("w:hyperlink")
        if target.startswith("#"):
            wrapper.set(qn("w:anchor"), _bookmark(target[1:]))
        else:
            number = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            wrapper.set(qn("r:id"), number)
        wrapper.append(made)
        return wrapper


def _bookmark(anchor: str) -> str:
    # Word takes letters, digits and low lines, up to 40 of them.
    return anchor.replace("-", "_")[:40]


def _set_table(made: Any, block: Table) -> None:
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
    child(properties, "w:tblCaption", val=block.caption or plain(runs(*block.head)))


def _edges(cell: Any, **sides: tuple[str, int]) -> None:
    borders = child(cell._tc.get_or_add_tcPr(), "w:tcBorders")
    for side, (colour, points) in sides.items():
        child(borders, f"w:{side}", val="single", sz=str(points), space="0", color=colour)
