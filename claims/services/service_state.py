"""How the service is doing: what whoever runs it would ask first. For a number of queries, each of which looks at a
bounded part, that does not depend on how much is in the register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from claims.choices import ExportStatus
from claims.models import Export
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.bulk import BulkJob, BulkStatus
from factcheck.audit.triggers import unguarded_tables
from factcheck.base.marks import BACKUP, WORKER, read_mark
from factcheck.base.room import Space, free_space, is_nearly_full
from factcheck.base.statistics import stale_statistics
from factcheck.webhooks.models import CallStatus, WebhookCall

CALLS = 1_000
"""So many of the last deliveries to webhooks are looked at."""


@dataclass(frozen=True)
class Waiting:
    """What waits for a worker."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class ServiceState:
    """What was found at one moment; a moment is None where nothing is known of it."""

    space: Space
    nearly_full: bool
    head: tuple[int, str, datetime] | None
    """The last entry of the trail: its number, its hash, and when it was written."""
    backup: datetime | None
    backup_of: dict[str, Any]
    worker: datetime | None
    exports: Waiting
    jobs: Waiting
    calls_failed: int
    """Of the last deliveries, those that will be tried again."""
    calls_given_up: int
    stale: Sequence[str]
    """The tables of which the planner knows too little."""
    unguarded: Sequence[str]
    """The tables that lack a trigger against changes."""

    @property
    def waiting(self) -> int:
        return self.exports.count + self.jobs.count

    @property
    def oldest(self) -> datetime | None:
        """Since when the first of all waits."""
        return min(filter(None, (self.exports.oldest, self.jobs.oldest)), default=None)


def load_state() -> ServiceState:
    """How the service is doing now."""
    space = free_space()
    head = AuditEntry.objects.order_by("-id").values_list("id", "hash", "at").first()
    backup, worker = read_mark(BACKUP), read_mark(WORKER)
    last = WebhookCall.objects.order_by("-id").values("pk")[:CALLS]
    calls = WebhookCall.objects.filter(pk__in=last).aggregate(
        failed=Count("pk", filter=Q(status=CallStatus.FAILED)),
        given_up=Count("pk", filter=Q(status=CallStatus.GIVEN_UP)),
    )
    return ServiceState(
        space=space,
        nearly_full=is_nearly_full(space),
        head=head,
        backup=backup[0] if backup else None,
        backup_of=backup[1] if backup else {},
        worker=worker[0] if worker else None,
        exports=_waiting(Export.objects.filter(status=ExportStatus.QUEUED)),
        jobs=_waiting(BulkJob.objects.filter(status=BulkStatus.QUEUED)),
        calls_failed=calls["failed"],
        calls_given_up=calls["given_up"],
        stale=stale_statistics(),
        unguarded=unguarded_tables(),
    )


def _waiting(rows: Any) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), oldest=Min("requested_at")))
