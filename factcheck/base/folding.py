"""A text as it is searched: what differs only in case, accents, points or typesetting is the same, on every engine.

Each character is folded by itself: compatibility decomposition (NFKD) and full case folding of the Unicode Standard,
sections 3.11 and 3.13, then its accents and points go. So the folded form of a part of a text is a part of the folded
form of the text, and nothing that occurs in a text is lost by folding both.
"""

from __future__ import annotations

import re
import unicodedata
from array import array

QUOTE_MARKS = frozenset("\"'`´‘’‚‛“”„‟‹›«»′″‴‵‶ʹʺʻʼʽˮ〝〞〟「」『』❛❜❝❞❮❯⹂״׳＂＇")
"""Whatever countries and typewriters put around words, and the apostrophes."""
MINUS = "\u2212"
KNOWN_LETTERS = 20_000
"""Characters whose folded form is remembered; more than any language needs."""

_ACCENTS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"  # of Latin, Greek and Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08ca-\u08ff]"  # Arabic
)
"""What is left out. Not the vowel signs of Indian and Thai scripts: without them other words would be the same."""
_WITHOUT_ACCENT = dict.fromkeys(QUOTE_MARKS, "'") | {
    "ı": "i",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "æ": "ae",
    "œ": "oe",
}
"""Letters that the standard does not take apart, though readers do."""


class _Folded(dict[int, str]):
    """The folded form of a character, reckoned when it is first met."""

    def __missing__(self, code: int) -> str:
        if len(self) > KNOWN_LETTERS:
            self.clear()
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDED = _Folded()


def fold_for_search(text: str) -> str:
    """The text as it is compared in a search, every run of white space one space, none at the ends.

    >>> fold_for_search("  Straße  von ŁÓDŹ, İstanbul "), fold_for_search("МОСКВА")
    ('strasse von lodz, istanbul', 'москва')
    """
    return " ".join(text.translate(_FOLDED).split())


def fold_with_places(text: str) -> tuple[str, array[int]]:
    """The text folded, white space as it is, and for each of its characters the offset in the text it came from."""
    parts, places = [], array("L")
    for place, character in enumerate(text):
        folded = " " if character.isspace() else _FOLDED[ord(character)]
        parts.append(folded)
        places.extend([place] * len(folded))
    return "".join(parts), places


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if character in QUOTE_MARKS:
        return "'"
    kind = unicodedata.category(character)
    if kind == "Pd" or character == MINUS:
        return "-"
    if kind in {"Cc", "Cf", "Cs"}:
        return ""
    # Case is folded between two decompositions, since either may show what the other can fold.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(_WITHOUT_ACCENT.get(letter, letter) for letter in _ACCENTS.sub("", letters))
