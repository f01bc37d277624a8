"""A trail from before its hashes were bytes: nothing of it is lost on the way forward, nor on the way back.

The rows are entered through the doors of today, taken back to the older migration, and brought forward again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from factcheck.audit.chain import GENESIS
from factcheck.audit.erasure import erase_history
from factcheck.audit.models import AuditEntry
from tests import factories as make
from tests.audit.conftest import breaks
from tests.database import is_sqlite

OLD = [("audit", "0002_webhooks_leave")]


def migrate(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


def settle() -> None:
    """What is deferred to the commit would stand in the way: here all is one transaction."""
    connection.check_constraints()


def old_rows() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_auditentry ORDER BY id")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def shape() -> dict[str, Any]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "audit_auditentry")
    return {
        name: (of["columns"], of["unique"], of.get("type"))
        for name, of in found.items()
        if of["index"] or of["unique"] or of["primary_key"]
    }


@pytest.fixture
def trail(vocabularies: None, django_db_blocker: Any) -> Iterator[list[tuple[Any, ...]]]:
    """All of it happens in one transaction, taken back afterwards."""
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                make.load_vocabularies()
                yield entered()
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def entered() -> list[tuple[Any, ...]]:
    """Every entry of a trail with a verdict, its correction, and a source whose history was erased."""
    verdict = make.make_published()
    verdict.claim.context = "In the night."
    make.make_corrected(verdict=verdict)
    source = make.make_source("A")
    source.description = "Erased."
    source.save()
    source.description = ""
    source.save()
    erase_history(actor=make.make_user("root", is_superuser=True), rows=[("source", source.pk)], reason="By order.")
    assert breaks() == []
    assert AuditEntry.objects.filter(salt="").count() == 2
    settle()
    return [*AuditEntry.objects.order_by("id").values_list()]


def go_back_and_forth(trail: list[tuple[Any, ...]]) -> None:
    migrate(OLD)
    rows = old_rows()
    assert [row["hash"] for row in rows] == [entry[-1] for entry in trail]
    assert [row["previous_hash"] for row in rows] == [GENESIS, *(row["hash"] for row in rows[:-1])]
    settle()
    call_command("migrate", verbosity=0)
    assert [*AuditEntry.objects.order_by("id").values_list()] == trail
    assert breaks() == []
    settle()
    make.make_claim()
    assert breaks() == []


def test_every_entry_is_as_it_was_and_the_next_one_follows(trail: list[tuple[Any, ...]]) -> None:
    before = shape()
    go_back_and_forth(trail)
    assert shape() == before


@pytest.mark.skipif(is_sqlite(), reason="only PostgreSQL has partitions")
def test_a_trail_in_partitions_is_as_it_was(trail: list[tuple[Any, ...]]) -> None:
    call_command("partition_history", rows=7)
    go_back_and_forth(trail)


def test_an_entry_that_was_altered_before_is_found_after(trail: list[tuple[Any, ...]]) -> None:
    migrate(OLD)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET action = 'claim.blessed' WHERE id = 3")
    call_command("migrate", verbosity=0)
    assert [found.entry_id for found in breaks()] == [3]
