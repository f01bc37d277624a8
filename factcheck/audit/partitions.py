"""Tables that only ever grow, cut into partitions by ranges of their numbers; PostgreSQL alone has these.

A table is built anew, partitioned or plain, under the lock that keeps all others away from it, and takes the name of
the old one when all rows are in it: Django, queries and later migrations see the table that they knew. What is unique
without the number PostgreSQL can hold unique within each partition only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction

from factcheck.audit.context import take_writer_lock
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.triggers import create_triggers, drop_triggers

AHEAD = 2
"""How many empty partitions stand ready for what comes next."""


class CannotPartition(Exception):
    """Says why."""


@dataclass(frozen=True)
class Part:
    """A partition: the numbers from `first` to before `end`."""

    name: str
    first: int
    end: int


@dataclass
class Table:
    """One table in the database, as the catalogue of PostgreSQL tells of it."""

    name: str
    key: str
    is_partitioned: bool = False
    parts: list[Part] = field(default_factory=list)
    """In their order, but for the last, without an end, which is empty unless nobody added others in time."""

    @property
    def rest(self) -> str:
        return f"{self.name}_rest"

    def run(self, statement: str, *values: int, **names: str) -> None:
        """Send a statement about this table: `{name}`, `{key}` and further names in it are put in quotation marks."""
        quoted = {label: connection.ops.quote_name(name) for label, name in self._names(names).items()}
        with connection.cursor() as cursor:
            cursor.execute(statement.format(**quoted), values or None)

    def number(self, query: str, **names: str) -> int:
        quoted = {label: connection.ops.quote_name(name) for label, name in self._names(names).items()}
        return int(_rows(query.format(**quoted))[0][0])

    def _names(self, names: dict[str, str]) -> dict[str, str]:
        return {"name": self.name, "key": self.key, "rest": self.rest, "old": f"{self.name}_old", **names}

    def count(self) -> int:
        return self.number("SELECT count(*) FROM {name}")

    def last(self) -> int:
        """The highest number of a row; 0 without one."""
        return self.number("SELECT coalesce(max({key}), 0) FROM {name}")


def growing_models() -> list[type[models.Model]]:
    """The audit trail, and the history of each noun."""
    return [AuditEntry, *history_models().values()]


def read_table(model: type[models.Model]) -> Table:
    pk = model._meta.pk
    assert pk is not None
    table = Table(model._meta.db_table, str(pk.column))
    table.is_partitioned = _rows("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", table.name)[0][0]
    table.parts = sorted(_read_parts(table.name), key=lambda part: part.first)
    return table


def partition(table: Table, rows: int) -> int:
    """Cut the table into partitions of so many numbers, with empty ones for what comes; returns how many rows it has.

    Whoever reads or writes the table waits meanwhile. Raises CannotPartition.
    """
    with _alone_with(table):
        shape, last, before = _read_shape(table), table.last(), table.count()
        table.run("ALTER TABLE {name} RENAME TO {old}")
        table.run(f"CREATE TABLE {{name}} (LIKE {{old}} {_LIKE} INCLUDING IDENTITY) PARTITION BY RANGE ({{key}})")
        for first in range(0, last + AHEAD * rows, rows):
            part = Part(f"{table.name}_{first}", first, first + rows)
            table.parts.append(part)
            table.run(_CREATE_PART, part.first, part.end, part=part.name)
            table.run(_FILL_PART, part.first, part.end, part=part.name)
        table.run(_CREATE_REST, table.parts[-1].end)
        table.is_partitioned = True
        return _take_place(table, shape, last, before)


def merge(table: Table) -> int:
    """Put all rows back into one plain table; returns how many it has. As `partition`."""
    with _alone_with(table):
        shape, last, before = _read_shape(table), table.last(), table.count()
        table.run("ALTER TABLE {name} RENAME TO {old}")
        table.run(f"CREATE TABLE {{name}} (LIKE {{old}} {_LIKE} INCLUDING IDENTITY)")
        table.run("INSERT INTO {name} SELECT * FROM {old} ORDER BY {key}")
        table.is_partitioned, table.parts = False, []
        return _take_place(table, shape, last, before)


def extend(table: Table) -> list[Part]:
    """Add partitions until the last ones are empty and stand ready; returns them. Rows that came while there was none
    for them are moved."""
    added: list[Part] = []
    with transaction.atomic():
        take_writer_lock()
        newest, last = table.parts[-1], table.last()
        rows = newest.end - newest.first
        if newest.end >= last + AHEAD * rows:
            return []
        table.run("ALTER TABLE {name} DETACH PARTITION {rest}")
        while newest.end < last + AHEAD * rows:
            newest = Part(f"{table.name}_{newest.end}", newest.end, newest.end + rows)
            # With all that its brothers have; what the table asks of its partitions is then there already.
            table.run(
                "CREATE TABLE {part} (LIKE {model} INCLUDING ALL EXCLUDING IDENTITY)",
                part=newest.name,
                model=table.parts[0].name,
            )
            table.run(_MOVE_FROM_REST, newest.first, newest.end, part=newest.name)
            table.run(_ATTACH, newest.first, newest.end, part=newest.name)
            table.parts.append(newest)
            added.append(newest)
        table.run(_ATTACH_REST, newest.end)
    return added


# Not its indexes: their names are free only when the old table is gone.
_LIKE = (
    "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING GENERATED "
    "INCLUDING COMMENTS"
)
# Not the DEFAULT partition: with that PostgreSQL does not know that partitions are in order, and looks into all of them
# for the last entry, which each writer asks for.
_CREATE_REST = "CREATE TABLE {rest} PARTITION OF {name} FOR VALUES FROM (%s) TO (MAXVALUE)"
_ATTACH_REST = "ALTER TABLE {name} ATTACH PARTITION {rest} FOR VALUES FROM (%s) TO (MAXVALUE)"
_CREATE_PART = "CREATE TABLE {part} PARTITION OF {name} FOR VALUES FROM (%s) TO (%s)"
# In the order of the numbers, in which nearly all of them are read.
_FILL_PART = "INSERT INTO {part} SELECT * FROM {old} WHERE {key} >= %s AND {key} < %s ORDER BY {key}"
_MOVE_FROM_REST = """
WITH moved AS (DELETE FROM {rest} WHERE {key} >= %s AND {key} < %s RETURNING *) INSERT INTO {part} SELECT * FROM moved
"""
_ATTACH = "ALTER TABLE {name} ATTACH PARTITION {part} FOR VALUES FROM (%s) TO (%s)"


@contextmanager
def _alone_with(table: Table) -> Iterator[None]:
    """A transaction that may take long, and in which nobody else is at the table."""
    with transaction.atomic():
        table.run("SET LOCAL statement_timeout = 0")
        take_writer_lock()
        table.run("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        # Ours come back on the new table.
        drop_triggers([table.name])
        for what, query in _WOULD_BE_LOST.items():
            if _rows(query, table.name)[0][0]:
                raise CannotPartition(f"{table.name} has {what}, which would be lost.")
        yield
        create_triggers([table.name])


_WOULD_BE_LOST = {
    "foreign keys of other tables": "SELECT count(*) FROM pg_constraint WHERE confrelid = %s::regclass",
    "triggers": "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
    "views": "SELECT count(*) FROM pg_depend WHERE refobjid = %s::regclass AND classid = 'pg_rewrite'::regclass",
    "unique indexes that are no constraints": (
        "SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass AND indisunique "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
    ),
}


def _take_place(table: Table, shape: _Shape, last: int, before: int) -> int:
    """Drop the old table, and give the new one what hung on that; returns the number of its rows."""
    if (after := table.count()) != before:
        raise CannotPartition(f"{table.name} had {before} rows, and {after} of them fit into partitions.")
    table.run("DROP TABLE {old}")
    for statement in shape.statements:
        table.run(statement)
    for columns in shape.unique:
        together = ", ".join(map(connection.ops.quote_name, columns))
        names = [*(part.name for part in table.parts), table.rest] if table.is_partitioned else [table.name]
        for name in names:
            table.run(f"ALTER TABLE {{part}} ADD UNIQUE ({together})", part=name)
    sequence = _rows("SELECT pg_get_serial_sequence(%s, %s)", table.name, table.key)[0][0]
    if sequence:
        _rows("SELECT setval(%s::regclass, %s, %s)", sequence, max(last, 1), last > 0)
    table.run("ANALYZE {name}")
    return after


@dataclass
class _Shape:
    """What a table has beside its columns, as statements that make it again."""

    statements: list[str]
    unique: list[Sequence[str]]
    """Columns that are unique together without the key: in a partitioned table, within each partition."""


def _read_shape(table: Table) -> _Shape:
    of_parts = _rows(_CONSTRAINTS, table.parts[0].name) if table.is_partitioned else []
    found = _rows(_CONSTRAINTS, table.name)
    unique = [columns for _name, kind, _text, columns in found + of_parts if kind == "u" and table.key not in columns]
    constraints = [
        f"ALTER TABLE {{name}} ADD CONSTRAINT {connection.ops.quote_name(name)} {text}"
        for name, kind, text, columns in found
        if kind != "u" or table.key in columns
    ]
    # Of a partitioned table the catalogue says ONLY, which would leave the partitions without.
    indexes = [text.replace(" ON ONLY ", " ON ") for (text,) in _rows(_INDEXES, table.name)]
    return _Shape([*constraints, *indexes], unique)


_CONSTRAINTS = """
SELECT conname, contype, pg_get_constraintdef(oid), ARRAY(
    SELECT attname FROM unnest(conkey) WITH ORDINALITY AS place (number, nth)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY nth
)
FROM pg_constraint
WHERE conrelid = %s::regclass AND conparentid = 0 AND contype IN ('p', 'u', 'f') ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT indisunique ORDER BY indexrelid
"""


def _read_parts(name: str) -> Iterator[Part]:
    """The partitions of a table, as PostgreSQL spells them: FOR VALUES FROM ('0') TO ('1000')."""
    for part, first, end in _rows(_PARTS, name):
        yield Part(part, int(first), int(end))


_PARTS = r"""
SELECT relname, substring(bound from 'FROM \(''?(\d+)'), substring(bound from 'TO \(''?(\d+)')
FROM (
    SELECT relname, pg_get_expr(relpartbound, oid) AS bound FROM pg_class
    WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass)
) AS part
WHERE bound NOT LIKE '%%MAXVALUE%%'
"""


def _rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()
