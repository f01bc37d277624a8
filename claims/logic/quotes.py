"""Looks a quote up in a text as a reader would: what differs only in how it is set counts as the same.

Spaces and line breaks, what has no width, quote marks, dashes, case and Unicode form are folded on both sides, after
the compatibility decomposition (NFKD) and case folding of the Unicode Standard, section 3.13. Each folded character
knows the place in the text that it came from, so that what is found can be shown as it stands there.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

VERIFIED, NOT_FOUND, UNVERIFIABLE = "verified", "not_found", "unverifiable"
CONTEXT = 32
"""Characters before and after a quote that tell its place from others."""
LONGEST_EXACT = 10_000
"""What a place may hold; of a quote that leaves out more than this, its first part is shown."""

KNOWN_LETTERS = 20_000
"""Characters whose folded form is remembered; more than any language needs."""

_ELLIPSIS = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\s?\.\s?\.)\s*\)|…|\.\s?\.\s?\.+")
_QUOTE_MARKS = frozenset("\"'`´‘’‚‛“”„‟‹›«»′″‴‵‶ʹʺʻʼʽˮ〝〞〟「」『』❛❜❝❞❮❯⹂״׳＂＇")
_MINUS = "\u2212"
_MARK, _DASH, _SPACE = "'", "-", " "
_GLUED = frozenset((_MARK, _DASH))
# Scripts from Thai on are written without spaces, or each of their characters is a word: no edges are asked there.
_WITHOUT_EDGES = 0x0E00


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands in a text: offsets in the text, and the words there, before and after."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str

    @property
    def selector(self) -> dict[str, str]:
        """The place as a TextQuoteSelector of the Web Annotation Data Model."""
        around = {"prefix": self.prefix, "suffix": self.suffix}
        return {"type": "TextQuoteSelector", "exact": self.exact, **{k: v for k, v in around.items() if v}}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text for comparing, with the offset in the original of each of its characters."""

    original: str
    text: str
    origin: array[int]


def check(quote: str, texts: Iterable[str | Folded]) -> tuple[str, dict[str, Any] | None]:
    """The state of a quote and its place in the first of `texts` that holds it.

    Without a text, or a word in the quote, nothing can be said: that is unverifiable, not wrong. Who looks for many
    quotes in one text folds it once.
    """
    parts = _parts(quote)
    looked = False
    for text in texts if parts else ():
        folded = fold(text) if isinstance(text, str) else text
        if not folded.text:
            continue
        looked = True
        if found := _find(parts, folded):
            return VERIFIED, found.selector
    return (NOT_FOUND if looked else UNVERIFIABLE), None


def find_quote(quote: str, text: str) -> Found | None:
    """The first place in `text` where the quote stands; its parts between ellipses in their order.

    The time grows with the length of the text, whatever both hold.
    """
    parts = _parts(quote)
    return _find(parts, fold(text)) if parts else None


def fold(text: str) -> Folded:
    """The text for comparing. Runs of quote marks, of dashes and of spaces count as one; spaces beside a quote mark
    or dash do not count, since typesetters of different countries differ there."""
    out: list[str] = []
    origin = array("L")
    spaced = False
    for letter, place in _decomposed(text):
        if letter == _SPACE:
            spaced = True
            continue
        last = out[-1] if out else _SPACE
        if letter in _GLUED:
            if letter == last:
                spaced = False
                continue
        elif spaced and out and last not in _GLUED:
            out.append(_SPACE)
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
    if character in _QUOTE_MARKS:
        return ((0, _MARK),)
    if character.isspace():
        return ((0, _SPACE),)
    category = unicodedata.category(character)
    if category == "Pd" or character == _MINUS:
        return ((0, _DASH),)
    if category in {"Cf", "Cc"} or "\ufe00" <= character <= "\ufe0f":
        return ()
    letters = []
    for letter in unicodedata.normalize("NFKD", character):
        order = unicodedata.combining(letter)
        if letter in _QUOTE_MARKS:
            folded = _MARK
        elif letter.isspace():
            folded = _SPACE
        elif unicodedata.category(letter) == "Pd" or letter == _MINUS:
            folded = _DASH
        else:
            folded = unicodedata.normalize("NFKD", letter.casefold())
        letters.append((order, folded))
    return tuple(letters)


def _parts(quote: str) -> list[str]:
    """What stands between the ellipses of a quote, folded, without the marks around it."""
    return [part for piece in _ELLIPSIS.split(quote) if (part := fold(piece).text.strip(_SPACE + _MARK))]


def _find(parts: list[str], folded: Folded) -> Found | None:
    spans: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        start = _next(part, folded.text, at)
        if start is None:
            return None
        at = start + len(part)
        spans.append((start, at))
    start, end = _original(folded, spans[0][0], spans[-1][1])
    if end - start > LONGEST_EXACT:
        start, end = _original(folded, *spans[0])
    text = folded.original
    return Found(start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def _original(folded: Folded, start: int, end: int) -> tuple[int, int]:
    places = folded.origin[start:end]
    # Not the first and the last: accents may have changed places.
    return min(places), max(places) + 1


def _next(part: str, text: str, start: int) -> int | None:
    """Where `part` stands next as whole words. Knuth, Morris and Pratt's search: a repeated text does not make it
    slow, as it would a search that begins anew behind each place that is refused."""
    if text.find(part, start) < 0:
        return None
    back = _borders(part)
    matched = 0
    for place in range(start, len(text)):
        letter = text[place]
        while matched and part[matched] != letter:
            matched = back[matched - 1]
        if part[matched] == letter:
            matched += 1
        if matched == len(part):
            begin = place + 1 - matched
            if not _inside_word(text, begin) and not _inside_word(text, place + 1):
                return begin
            matched = back[matched - 1]
    return None


def _borders(part: str) -> list[int]:
    back = [0] * len(part)
    length = 0
    for place in range(1, len(part)):
        while length and part[place] != part[length]:
            length = back[length - 1]
        if part[place] == part[length]:
            length += 1
        back[place] = length
    return back


def _inside_word(text: str, place: int) -> bool:
    """Whether a cut before `place` would go through a word: "no" is not said in "nothing", nor "cafe" in "café"."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if unicodedata.combining(after):
        return True
    return _has_edges(before) and _has_edges(after)


def _has_edges(letter: str) -> bool:
    return ord(letter) < _WITHOUT_EDGES and (letter.isalnum() or unicodedata.combining(letter) != 0)
