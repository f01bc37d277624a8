"""Which rows come first, found by walking an index and stopping, however many rows there are."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan


def first_rows(rows: QuerySet[Any], count: int) -> list[Any]:
    """The first `count` of these rows in their order.

    They are chosen before anything is joined to them that each of them has: SQLite would begin with the smallest of
    these tables, and sort the whole register in the end.
    """
    if not _has_joins(rows):
        return list(rows[:count])
    ids = list(rows.values_list("pk", flat=True)[:count])
    found = {row.pk: row for row in rows.order_by().filter(pk__in=ids)} if ids else {}
    # What was withdrawn in between is left out.
    return [found[pk] for pk in ids if pk in found]


def _has_joins(rows: QuerySet[Any]) -> bool:
    related = rows.query.select_related
    return isinstance(related, dict) and not all(rows.model._meta.get_field(name).null for name in related)


def has_any(rows: QuerySet[Any]) -> GreaterThan:
    """The condition that there are such rows, asked anew for each row of the query around it.

    Of several `Exists` joined by OR PostgreSQL makes lists of all rows of the register; not so of a value.
    """
    one = rows.order_by().values(one=Value(1, output_field=IntegerField()))[:1]
    return GreaterThan(Subquery(one, output_field=IntegerField()), 0)


def distinct_values(rows: QuerySet[Any], field: str, count: int) -> list[Any]:
    """The first `count` values of an indexed field in these rows, in their order, without none and empty text.

    Each is found by jumping from the one before it: `DISTINCT` reads all rows of the register.
    """
    column = rows.model._meta.get_field(field)
    there = rows.exclude(**{field: ""}) if column.empty_strings_allowed else rows
    first = there.filter(**{f"{field}__isnull": False})
    after = there.filter(**{f"{field}__gt": RawSQL("jump.at", ())})
    (begins, given), (goes_on, more) = (_least(values, field) for values in (first, after))
    statement = (
        f"WITH RECURSIVE jump(at) AS (SELECT ({begins}) UNION ALL SELECT ({goes_on}) FROM jump WHERE at IS NOT NULL) "  # noqa: S608 - of what the compiler wrote
        f"SELECT at FROM jump WHERE at IS NOT NULL LIMIT {count:d}"
    )
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, (*given, *more))
        return [value for (value,) in cursor.fetchall()]


def _least(rows: QuerySet[Any], field: str) -> tuple[str, tuple[Any, ...]]:
    query = rows.order_by(field).values_list(field)[:1].query
    return query.get_compiler(rows.db).as_sql()
