"""Webhooks from before they had owners: after migrate each has who set it up, its calls name their events, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from factcheck.audit.context import acting
from factcheck.audit.differences import history_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.verification import Break, verify
from factcheck.models.recorded import RecordedModel
from factcheck.webhooks.models import Webhook, WebhookCall
from tests import factories as make
from tests.factories import load_vocabularies

pytestmark = pytest.mark.django_db
OLD = [("webhooks", "0002_history_unindexed")]


@dataclass
class Upgrade:
    """The numbers of the webhooks by who set them up: an editor, one who left, and the system."""

    editors: int
    gone: int
    nobodys: int
    editor: Any
    event: str
    entries: int
    before: set[str]
    """The columns of the tables at the old migrations."""


def old_webhook(actor: Any) -> Webhook:
    """A webhook as that release had it: without an owner, and with an address that it took."""
    webhook = Webhook(name="Partner", url="http://localhost/hook", actions=["*"])
    with acting(actor=actor), override_settings(FACTCHECK_WEBHOOK_PRIVATE_TARGETS=True):
        RecordedModel.save(webhook)
    return webhook


def columns() -> set[str]:
    with connection.cursor() as cursor:
        tables = [Webhook._meta.db_table, Webhook.history.model._meta.db_table, WebhookCall._meta.db_table]
        found = [(table, connection.introspection.get_table_description(cursor, table)) for table in tables]
    return {f"{table}.{column.name}" for table, described in found for column in described}


def breaks() -> list[Break]:
    return [row for row in verify(history_models()) if isinstance(row, Break)]


@pytest.fixture(scope="module")
def upgrade(vocabularies: None, django_db_blocker: Any) -> Iterator[Upgrade]:
    with django_db_blocker.unblock():
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                load_vocabularies()
                editor, gone = make.make_user("edna", "Editor"), make.make_user("gus", "Editor")
                rows = [old_webhook(actor) for actor in (editor, gone, None)]
                entry = AuditEntry.objects.of(rows[0]).get()
                WebhookCall.objects.create(webhook=rows[0], entry_id=entry.pk)
                WebhookCall.objects.create(webhook=rows[0], event="webhook.ping")
                gone.is_active = False
                gone.save()
                connection.check_constraints()
                MigrationExecutor(connection).migrate(OLD)
                before, entries = columns(), AuditEntry.objects.count()
                call_command("migrate", verbosity=0)
                yield Upgrade(*(row.pk for row in rows), editor, entry.action, entries, before)
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def test_each_belongs_to_who_set_it_up_if_they_may_still_look_after_it(upgrade: Upgrade) -> None:
    owners = dict(Webhook.objects.values_list("pk", "owner"))
    assert owners == {upgrade.editors: upgrade.editor.pk, upgrade.gone: None, upgrade.nobodys: None}
    assert [webhook.stopped() for webhook in Webhook.objects.all()] == ["", "", ""]
    assert {(str(row.disputes), str(row.sources)) for row in Webhook.objects.all()} == {("[]", "[]")}


def test_calls_name_their_event_and_tests_were_unknown_before(upgrade: Upgrade) -> None:
    assert [*WebhookCall.objects.values_list("event", flat=True)] == [upgrade.event]


def test_nothing_of_it_was_there_before(upgrade: Upgrade) -> None:
    added = {name.rpartition(".")[2] for name in columns() - upgrade.before}
    assert added == {"disputes", "sources", "owner_id", "event"}


def test_the_trail_holds_and_tells_of_the_owner(upgrade: Upgrade) -> None:
    assert breaks() == []
    (news,) = AuditEntry.objects.filter(id__gt=upgrade.entries)
    assert (news.action, set(news.changes), news.actor_name) == ("webhook.changed", {"owner"}, "system")


def test_the_next_migration_changes_nothing(upgrade: Upgrade) -> None:
    before = AuditEntry.objects.count()
    call_command("migrate", verbosity=0)
    assert AuditEntry.objects.count() == before
