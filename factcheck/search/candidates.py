"""The two engines: which texts the index of the database holds for what is wanted.

An index knows trigrams and may name too many texts, never too few; each is then held against the terms themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from factcheck.search.models import SearchText, fits
from factcheck.search.nouns import ROOM, SearchedNoun
from factcheck.search.query import SearchQuery
from factcheck.search.text import TRIGRAM, pair_of

_MATCH = "SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH %s AND rowid >= %s AND rowid < %s"


def candidates(noun: SearchedNoun, query: SearchQuery) -> QuerySet[SearchText]:
    """The texts of the noun that fit, so asked that the index is used."""
    texts = SearchText.objects.of(noun).filter(fits(query)).order_by()
    pairs = [pair for term in query.wanted if (pair := pair_of(term)) is not None]
    if connection.vendor != "sqlite":
        # pg_trgm takes the trigrams of a pattern out of it.
        return texts.filter(*(Q(text__contains=pair) for pair in pairs))
    trigrams = list(dict.fromkeys(part for term in (*query.wanted, *pairs) for part in _trigrams(term)))
    if not trigrams:
        return texts
    # Each a string of FTS5, in which nothing is an operator.
    wanted = " ".join('"{}"'.format(part.replace('"', '""')) for part in trigrams)
    return texts.filter(pk__in=RawSQL(_MATCH, (wanted, noun.first, noun.first + ROOM)))  # noqa: S611 - nothing but parameters


def _trigrams(term: str) -> Iterator[str]:
    """Trigrams that cover the term: all of them would find nothing more."""
    if len(term) >= TRIGRAM:
        for start in (*range(0, len(term) - TRIGRAM, TRIGRAM), len(term) - TRIGRAM):
            yield term[start : start + TRIGRAM]
