"""Where in a text the terms of a search occur."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from factcheck.base.folding import fold_with_places
from factcheck.search.query import SearchQuery


def found_ranges(text: str, query: SearchQuery) -> Iterator[tuple[int, int]]:
    """The stretches of `text` in which something wanted occurs: offsets from and to, in order, none in another.

    >>> list(found_ranges("Die Straße ist STRASSE.", SearchQuery(("strasse",))))
    [(4, 10), (15, 22)]
    """
    if not query:
        return
    folded, places = fold_with_places(text)
    terms = sorted(query.wanted, key=len, reverse=True)
    # White space of a phrase may be any in the text.
    pattern = "|".join(re.escape(term).replace(r"\ ", " +") for term in terms)
    for found in re.finditer(pattern, folded):
        start, last, end = places[found.start()], places[found.end() - 1], found.end()
        following = places[end] if end < len(places) else len(text)
        # Accents that follow the last letter belong to it; of one that is folded to two, either is the whole.
        yield start, max(following, last + 1)


def mark_found(text: str, query: SearchQuery) -> SafeString:
    """The text as HTML, escaped, with what was searched for in <mark>."""
    parts, done = [], 0
    for start, end in found_ranges(text, query):
        if end > done:
            start = max(start, done)
            parts += [conditional_escape(text[done:start]), format_html("<mark>{}</mark>", text[start:end])]
            done = end
    return mark_safe("".join([*parts, conditional_escape(text[done:])]))  # noqa: S308 - every part is escaped
