"""Writes a dossier as DOCX, with real headings, tables and languages, for editors who work on with the text."""

from __future__ import annotations

import io
import zipfile

import docx
import orjson
from docx.document import Document
from docx.shared import RGBColor

from claims.reports.content.dossier import Dossier
from claims.reports.formats import docx_styles as styles
from claims.reports.formats.docx_blocks import Writer
from claims.reports.formats.docx_styles import field, framed, tabbed
from claims.reports.formats.docx_template import template
from claims.reports.formats.drawing import unwritten_in
from claims.reports.formats.letters import in_pictures, lacking
from claims.reports.outline.blocks import Outline
from claims.reports.outline.report import outline_of

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write(dossier: Dossier) -> bytes:
    """The report; the same dossier gives the same bytes."""
    outline = outline_of(dossier)
    document = docx.Document(io.BytesIO(template(outline.lang)))
    _describe(document, outline, dossier)
    _set_margins(document, outline)
    writer = Writer(document)
    writer.opening(outline)
    writer.blocks(outline.blocks)
    writer.imprint(outline)
    buffer = io.BytesIO()
    document.save(buffer)
    return _still(buffer.getvalue())


def lacks(dossier: Dossier) -> str:
    """What the report says about letters that its pictures cannot show; empty where there are none."""
    if not lacking(orjson.dumps(dossier, default=str).decode()):
        return ""
    return in_pictures(unwritten_in(outline_of(dossier)))


def _describe(document: Document, outline: Outline, dossier: Dossier) -> None:
    moment = dossier.imprint.moment.replace(microsecond=0)
    about = document.core_properties
    about.title, about.author, about.subject = outline.title[:255], outline.newsroom[:255], outline.kind
    about.last_modified_by, about.comments = outline.newsroom[:255], outline.foot[:255]
    about.keywords, about.language = outline.address[:255], outline.lang
    about.created = about.modified = moment
    about.version, about.revision = dossier.version, 1


def _still(written: bytes) -> bytes:
    """The same file without the time at which it was packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _FIRST_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _set_margins(document: Document, outline: Outline) -> None:
    """What stands above and below every page; the first one has the masthead instead of a head."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    tabbed(head, outline.short, outline.newsroom)
    if outline.warning:
        warning = section.header.add_paragraph(style="Header")
        warning.add_run(outline.warning).bold = True
        warning.runs[0].font.color.rgb = RGBColor.from_string(styles.ALARM)
    framed(section.header.paragraphs[-1], {"bottom": styles.LINE})
    for footer in (section.footer, section.first_page_footer):
        foot = footer.paragraphs[0]
        foot.style = document.styles["Footer"]
        tabbed(foot, outline.foot)
        field(foot, "PAGE")
        foot.add_run(" / ")
        field(foot, "NUMPAGES")
        framed(foot, {"top": styles.LINE})
        footer.add_paragraph(outline.address, style="Footer")
