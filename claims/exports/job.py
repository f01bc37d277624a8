"""Exports that take their time: asked for, made by a worker, and taken up again when the worker was stopped."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from claims.choices import ExportKind, ExportStatus
from claims.exports.file import keep, remove_expired, unfinished
from claims.exports.record import LEFT, begun, done, failed, head, is_known, words_of
from claims.exports.render import checked, ending_of, make
from claims.exports.target import with_ids
from claims.models import Export
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.files import fingerprint_of

logger = logging.getLogger(__name__)

SILENT = timedelta(minutes=2)
"""How long a worker may say nothing before the job is taken from it: well above the second between its words."""
ASKED_FOR = (ExportKind.REPORT, ExportKind.LIST, ExportKind.BUNDLE)
"""What a worker makes."""
MOST_ATTEMPTS = 3
MOST_WAITING = 20
STOPPED = f"The work on it was stopped {MOST_ATTEMPTS} times. Narrow it, or tell who runs the register."
NO_LONGER = "The account that asked for it is not active any more."


class Superseded(Exception):
    """Another worker has taken this job over."""


def request_export(
    *,
    actor: Any,
    kind: str,
    query: str,
    format: str,  # noqa: A002 - the noun's own word
    as_of: datetime | None = None,
    since: datetime | None = None,
    ids: list[int] | None = None,
    desk: bool = True,
) -> Export:
    """A queued export that a worker will make, with the rights that `actor` has then.

    With `desk` it is made with the actor's own eyes and fetched by the actor alone; without, it is made with the eyes
    of the public, and everybody who has its address may fetch it. `ids` narrow a list to a selection. Raises
    Forbidden without an actor, Conflict when too much of theirs is waiting, and for the fields `query` and `format`
    what the list or the subject refuses.
    """
    if not is_known(actor) or not actor.is_active:
        raise Forbidden("Sign in to ask for an export.", code="not_signed_in")
    if kind not in ASKED_FOR:
        raise RuleViolation(f"A {kind[:40]} is not made by a job.", code="unknown_kind", field="kind")
    export = Export(kind=kind, query=with_ids(query, ids) if ids else query, format=format, as_of=as_of, since=since)
    address = checked(export, actor if desk else AnonymousUser())
    with transaction.atomic():
        if Export.objects.filter(made_by=actor, status__in=_OPEN).count() >= MOST_WAITING:
            raise Conflict(f"{MOST_WAITING} of your exports are not done yet. Wait for them.", code="too_many_exports")
        asked = begun(
            user=actor,
            kind=kind,
            query=address,
            format=format,
            as_of=as_of,
            since=since,
            desk=desk,
            status=ExportStatus.QUEUED,
            started_at=None,
        )
        run_export.enqueue(asked.pk)
    return asked


_OPEN = (ExportStatus.QUEUED, ExportStatus.RUNNING)


@task()
def run_export(export_id: int) -> None:
    """Make one export that was asked for; does nothing when another worker is at it, or has done it."""
    tend()
    export = _take(export_id)
    if export is None:
        return
    progress = Progress(export)
    try:
        with unfinished() as path:
            made = make(export, _eyes(export), path, progress)
            digest, size = fingerprint_of(path)
            progress(made.rows, None, whole=True)
            kept = keep(path, export, ending_of(export.kind, export.format))
        done(
            export,
            rows=made.rows,
            size=size,
            digest=digest,
            file=kept,
            file_name=made.file_name,
            content_version=made.content_version,
            expires_at=timezone.now() + timedelta(days=settings.FACTCHECK_EXPORT_DAYS),
        )
    except Superseded:
        logger.info("export %s was taken over by another worker", export.pk)
    except Exception as error:
        # For who asked the words, for who runs the register the traceback, in the log and with the task.
        failed(export, words_of(error))
        logger.warning("export %s failed", export.pk, exc_info=error)


@task()
def look_after() -> None:
    """Take up again what was stopped."""
    tend()


class Progress:
    """Tells in the record how far an export is, at most once a second; stops who was replaced meanwhile."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.told_at = time.monotonic()

    def __call__(self, rows: int, total: int | None = None, *, whole: bool = False) -> None:
        now = time.monotonic()
        known = {"total": total} if total is not None and total != self.export.total else {}
        if not (known or whole) and now - self.told_at < 1:
            return
        self.told_at = now
        self.export.total = total if known else self.export.total
        mine = Export.objects.filter(pk=self.export.pk, status=ExportStatus.RUNNING, started_at=self.export.started_at)
        if not mine.update(done=rows, seen_at=timezone.now(), **known):
            raise Superseded


def tend() -> int:
    """Remove what has expired, and put back in line what was stopped; how many that were."""
    remove_expired()
    now = timezone.now()
    silent = Q(status=ExportStatus.RUNNING, seen_at__lt=now - SILENT)
    lost = Q(status=ExportStatus.QUEUED, requested_at__lt=now - SILENT)
    # A download tells of no progress; a whole day is more than any takes.
    streams = Export.objects.filter(status=ExportStatus.RUNNING, seen_at=None, started_at__lt=now - timedelta(days=1))
    streams.update(status=ExportStatus.FAILED, problem=LEFT, finished_at=now)
    again = 0
    for export in Export.objects.filter(silent | lost):
        again += _put_back(export)
    running = Export.objects.filter(status=ExportStatus.RUNNING, seen_at__isnull=False)
    if running.exists() and not _tasks(look_after).filter(status=TaskResultStatus.READY).exists():
        # Whoever made it may have been stopped just now; it will be known once they have been silent long enough.
        look_after.using(run_after=now + SILENT + timedelta(seconds=5)).enqueue()
    return again


def _put_back(export: Export) -> int:
    with transaction.atomic():
        tasks = _tasks(run_export).filter(args_kwargs__args=[export.pk])
        if tasks.filter(status=TaskResultStatus.READY).exists():
            return 0
        mine = Export.objects.filter(pk=export.pk, status=export.status, seen_at=export.seen_at)
        if tasks.count() >= MOST_ATTEMPTS:
            mine.update(status=ExportStatus.FAILED, problem=STOPPED, finished_at=timezone.now())
            return 0
        if not mine.update(status=ExportStatus.QUEUED, requested_at=timezone.now()):
            return 0
        tasks.filter(status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="The worker was stopped."
        )
        run_export.enqueue(export.pk)
    return 1


def _tasks(of: Any) -> Any:
    return DBTaskResult.objects.filter(task_path=of.module_path)


def _take(export_id: int) -> Export | None:
    """The export, for this worker alone, or None. It shows the register as it is from now on."""
    now = timezone.now()
    entry, entry_hash = head()
    taken = Export.objects.filter(pk=export_id, status=ExportStatus.QUEUED).update(
        status=ExportStatus.RUNNING,
        started_at=now,
        seen_at=now,
        done=0,
        total=None,
        head_entry=entry,
        head_hash=entry_hash,
    )
    return Export.objects.select_related("made_by").get(pk=export_id) if taken else None


def _eyes(export: Export) -> Any:
    """Who reads for this export: its maker, as they are now, or the public. Raises Forbidden."""
    maker = export.made_by
    if maker is None or not maker.is_active:
        raise Forbidden(NO_LONGER)
    return maker if export.desk else AnonymousUser()
