"""A statement of a request that runs for too long ends in an answer; on SQLite nobody else is hurried."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.db.transaction import TransactionManagementError, atomic
from django.test import Client

from factcheck.base.sqlite3 import limit
from tests.base.test_sqlite_queue import add_database, forget_database, is_locked, read_then_write, rows
from tests.base.urls import run_slow_statement

ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own limit")
COUNTED = 200_000
SERIES = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"


# --- the engine ---


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "register.sqlite3")


@pytest.fixture
def alias(path: str, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own with one table, whose statements may take a second."""
    with django_db_blocker.unblock():
        alias = add_database("limited", path, statement_timeout=1)
        with connections[alias].cursor() as cursor:
            cursor.execute("CREATE TABLE claim (id integer PRIMARY KEY, writer text, seen integer)")
        yield alias
        forget_database(alias)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each look at the clock a second has gone by."""
    monkeypatch.setattr(limit, "time", SimpleNamespace(monotonic=itertools.count().__next__))


@pytest.fixture
def limited(alias: str, hurry: None) -> str:
    """The same, within a request."""
    connections[alias].limit_statements(True)
    return alias


def count(alias: str, sql: str = f"{SERIES} SELECT count(*) FROM n") -> int:
    with connections[alias].cursor() as cursor:
        return int(cursor.execute(sql, [COUNTED]).fetchone()[0])


def test_a_statement_ends_when_its_time_is_over(limited: str) -> None:
    with pytest.raises(OperationalError, match="interrupted"):
        count(limited)


def test_a_new_connection_has_the_limit_too(limited: str) -> None:
    connections[limited].close()
    with pytest.raises(OperationalError, match="interrupted"):
        count(limited)


@pytest.mark.usefixtures("hurry")
def test_without_the_limit_a_statement_runs_to_its_end(alias: str) -> None:
    assert count(alias) == COUNTED
    connections[alias].limit_statements(True)
    connections[alias].limit_statements(False)
    assert count(alias) == COUNTED


@pytest.mark.usefixtures("hurry")
def test_zero_is_no_limit(alias: str) -> None:
    connections[alias].limit.seconds = 0
    connections[alias].limit_statements(True)
    assert count(alias) == COUNTED


def test_the_time_between_two_fetches_is_the_readers_own(alias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(step=60)
    now = next(clock)
    monkeypatch.setattr(limit, "time", SimpleNamespace(monotonic=lambda: now))
    connections[alias].limit_statements(True)
    with connections[alias].cursor() as cursor:
        cursor.execute(f"{SERIES} SELECT i FROM n", [COUNTED])
        read = 0
        while found := cursor.fetchmany(10_000):
            read += len(found)
            now = next(clock)
    assert read == COUNTED


def test_an_interrupted_write_leaves_nothing_of_its_transaction(limited: str, path: str) -> None:
    def write() -> None:
        with atomic(limited):
            read_then_write(limited, "first")
            count(limited, f"{SERIES} INSERT INTO claim (seen) SELECT i FROM n RETURNING 1")

    with pytest.raises(OperationalError, match="interrupted"):
        write()
    assert not is_locked(path)
    assert rows(limited) == []
    read_then_write(limited, "later")
    assert len(rows(limited)) == 1


def test_nothing_is_stored_after_an_interrupted_write_that_was_caught(limited: str, path: str) -> None:
    with atomic(limited):
        with pytest.raises(OperationalError, match="interrupted"):
            count(limited, f"{SERIES} INSERT INTO claim (seen) SELECT i FROM n RETURNING 1")
        # SQLite has rolled back the transaction, so that each of these would be one of its own.
        with pytest.raises(TransactionManagementError):
            read_then_write(limited, "without what came before")
    assert not is_locked(path)
    assert rows(limited) == []


# --- a request ---


@pytest.fixture
def impatient(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement may take a millisecond."""
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connection.limit, "seconds", 0.001)  # type: ignore[attr-defined]
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")


@pytest.mark.urls("tests.base.urls")
def test_a_slow_query_of_the_api_is_a_problem_that_says_so(impatient: None, client: Client) -> None:
    response = client.get("/api/slow/")
    assert (response.status_code, response.json()["code"]) == (503, "too_slow")
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"]


@pytest.mark.urls("tests.base.urls")
def test_a_slow_query_of_a_page_is_a_page_that_says_so(impatient: None, client: Client) -> None:
    response = client.get("/slow/")
    assert response.status_code == 503
    assert response["Content-Type"].startswith("text/html")
    assert "took too long" in response.content.decode()


@ONLY_SQLITE
@pytest.mark.urls("tests.base.urls")
def test_a_stream_has_the_limit_until_it_is_closed(impatient: None, client: Client) -> None:
    response: Any = client.get("/slow/stream/")
    with pytest.raises(OperationalError, match="interrupted"):
        next(response.streaming_content)
    # The client has closed what has failed.
    assert run_slow_statement() == b"200000"


@ONLY_SQLITE
def test_who_answers_no_request_has_no_limit(impatient: None) -> None:
    assert run_slow_statement() == b"200000"
