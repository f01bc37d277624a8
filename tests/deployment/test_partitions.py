"""The audit trail and the history in partitions."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import Claim
from factcheck.audit.models import AuditEntry
from factcheck.audit.partitions import growing_models, read_table
from tests import factories as f
from tests.api.test_races import client_of
from tests.database import is_sqlite

pytestmark = pytest.mark.usefixtures("register")
on_postgres = pytest.mark.skipif(is_sqlite(), reason="only PostgreSQL has partitions")


def plan_of(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


def rows_of(model: Any) -> list[Any]:
    return [*model._base_manager.order_by("pk").values_list()]


def settle() -> None:
    """In a transaction of its own nothing is deferred any more."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def numbers_in_a_row(register: None) -> None:
    """As in a register of its own: sequences go on counting from test to test, and each number has its partition."""
    settle()
    for model in growing_models():
        last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table_of(model), model._meta.pk.column])
            (sequence,) = cursor.fetchone()
            if sequence is not None:
                cursor.execute(f"ALTER SEQUENCE {sequence} RESTART WITH {last + 1}")


@pytest.mark.skipif(not is_sqlite(), reason="about the other engine")
def test_sqlite_is_told_that_it_has_no_partitions() -> None:
    with pytest.raises(CommandError, match="SQLite, which has no partitions"):
        call_command("partition_history")


@on_postgres
@pytest.mark.usefixtures("numbers_in_a_row")
def test_nothing_is_lost_in_partitions_nor_on_the_way_back(capsys: pytest.CaptureFixture[str]) -> None:
    claims = [f.make_claim(published=True) for _ in range(6)]
    f.make_published(claims[0])
    before = {model: rows_of(model) for model in growing_models()}
    indexes = {model: connection.introspection.get_constraints(cursor_of(), table_of(model)) for model in before}
    settle()

    call_command("partition_history", rows=7)

    assert {model: rows_of(model) for model in before} == before
    trail = read_table(AuditEntry)
    assert len(trail.parts) > 3
    call_command("verify_audit")

    # What comes next goes on in the number after the last, beyond the partitions that were there, and is moved.
    editor = f.someone("Editor")
    for number in range(20):
        said = {"HTTP_IF_MATCH": "*", "HTTP_X_CHANGE_REASON": "A test."}
        answer = client_of(editor).patch(f"/api/v1/claims/{claims[0].pk}/", {"context": f"Words {number}"}, **said)
        assert answer.status_code == 200, answer.content
    assert trail.number("SELECT count(*) FROM {rest}") > 0
    settle()
    call_command("partition_history")
    assert trail.number("SELECT count(*) FROM {rest}") == 0
    assert len(read_table(AuditEntry).parts) > len(trail.parts)
    call_command("verify_audit")
    written = {model: rows_of(model) for model in before}

    call_command("partition_history", undo=True)
    assert {model: rows_of(model) for model in before} == written
    assert not read_table(AuditEntry).is_partitioned
    after = {model: connection.introspection.get_constraints(cursor_of(), table_of(model)) for model in before}
    assert {model: shape(found) for model, found in after.items()} == {m: shape(found) for m, found in indexes.items()}
    f.make_claim()
    call_command("verify_audit")
    assert capsys.readouterr().err == ""


@on_postgres
@pytest.mark.usefixtures("numbers_in_a_row")
def test_a_query_for_numbers_reads_their_partition_alone() -> None:
    f.make_claim(published=True)
    settle()
    call_command("partition_history", rows=2)
    entry, history = table_of(AuditEntry), table_of(Claim.history.model)
    assert plan_of(f"SELECT * FROM {entry} WHERE id = 3").count("Scan") == 1
    assert f"{entry}_2" in plan_of(f"SELECT * FROM {entry} WHERE id = 3")
    assert plan_of(f"SELECT * FROM {history} WHERE history_id BETWEEN 0 AND 1").count("Scan") == 1


def cursor_of() -> Any:
    return connection.cursor()


def table_of(model: Any) -> str:
    return str(model._meta.db_table)


def shape(constraints: dict[str, Any]) -> set[Any]:
    """What is asked of a table, whatever the names of that."""
    kinds = ("primary_key", "unique", "foreign_key", "index", "type")
    return {(*(found["columns"] or ()), *(str(found.get(kind)) for kind in kinds)) for found in constraints.values()}
