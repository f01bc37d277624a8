"""Which rows come first, found by walking an index and stopping, however many rows there are."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery, Value
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
