"""What `migrate` would drop on its way back, said before it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.apps import apps as installed
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.operations import AddField, CreateModel


def tell_losses(plan: list[tuple[Migration, bool]], using: str, **_kwargs: Any) -> None:
    """Print which rows and columns go with the migrations that are taken back; nothing on the way forward."""
    for line in losses(plan, using):
        sys.stderr.write(f"{line}\n")


def losses(plan: list[tuple[Migration, bool]], using: str) -> Iterator[str]:
    """Each table with rows, and each column of such a table, that goes."""
    connection = connections[using]
    there = {*connection.introspection.table_names()}
    gone: set[str] = set()
    for migration, backwards in plan:
        for operation in reversed(migration.operations) if backwards else ():
            if not isinstance(operation, (CreateModel, AddField)):
                continue
            name = operation.name if isinstance(operation, CreateModel) else operation.model_name
            table = _table_of(migration.app_label, name)
            if table not in there - gone or not (rows := _count(connection, table)):
                continue
            if isinstance(operation, CreateModel):
                gone.add(table)
                yield f"Going back before {migration} drops {rows:,} rows of {table}: back up first (manage.py backup)."
            else:
                yield f"Going back before {migration} drops the column {operation.name} of {table} with {rows:,} rows."


def _table_of(app: str, name: str) -> str:
    try:
        return installed.get_model(app, name)._meta.db_table
    except LookupError:
        return f"{app}_{name.lower()}"


def _count(connection: Any, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table of ours
        return int(cursor.fetchone()[0])
