"""Rows that are probably the one somebody is about to enter again, found by the index and compared in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from factcheck.base.folding import fold_for_search
from factcheck.base.likeness import NEAR, host_of, likeness, parts_of, same_page
from factcheck.search.candidates import candidates
from factcheck.search.nouns import SearchedNoun, searched_noun
from factcheck.search.query import SearchQuery

MET = 300
"""So many of the newest rows are fetched for each part of a word."""
COMPARED = 150
"""So many rows are compared, those with the most parts first."""


def find_near(rows: QuerySet[Any], text: str, texts_of: Callable[[Any], Iterable[str]], most: int = 5) -> list[Any]:
    """Those of `rows` of which one of the texts is near this one, the nearest first."""
    noun = _noun_of(rows)
    met: dict[int, int] = {}
    for part in parts_of(text):
        for pk in _keys(noun, part):
            met[pk] = met.get(pk, 0) + 1
    likely = sorted(met, key=lambda pk: (-met[pk], -pk))[:COMPARED]
    near = []
    for row in rows.filter(pk__in=likely):
        how = max((likeness(text, known) for known in texts_of(row)), default=0.0)
        if how >= NEAR:
            near.append((how, row))
    return [row for _how, row in sorted(near, key=lambda pair: (-pair[0], -pair[1].pk))[:most]]


def find_same_page(rows: QuerySet[Any], url: str, url_of: Callable[[Any], str], most: int = 5) -> list[Any]:
    """Those of `rows` whose address leads to the same page."""
    page = same_page(url)
    if not page:
        return []
    found = rows.filter(pk__in=_keys(_noun_of(rows), fold_for_search(page.partition("?")[0])))
    return [row for row in found if same_page(url_of(row)) == page][:most]


def find_on_host(rows: QuerySet[Any], host: str, url_of: Callable[[Any], str]) -> list[Any]:
    """Those of the newest `rows` that this occurs in whose address leads to this host."""
    found = rows.filter(pk__in=_keys(_noun_of(rows), fold_for_search(host)))
    return [row for row in found if host_of(url_of(row)) == host]


def _noun_of(rows: QuerySet[Any]) -> SearchedNoun:
    noun = searched_noun(rows.model)
    assert noun is not None, f"{rows.model} is not searched"
    return noun


def _keys(noun: SearchedNoun, term: str) -> list[int]:
    """The keys of the newest rows in whose text this occurs."""
    found = candidates(noun, SearchQuery((term,))).order_by("-pk").values_list("pk", flat=True)[:MET]
    return [key - noun.first for key in found]
