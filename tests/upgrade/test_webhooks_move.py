"""A register from before webhooks and exports moved house: it migrates with nothing lost, and back.

The rows are entered through the doors of today, taken back to the old migrations, and brought forward again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from claims.exports.job import look_after, request_export
from claims.models import Export, Prepared
from factcheck.audit.chain import GENESIS
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall, WebhookCursor
from factcheck.webhooks.signing import rotate_secret, show_secret
from tests.factories import make_claim, make_user, make_webhook

pytestmark = pytest.mark.django_db
OLD = [("audit", "0001_audit_trail"), ("sources", "0002_kept_copies"), ("claims", "0004_exports"), ("webhooks", None)]
MODELS = ("webhook", "historicalwebhook", "webhookcursor", "webhookcall")
JOBS = import_module("claims.migrations.0005_jobs_move").MOVED

HASHES = ("salt", "digest", "hash")

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Upgrade:
    """Every row of every table before, at the old migrations, and after; and the schema before and after."""

    before: Rows
    old: Rows
    after: Rows
    columns: dict[str, set[str]]
    """Those of every table at the old migrations."""
    schemas: list[dict[str, Any]]
    printed: str


def every_row() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            found[table] = sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))
    # When a migration was applied is no row of the register, and neither are SQLite's own statistics.
    del found["django_migrations"]
    found.pop("sqlite_stat1", None)
    return found


def schema() -> dict[str, Any]:
    """The columns, constraints and indexes of every table."""
    ask = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: (ask.get_table_description(cursor, table), ask.get_constraints(cursor, table))
            for table in ask.table_names(cursor)
        }


def as_it_was(rows: Rows) -> Rows:
    """`rows` as the old migrations have them."""
    old = {table.replace("webhooks_", "audit_"): rows[table] for table in rows}
    paths = {new: path for path, new in JOBS.items()}
    old["django_content_type"] = [
        {**row, "app_label": "audit"} if row["model"] in MODELS else row for row in rows["django_content_type"]
    ]
    old["django_tasks_database_dbtaskresult"] = [
        {**row, "task_path": paths[row["task_path"]]} for row in rows["django_tasks_database_dbtaskresult"]
    ]
    entries = [{**row, **{name: bytes(row[name]).hex() for name in HASHES}} for row in by_number(rows)]
    hashes = [GENESIS, *(row["hash"] for row in entries)]
    old["audit_auditentry"] = [
        {**row, "previous_hash": previous} for row, previous in zip(entries, hashes, strict=False)
    ]
    return old


def by_number(rows: Rows) -> list[dict[str, Any]]:
    return sorted(rows["audit_auditentry"], key=lambda row: row["id"])


def columns_of_tables() -> dict[str, set[str]]:
    ask = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: {column.name for column in ask.get_table_description(cursor, table)}
            for table in ask.table_names(cursor)
        }


def without_younger(rows: Rows, columns: dict[str, set[str]]) -> Rows:
    """The rows without tables and columns that came after the old migrations."""
    return {
        table: [{name: value for name, value in row.items() if name in columns[table]} for row in found]
        for table, found in rows.items()
        if table in columns
    }


def in_order(rows: Rows) -> dict[str, list[str]]:
    return {table: sorted(json.dumps(row, default=str, sort_keys=True) for row in rows[table]) for table in rows}


def fill() -> None:
    """Rows in every table of webhooks, and whatever hangs on them elsewhere."""
    editor = make_user("ed", "Editor")
    webhook, gone = make_webhook(), make_webhook(actions=["verdict.*"], active=False)
    show_secret(actor=editor, webhook=webhook)
    rotate_secret(actor=editor, webhook=webhook)
    gone.delete()
    WebhookCursor.objects.create(webhook=webhook, after=41)
    for number, status in enumerate(CallStatus):
        told = AuditEntry.objects.filter(id=number).values_list("action", flat=True).first() or ""
        WebhookCall.objects.create(
            webhook=webhook, entry_id=number, event=told, status=status, response_excerpt="Whatever."
        )
    make_user("vi").user_permissions.add(Permission.objects.get(codename="view_webhookcall"))
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Webhook),
        object_id=str(webhook.pk),
        object_repr="Receiver",
        action_flag=1,
    )
    make_claim(published=True)
    request_export(actor=editor, kind="list", query="/api/v1/claims/", format="ndjson")
    look_after.enqueue()
    # What is kept ready is built anew by each release.
    Prepared.objects.all().delete()


def migrate_back() -> None:
    # What is deferred to the commit would stand in the way of a change of its table.
    connection.check_constraints()
    MigrationExecutor(connection).migrate(OLD)


@pytest.fixture(autouse=True)
def _fresh_content_types() -> Iterator[None]:
    """Those that a test made are rolled back and must not be remembered."""
    yield
    ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def upgrade(vocabularies: None, django_db_blocker: Any) -> Iterator[Upgrade]:
    """All of it happens in one transaction, taken back afterwards: both engines can, and no later test is disturbed."""
    with django_db_blocker.unblock():
        # SQLite renames no table while it checks references.
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                fill()
                before, schemas = every_row(), [schema()]
                migrate_back()
                old, columns, printed = every_row(), columns_of_tables(), io.StringIO()
                call_command("migrate", stdout=printed, stderr=printed, no_color=True)
                schemas.append(schema())
                yield Upgrade(before, old, every_row(), columns, schemas, printed.getvalue())
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()
            ContentType.objects.clear_cache()


def test_every_table_of_webhooks_holds_rows(upgrade: Upgrade) -> None:
    assert all(upgrade.old[f"audit_{model}"] for model in MODELS)
    assert not any(table.startswith("webhooks_") for table in upgrade.old)
    assert {row["task_path"] for row in upgrade.old["django_tasks_database_dbtaskresult"]} == set(JOBS)
    assert {row["model"] for row in upgrade.old["django_content_type"] if row["app_label"] == "audit"} > set(MODELS)


def test_every_row_is_there_after_the_upgrade(upgrade: Upgrade) -> None:
    assert in_order(upgrade.after) == in_order(upgrade.before)


def test_every_row_is_there_after_the_way_back(upgrade: Upgrade) -> None:
    assert in_order(upgrade.old) == in_order(without_younger(as_it_was(upgrade.before), upgrade.columns))


def test_schema_is_what_it_was(upgrade: Upgrade) -> None:
    assert upgrade.schemas[0] == upgrade.schemas[1]


def test_migrate_prints_no_trouble_and_leaves_nothing_stale(upgrade: Upgrade) -> None:
    assert "Applying webhooks.0001_webhooks... OK" in upgrade.printed
    assert "stale" not in upgrade.printed.lower()
    known = {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}
    assert known == set(ContentType.objects.values_list("app_label", "model"))


def test_groups_and_users_hold_the_permissions_that_they_held(upgrade: Upgrade) -> None:
    for role in ("Editor", "Administrator"):
        held = Permission.objects.filter(group__name=role, content_type__app_label="webhooks")
        assert set(held.values_list("codename", flat=True)) == {
            "add_webhook",
            "change_webhook",
            "delete_webhook",
            "view_webhook",
            "view_webhookcall",
        }
    assert User.objects.get(username="ed").has_perm("webhooks.change_webhook")
    assert User.objects.get(username="vi").get_all_permissions() == {"webhooks.view_webhookcall"}


def test_roles_load_over_what_was_there(upgrade: Upgrade) -> None:
    held = set(Group.objects.values_list("name", "permissions__codename", "permissions__content_type"))
    call_command("loaddata", "roles", verbosity=0)
    assert set(Group.objects.values_list("name", "permissions__codename", "permissions__content_type")) == held


def test_log_of_the_admin_leads_to_the_webhook(upgrade: Upgrade) -> None:
    assert LogEntry.objects.get().get_edited_object() == Webhook.objects.get()


def test_trail_still_holds_and_tells_of_webhooks(upgrade: Upgrade) -> None:
    entries = AuditEntry.objects.of(Webhook.objects.get()).order_by("id")
    assert [entry.action for entry in entries] == ["webhook.created", "webhook.secret_shown", "webhook.secret_rotated"]
    assert [row.history_id for row in Webhook.objects.get().history.order_by("history_id")] == [
        entry.history_id for entry in entries
    ]
    assert [found for found in verify(history_models()) if isinstance(found, Break)] == []


def test_new_rows_are_numbered_on(upgrade: Upgrade) -> None:
    taken = max(row["id"] for row in upgrade.after["webhooks_historicalwebhook"])
    assert make_webhook().pk > taken


def test_job_that_was_queued_before_is_made_after(upgrade: Upgrade) -> None:
    for path in JOBS.values():
        assert isinstance(import_string(path), Task)
    export = Export.objects.get()
    job = DBTaskResult.objects.get(args_kwargs__args=[export.pk])
    job.task.call(*job.args_kwargs["args"])
    export.refresh_from_db()
    assert (export.status, export.problem, export.rows) == ("done", "", 1)


def test_permissions_move_even_where_the_new_code_asked_before_the_migration(register: None) -> None:
    editors = Group.objects.get(name="Editor").permissions.filter(content_type__app_label="webhooks")
    held = set(editors.values_list("codename", flat=True))
    assert held
    migration = import_module("factcheck.webhooks.migrations.0001_webhooks")
    migration.move_out(apps, None)
    assert not editors.exists()
    ContentType.objects.clear_cache()
    ContentType.objects.get_for_model(Webhook)
    migration.move_in(apps, None)
    assert set(editors.values_list("codename", flat=True)) == held
