"""What was searched for: words, "phrases in quotes", and with a leading minus what must not occur."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from factcheck.base.folding import fold_for_search

MAX_LENGTH = 200
MAX_TERMS = 8

_PIECE = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*[^"\s][^"]*)"(?!\S)|(?P<word>\S+)')
"""A quote opens at the beginning of a word and closes at the end of one; any other is a part of its word."""
_EXCLUDES = re.compile(r"-[^-]*\w")
"""A minus before signs alone is one of them."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What has to occur in a text, and what must not, all folded."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.wanted)


class LongSearch(ValueError):
    """A search without end; its words say what the limit is."""


def read_query(text: str) -> SearchQuery:
    """What the text asks for. Raises LongSearch for one that would make a query without end.

    Nothing in it is an operator but quotes around words and a minus before one. Where nothing else is asked for, a
    minus is a part of its word, and so are quotes around nothing. What folds to nothing, such as an accent alone, asks
    for nothing.

    >>> read_query('Straße "rote  Autos" -blau')
    SearchQuery(wanted=('strasse', 'rote autos'), unwanted=('blau',))
    >>> read_query("-5"), read_query('5"disk -')
    (SearchQuery(wanted=('-5',), unwanted=()), SearchQuery(wanted=("5'disk", '-'), unwanted=()))
    """
    if len(text) > MAX_LENGTH:
        raise LongSearch(f"Search for at most {MAX_LENGTH} characters.")
    if len(text.split()) > MAX_TERMS:
        raise LongSearch(f"Search for at most {MAX_TERMS} words.")
    terms = list(dict.fromkeys(_terms(text)))
    wanted = tuple(term for minus, term in terms if not minus)
    if not wanted:
        return SearchQuery(tuple(f"-{term}" for _minus, term in terms))
    return SearchQuery(wanted, tuple(term for minus, term in terms if minus))


def _terms(text: str) -> Iterator[tuple[bool, str]]:
    """Each term, and whether it must not occur."""
    for piece in _PIECE.finditer(text):
        word = piece["word"]
        minus = bool(piece["minus"] if word is None else _EXCLUDES.match(word))
        term = fold_for_search(piece["phrase"] if word is None else word[minus:])
        if term:
            yield minus, term
