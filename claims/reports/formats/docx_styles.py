"""The styles of the DOCX report, by names under which a newsroom can change them, and what python-docx cannot say."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

INK, SOFT, ALARM, BOND, LINE, GROUND = "1B1F24", "565E68", "9B1C1C", "1F4E79", "CFD4DA", "F5F6F8"
SERIF, SANS, MONO = "Cambria", "Calibri", "Consolas"
ROOM = 170
"""The width between the margins, in millimetres."""
CONTENTS = 11
"""The height of a line of the contents, in points."""
COMPLEX = "Times New Roman"
"""For Arabic and Hebrew, which neither of the two others has."""

# Name: (font, size in points, bold, italic, colour, space before, space after)
_PARAGRAPHS: dict[str, tuple[str, float, bool, bool, str, float, float]] = {
    "Normal": (SERIF, 10, False, False, INK, 0, 4),
    "Heading 1": (SERIF, 19, True, False, INK, 2, 5),
    "Heading 2": (SANS, 14, True, False, INK, 14, 4),
    "Heading 3": (SANS, 11, True, False, INK, 9, 3),
    "Heading 4": (SANS, 10, True, False, INK, 7, 3),
    "Caption": (SANS, 8.5, False, False, SOFT, 4, 3),
    "Header": (SANS, 8, False, False, SOFT, 0, 0),
    "Footer": (SANS, 8, False, False, SOFT, 0, 0),
    "List Bullet": (SERIF, 10, False, False, INK, 2, 1),
    "Report Masthead": (SANS, 12, True, False, INK, 0, 8),
    "Report Question": (SERIF, 12.5, False, True, INK, 0, 4),
    "Report Event": (SANS, 9.5, False, False, SOFT, 0, 4),
    "Report State": (SANS, 9.5, False, False, INK, 2, 4),
    "Report Banner": (SANS, 10, True, False, ALARM, 0, 8),
    "Report Speaker": (SANS, 9.5, False, False, INK, 0, 1),
    "Report Quotation": (SERIF, 10, False, True, INK, 1, 3),
    "Report Translation": (SERIF, 10, False, False, INK, 1, 3),
    "Report Note": (SANS, 8.5, False, False, SOFT, 0, 2),
    "Report Correction": (SANS, 9.5, False, False, INK, 0, 3),
    "Report Caveat": (SANS, 9.5, False, False, INK, 2, 4),
    "Report Contents": (SANS, 8.5, False, False, INK, 0, 0),
    "Report Rating": (SANS, 11.5, True, False, INK, 0, 2),
    "Report Summary": (SERIF, 10.5, True, False, INK, 0, 3),
    "Report Missing": (SERIF, 10, False, True, SOFT, 0, 4),
    "Report Table": (SANS, 8.5, False, False, INK, 0, 1),
    "Report Gap": (SANS, 4, False, False, INK, 0, 0),
}
NAMES = frozenset(_PARAGRAPHS)
"""The styles of a report."""
_EAST_ASIAN = {"ja", "ko", "zh"}
_KEPT = {"Caption", "Report Speaker", "Report Rating"}


def set_styles(document: Document, lang: str) -> None:
    """Give the document its paper, its language and its styles."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(21), Mm(21)
    section.header_distance = section.footer_distance = Mm(10)
    for name, (font, points, bold, italic, colour, before, after) in _PARAGRAPHS.items():
        style = _style(document, name)
        _set_font(style, font)
        # Arabic and Hebrew take their size, weight and slant from properties of their own.
        style.font.size, style.font.bold, style.font.italic = Pt(points), bold, italic
        style.font.cs_bold = bold
        complex_size = child(style.element.get_or_add_rPr(), "w:szCs")
        complex_size.set(qn("w:val"), str(round(2 * points)))
        style.font.color.rgb = RGBColor.from_string(colour)
        shape = style.paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.03
        shape.widow_control = True
        if (tabs := style.element.get_or_add_pPr().find(qn("w:tabs"))) is not None:
            style.element.pPr.remove(tabs)  # they are made for another paper
        if name in _KEPT:
            shape.keep_with_next = True
    for place in document.styles.element.iter(qn("w:lang")):
        place.set(qn("w:val"), lang)


def _style(document: Document, name: str) -> ParagraphStyle:
    """The style of this name, made if missing."""
    try:
        found = document.styles[name]
    except KeyError:
        found = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        found.base_style = document.styles["Normal"]
    assert isinstance(found, ParagraphStyle)
    return found


def _set_font(style: ParagraphStyle, name: str) -> None:
    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # A theme's font would win over the one that is named.
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{attribute}"), None)
    fonts.set(qn("w:cs"), COMPLEX)


