"""The empty document in which a DOCX report is written: its styles, and nothing of the library's own template."""

from __future__ import annotations

import io
from functools import cache

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import qn

from claims.reports.formats import docx_styles as styles

_LEFT_OVER = ("/thumbnail", "/stylesWithEffects", "/customXml", "/fontTable", "/webSettings")
"""How the kinds of relations end that lead to what is no part of a report."""
_MADE_WITH = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Register of competing claims</Application></Properties>"
)
_SETTINGS = {
    "rsids", "savePreviewPicture", "proofState", "zoom", "doNotAutoCompressPictures", "shapeDefaults", "docId",
    "defaultImageDpi",
}  # fmt: skip
"""What the library's template says of the program, screen and document in which it was made."""
_MODE = "15"
"""Of Word 2013 and later: what is older is opened in its compatibility mode."""


@cache
def template(lang: str) -> bytes:
    """An empty document with the styles of a report, in this language."""
    document = docx.Document()
    styles.set_styles(document, lang)
    _drop_parts(document)
    _drop_styles(document)
    _set_settings(document, lang)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_settings(document: Document, lang: str) -> None:
    settings = document.settings.element
    for entry in list(settings):
        if entry.tag.rpartition("}")[2] in _SETTINGS:
            settings.remove(entry)
    for entry in settings.iter(qn("w:compatSetting")):
        if entry.get(qn("w:name")) == "compatibilityMode":
            entry.set(qn("w:val"), _MODE)
    for entry in settings.iter(qn("w:themeFontLang")):
        entry.attrib.clear()
        entry.set(qn("w:val"), lang)


def _drop_parts(document: Document) -> None:
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.endswith(_LEFT_OVER):
                holder.rels.pop(key)
    package = document.part.package
    for relation in package.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            about = relation.target_part
            made = Part(about.partname, about.content_type, _MADE_WITH.encode(), package)
            relation._target = made  # the library has no name for this


def _drop_styles(document: Document) -> None:
    """Leave the styles that a report uses, and the numbers and marks of lists that they use."""
    for style in list(document.styles):
        if style.name not in styles.NAMES and not style.element.default:
            style.delete()
            continue
        for tag in ("w:link", "w:rsid"):
            for entry in style.element.findall(qn(tag)):
                style.element.remove(entry)
    known = {style.style_id for style in document.styles}
    lists = document.part.numbering_part.element
    gone = set()
    for shape in lists.findall(qn("w:abstractNum")):
        used = {entry.get(qn("w:val")) for entry in shape.iter(qn("w:pStyle"))}
        if not used or not used <= known:
            gone.add(shape.get(qn("w:abstractNumId")))
            lists.remove(shape)
    for number in lists.findall(qn("w:num")):
        if number.find(qn("w:abstractNumId")).get(qn("w:val")) in gone:
            lists.remove(number)
