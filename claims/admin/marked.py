"""The text of a work with the passages marked that statements quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.logic.quotes import find_quote
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
    text = reading.text
    spans = sorted((*place, row.pk) for row in statements if (place := place_of(row, text)) is not None)
    starts, at = [], 0
    for paragraph in reading.paragraphs:
        starts.append(at)
        at += len(paragraph) + 1
    ends = (0, reading.first, reading.end, len(reading.paragraphs))
    known: set[int] = set()
    parts = []
    for first, end in pairwise(ends):
        shown = [_paragraph(reading.paragraphs[n], starts[n], spans, known) for n in range(first, end)]
        parts.append(format_html_join("\n", '<p dir="auto">{}</p>', ((one,) for one in shown)))
    before, article, after = parts
    return Marked(before, article, after, frozenset(known))


def place_of(row: Attribution, text: str) -> tuple[int, int] | None:
    """Where in `text` the passage of a statement stands: by its own place, else where its quote was found."""
    check = getattr(row, "quote_check", None)
    for place in (row.selector, check.place if check is not None else None):
        if found := _by_selector(place, text):
            return found
    # What was found nowhere is not looked for again.
    spoken = find_quote(row.quote, text) if check is not None and check.place else None
    return (spoken.start, spoken.end) if spoken is not None else None


def _by_selector(place: Any, text: str) -> tuple[int, int] | None:
    """As the Web Annotation Data Model says it: the words with what stands before and after them, else where they stand
    and nowhere else."""
    if not isinstance(place, dict) or place.get("type") != "TextQuoteSelector":
        return None
    exact, prefix, suffix = (str(place.get(name, "")) for name in ("exact", "prefix", "suffix"))
    start = text.find(f"{prefix}{exact}{suffix}")
    if start >= 0:
        start += len(prefix)
    elif text.count(exact) == 1:
        start = text.find(exact)
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
            yield (
                words[at - start : begin - start],
                format_html("<mark{}>{}</mark>", name, words[begin - start : end - start]),
            )
            at = end
        yield words[at - start :], SafeString("")

    return format_html_join("", "{}{}", pieces())
