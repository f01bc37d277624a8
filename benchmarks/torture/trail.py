"""The trail altered past its triggers, and SQL sent against them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.db import IntegrityError, connection, transaction

from benchmarks.torture.service import Goal, breaks_of_trail
from factcheck.audit.models import AuditEntry
from factcheck.audit.triggers import kept_tables

TAMPERINGS: dict[str, Any] = import_module("tests.audit.test_verification").TAMPERINGS
KEPT_PART = {"audit_auditentry": ("reason", ""), "claims_verdict": ("summary", " WHERE status = 'published'")}
"""Of tables that are no history: a column with text, and which rows are kept."""


def tamperings(count: int) -> Iterator[Goal]:
    """The trail altered past the triggers, each time taken back, with the head kept."""
    entries = list(AuditEntry.objects.order_by("id"))
    heads = [(entries[-1].pk, entries[-1].hash)]
    found = 0
    for number in range(count):
        kind = [*TAMPERINGS][number % len(TAMPERINGS)]
        entry = random.choice([one for one in entries if one.history_id is not None])
        with transaction.atomic():
            TAMPERINGS[kind](entry)
            found += breaks_of_trail(heads) > 0
            transaction.set_rollback(True)
    yield f"G13 {count} alterations of the trail", f"{found} found", f"{count} found", found == count


def refusals() -> Iterator[Goal]:
    """SQL that changes what is kept, in each table that has a row of the kind."""
    tried = refused = 0
    for table in kept_tables():
        column, where = KEPT_PART.get(table, ("history_change_reason", ""))
        for statement in (f"UPDATE {table} SET {column} = '!'{where}", f"DELETE FROM {table}{where}"):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
                    tried += cursor.rowcount > 0
                    transaction.set_rollback(True)
            except IntegrityError:
                tried, refused = tried + 1, refused + 1
    yield "G13 UPDATE and DELETE by SQL", f"{refused} of {tried} refused", "all", refused == tried > 0
