"""The rows of a list after a certain one: how a list goes on where it stops counting, however many rows there are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.db.models import Model, Q, QuerySet

AFTER_VAR = "after"
"""The parameter that names the row, and the question to which the list answered."""


def position(pk: object, asked: Mapping[str, Sequence[str]]) -> str:
    """What stands in the address for the row with this key, in the list that answers this question."""
    return f"{pk}.{_digest(asked)}"


def key_of(given: str, asked: Mapping[str, Sequence[str]]) -> str:
    """The key of the row that a position names; empty where the list has another filter, search or order by now."""
    key, _dot, digest = given.rpartition(".")
    return key if digest == _digest(asked) else ""


def rows_after(rows: QuerySet[Any], row: Model) -> QuerySet[Any]:
    """Those of `rows` that come after `row` in their order: columns by name, of which the last differs for each."""
    columns = list(_columns(rows.model, [str(name) for name in rows.query.order_by]))
    values = type(row)._base_manager.values_list(*(name for name, _down, _null in columns)).get(pk=row.pk)
    # SQLite has none before all values, PostgreSQL after them.
    none_last = connections[rows.db].vendor == "postgresql"
    condition, equal, bound = Q(pk__in=[]), Q(), Q()
    for place, ((name, down, nullable), value) in enumerate(zip(columns, values, strict=True)):
        than = "lt" if down else "gt"
        last = none_last != down
        if value is None:
            beyond, same = (Q(pk__in=[]) if last else Q(**{f"{name}__isnull": False})), Q(**{f"{name}__isnull": True})
        else:
            beyond, same = Q(**{f"{name}__{than}": value}), Q(**{name: value})
            if nullable and last:
                beyond |= Q(**{f"{name}__isnull": True})
            elif place == 0:
                # It says nothing more, but lets an index on the column be walked.
                bound = Q(**{f"{name}__{than}e": value})
        condition |= equal & beyond
        equal &= same
    return rows.filter(bound & condition)


def _columns(model: type[Model], ordering: Sequence[str], way: str = "") -> Iterator[tuple[str, bool, bool]]:
    """The columns of an order as (path, descending, may be null); a relation stands for the order of its noun."""
    for name in ordering:
        bare = name.removeprefix("-")
        down = name.startswith("-")
        field: Any = model._meta.pk if bare == "pk" else model._meta.get_field(bare.removesuffix("_id"))
        if field.is_relation and bare == field.name and (theirs := field.related_model._meta.ordering):
            for path, other_down, null in _columns(field.related_model, theirs, f"{way}{bare}__"):
                yield path, other_down != down, null or field.null
        else:
            yield f"{way}{bare}", down, bool(field.null)


def _digest(asked: Mapping[str, Sequence[str]]) -> str:
    return hashlib.sha256(urlencode(sorted(asked.items()), doseq=True).encode()).hexdigest()[:8]
