"""The database of the register for peers that need no Django: one open connection to SQLite or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import Any

from benchmarks.peers.sql import Statements

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Store:
    """An open connection, and the statements in the words of its engine."""

    connection: Any
    statements: Statements

    def fetch(self, statement: str, *given: int) -> Rows:
        """All rows of a statement."""
        return list(self.connection.execute(statement, given).fetchall())

    def page(self, *, parts: bool) -> bytes:
        return page(self.fetch(self.statements.list if parts else self.statements.light))

    def detail(self, claim: int) -> bytes:
        return str(self.fetch(self.statements.detail, claim)[0][0]).encode()


def connect() -> Store:
    """The database that the environment names."""
    url = os.environ["DATABASE_URL"]
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///")
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        return Store(database, Statements(postgres=False))
    import psycopg  # noqa: PLC0415 - SQLite needs none

    return Store(psycopg.connect(url, autocommit=True), Statements(postgres=True))


def page(rows: Rows) -> bytes:
    """A page of 50 of the rows, which are JSON; that there is one more says that there is a next page."""
    more = b'"more"' if len(rows) > 50 else b"null"
    listed = ",".join(row[0] for row in rows[:50]).encode()
    return b'{"next":' + more + b',"previous":null,"results":[' + listed + b"]}"


def claim_in(path: str) -> int:
    """The claim that a question names: `/detail/777/`."""
    return int(path.rstrip("/").rpartition("/")[2])
