"""What webhooks of an older release lack, and get after the migration."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from factcheck.audit.context import recording
from factcheck.audit.history import record_rows
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.models import Webhook, caretakers

UPGRADE = "Webhooks were given owners: who set them up."


def give_owners(*, using: str = "default", **kwargs: Any) -> None:
    """After a migration: a webhook without an owner belongs to who set it up, as the trail says, if they may still
    look after it. Others stay without one, and announce as they did.

    Not part of the migration itself: what it changes is entered in the trail, by the code that does so today.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return  # taken to an older migration, whose tables this code does not know
    with recording(actor=None, reason=UPGRADE):
        rows = list(Webhook._base_manager.filter(owner=None))
        may = caretakers() if rows else set()
        for row in rows:
            entry = AuditEntry.objects.of(row).filter(action="webhook.created").last()
            if entry is None or entry.actor_id not in may:
                continue
            # Past the checks of an address, which an older release may have taken.
            QuerySet(Webhook).filter(pk=row.pk).update(owner=entry.actor_id)
            record_rows([Webhook._base_manager.get(pk=row.pk)], "~", {row.pk: row})
