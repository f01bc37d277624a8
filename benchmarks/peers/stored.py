"""A page that is stored: its bytes in a table, read by a bare WSGI application with one look at an index.

The table is in a file of its own on SQLite and temporary on PostgreSQL, filled when a page is first asked for.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from benchmarks.peers.store import claim_in, connect
from benchmarks.request import Application
from benchmarks.wsgi import application_of

LIST, LIGHT = 0, -1
"""The numbers under which the pages are kept; a claim is kept under its own."""


def start() -> Application:
    store = connect()
    postgres = not os.environ["DATABASE_URL"].startswith("sqlite")
    find = _table(postgres)

    def body_of(number: int) -> bytes:
        found: bytes | None = find(number, None)
        if found is None:
            found = store.detail(number) if number > 0 else store.page(parts=number == LIST)
            find(number, found)
        return found

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        number = {"/list/": LIST, "/light/": LIGHT}.get(path)
        body = body_of(claim_in(path) if number is None else number)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application_of(answer)


def _table(postgres: bool) -> Any:
    """The function that finds a page, and keeps it if one is given."""
    create, mark = "CREATE TEMPORARY TABLE page (id bigint PRIMARY KEY, body {})", "?"
    if postgres:
        import psycopg  # noqa: PLC0415 - SQLite needs none

        database: Any = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        database.execute(create.format("bytea"))
        mark = "%s"
    else:
        # Without a name SQLite makes a file that is gone with its connection.
        database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
        database.execute(create.format("blob"))

    def find(number: int, body: bytes | None) -> bytes | None:
        if body is not None:
            database.execute(f"INSERT INTO page VALUES ({mark}, {mark})", (number, body))
        row = database.execute(f"SELECT body FROM page WHERE id = {mark}", (number,)).fetchone()
        return row[0] if row else None

    return find
