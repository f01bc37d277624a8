"""The fonts of the register, and which letters they have: no report shows an empty box in silence."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst
from django.conf import settings

CJK = "cvttf_NotoSansCJK_Regular"
"""The package of the extra `cjk`: one font with the letters of Chinese, Japanese and Korean."""
_OWN = Path(__file__).resolve().parent / "fonts"
_ASKED = b'#set document(title: "letters")\n#set text(lang: "en")\n#sys.inputs.letters'
_REMEMBERED = 10
"""typst keeps what it worked out for this many documents."""
_NAMED = 20
"""So many letters a report names one by one."""
_known: dict[tuple[str, bool], bool] = {}


@cache
def fonts(*, machine: bool = False) -> typst.Fonts:
    """The fonts of the register, of the extra `cjk` and of the settings, and those of the machine if wanted. They are
    read once in a process."""
    found = find_spec(CJK)
    package = [str(Path(found.origin).parent)] if found is not None and found.origin else []
    folders = [str(_OWN), *package, *(str(folder) for folder in settings.FACTCHECK_FONTS)]
    return typst.Fonts(include_system_fonts=machine, include_embedded_fonts=True, font_paths=folders)


def forget_documents() -> None:
    """Have typst forget the documents that it wrote, whose workings take some 25 MB each: of one it keeps them until it
    has written ten others, and no report has anything of another."""
    for _document in range(_REMEMBERED + 1):
        typst.Compiler(input=b"", font_paths=fonts()).compile(format="svg")


def fonts_for(text: str) -> typst.Fonts:
    """The fonts to write this text with; those of the machine only where it must: with them two machines write two
    files."""
    return fonts(machine=bool(lacking(text)))


def lacking(text: str, *, machine: bool = False) -> list[str]:
    """The letters of the text that no font of the register has, nor one of the machine if that is asked too, in their
    order; a process asks once for each."""
    asked = sorted(letter for letter in set(text) if unicodedata.category(letter)[0] not in "CZ")
    _ask([letter for letter in asked if (letter, machine) not in _known], machine=machine)
    return [letter for letter in asked if not _known[letter, machine]]


def _ask(letters: list[str], *, machine: bool) -> None:
    """Sort the letters into those that are there and those that are not, half by half."""
    if not letters:
        return
    there = _has(letters, machine=machine)
    if there or len(letters) == 1:
        _known.update(((letter, machine), there) for letter in letters)
        return
    middle = len(letters) // 2
    _ask(letters[:middle], machine=machine)
    _ask(letters[middle:], machine=machine)


def _has(letters: list[str], *, machine: bool) -> bool:
    # PDF/UA refuses a letter without a font; no file tells which letters the fonts inside typst have.
    written = " ".join(letters)
    try:
        compiler = typst.Compiler(input=_ASKED, font_paths=fonts(machine=machine), sys_inputs={"letters": written})
        compiler.compile(format="pdf", pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True


def spelled(letter: str) -> str:
    """What stands for a letter without a font: `[U+4E2D]`."""
    return f"[U+{ord(letter):04X}]"


def unwritten(text: str) -> list[str]:
    """The letters for which neither the register nor the machine has a font."""
    missing = lacking(text)
    return lacking("".join(missing), machine=True) if missing else []


def spelled_out(text: str) -> str:
    """The text with the number of each letter for which there is no font in its place."""
    return text.translate({ord(letter): spelled(letter) for letter in unwritten(text)})


def remark(missing: Collection[str]) -> str:
    """What a report says about letters without a font; empty where there are none."""
    return _told(missing, "in this file; the page and the HTML file have the letters themselves")


def in_pictures(missing: Collection[str]) -> str:
    """The same where only pictures want for them: the text leaves letters to the fonts of whoever opens it."""
    return _told(missing, "in the pictures of this file; its text has the letters themselves")


def _told(missing: Collection[str], where: str) -> str:
    if not missing:
        return ""
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in list(missing)[:_NAMED])
    more = f" and {len(missing) - _NAMED} others" if len(missing) > _NAMED else ""
    return f"No font has these letters here: {codes}{more}. Each is written as its number {where}."
