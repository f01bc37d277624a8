"""What is asked with every request takes a connection of the pool for that alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from factcheck.base.breaker import primary

ENGINE: Any = connection


@pytest.mark.django_db
def test_the_first_row_or_none_is_answered() -> None:
    assert ENGINE.ask("SELECT %s, 2", [1]) == (1, 2)
    assert ENGINE.ask("SELECT 1 WHERE 1 = %s", [2]) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has a pool")
def test_the_connection_goes_back_whatever_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    for _time in range(20):
        assert ENGINE.ask("SELECT %s", [7]) == (7,)
        with pytest.raises(DatabaseError):
            ENGINE.ask("SELECT nothing", [])
    assert connection.connection is None
    monkeypatch.setattr(primary, "is_open", True)
    with pytest.raises(DatabaseError):
        ENGINE.ask("SELECT 1", [])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has replicas")
def test_a_replica_answers_while_the_primary_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    replica: Any = ENGINE.copy("replica1")
    monkeypatch.setattr(primary, "is_open", True)
    try:
        assert replica.ask("SELECT %s", [7]) == (7,)
    finally:
        replica.close_pool()
