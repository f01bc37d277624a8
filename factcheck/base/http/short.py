"""Pages of the desk in fewer bytes: blanks beside tags are one line end, and what the theme says of looks in dozens of
classes is said in one, for which `short.css` says the same.

The stylesheet is made of the theme's by `python -m benchmarks.pages --write`; a house test holds the two together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

SHEET = Path(__file__).parents[2] / "static" / "factcheck" / "short.css"
KEPT = re.compile(rb"(<(textarea|pre|script|style)\b.*?</\2>)", re.DOTALL | re.IGNORECASE)
"""What is left as it is."""
CLASSES = re.compile(rb'(?<=\sclass=")[^"]{60,}(?=")')
"""Shorter ones are not worth a rule."""
BLANKS = re.compile(rb"(?<=>)\s*\n\s*|\s*\n\s*(?=<)")
TELLING = re.compile(rb'class="[^"]*(?:desk-text|desk-place|whitespace-pre)')
"""Where line ends and blanks are shown as they are, and places are counted by them."""
STAR = "∗"
"""What stands for an asterisk in a comment of the stylesheet."""
STATES = frozenset({"hidden", "active"})
"""What scripts put on and take off: its rule has to stay alone."""


def name_of(classes: Iterable[str]) -> str:
    """The one class in the place of these, whatever their order."""
    return f"u{hashlib.sha256(' '.join(sorted(set(classes))).encode()).hexdigest()[:7]}"


@cache
def known() -> dict[str, frozenset[str]]:
    """What each class of the stylesheet stands for: its first lines say so."""
    lines = re.findall(r"/\*(u\w+): ([^*]*)\*/", SHEET.read_text(encoding="utf-8"))
    return {name: frozenset(classes.replace(STAR, "*").split()) for name, classes in lines}


@cache
def looks() -> frozenset[str]:
    """The classes of the theme that the stylesheet knows."""
    return frozenset(one for classes in known().values() for one in classes)


@lru_cache(maxsize=4_000)
def shorter(classes: bytes) -> bytes:
    """The value of a class attribute, with one class in the place of many where the stylesheet has it."""
    given = classes.decode().replace("&#x27;", "'").replace("&amp;", "&").split()
    looked = [one for one in given if one in looks()]
    name = name_of(looked)
    if name not in known() or STATES & set(given):
        return classes
    return " ".join([name, *(one for one in given if one not in looks())]).encode()


def shorten(page: bytes) -> bytes:
    """The same page in fewer bytes."""
    parts, telling = KEPT.split(page), TELLING.search(page)
    # Between two texts stand what was kept and the name of its tag.
    for place in range(0, len(parts), 3):
        part = parts[place] if telling else BLANKS.sub(b"\n", parts[place])
        parts[place] = CLASSES.sub(_shorter, part)
        if place + 2 < len(parts):
            begin, end, rest = parts[place + 1].partition(b">")
            parts[place + 1] = CLASSES.sub(_shorter, begin) + end + rest
            parts[place + 2] = b""
    return b"".join(parts)


def _shorter(found: re.Match[bytes]) -> bytes:
    return shorter(found[0])
