"""What the database itself refuses: that entries of the trail, rows of history and published rows change or go.

Models refuse that already; this is for whoever comes past them, by mistake, with SQL. It stops nobody who owns the
database and means it: what was done shows in the hash chain (`verify_audit`), which also tells where a trigger is
missing.

The triggers are made after each `migrate` and taken away before it: migrations may change how rows are stored, and
SQLite makes a table anew, without its triggers, where a column changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry

PREFIX = "factcheck_keeps_"
ACTS = ("UPDATE", "DELETE")
SETTING = "factcheck.erasing"
"""On PostgreSQL: what a transaction says that may erase."""

_frozen: dict[type[models.Model], tuple[str, str]] = {}
"""Further models: a column, and its value from which on rows of them are frozen."""
_BOOKKEEPING = {"version", "updated_at"}
"""What may be counted on where nothing else changes, as when a fixture is loaded again."""


def freeze(model: type[models.Model], column: str, value: str) -> None:
    """Have the database keep the rows of `model` as they are once `column` holds `value`."""
    _frozen[model] = (column, value)


def kept_models() -> list[type[models.Model]]:
    """The nouns whose rows never change or go, or do not once they are frozen."""
    return [AuditEntry, *history_models().values(), *_frozen]


def kept_tables() -> list[str]:
    """Their tables, of those that the database has, in order."""
    return sorted({model._meta.db_table for model in kept_models()} & {*connection.introspection.table_names()})


def create_triggers(tables: Iterable[str] | None = None) -> None:
    """Make them for these tables, or for all. Those that are there are made anew."""
    tables = [*(kept_tables() if tables is None else tables)]
    drop_triggers(tables)
    with connection.cursor() as cursor:
        if tables and connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in tables:
            for act in ACTS:
                cursor.execute(_statement(table, act))
            if connection.vendor == "postgresql" and not _condition(table, "DELETE"):
                cursor.execute(_TRUNCATE.format(name=_name(table, "truncate"), table=_quoted(table)))


def drop_triggers(tables: Iterable[str] | None = None) -> None:
    """Take them away, of these tables or of all."""
    wanted = None if tables is None else {*tables}
    with connection.cursor() as cursor:
        for name, table in found_triggers():
            if wanted is None or table in wanted:
                on = f" ON {_quoted(table)}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {_quoted(name)}{on}")


def found_triggers() -> list[tuple[str, str]]:
    """The name and table of each trigger of this kind in the database; of partitioned tables, that of the whole."""
    sql = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND tgparentid = 0 AND pg_table_is_visible(tgrelid) AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [(name, table) for name, table in cursor.fetchall() if name.startswith(PREFIX)]


def unguarded_tables() -> list[str]:
    """The tables that lack a trigger."""
    found = {*found_triggers()}
    return [table for table in kept_tables() if any((_name(table, act.lower()), table) not in found for act in ACTS)]


@contextmanager
def unguarded(*kept: type[models.Model]) -> Iterator[None]:
    """Inside, in this transaction alone, rows of these models may change and go: for erasure, and for nothing else."""
    tables = [model._meta.db_table for model in kept]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {SETTING} = 'on'")
            yield
            cursor.execute(f"SET LOCAL {SETTING} = 'off'")
        return
    # Undone with the transaction.
    drop_triggers(tables)
    yield
    create_triggers(tables)


def _statement(table: str, act: str) -> str:
    condition = _condition(table, act)
    when = f"WHEN ({condition})" if condition else ""
    return _TRIGGER[connection.vendor].format(
        name=_name(table, act.lower()), table=_quoted(table), act=act, when=when, told=f"Rows of {table} are kept."
    )


def _condition(table: str, act: str) -> str:
    """When a row is kept, in SQL; empty where always."""
    for model, (column, value) in _frozen.items():
        if model._meta.db_table != table:
            continue
        frozen = f"OLD.{_quoted(column)} = '{value}'"
        if act == "DELETE":
            return frozen
        different = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, table)
        columns = [_quoted(one.name) for one in described if one.name not in _BOOKKEEPING]
        return f"{frozen} AND ({' OR '.join(f'OLD.{one} {different} NEW.{one}' for one in columns)})"
    return ""


def _name(table: str, act: str) -> str:
    return f"{PREFIX}{act}_{table}"[:63]


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


_TRIGGER: dict[str, str] = {
    "sqlite": "CREATE TRIGGER {name} BEFORE {act} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{told}'); END",
    "postgresql": (
        "CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION factcheck_keep()"
    ),
}
_TRUNCATE = "CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION factcheck_keep()"
_FUNCTION = f"""
CREATE OR REPLACE FUNCTION factcheck_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('{SETTING}', true), '') <> 'on' THEN
        RAISE EXCEPTION 'Rows of % are kept.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$
"""


def take_away(**_kwargs: Any) -> None:
    """Before `migrate`."""
    drop_triggers()


def put_back(**_kwargs: Any) -> None:
    """After it."""
    create_triggers()
