"""Many rows into a table at once, past every door of the register: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from benchmarks.subjects import Row
from factcheck.audit.models.columns import HexField

BATCH = 5_000
PLAIN = (str, int, float, type(None))
"""What both engines take as it is."""


@contextmanager
def unguarded() -> Iterator[None]:
    """References are not looked at inside: the rows are made to fit. Nor does a trigger fire on PostgreSQL: what one
    keeps is to be made afterwards."""
    with connection.cursor() as cursor:
        postgres = connection.vendor == "postgresql"
        cursor.execute("SET session_replication_role = replica" if postgres else "PRAGMA foreign_keys = OFF")
        if not postgres:
            cursor.execute("PRAGMA synchronous = OFF")
        try:
            yield
        finally:
            cursor.execute("RESET session_replication_role" if postgres else "PRAGMA foreign_keys = ON")


def add(model: type[models.Model], rows: Iterable[Row], told: Callable[[int], object]) -> None:
    """Write the rows; columns that a row does not name have the default of their field. `told` hears how many more
    are done."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    defaults = [_prepared(field, field.get_default()) for field in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    asked = [(field.attname, field, default) for field, default in zip(fields, defaults, strict=True)]

    def as_stored(row: Row) -> list[Any]:
        return [_prepared(field, row[name]) if name in row else default for name, field, default in asked]

    waiting = iter(rows)
    while batch := [as_stored(row) for row in islice(waiting, BATCH)]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for values in batch:
                        copy.write_row(values)
            else:
                places = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", batch)
        told(len(batch))


def _prepared(field: Any, value: Any) -> Any:
    if isinstance(value, PLAIN) and not isinstance(field, models.JSONField | HexField):
        return value
    assert isinstance(value, (*PLAIN, date, Decimal, list, dict))
    return field.get_db_prep_save(value, connection)


def add_history(model: Any, user: int) -> None:
    """One historical row for each row of `model`, as it was when it was entered."""
    history = model.history.model
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in history.tracked_fields]
    extra = {"history_date": "created_at", "history_type": "'+'", "history_user_id": str(user)}
    extra |= {"history_change_reason": "''"}
    names, values = ", ".join([*columns, *extra]), ", ".join([*columns, *extra.values()])
    with connection.cursor() as cursor:
        table, origin = quote(history._meta.db_table), quote(model._meta.db_table)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {origin} ORDER BY id")


def reset_sequences(written: Iterable[type[models.Model]]) -> None:
    """The next row gets the number after the last."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
