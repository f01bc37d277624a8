"""What is only ever added stays as it is for whoever comes with SQL, past every model."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from claims.models import Claim, Verdict
from factcheck.audit.context import acting
from factcheck.audit.differences import history_models
from factcheck.audit.erasure import erase_history
from factcheck.audit.models import AuditEntry
from factcheck.audit.triggers import create_triggers, drop_triggers, kept_tables, unguarded_tables
from tests.audit.conftest import breaks
from tests.database import is_sqlite, past_the_triggers
from tests.factories import make_claim, make_published, make_source, make_verdict

pytestmark = pytest.mark.usefixtures("register")


def run(statement: str, *values: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def test_rows_of_trail_and_history_are_neither_changed_nor_deleted() -> None:
    verdict = make_published()
    source = make_source()
    source.name = "Another"
    source.save()
    filled = {
        "audit_auditentry",
        *(f"claims_historical{noun}" for noun in ("claim", "verdict")),
        "sources_historicalsource",
    }
    assert filled <= {*kept_tables()}
    for table in sorted(filled):
        column = "action" if table == "audit_auditentry" else "history_type"
        before = run(f"SELECT * FROM {table}")
        for statement in (
            f"UPDATE {table} SET {column} = '!'",
            f"DELETE FROM {table}",
            f"UPDATE {table} SET {column} = {column}",
        ):
            with pytest.raises(IntegrityError, match=f"Rows of {table} are kept"):
                run(statement)
        assert run(f"SELECT * FROM {table}") == before
        if not is_sqlite():
            with pytest.raises(IntegrityError, match=f"Rows of {table} are kept"):
                run(f"TRUNCATE {table} CASCADE")
    assert verdict.pk
    assert breaks() == []


def test_every_table_that_only_grows_has_its_triggers() -> None:
    grows = {AuditEntry._meta.db_table, *(model._meta.db_table for model in history_models().values())}
    assert {*kept_tables()} == grows | {Verdict._meta.db_table}
    assert unguarded_tables() == []


def test_a_published_verdict_is_kept_and_a_draft_is_not() -> None:
    published, draft = make_published(), make_verdict(make_claim())
    table = Verdict._meta.db_table
    for column, value in (("summary", "Other."), ("status", "draft"), ("reviewer_id", None), ("published_at", None)):
        with pytest.raises(IntegrityError, match="are kept"):
            run(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, published.pk)
    with pytest.raises(IntegrityError, match="are kept"):
        run(f"DELETE FROM {table} WHERE id = %s", published.pk)
    # As a fixture does that is loaded again.
    assert run(f"UPDATE {table} SET version = version + 1 WHERE id = %s", published.pk) == 1
    assert run(f"UPDATE {table} SET summary = 'Other.' WHERE id = %s", draft.pk) == 1
    assert run(f"DELETE FROM {table} WHERE id = %s", draft.pk) == 1


def test_erasure_has_a_way_and_closes_it_behind_itself(root: Any) -> None:
    source = make_source("A secret name")
    source.name = "Withheld"
    source.save()
    erase_history(actor=root, rows=[("source", source.pk)], reason="By order of a court.")
    assert unguarded_tables() == []
    with pytest.raises(IntegrityError, match="are kept"):
        run("DELETE FROM sources_historicalsource")
    assert breaks() == []


def test_a_way_that_is_left_by_an_error_is_closed() -> None:
    make_claim()
    with suppress(ZeroDivisionError), past_the_triggers():
        assert run("DELETE FROM claims_historicalclaim") == 1
        raise ZeroDivisionError
    with pytest.raises(IntegrityError, match="are kept"):
        run("DELETE FROM claims_historicalclaim")
    assert Claim.history.count() == 1


def test_a_trigger_that_is_gone_is_told_and_made_anew_by_migrate() -> None:
    with acting(reason="A first entry."):
        make_source()
    drop_triggers(["audit_auditentry"])
    assert [(found.entry_id, found.problem[:59]) for found in breaks()] == [
        (None, "the database does not keep the rows of audit_auditentry: a "),
    ]
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stdout=io.StringIO(), stderr=io.StringIO())
    call_command("migrate", verbosity=0)
    assert unguarded_tables() == []
    create_triggers()
    assert breaks() == []
