"""Fills the index from the rows as they stand, and holds it against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, Max, OuterRef, QuerySet, Value
from django.db.models.fields import BigIntegerField

from factcheck.audit.context import recording
from factcheck.base.statistics import keeps_its_own, refresh_statistics
from factcheck.search.index import remove_texts, store_texts
from factcheck.search.models import SearchText
from factcheck.search.nouns import SearchedNoun, searched_nouns
from factcheck.search.text import searched_text

BATCH = 500
Progress = Callable[[int], object]


def rebuild(*, progress: Progress | None = None) -> int:
    """Every row is found by what it says now, and nothing else is; returns how many texts that changed.

    Batch by batch, each in a transaction of its own: others write in between. `progress` is called with how many rows
    more are done.
    """
    changed = 0
    for noun in searched_nouns():
        for start, end in _stretches(noun):
            with recording():
                rows, stored = _rows(noun, start, end), _texts(noun, start, end)
                differing = [row for row in rows if stored.get(row.pk) != searched_text(row, noun)]
                gone = stored.keys() - {row.pk for row in rows}
                store_texts(noun, differing)
                remove_texts(noun, gone)
            changed += len(differing) + len(gone)
            if progress is not None:
                progress(len(rows))
    if connection.vendor == "sqlite":
        with recording(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_trigrams(search_trigrams) VALUES ('rebuild')")
    return changed


def differences(*, progress: Progress | None = None) -> Iterator[str]:
    """What of the index does not follow from the rows, each as "claim 12: not found by what it says"."""
    for noun in searched_nouns():
        name = noun.model._meta.verbose_name
        for start, end in _stretches(noun):
            rows, stored = _rows(noun, start, end), _texts(noun, start, end)
            for row in rows:
                if row.pk not in stored:
                    yield f"{name} {row.pk}: not in the index"
                elif stored[row.pk] != searched_text(row, noun):
                    yield f"{name} {row.pk}: not found by what it says now"
            yield from (f"{name} {pk}: in the index, though there is no such row" for pk in _without_row(stored, rows))
            if progress is not None:
                progress(len(rows))


def _without_row(stored: dict[int, str], rows: list[Any]) -> list[int]:
    return sorted(stored.keys() - {row.pk for row in rows})


def count_rows() -> int:
    """How many rows can be searched."""
    return sum(noun.model._base_manager.count() for noun in searched_nouns())


def fill_after_migrate(**kwargs: Any) -> None:
    """For the signal post_migrate: rows that are older than the index come into it. `flush` sends it as well, without a
    plan, and leaves none."""
    if "plan" not in kwargs:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return  # taken to an older migration, whose tables this code does not know
    filled = sum(_fill(noun) for noun in searched_nouns())
    if filled and not keeps_its_own():
        refresh_statistics()


def _fill(noun: SearchedNoun) -> int:
    """Bring in the rows of a noun that are not in the index; returns how many those were."""
    filled = 0
    while missing := list(_missing(noun)[:BATCH]):
        with recording():
            store_texts(noun, missing)
        filled += len(missing)
    return filled


def _missing(noun: SearchedNoun) -> QuerySet[Any]:
    text = SearchText.objects.filter(pk=OuterRef("pk") + Value(noun.first, BigIntegerField()))
    return noun.model._base_manager.exclude(Exists(text)).order_by("pk")


def _stretches(noun: SearchedNoun) -> Iterator[tuple[int, int]]:
    """The numbers between which a batch of rows or of texts is: from the first to before the second."""
    start = 0
    while True:
        rows = noun.model._base_manager.filter(pk__gte=start).order_by("pk")
        [end] = rows.values_list("pk", flat=True)[BATCH : BATCH + 1] or [None]
        if end is None:
            yield start, max(_last(noun), start) + 1
            return
        yield start, end
        start = end


def _last(noun: SearchedNoun) -> int:
    """The highest number that a row of the noun has, or had."""
    row = noun.model._base_manager.aggregate(last=Max("pk"))["last"] or 0
    text = SearchText.objects.of(noun).aggregate(last=Max("pk"))["last"] or noun.first
    return max(row, text - noun.first)


def _rows(noun: SearchedNoun, start: int, end: int) -> list[Any]:
    return list(noun.model._base_manager.filter(pk__gte=start, pk__lt=end).order_by("pk"))


def _texts(noun: SearchedNoun, start: int, end: int) -> dict[int, str]:
    texts = SearchText.objects.filter(pk__gte=noun.key(start), pk__lt=noun.key(end))
    return {pk - noun.first: text for pk, text in texts.values_list("pk", "text")}
