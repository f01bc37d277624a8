"""The text of a work with the passages marked that statements quote."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.logic.folding import Folded, fold
from claims.logic.quotes import check
from claims.models import Attribution
from sources.services.article import Reading


@dataclass(frozen=True, slots=True)
class Marked:
    """The text in three parts: what stands before the article on its page, the article, and what stands after it; and
    the statements whose passage is marked in it."""

    before: SafeString
    article: SafeString
    after: SafeString
    marks: frozenset[int]


Span = tuple[int, int, int]
"""A passage from here to there, and the key of the statement."""


def marked(reading: Reading, statements: Iterable[Attribution]) -> Marked:
    """The paragraphs of `reading` as HTML. Of passages that lie over each other the first is marked whole, the others
    as far as they stand alone; each place is one where the words of the statement stand."""
    places = _Places(reading.text)
    starts = list(accumulate((len(paragraph) + 1 for paragraph in reading.paragraphs), initial=0))
    spans: dict[int, list[Span]] = defaultdict(list)
    for begin, end, pk in sorted((*place, row.pk) for row in statements if (place := places.of(row)) is not None):
        for number in range(bisect_right(starts, begin) - 1, bisect_left(starts, end)):
            spans[number].append((begin, end, pk))
    known: set[int] = set()

    def part(first: int, end: int) -> SafeString:
        shown = ((_paragraph(reading.paragraphs[n], starts[n], spans[n], known),) for n in range(first, end))
        return format_html_join("\n", '<p dir="auto">{}</p>', shown)

    before, article = part(0, reading.first), part(reading.first, reading.end)
    after = part(reading.end, len(reading.paragraphs))
    return Marked(before, article, after, frozenset(known))


class _Places:
    """Where the passages of statements stand in a text, which is folded at most once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: Folded | None = None

    def of(self, row: Attribution) -> tuple[int, int] | None:
        """By its own place, else where its quote was found, else where it stands in this text."""
        found = getattr(row, "quote_check", None)
        place = found.place if found is not None else None
        for known in (row.selector, place):
            if stands := self._by_selector(known):
                return stands
        if not place:
            # What was found nowhere is not looked for again.
            return None
        self._folded = self._folded or fold(self.text)
        return self._by_selector(check(row.quote, [self._folded]).place)

    def _by_selector(self, place: Any) -> tuple[int, int] | None:
        """As the Web Annotation Data Model says it: the words with what stands before and after them, else where they
        stand and nowhere else."""
        if not isinstance(place, dict) or place.get("type") != "TextQuoteSelector":
            return None
        exact, prefix, suffix = (str(place.get(name, "")) for name in ("exact", "prefix", "suffix"))
        start = self.text.find(f"{prefix}{exact}{suffix}")
        if start >= 0:
            start += len(prefix)
        elif self.text.count(exact) == 1:
            start = self.text.find(exact)
        return (start, start + len(exact)) if exact and start >= 0 else None


def _paragraph(words: str, start: int, spans: Sequence[Span], known: set[int]) -> SafeString:
    """A paragraph that begins at `start` of the text; the first mark of a statement has its name."""

    def pieces() -> Iterator[tuple[str, SafeString]]:
        at = start
        for begin, end, pk in spans:
            begin, end = max(begin, at), min(end, start + len(words))
            if begin >= end:
                continue
            name = format_html(' id="said-{}"', pk) if pk not in known else ""
            known.add(pk)
            passage = format_html("<mark{}>{}</mark>", name, words[begin - start : end - start])
            yield words[at - start : begin - start], passage
            at = end
        yield words[at - start :], SafeString("")

    return format_html_join("", "{}{}", pieces())
