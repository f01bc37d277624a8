"""Statements that are put together once: for a large condition that takes Django many times as long as the database
takes to answer it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

BATCH = 500
Statement = tuple[str, tuple[Any, ...]]


def statement_of(rows: QuerySet[Model], *columns: str) -> Statement:
    """The statement that asks for these columns, and what it is given. To be kept no longer than what it is given
    holds, such as a day or a reader."""
    return rows.order_by().values_list(*columns).query.sql_with_params()


def ask_among(statement: Statement, wanted: str, column: str, numbers: Collection[int]) -> list[int]:
    """What the statement finds in one of its columns where another, or the same, is one of these numbers."""
    (sql, given), ids, found = statement, sorted(numbers), list[int]()
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(batch))
            # The names are our own; a planner looks into the statement with them.
            cursor.execute(
                f"SELECT {quote(wanted)} FROM ({sql}) AS found WHERE {quote(column)} IN ({marks})",  # noqa: S608
                [*given, *batch],
            )
            found += [number for (number,) in cursor.fetchall()]
    return found
