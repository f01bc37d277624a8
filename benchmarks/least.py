"""The least that does what a command of the register does: `python -m benchmarks.least NAME`, for
`benchmarks.commands`."""

# ruff: noqa: PLC0415 - what one of these imports is not to be counted with another
from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import orjson

from benchmarks.request import Request

BATCH = 500


def set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")
    django.setup()


def start() -> None:
    """The first answer of the register after it was started."""
    from benchmarks.wsgi import ask
    from factcheck.wsgi import application

    assert ask(application, Request("/api/v1/claims/"))[0] == 200


def start_bare() -> None:
    """That of a bare project with REST framework and Django's admin."""
    from benchmarks.peers.project import start_project

    admin = [f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")]
    application = start_project("benchmarks.peers.drf_urls", database=True, apps=admin)
    from django.contrib import admin as site

    assert site.site is not None
    assert application.answer(Request("/light/"))[0] == 200


def entries() -> None:
    """How many entries the audit trail has."""
    set_up()
    from factcheck.audit.models import AuditEntry

    print(AuditEntry.objects.count())


def store(kept: str) -> None:
    """Keep every published claim as the bytes of its six parts: in a file for SQLite, in a table for PostgreSQL."""
    from benchmarks.peers.store import connect

    found = connect()
    rows = found.fetch(found.statements.everything)
    database = _kept(kept)
    database.execute("DROP TABLE IF EXISTS kept_for_streaming")
    database.execute("CREATE TABLE kept_for_streaming (id integer PRIMARY KEY, body text)")
    mark = "?" if isinstance(database, sqlite3.Connection) else "%s"
    numbered = [(number, body) for number, (body,) in enumerate(rows)]
    database.cursor().executemany(f"INSERT INTO kept_for_streaming VALUES ({mark}, {mark})", numbered)
    database.commit()


def stream(kept: str, target: str) -> None:
    """Write what was kept to a file, a line each."""
    database = _kept(kept)
    with Path(target).open("wb") as file:
        cursor = database.cursor() if isinstance(database, sqlite3.Connection) else database.cursor("streamed")
        cursor.execute("SELECT body FROM kept_for_streaming ORDER BY id")
        for (body,) in cursor:
            file.write(body.encode())
            file.write(b"\n")
    database.rollback()


def _kept(path: str) -> Any:
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite"):
        return sqlite3.connect(path)
    import psycopg

    return psycopg.connect(url)


def bulk_create(path: str) -> None:
    """Create the rows of a register file with Django's bulk_create, without a rule, a history or a trail."""
    set_up()
    from django.contrib.auth.models import User
    from django.db import transaction

    from claims.register.nouns import NOUNS, PERSON

    people: dict[str, int] = {}
    with Path(path).open("rb") as file, transaction.atomic():
        for noun, lines in groupby(map(orjson.loads, file), key=lambda line: line.pop("type")):
            if noun == PERSON:
                for line in lines:
                    people[line["username"]] = User.objects.create(**line).pk
            elif noun in NOUNS:
                create_rows(NOUNS[noun], lines, people)


def create_rows(model: Any, lines: Iterator[dict[str, Any]], people: dict[str, int]) -> None:
    from django.db.models import QuerySet

    fields = {field.name: field for field in model._meta.concrete_fields}

    def column(name: str, value: Any) -> tuple[str, Any]:
        field = fields[name]
        if field.is_relation and isinstance(value, dict):
            return field.attname, people[value["username"]] if "username" in value else value["id"]
        return field.attname, field.to_python(value)

    while batch := list(islice(lines, BATCH)):
        rows = [model(**dict(column(name, value) for name, value in line.items())) for line in batch]
        QuerySet.bulk_create(QuerySet(model), rows, batch_size=BATCH)


ACTS: dict[str, Callable[..., None]] = {
    "start": start,
    "start-bare": start_bare,
    "entries": entries,
    "store": store,
    "stream": stream,
    "bulk-create": bulk_create,
}

if __name__ == "__main__":
    ACTS[sys.argv[1]](*sys.argv[2:])
