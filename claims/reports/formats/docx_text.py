"""Writes paragraphs and runs of text to the end of a DOCX document."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Written

from claims.logic.direction import RIGHT_MARK
from claims.reports.formats import docx_styles as styles
from claims.reports.formats.docx_styles import aside, child, fielded, in_order, lettered
from claims.reports.outline.blocks import Contents, Run, Runs, Style, apart, plain

_COLOURS: dict[Style, str] = {"flag": styles.ALARM, "quiet": styles.SOFT}
_ACROSS = 3
"""So many entries of the contents stand on a line of the page."""
COLUMN, _GAP = 46, 8
"""How wide a column of contents is that stands beside a picture, and what is between them, in millimetres."""
_BOLD: set[Style] = {"strong", "flag", "mark"}


class TextWriter:
    """Adds paragraphs, and fills them with runs."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.bookmarks = 0
        # To look for a style by its name, or for the end of the document, costs more than all else.
        self.end: BaseOxmlElement = document.element.body.sectPr
        self.styles = {style.name: style.style_id for style in document.styles}

    def add(self, style: str, text: str = "") -> Written:
        """A new paragraph in this style."""
        element = OxmlElement("w:p")
        self.end.addprevious(element)
        made = Written(element, self.document._body)
        element.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), self.styles[style])
        if text:
            element.append(lettered(text))
        return made

    def restyle(self, paragraph: Written, style: str) -> None:
        """Give a paragraph another style, in which its numbers or marks are."""
        paragraph._p.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), self.styles[style])

    def mark(self, paragraph: Written, anchor: str) -> None:
        """Let links find the paragraph under this anchor, if it has one."""
        if anchor:
            self.bookmarks += 1
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            for mark in (start, end):
                mark.set(qn("w:id"), str(self.bookmarks))
            start.set(qn("w:name"), bookmark(anchor))
            paragraph._p.get_or_add_pPr().addnext(start)
            paragraph._p.append(end)

    def fill(self, paragraph: Written, content: Runs, *, bold: bool = False) -> None:
        """Write the runs into a paragraph; a text that stands alone is set in its own direction."""
        if len(content) == 1 and content[0].rtl:
            properties = paragraph._p.get_or_add_pPr()
            child(properties, "w:bidi")
            in_order(properties)
        several = len(content) > 1
        for run in apart(content):
            # A program may order its letters alone: a stop at its end is its own.
            self.run(paragraph, replace(run, text=f"{run.text}{RIGHT_MARK}") if several and run.rtl else run, bold=bold)

    def run(self, paragraph: Written, run: Run, *, bold: bool = False) -> None:
        """Write one run; what is quiet is not bold, whatever is around it."""
        if run.colour:
            paragraph._p.append(lettered("■ ", colour=run.colour.removeprefix("#")))
        made = lettered(
            run.text,
            font=styles.MONO if run.style == "code" else "",
            bold=False if run.style == "quiet" else True if bold or run.style in _BOLD else None,
            italic=run.style == "stance",
            colour=_COLOURS.get(run.style, styles.BOND if run.link.startswith("http") else ""),
            rtl=run.rtl,
            lang=run.lang,
        )
        paragraph._p.append(self.linked(paragraph, made, run.link) if run.link else made)

    def linked(self, paragraph: Written, made: BaseOxmlElement, target: str) -> BaseOxmlElement:
        """The run as a link to an address or to a place in the report."""
        wrapper = OxmlElement("w:hyperlink")
        if target.startswith("#"):
            wrapper.set(qn("w:anchor"), bookmark(target[1:]))
        else:
            number = paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            wrapper.set(qn("r:id"), number)
        wrapper.append(made)
        return wrapper

    def contents(self, block: Contents, columns: int = _ACROSS, width: float = 0) -> None:
        """A table of contents that a word processor can bring up to date, with links to the headings: across the page,
        or so wide at its right, in millimetres, beside what follows."""
        title = self.add("Report Note", "Contents")
        title.paragraph_format.space_before, title.paragraph_format.keep_with_next = Pt(0 if width else 6), True
        last = len(block.entries) - 1
        lines = [title]
        for place, row in enumerate(block.entries):
            if place % columns == 0:
                line = self.add("Report Contents")
                line.paragraph_format.keep_with_next = place + columns <= last
                for stop in range(1, columns):
                    line.paragraph_format.tab_stops.add_tab_stop(Mm((width or styles.ROOM) * stop / columns))
                lines.append(line)
            else:
                line.add_run("\t")
            if place == 0:
                fielded(line, "begin", r'TOC \o "2-2" \h')
            text = row.over or plain(row.runs)
            line._p.append(self.linked(line, lettered(text), f"#{row.anchor}"))
            if place == last:
                fielded(line, "end")
        for line in lines:
            if width:
                aside(line, width)
            in_order(line._p.get_or_add_pPr())


def beside(width: float, height: float, contents: Contents) -> int:
    """In how many columns the contents fit beside a picture of this size in points; 0 where they do not."""
    most = int((Mm(styles.ROOM - _GAP).pt - width) // Mm(COLUMN).pt)
    needed = ceil(len(contents.entries) / max(1, height // styles.CONTENTS - 1))
    return needed if needed <= most else 0


def bookmark(anchor: str) -> str:
    """The name under which Word finds an anchor."""
    # Word takes letters, digits and low lines, up to 40 of them.
    return anchor.replace("-", "_")[:40]
