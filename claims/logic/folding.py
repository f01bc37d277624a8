"""A text as it is compared with others: what differs only in how it is set is the same.

Spaces and line breaks, what has no width, quote marks, dashes, case and Unicode form are folded on both sides, after
the compatibility decomposition (NFKD) and case folding of the Unicode Standard, section 3.13. Each folded character
knows the place in the text that it came from, so that what is found can be shown as it stands there.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from factcheck.base.folding import KNOWN_LETTERS, MINUS, QUOTE_MARKS

MARK, _DASH, SPACE = "'", "-", " "
_GLUED = frozenset((MARK, _DASH))


@dataclass(frozen=True, slots=True)
class Folded:
    """A text for comparing, with the offset in the original of each of its characters."""

    original: str
    text: str
    origin: array[int]


def fold(text: str) -> Folded:
    """The text for comparing. Runs of quote marks, of dashes and of spaces count as one; spaces beside a quote mark
    or dash do not count, since typesetters of different countries differ there."""
    out: list[str] = []
    origin = array("L")
    spaced = False
    for letter, place in _decomposed(text):
        if letter == SPACE:
            spaced = True
            continue
        last = out[-1] if out else SPACE
        if letter in _GLUED:
            if letter == last:
                spaced = False
                continue
        elif spaced and out and last not in _GLUED:
            out.append(SPACE)
            origin.append(place)
        spaced = False
        out.append(letter)
        origin.append(place)
    return Folded(text, "".join(out), origin)


def _decomposed(text: str) -> Iterator[tuple[str, int]]:
    """The folded characters of `text` in canonical order, each with the offset that it came from."""
    marks: list[tuple[int, str, int]] = []
    for place, character in enumerate(text):
        letters = _LETTERS.get(character)
        if letters is None:
            if len(_LETTERS) > KNOWN_LETTERS:
                _LETTERS.clear()
            letters = _LETTERS[character] = _letters_of(character)
        for order, folded in letters:
            if order:
                marks.append((order, folded, place))
                continue
            if marks:
                yield from _in_order(marks)
                marks.clear()
            for letter in folded:
                yield letter, place
    yield from _in_order(marks)


def _in_order(marks: list[tuple[int, str, int]]) -> Iterator[tuple[str, int]]:
    # Accents that were typed in another order are the same accents; sorting is stable, as the standard asks.
    for _order, folded, place in sorted(marks, key=lambda mark: mark[0]):
        for letter in folded:
            yield letter, place


_LETTERS: dict[str, tuple[tuple[int, str], ...]] = {}


def _letters_of(character: str) -> tuple[tuple[int, str], ...]:
    """The decomposition of one character: combining class and folded form of each of its letters."""
    # Before the decomposition, which would make a space and an accent of an acute accent that stands for a quote mark.
    if character in QUOTE_MARKS:
        return ((0, MARK),)
    if character.isspace():
        return ((0, SPACE),)
    category = unicodedata.category(character)
    if category == "Pd" or character == MINUS:
        return ((0, _DASH),)
    if category in {"Cf", "Cc"} or "\ufe00" <= character <= "\ufe0f":
        return ()
    letters = []
    for letter in unicodedata.normalize("NFKD", character):
        order = unicodedata.combining(letter)
        if letter in QUOTE_MARKS:
            folded = MARK
        elif letter.isspace():
            folded = SPACE
        elif unicodedata.category(letter) == "Pd" or letter == MINUS:
            folded = _DASH
        else:
            folded = unicodedata.normalize("NFKD", letter.casefold())
        letters.append((order, folded))
    return tuple(letters)
