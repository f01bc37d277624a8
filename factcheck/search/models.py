"""What is looked into: the folded text of each row that can be searched."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from factcheck.search.nouns import ROOM, SearchedNoun
from factcheck.search.query import SearchQuery


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    def of(self, noun: SearchedNoun) -> Self:
        """The texts of the rows of a noun."""
        return self.filter(pk__gte=noun.first, pk__lt=noun.first + ROOM)


class SearchText(models.Model):
    """The folded text of one row of the register. It follows the row, and is nothing but a copy: never entered by hand.

    The database's own index over it is made by the migration: on PostgreSQL trigrams in a GIN index for each noun,
    on SQLite trigrams in an FTS5 table that triggers keep.
    """

    id = models.BigAutoField(
        primary_key=True,
        help_text="The number of the noun times 2 to the 56, plus the number of the row.",
    )
    text = models.TextField(help_text="The fields by which the row is found, folded, one on each line.")

    objects = SearchTextQuerySet.as_manager()

    class Meta:
        verbose_name = "searched text"
        default_permissions = ()

    def __str__(self) -> str:
        return f"searched text {self.pk}"


def fits(query: SearchQuery, column: str = "text") -> Q:
    """The condition on a searched text that all that is wanted occurs in it, and nothing that is not."""
    condition = Q()
    for term in query.wanted:
        condition &= Q(**{f"{column}__contains": term})
    for term in query.unwanted:
        condition &= ~Q(**{f"{column}__contains": term})
    return condition
