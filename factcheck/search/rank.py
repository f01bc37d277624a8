"""The order of what was found: whole words first, then beginnings of words, then parts; the newest among equals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from factcheck.search.find import searched_text_of
from factcheck.search.nouns import searched_noun
from factcheck.search.query import SearchQuery
from factcheck.search.text import FIELD_END, PAIR

RANKED = 1_000
"""How many are ranked, the newest of what was found: more would make a common word slow, and nobody reads them."""
AT_THE_BEGINNING, WHOLE, BEGINNING, INSIDE = 3, 2, 1, 0


def best_of(found: QuerySet[Any], query: SearchQuery, most: int) -> list[Any]:
    """At most `most` of the rows that were found, best first; no more than the newest thousand are ranked."""
    return [row for _score, row in ranked(found, query, most)]


def ranked(found: QuerySet[Any], query: SearchQuery, most: int) -> list[tuple[int, Any]]:
    """As `best_of`, each with its score."""
    noun = searched_noun(found.model)
    assert noun is not None
    texts = found.order_by("-pk").annotate(searched=searched_text_of(noun)).values_list("pk", "searched")[:RANKED]
    patterns = [re.compile(re.escape(term)) for term in query.wanted]
    scores = [(pk, rank_text(text, patterns)) for pk, text in texts]
    best = sorted(scores, key=lambda scored: -scored[1])[:most]
    rows = {row.pk: row for row in found.filter(pk__in=[pk for pk, _score in best])}
    return [(score, rows[pk]) for pk, score in best if pk in rows]


def rank_text(searched: str, patterns: Sequence[re.Pattern[str]]) -> int:
    """How well the terms stand in a searched text, in which each occurs: the sum of how the best of each does."""
    text = searched.partition(f"{FIELD_END}{PAIR}")[0]
    return sum(max((_how(text, *found.span()) for found in pattern.finditer(text)), default=0) for pattern in patterns)


def _how(text: str, start: int, end: int) -> int:
    if start and _in_word(text[start - 1]):
        return INSIDE
    if end < len(text) and _in_word(text[end]):
        return BEGINNING
    return AT_THE_BEGINNING if not start or text[start - 1] == FIELD_END else WHOLE


def _in_word(character: str) -> bool:
    return character.isalnum()
