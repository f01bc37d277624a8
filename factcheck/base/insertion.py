"""Stores many new rows by one statement whose words are put together once for each model."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection, models

BATCH = 500
COPIED = 200
"""From so many rows on PostgreSQL takes them as it takes a file."""
_KINDS: tuple[tuple[type[models.Field[Any, Any]], type], ...] = (
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.TextField, str),
    (models.CharField, str),
)
"""As what a value needs no preparing for its column."""
Column = tuple[str, type | None, models.Field[Any, Any]]


class NotPlain(TypeError):
    """A value that only the database knows, such as an expression."""


def insert_rows(rows: Sequence[models.Model], *, replacing: Sequence[str] = ()) -> None:
    """Store these new rows, all of one model, as they are: without signals, defaults or moments of now.

    They get numbers where the first of them has none. These columns are replaced where a row of its number is there.
    What Django's bulk_create does, in a third of its time: it puts every value of every row into the words of an
    expression. Raises NotPlain for a value that is an expression; then nothing is stored.
    """
    if not rows:
        return
    model, numbered = type(rows[0]), rows[0].pk is not None
    if connection.vendor == "postgresql" and not replacing and len(rows) >= COPIED:
        _copy_rows(model, rows)
        return
    columns = _columns(model, numbered)
    values = _values(rows, columns)
    if connection.vendor == "postgresql" and replacing:
        # One list a column, so that the words are the same however many rows there are.
        with connection.cursor() as cursor:
            cursor.execute(_replacement(model, replacing), [list(column) for column in zip(*values, strict=True)])
        _mark_stored(rows)
        return
    size = min(BATCH, (connection.features.max_query_params or 65_535) // len(columns))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            batch = values[start : start + size]
            # Not of what is searched: SQLite would write its index out after each row.
            if numbered and not replacing and connection.vendor == "sqlite":
                cursor.executemany(_statement(model, 1, numbered, replacing), batch)
                continue
            statement = _statement(model, len(batch), numbered, replacing)
            cursor.execute(statement, [value for row in batch for value in row])
            if not numbered:
                for row, (pk,) in zip(rows[start : start + size], cursor.fetchall(), strict=True):
                    row.pk = pk
    _mark_stored(rows)


def _copy_rows(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Store them as PostgreSQL takes a file: neither it nor its driver has words to read."""
    columns, key = _columns(model, False), model._meta.pk
    values = _values(rows, columns)
    if rows[0].pk is None:
        for row, number in zip(rows, reserve_numbers(model, len(rows)), strict=True):
            row.pk = number
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in (key, *(field for _name, _kind, field in columns)))
    statement = f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row, found in zip(rows, values, strict=True):
            copy.write_row([row.pk, *found])
    _mark_stored(rows)


def _mark_stored(rows: Sequence[models.Model]) -> None:
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def update_rows(rows: Sequence[models.Model], names: Collection[str]) -> None:
    """Write these columns of rows that are stored, all of one model, as they are: without signals or moments of now.

    Raises NotPlain for a value that is an expression; then nothing is written.
    """
    if not rows:
        return
    model, quote = type(rows[0]), connection.ops.quote_name
    fields = [f for f in model._meta.concrete_fields if f.attname in names]
    columns: list[Column] = [(field.attname, _kind(field), field) for field in fields]
    written = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    key = quote(str(model._meta.pk.column))
    statement = f"UPDATE {quote(model._meta.db_table)} SET {written} WHERE {key} = %s"  # noqa: S608 - names of our own
    values = [[*found, row.pk] for row, found in zip(rows, _values(rows, columns), strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def reserve_numbers(model: type[models.Model], count: int) -> list[int]:
    """The numbers that the next `count` rows of the model get; to be asked by the only writer, who stores them then."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(wanted, [connection.ops.quote_name(table), key, count])
            return sorted(number for (number,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone() or (0,)
    return list(range(last + 1, last + count + 1))


def _values(rows: Sequence[models.Model], columns: Sequence[Column]) -> list[list[Any]]:
    adapt_moment, found = connection.ops.adapt_datetimefield_value, []
    moments: dict[datetime, Any] = {}
    for row in rows:
        values = []
        for name, kind, field in columns:
            value = getattr(row, name)
            # No field says for None anything but null.
            if value is not None and type(value) is not kind:
                if type(value) is datetime and type(field) is models.DateTimeField:
                    # Four of them in each row, which are moments of a zone already, and the same in many.
                    if value not in moments:
                        moments[value] = adapt_moment(value)
                    value = moments[value]
                elif hasattr(value, "resolve_expression"):
                    raise NotPlain(name)
                else:
                    value = field.get_db_prep_save(value, connection)
            values.append(value)
        found.append(values)
    return found


@cache
def _columns(model: type[models.Model], numbered: bool) -> list[Column]:
    fields = [f for f in model._meta.concrete_fields if not f.generated and (numbered or not f.primary_key)]
    return [(field.attname, _kind(field), field) for field in fields]


def _kind(field: Any) -> type | None:
    stored = field.target_field if field.is_relation else field
    return next((kind for found, kind in _KINDS if isinstance(stored, found)), None)


@cache
def _replacement(model: type[models.Model], replacing: Sequence[str]) -> str:
    """The statement that stores rows, given as a list for each column, over those that are there."""
    quote, columns = connection.ops.quote_name, [field for _name, _kind, field in _columns(model, True)]
    names = ", ".join(quote(str(field.column)) for field in columns)
    lists = ", ".join(f"%s::{field.db_type(connection)}[]" for field in columns)
    into = f"INSERT INTO {quote(model._meta.db_table)} ({names})"
    return f"{into} SELECT * FROM unnest({lists}){_conflict(model, replacing)}"  # noqa: S608 - names of our own


def _conflict(model: type[models.Model], replacing: Sequence[str]) -> str:
    quote = connection.ops.quote_name
    replaced = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in replacing)
    return f" ON CONFLICT ({quote(str(model._meta.pk.column))}) DO UPDATE SET {replaced}"


@lru_cache(maxsize=200)
def _statement(model: type[models.Model], count: int, numbered: bool, replacing: Sequence[str]) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    key = quote(str(meta.pk.column))
    columns = [field for _name, _kind, field in _columns(model, numbered)]
    names = ", ".join(quote(str(field.column)) for field in columns)
    row = f"({', '.join(['%s'] * len(columns))})"
    ending = _conflict(model, replacing) if replacing else "" if numbered else f" RETURNING {key}"
    return f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES {', '.join([row] * count)}{ending}"  # noqa: S608