def child(parent: BaseOxmlElement, tag: str, **values: str) -> BaseOxmlElement:
    """The child with this tag, made if missing, with these attributes."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    for name, value in values.items():
        found.set(qn(f"w:{name}"), value)
    return found


_ORDER = (
    "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers",
    "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct", "autoSpaceDE",
    "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents",
    "suppressOverlap", "jc",
)  # fmt: skip
_PLACES = {qn(f"w:{name}"): place for place, name in enumerate(_ORDER)}


def framed(paragraph: Paragraph, sides: dict[str, str], fill: str = "", *, dash: bool = False, width: int = 6) -> None:
    """Lines beside a paragraph, by their colours (sides: left, top, right, bottom), and a ground."""
    properties = paragraph._p.get_or_add_pPr()
    if sides:
        border = child(properties, "w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            if side in sides:
                style = "dashed" if dash else "single"
                child(border, f"w:{side}", val=style, sz=str(width), space="6", color=sides[side])
    if fill:
        child(properties, "w:shd", val="clear", color="auto", fill=fill)
    in_order(properties)


def edged(cell: _Cell, **sides: tuple[str, int]) -> None:
    """Lines at the sides of a cell of a table, each with its colour and width in eighths of a point."""
    borders = child(cell._tc.get_or_add_tcPr(), "w:tcBorders")
    for side, (colour, points) in sides.items():
        child(borders, f"w:{side}", val="single", sz=str(points), space="0", color=colour)


def aside(paragraph: Paragraph, width: float) -> None:
    """Set the paragraph at the right margin, so wide in millimetres, beside what follows it and those like it."""
    frame = {"w": str(Mm(width).twips), "hSpace": "0", "wrap": "around", "hAnchor": "margin", "vAnchor": "text"}
    child(paragraph._p.get_or_add_pPr(), "w:framePr", **frame, xAlign="right", y="1")


def in_order(properties: BaseOxmlElement) -> None:
    """Sort the properties of a paragraph as the standard asks: Word calls a file broken that has them otherwise."""
    properties[:] = sorted(properties, key=lambda entry: _PLACES.get(entry.tag, len(_PLACES)))


def lettered(
    text: str,
    *,
    font: str = "",
    bold: bool | None = None,
    italic: bool = False,
    colour: str = "",
    rtl: bool = False,
    lang: str = "",
) -> BaseOxmlElement:
    """A run of text; its line breaks stay. Word knows one language for each of three families of scripts."""
    run = OxmlElement("w:r")
    properties: list[tuple[str, dict[str, str]]] = []
    if font:
        properties.append(("w:rFonts", {"ascii": font, "hAnsi": font}))
    if bold is not None:
        properties += [(tag, {} if bold else {"val": "0"}) for tag in ("w:b", "w:bCs")]
    if italic:
        properties += [(tag, {}) for tag in ("w:i", "w:iCs")]
    if colour:
        properties.append(("w:color", {"val": colour}))
    if rtl:
        properties.append(("w:rtl", {}))
    if lang:
        properties.append(("w:lang", {"bidi" if rtl else "eastAsia" if lang[:2] in _EAST_ASIAN else "val": lang}))
    if properties:
        holder = OxmlElement("w:rPr")
        for tag, values in properties:
            child(holder, tag, **values)
        run.append(holder)
    for place, line in enumerate(text.split("\n")):
        if place:
            run.append(OxmlElement("w:br"))
        shown = OxmlElement("w:t")
        shown.text = line
        shown.set(qn("xml:space"), "preserve")
        run.append(shown)
    return run


def tabbed(paragraph: Paragraph, *parts: str) -> None:
    """Text on the left, the rest on the right of the page."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(ROOM), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{parts[0]}\t{''.join(parts[1:])}")


def field(paragraph: Paragraph, code: str) -> None:
    """A field that the program fills in, such as PAGE."""
    fielded(paragraph, "begin", code)
    paragraph.add_run("1")
    fielded(paragraph, "end")


def fielded(paragraph: Paragraph, kind: str, code: str = "") -> None:
    """Where the text of a field begins, with what the program is to fill in, or where it ends."""
    child(paragraph.add_run()._r, "w:fldChar", fldCharType=kind)
    if code:
        instruction = OxmlElement("w:instrText")
        instruction.set(qn("xml:space"), "preserve")
        instruction.text = f" {code} "
        paragraph.add_run()._r.append(instruction)
        child(paragraph.add_run()._r, "w:fldChar", fldCharType="separate")
