"""The database of the register for peers that need no Django: one open connection to SQLite or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any

from benchmarks.peers.sql import Statements

Fetch = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""All rows of a statement."""


def connect() -> tuple[Fetch, Statements]:
    """The function that asks, and the statements in the words of the engine that the environment names."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        return lambda statement, given: database.execute(statement, given).fetchall(), Statements(postgres=False)
    import psycopg  # noqa: PLC0415 - SQLite needs none

    connection = psycopg.connect(url, autocommit=True)
    return lambda statement, given: connection.execute(statement, given).fetchall(), Statements(postgres=True)


def page(rows: list[tuple[Any, ...]]) -> bytes:
    """A page of 50 of the rows, which are JSON; that there is one more says that there is a next page."""
    more = b'"more"' if len(rows) > 50 else b"null"
    listed = ",".join(row[0] for row in rows[:50]).encode()
    return b'{"next":' + more + b',"previous":null,"results":[' + listed + b"]}"


def claim_in(path: str) -> int:
    """The claim that a question names: `/detail/777/`."""
    return int(path.rstrip("/").rpartition("/")[2])
