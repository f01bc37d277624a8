"""Which rows come first, found by walking an index and stopping, however many rows there are.

What is common is met soon when the newest rows are walked, of which a list shows a page; what is rare is looked up.
Which of both it is, a glance at the newest rows tells: it costs the same however large the register is.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Exists, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan

GLANCE = 2_000
"""How many of the newest rows are looked at to tell what is common: one or two milliseconds."""
PAGE = 51
"""How many rows are wanted of a list: those of a page, and the one that tells that there is another page."""
STEP = 0.125
"""What it costs to walk over a row, in units of what it costs to look one up: measured among a million rows."""


def enough(newest: int, wanted: int = PAGE, glance: int = GLANCE) -> int:
    """How many of the newest `glance` have to fit, among `newest` in all, for walking to cost less than looking up.

    With a share s of the rows that fit among n, walking goes over wanted / s rows and looking up fetches s * n.
    """
    return ceil(glance * sqrt(STEP * wanted / newest))


def referred_to(model: type[Model], rows: QuerySet[Any], name: str, *, glance: int | None = None) -> Q:
    """The condition on rows of `model` that any of these `rows` refers to them by `name`.

    PostgreSQL knows how frequent values are, and chooses the way by itself; SQLite takes the way in which it is asked.
    """
    walking = Exists(rows.filter(**{name: OuterRef("pk")}))
    every = model._base_manager.order_by()
    newest = every.order_by("-pk").values_list("pk", flat=True).first() if _takes_the_way_asked(rows) else None
    glance = glance or GLANCE
    if newest is None or newest <= glance:
        return Q(walking)
    most = enough(newest, glance=glance)
    met = every.filter(walking, pk__gt=newest - glance).values_list("pk", flat=True)[:most]
    return Q(walking) if len(met) == most else Q(pk__in=rows.order_by().values(name))


def _takes_the_way_asked(rows: QuerySet[Any]) -> bool:
    return connections[rows.db].vendor == "sqlite"


def first_rows(rows: QuerySet[Any], count: int, start: int = 0) -> list[Any]:
    """The first `count` of these rows in their order, or those after the first `start`.

    They are chosen before anything is joined to them that each of them has: SQLite would begin with the smallest of
    these tables, and sort the whole register in the end.
    """
    if not (start or _has_joins(rows)):
        return list(rows[:count])
    ids = first_keys(rows, count, start)
    found = {row.pk: row for row in rows.order_by().filter(pk__in=ids)} if ids else {}
    # What was withdrawn in between is left out.
    return [found[pk] for pk in ids if pk in found]


def first_keys(rows: QuerySet[Any], count: int, start: int = 0) -> list[Any]:
    """The keys of the first `count` of these rows in their order, or of those after the first `start`.

    SQLite leaves the index of the order, and sorts the whole register, where it is asked to pass over many rows: so
    those before them are read as well, and passed over here.
    """
    before = start if _takes_the_way_asked(rows) else 0
    return list(rows.values_list("pk", flat=True)[start - before : start + count])[before:]


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
    try:
        (begins, given), (goes_on, more) = (_least(values, field) for values in (first, after))
    except EmptyResultSet:
        return []
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
