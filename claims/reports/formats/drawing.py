"""What PDF and DOCX have in common: the drawings of a report, and which lists have marks."""

from __future__ import annotations

import re

import typst

from claims.reports.formats.letters import fonts_for, spelled_out, unwritten
from claims.reports.outline.blocks import Outline, Picture

_FAMILY = re.compile(r'font-family="[^"]*"')
_PAGE = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
NUMBERED = {"sources", "documents"}
"""Lists whose entries have numbers of their own, and need no mark."""
_READ = (
    b'#set document(title: "drawing")\n#set text(lang: "en")\n#image(bytes(sys.inputs.svg), format: "svg", alt: "x")'
)
# Beyond Latin, Greek, Cyrillic, Hebrew and Arabic, and no mere punctuation or sign.
_JOINED = re.compile("[\u0900-\u1fff\u200d\u20d0-\u20ff\u2c00-\uffff\U00010000-\U0010ffff]")
_POINTS = 0.75
"""An SVG counts in pixels of 1/96 inch, paper in points of 1/72."""


def size(picture: Picture) -> tuple[float, float]:
    """Its width and height in points."""
    width, height = picture.size
    return width * _POINTS, height * _POINTS


def lettered(picture: Picture) -> str:
    """The drawing with its letters in the fonts of the register: what a page asks of a browser, no file has."""
    return _FAMILY.sub("font-family=\"'Source Sans 3', 'Noto Naskh Arabic'\"", picture.svg)


def as_png(picture: Picture, dots_per_inch: int = 200) -> bytes:
    """The drawing in dots, for programs that take no SVG."""
    svg = spelled_out(lettered(picture))
    compiler = typst.Compiler(input=_PAGE, font_paths=fonts_for(svg), sys_inputs={"svg": svg})
    written = compiler.compile(format="png", ppi=dots_per_inch)
    assert isinstance(written, bytes)
    return written


def unwritten_in(outline: Outline) -> list[str]:
    """The letters for which there is no font in the drawings of a report."""
    return unwritten("".join(block.svg for block in outline.blocks if isinstance(block, Picture)))


def is_readable(svg: str) -> bool:
    """Whether the text of a drawing can be read out of a PDF: what joins several letters into one often cannot."""
    if not _JOINED.search(svg):
        return True
    try:
        typst.Compiler(input=_READ, font_paths=fonts_for(svg), sys_inputs={"svg": svg}).compile(
            format="pdf", pdf_standards="ua-1"
        )
    except typst.TypstError:
        return False
    return True
