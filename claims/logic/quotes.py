"""Looks a quote up in a text as a reader would: what differs only in how it is set counts as the same
(`claims.logic.folding`).

A quote that leaves words out says so with an ellipsis; what stands there in the text is told with it. Where nothing
but punctuation stands there, such as an ellipsis of the text's own, nothing was left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from claims.logic.folding import MARK, SPACE, Folded, fold
from claims.logic.negations import unknown_language
from claims.logic.numbers import cuts_number
from claims.logic.omissions import BESIDE, Caution, symbols, warn

VERIFIED, ELIDED, NOT_FOUND, UNVERIFIABLE = "verified", "elided", "not_found", "unverifiable"
CONTEXT = 32
"""Characters before and after a quote that tell its place from others."""
LONGEST_EXACT = 10_000
"""What a place may hold; of a quote that leaves out more than this, its first part is shown."""

SENTENCE = 2_000
"""Characters of a sentence that are looked at before and behind a quote."""

LONGEST_OMITTED = 500
"""Of what a quote leaves out, the beginning and the end of so many characters are kept."""

_DOTS = r"(?:[…⋯]+|[.\u3002](?:\s?[.\u3002]){2,})"
_ELLIPSIS = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|<\s*{_DOTS}\s*>|{_DOTS}")
# A mark that ends a sentence, with what closes behind it, or an empty line. An abbreviation ends one here too.
_SENTENCE_END = re.compile(r"[.!?](?:[\"'”’»)\]]*)(?=\s|$)\s*|[。！？؟।]|\n\s*\n")
_BRACKETS = re.compile(r"\[[^\[\]]{1,200}\]")
# Written without spaces, or each of their characters is a word: no edges are asked there. Thai to Burmese, Khmer, Tai,
# Chinese and Japanese, Yi, and Korean, whose particles are written to the word.
_WITHOUT_EDGES = re.compile(
    "[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u1aaf\u2e80-\ua4cf\ua960-\ua97f\uaa60-\uaadf\uac00-\uffff]"
    "|[^\u0000-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quote stands in a text: offsets in the text, and the words there, before and after."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    omitted: tuple[str, ...] = ()
    """What stands there between the parts of the quote, and to the ends of their sentence where it begins or ends with
    an ellipsis, where that is more than punctuation."""
    around: tuple[str, str] = ("", "")
    """The words before and after the whole of it."""

    @property
    def selector(self) -> dict[str, str]:
        """The place as a TextQuoteSelector of the Web Annotation Data Model."""
        around = {"prefix": self.prefix, "suffix": self.suffix}
        return {"type": "TextQuoteSelector", "exact": self.exact, **{k: v for k, v in around.items() if v}}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for a quote found: its state, its place, what it leaves out, and what a reader has to know of it."""

    state: str
    place: dict[str, Any] | None = None
    omitted: list[str] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)


def check(quote: str, texts: Iterable[str | Folded], language: str = "") -> Looked:
    """The state of a quote, and its place in the first of `texts` that holds it whole, or else around ellipses.

    Without a text, or a word in the quote, nothing can be said: that is unverifiable, not wrong. Who looks for many
    quotes in one text folds it once. `language` is that of the quote (BCP 47), where it is known.
    """
    parts = _parts(quote)
    bracketed = _parts(quote, _BRACKETS) if _BRACKETS.search(quote) else []
    looked, elided, inserted = False, None, False
    for text in texts if parts else ():
        folded = fold(text) if isinstance(text, str) else text
        if not folded.text:
            continue
        looked = True
        if (found := _find(parts, folded, _open_ends(quote))) and not found.omitted:
            return _looked(VERIFIED, found, unknown_language(quote, language))
        elided = elided or found
        inserted = inserted or bool(bracketed and _find(bracketed, folded))
    if elided:
        return _looked(ELIDED, elided, unknown_language(quote, language))
    if inserted:
        words = ", ".join(
            match.group() for match in _BRACKETS.finditer(quote) if not _ELLIPSIS.fullmatch(match.group())
        )
        return Looked(NOT_FOUND, warnings=[{"code": "insertion", "found": words[:200]}])
    return Looked(NOT_FOUND if looked else UNVERIFIABLE)


def _looked(state: str, found: Found, unknown: str) -> Looked:
    omitted = [shorten(gap, LONGEST_OMITTED) for gap in found.omitted]
    warnings = warn(found.omitted, *found.around)
    if unknown:
        warnings.append({"code": "negation_unknown", "found": unknown})
    return Looked(state, found.selector, omitted, warnings)


