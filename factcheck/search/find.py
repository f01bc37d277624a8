"""Narrows rows to those in which what was searched for occurs, by the way that is fast for it.

A common word is met when the newest rows are walked, a rare one looked up in the index (`factcheck.models.choosing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from factcheck.base.folding import fold_for_search
from factcheck.models.choosing import GLANCE, PAGE, enough
from factcheck.search.candidates import candidates
from factcheck.search.models import SearchText, fits
from factcheck.search.nouns import ROOM, SearchedNoun, searched_noun
from factcheck.search.query import SearchQuery
from factcheck.search.text import FIELD_END

NO_LIMIT = 2**31
"""Has PostgreSQL reckon what the index finds by itself, as it does not know how rare a word is."""

Rows = TypeVar("Rows", bound=QuerySet[Any])
OWN = ("",)


def search_rows(rows: Rows, query: SearchQuery, paths: Sequence[str] = OWN, *, wanted: int = PAGE) -> Rows:
    """Those of `rows` in which all that is wanted occurs, and nothing that is not.

    `paths` names the relations through which rows of other nouns are searched as well (`claim`, `link__evidence`), the
    empty one the row itself. `wanted` is how many of the newest will be read, for which the faster way is chosen. Which
    rows a reader may see, or find by words, is for the caller to say.
    """
    if not query:
        return rows
    reach = Reach(rows.model, paths)
    return rows.filter(reach.walking(query) if reach.is_common(query, wanted) else reach.looking_up(query))


def has_entry(model: type[models.Model], name: str, entry: str) -> Q:
    """The condition that the list of labels `name` holds this entry.

    SQLite has no index of the entries of a list: where they are searched as words, a rare one is found by these.
    """
    holds = Q(**{f"{name}__has": entry})
    noun = searched_noun(model)
    if connection.vendor != "sqlite" or noun is None or name not in noun.fields[1:]:
        return holds
    # Each entry stands on a line of its own, and no first one.
    query = SearchQuery((FIELD_END + fold_for_search(entry),))
    reach = Reach(model, OWN)
    return holds if reach.is_common(query) else holds & reach.looking_up(query)


def searched_text_of(noun: SearchedNoun, path: str = "pk") -> Any:
    """The searched text of the row to which `path` leads, as an expression."""
    return Subquery(_texts_at(noun, path).values("text")[:1])


def _texts_at(noun: SearchedNoun, path: str) -> QuerySet[SearchText]:
    return SearchText.objects.filter(pk=OuterRef(path) + Value(noun.first, models.BigIntegerField()))


class Reach:
    """The texts in which the rows of a model are searched: their own, and those of rows that they refer to."""

    def __init__(self, model: type[models.Model], paths: Sequence[str]) -> None:
        self.model = model
        self.nouns = {path: _noun_at(model, path) for path in dict.fromkeys(paths)}
        self.own = self.nouns.get("") if len(self.nouns) == 1 else None

    def is_common(self, query: SearchQuery, wanted: int = PAGE) -> bool:
        """Whether walking the newest rows, until as many as are wanted were met, costs less than looking up all."""
        own = self.own
        rows, first = (SearchText.objects.of(own), own.first) if own else (self.model._base_manager.all(), 0)
        newest = (rows.order_by("-pk").values_list("pk", flat=True).first() or first) - first
        if newest <= GLANCE:
            return True
        most = enough(newest, wanted, GLANCE)
        glanced: QuerySet[Any]
        if own is not None:
            # Between two numbers, since of two lower bounds SQLite may take the one that it meets first. And not by an
            # index, which PostgreSQL would take where it thinks the word rarer than it is.
            texts = SearchText.objects.filter(pk__gt=first + newest - GLANCE, pk__lt=first + ROOM)
            unindexed = Concat("text", Value(""), output_field=models.TextField())
            glanced = texts.annotate(unindexed=unindexed).filter(fits(query, "unindexed"))
        else:
            glanced = rows.filter(self.walking(query), pk__gt=newest - GLANCE)
        found = glanced.order_by()
        return len(found.values_list("pk", flat=True)[:most]) == most

    def walking(self, query: SearchQuery) -> Any:
        """The condition as asked of one row after another."""
        if self.own is not None:
            return _fits_at(self.own, "", query)
        wanted: list[Any] = [self._somewhere(term) for term in query.wanted]
        return reduce(and_, wanted + [~self._somewhere(term) for term in query.unwanted])

    def _somewhere(self, term: str) -> Q:
        return reduce(or_, (Q(_fits_at(noun, path, SearchQuery((term,)))) for path, noun in self.nouns.items()))

    def looking_up(self, query: SearchQuery) -> Q:
        """The condition as the numbers of rows that the index finds."""
        if self.own is not None:
            return Q(pk__in=_numbers(self.own, query))
        found = (Q(pk__in=self._found_somewhere(term)) for term in query.wanted)
        return reduce(and_, [*found, *(~self._somewhere(term) for term in query.unwanted)])

    def _found_somewhere(self, term: str) -> QuerySet[Any]:
        # A union and no OR, for which a planner goes through all rows.
        rows = self.model._base_manager.order_by().values("pk")
        arms = [
            rows.filter(**{f"{path or 'pk'}__in": _numbers(noun, SearchQuery((term,)))})
            for path, noun in self.nouns.items()
        ]
        return arms[0].union(*arms[1:]) if len(arms) > 1 else arms[0]


def _noun_at(model: type[models.Model], path: str) -> SearchedNoun:
    for name in path.split("__") if path else ():
        related: Any = model._meta.get_field(name).related_model
        model = related
    noun = searched_noun(model)
    assert noun is not None, f"{model.__name__} is not searched"
    return noun


def _fits_at(noun: SearchedNoun, path: str, query: SearchQuery) -> Any:
    """Whether the text of the row to which `path` leads fits; a row that refers to none does not."""
    # A value and no EXISTS, which the planner of PostgreSQL would turn into a join of its own choice.
    text = _texts_at(noun, path or "pk").annotate(fits=ExpressionWrapper(fits(query), BooleanField()))
    return Coalesce(Subquery(text.values("fits")[:1]), False)


def _numbers(noun: SearchedNoun, query: SearchQuery) -> QuerySet[SearchText, Any]:
    """The numbers of the rows that fit, as a query."""
    return candidates(noun, query).annotate(row=F("pk") - noun.first).values("row")[:NO_LIMIT]
