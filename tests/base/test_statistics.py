"""The planner of the database knows how many rows there are, whichever way they came."""

from __future__ import annotations

import io
from collections.abc import Iterator
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from claims.management.commands import work
from claims.models import Claim
from claims.models.prepared import Prepared
from claims.register.load import load_register
from claims.register.write import Register
from claims.services.prepared import generation
from factcheck.base.statistics import refresh_statistics
from tests.claims.test_round_trip import empty_register
from tests.factories import make_claim

ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts its rows by itself")


def forget() -> None:
    """As before anybody counted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_stat1")
            cursor.execute("ANALYZE sqlite_schema")
        else:
            # Taken back with the transaction; the server may have counted what other tests left.
            cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'claims_claim'::regclass")


@pytest.fixture
def uncounted(register: None) -> Iterator[None]:
    """No table is counted. What the planner has learnt in the test is forgotten after it, which no rollback does."""
    forget()
    yield
    forget()


def is_counted(table: str) -> bool:
    sql = "SELECT 1 FROM sqlite_stat1 WHERE tbl = %s"
    if connection.vendor == "postgresql":
        sql = "SELECT 1 FROM pg_stats WHERE tablename = %s"
    with connection.cursor() as cursor:
        return cursor.execute(sql, [table]).fetchone() is not None


@ONLY_SQLITE
@pytest.mark.django_db
def test_a_migrated_database_is_counted() -> None:
    assert is_counted("django_migrations")


@pytest.mark.usefixtures("uncounted")
def test_an_imported_register_is_counted() -> None:
    make_claim()
    lines = list(Register().lines())
    empty_register()
    load_register(io.BytesIO(b"".join(lines)), origin="one.ndjson", dry_run=True)
    assert not is_counted("claims_claim")
    assert load_register(io.BytesIO(b"".join(lines)), origin="one.ndjson").problems == []
    assert is_counted("claims_claim")


@ONLY_SQLITE
@pytest.mark.usefixtures("uncounted")
def test_a_worker_counts_what_came_by_and_by(monkeypatch: pytest.MonkeyPatch) -> None:
    make_claim()
    # Its tasks are taken in transactions of their own.
    monkeypatch.setattr(work, "call_command", lambda *_, **__: None)
    call_command("work", "--once", verbosity=0)
    assert is_counted("claims_claim")


@ONLY_SQLITE
@pytest.mark.usefixtures("uncounted")
def test_what_is_kept_ready_is_found_by_its_key_though_it_was_counted_while_there_was_little_of_it() -> None:
    make_claim()
    assert generation()
    refresh_statistics()
    assert is_counted("claims_claim")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sqlite_schema")  # as a connection that is opened now
        rows = Prepared.objects.filter(noun="", row=0, audience="public", form="generation")
        plan = rows.explain()
    assert "SEARCH claims_prepared" in plan, plan


def test_a_worker_goes_on_when_the_database_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    refresh = mock.Mock(side_effect=[OperationalError("database is locked"), None], __name__="refresh")
    monkeypatch.setattr(work, "connection", mock.Mock())
    monkeypatch.setattr(work.time, "sleep", mock.Mock(side_effect=[None, None, KeyboardInterrupt]))
    with pytest.raises(KeyboardInterrupt):
        work.again_and_again(refresh, 1.0)
    assert refresh.call_count == 2


@ONLY_SQLITE
@pytest.mark.usefixtures("uncounted")
def test_all_indexes_of_a_table_have_as_many_rows() -> None:
    """Guessed for each index by itself, the one with the lesser guess was taken instead of that which has the order."""
    for _number in range(30):
        make_claim()
    refresh_statistics()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'claims_claim' AND idx IN "
            "(SELECT name FROM pragma_index_list('claims_claim') WHERE NOT partial)"
        )
        assert cursor.fetchall() == [(Claim.objects.order_by("-pk")[0].pk,)]