def shorten(text: str, longest: int) -> str:
    """The beginning and the end of a text that is longer than so many characters."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half].rstrip()} […] {text[-half:].lstrip()}"


def has_ellipsis(quote: str) -> bool:
    """Whether the quote says that it leaves something out."""
    return _ELLIPSIS.search(quote) is not None


def find_quote(quote: str, text: str) -> Found | None:
    """The first place in `text` where the quote stands; its parts between ellipses in their order.

    The time grows with the length of the text, whatever both hold.
    """
    parts = _parts(quote)
    return _find(parts, fold(text)) if parts else None


def _open_ends(quote: str) -> tuple[bool, bool]:
    """Whether the quote begins with an ellipsis, and whether it ends with one."""
    if not has_ellipsis(quote):
        return False, False
    first, *_between, last = _ELLIPSIS.split(quote)
    return not fold(first).text.strip(SPACE + MARK), not fold(last).text.strip(SPACE + MARK)


def _parts(quote: str, also: re.Pattern[str] | None = None) -> list[str]:
    """What stands between the ellipses of a quote, folded, without the marks around it."""
    pieces = _ELLIPSIS.split(also.sub("…", quote) if also is not None else quote)
    return [part for piece in pieces if (part := fold(piece).text.strip(SPACE + MARK))]


def _find(parts: list[str], folded: Folded, open_ends: tuple[bool, bool] = (False, False)) -> Found | None:
    spans = _spans(parts, folded)
    if spans is None:
        return None
    text = folded.original
    places = [_original(folded, *span) for span in spans]
    start, end = first, last = min(places)[0], max(place[1] for place in places)
    if end - start > LONGEST_EXACT:
        start, end = places[0]
    gaps = [text[here[1] : there[0]].strip() for here, there in pairwise(places)]
    before, behind = open_ends
    gaps = [*([_begun(text, first)] if before else []), *gaps, *([_ended(text, last)] if behind else [])]
    return Found(
        start,
        end,
        text[start:end],
        text[max(0, start - CONTEXT) : start],
        text[end : end + CONTEXT],
        tuple(gap for gap in gaps if _says_something(gap)),
        (text[max(0, first - BESIDE) : first], text[last : last + BESIDE]),
    )


def _begun(text: str, place: int) -> str:
    """What stands in the sentence before this place: what an ellipsis at the beginning of a quote leaves out."""
    stretch = text[max(0, place - SENTENCE) : place]
    ends = [match.end() for match in _SENTENCE_END.finditer(stretch)]
    return stretch[ends[-1] if ends else 0 :].strip()


def _ended(text: str, place: int) -> str:
    """What stands in the sentence behind this place: what an ellipsis at the end of a quote leaves out."""
    stretch = text[place : place + SENTENCE]
    end = _SENTENCE_END.search(stretch)
    return stretch[: end.start() if end else len(stretch)].strip()


def _says_something(gap: str) -> bool:
    said = _ELLIPSIS.sub("", gap)
    return any(letter.isalnum() for letter in said) or any(symbols(said))


def _spans(parts: list[str], folded: Folded) -> list[tuple[int, int]] | None:
    """Where the parts stand in their order: they end as early as they can, and leave out as little as they can."""
    spans: list[tuple[int, int]] = []
    at = 0
    for part in parts:
        start = _next(part, folded, at)
        if start is None:
            return None
        at = start + len(part)
        spans.append((start, at))
    # From the end back: what was found first may stand again nearer to what follows it.
    for number in range(len(parts) - 2, -1, -1):
        part = parts[number]
        *_earlier, start = _places(part, folded, spans[number][0], spans[number + 1][0])
        spans[number] = start, start + len(part)
    return spans


def _original(folded: Folded, start: int, end: int) -> tuple[int, int]:
    places = folded.origin[start:end]
    # Not the first and the last: accents may have changed places.
    return min(places), max(places) + 1


def _next(part: str, folded: Folded, start: int) -> int | None:
    """Where `part` stands next as whole words. Knuth, Morris and Pratt's search: a repeated text does not make it
    slow, as it would a search that begins anew behind each place that is refused."""
    end = len(folded.text)
    return next(_places(part, folded, start, end), None) if folded.text.find(part, start) >= 0 else None


def _places(part: str, folded: Folded, start: int, stop: int) -> Iterator[int]:
    """Each place between these two where `part` stands whole as whole words and numbers."""
    text = folded.text
    back = _borders(part)
    matched = 0
    for place in range(start, stop):
        letter = text[place]
        while matched and part[matched] != letter:
            matched = back[matched - 1]
        if part[matched] == letter:
            matched += 1
        if matched == len(part):
            begin = place + 1 - matched
            if not _is_cut(folded, begin) and not _is_cut(folded, place + 1):
                yield begin
            matched = back[matched - 1]


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


def _is_cut(folded: Folded, place: int) -> bool:
    """Whether a cut before `place` would go through a character, a word or a number of the text."""
    text, origin = folded.text, folded.origin
    if not 0 < place < len(text):
        return False
    if _inside_word(text, place):
        return True
    # A space knows the letter behind it only.
    left, right = origin[place - 2 if text[place - 1] == SPACE else place - 1], origin[place]
    if left == right:
        return text[place - 1].isalnum() or text[place].isalnum()
    return cuts_number(folded.original, left + 1, right)


def _inside_word(text: str, place: int) -> bool:
    """Whether a cut before `place` would go through a word: "no" is not said in "nothing", nor "cafe" in "café"."""
    before, after = text[place - 1], text[place]
    if unicodedata.combining(after) or "\u1160" <= after <= "\u11ff":  # these end a Korean syllable
        return True
    return _has_edges(before) and _has_edges(after)


def _has_edges(letter: str) -> bool:
    return (letter.isalnum() or unicodedata.combining(letter) != 0) and not _WITHOUT_EDGES.match(letter)
