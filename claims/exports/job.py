"""Exports that take their time: asked for, made by a worker, and started again when the worker was stopped."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from claims.choices import ExportKind, ExportStatus
from claims.exports.file import keep_file, make_temporary_file, remove_expired
from claims.exports.record import (
    BROKEN_OFF,
    describe_error,
    fail_export,
    finish_export,
    is_signed_in,
    read_audit_head,
    start_export,
)
from claims.exports.render import check_request, get_suffix, render
from claims.exports.target import add_ids
from claims.models import Export
from factcheck.base import storage
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.files import fingerprint_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from factcheck.base.people import Reader

logger = logging.getLogger(__name__)

STALLED_AFTER = timedelta(minutes=2)
"""How long a job may show no progress before it is given to another worker: well above the second between two signs."""
JOB_KINDS = (ExportKind.REPORT, ExportKind.LIST, ExportKind.BUNDLE)
"""What a worker makes."""
OPEN = (ExportStatus.QUEUED, ExportStatus.RUNNING)
"""What is neither made nor given up."""
KEPT_FOR = timedelta(days=1)
"""How long the database tells of a job that ended."""
MOST_ATTEMPTS = 3
MOST_WAITING = 20
STALLED_TOO_OFTEN = f"The work on it was stopped {MOST_ATTEMPTS} times. Narrow it, or tell who runs the register."
STOPPED = ("", "The work on it was stopped once and begins anew.", "The work on it was stopped twice and begins anew.")
"""What a queued export says by how often its worker was stopped."""
INACTIVE_ACCOUNT = "The account that asked for it is not active any more."


class Superseded(Exception):
    """Another worker has this job now, or nobody wants it any more."""


def request_export(
    *,
    actor: Reader,
    kind: str,
    query: str,
    format: str,  # noqa: A002 - the noun's own word
    as_of: datetime | None = None,
    since: datetime | None = None,
    ids: list[int] | None = None,
    desk: bool = True,
) -> Export:
    """A queued export that a worker will make, with the rights that `actor` has then.

    With `desk` it holds what the actor may read, and the actor alone may fetch it; without, it holds what the public
    may read, and everybody who has its address may fetch it. `ids` narrow a list to a selection. Raises Forbidden
    without an actor, Conflict when too much of theirs is waiting, and for the fields `query` and `format` what the
    list or the target refuses.
    """
    if not is_signed_in(actor) or not actor.is_active:
        raise Forbidden("Sign in to ask for an export.", code="not_signed_in")
    if kind not in JOB_KINDS:
        raise RuleViolation(f"A {kind[:40]} is not made by a job.", code="unknown_kind", field="kind")
    export = Export(kind=kind, query=add_ids(query, ids) if ids else query, format=format, as_of=as_of, since=since)
    address = check_request(export, actor if desk else AnonymousUser())
    with transaction.atomic():
        if Export.objects.filter(made_by=actor, status__in=OPEN).count() >= MOST_WAITING:
            raise Conflict(f"{MOST_WAITING} of your exports are not done yet. Wait for them.", code="too_many_exports")
        asked = start_export(
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
        _enqueue(asked.pk)
    return asked


@task()
def run_export(export_id: int) -> None:
    """Make one export that was asked for; does nothing when another worker is at it, or has done it.

    Tasks that wait in the database name this function by its path: it cannot be renamed without a migration of them.
    """
    recover_stalled()
    export = _start_job(export_id)
    if export is None:
        return
    progress, kept = ProgressRecord(export), ""
    try:
        with make_temporary_file() as path:
            rendered = render(export, _get_reader(export), path, progress)
            digest, size = fingerprint_of(path)
            # Before the file is kept: who was replaced meanwhile must not leave one.
            progress(rendered.rows, None, whole=True)
            kept = keep_file(path, export, get_suffix(export))
        with transaction.atomic():
            # It may have been cancelled since; from here on nobody can until it is done.
            progress(rendered.rows, None, whole=True)
            finish_export(
                export,
                rows=rendered.rows,
                size=size,
                digest=digest,
                file=kept,
                file_name=rendered.file_name,
                content_version=rendered.content_version,
                lacks=rendered.lacks,
                expires_at=timezone.now() + timedelta(days=settings.FACTCHECK_EXPORT_DAYS),
                problem="",
            )
    except Superseded:
        if kept:
            storage.remove(kept)
        logger.info("export %s was cancelled, or given to another worker", export.pk)
    except Exception as error:  # noqa: BLE001 - whatever it is, who asked has to hear of it
        _fail(export, progress, error)


def _fail(export: Export, progress: ProgressRecord, error: Exception) -> None:
    """For who asked the words, for who runs the register the traceback; nothing of what was cancelled meanwhile."""
    try:
        with transaction.atomic():
            progress(export.done, None, whole=True)
            fail_export(export, describe_error(error))
    except Superseded:
        logger.info("export %s was cancelled, or given to another worker", export.pk)
    else:
        logger.warning("export %s failed", export.pk, exc_info=error)


@task()
def look_after() -> None:
    """Start again what was stopped. Waiting tasks name this function by its path, as they do `run_export`."""
    recover_stalled()


class ProgressRecord:
    """Writes into the record how far an export is, at most once a second; stops who was replaced meanwhile, or whose
    job was cancelled."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.written_at = time.monotonic()

    def __call__(self, rows: int, total: int | None = None, *, whole: bool = False) -> None:
        now = time.monotonic()
        known = {"total": total} if total is not None and total != self.export.total else {}
        if not (known or whole) and now - self.written_at < 1:
            return
        self.written_at = now
        self.export.total = total if known else self.export.total
        mine = Export.objects.filter(pk=self.export.pk, status=ExportStatus.RUNNING, started_at=self.export.started_at)
        if not mine.update(done=rows, seen_at=timezone.now(), **known):
            raise Superseded


def recover_stalled() -> int:
    """Remove what has expired, and queue again what was stopped; how many that were."""
    remove_expired()
    now = timezone.now()
    stalled = Q(status=ExportStatus.RUNNING, seen_at__lt=now - STALLED_AFTER)
    lost = Q(status=ExportStatus.QUEUED, requested_at__lt=now - STALLED_AFTER)
    # A download writes no progress; a whole day is more than any takes.
    streams = Export.objects.filter(status=ExportStatus.RUNNING, seen_at=None, started_at__lt=now - timedelta(days=1))
    streams.update(status=ExportStatus.FAILED, problem=BROKEN_OFF, finished_at=now)
    again = 0
    for export in Export.objects.filter(stalled | lost):
        again += _requeue(export)
    running = Export.objects.filter(status=ExportStatus.RUNNING, seen_at__isnull=False)
    # A worker of another queue looks again by itself.
    if (
        is_in_database()
        and running.exists()
        and not _get_tasks(look_after).filter(status=TaskResultStatus.READY).exists()
    ):
        # Its worker may have been stopped just now; that is known once it has shown no progress for long enough.
        look_after.using(run_after=now + STALLED_AFTER + timedelta(seconds=5)).enqueue()
    return again


def prune_jobs() -> int:
    """Remove from the database what is told of jobs that ended more than a day ago; returns how many those were."""
    with transaction.atomic():
        return DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def is_in_database() -> bool:
    """Whether jobs wait in the database of the register, not in another queue, which carries them and knows no more."""
    return isinstance(run_export.get_backend(), DatabaseBackend)


def _enqueue(export_id: int) -> None:
    if is_in_database():
        run_export.enqueue(export_id)
    else:
        # Not before: a worker would look for what is not there yet. If the queue is out of order the export waits in
        # the register, and is queued again by `recover_stalled`.
        transaction.on_commit(lambda: run_export.enqueue(export_id), robust=True)


def _requeue(export: Export) -> int:
    """Queue the export again, unless that has been done; 1 if it was."""
    if not is_in_database():
        return _requeue_elsewhere(export)
    with transaction.atomic():
        tasks = _get_tasks(run_export).filter(args_kwargs__args=[export.pk])
        if tasks.filter(status=TaskResultStatus.READY).exists():
            return 0
        mine = Export.objects.filter(pk=export.pk, status=export.status, seen_at=export.seen_at)
        if tasks.count() >= MOST_ATTEMPTS:
            mine.update(status=ExportStatus.FAILED, problem=STALLED_TOO_OFTEN, finished_at=timezone.now())
            return 0
        if not mine.update(status=ExportStatus.QUEUED, requested_at=timezone.now()):
            return 0
        tasks.filter(status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="The worker was stopped."
        )
        _enqueue(export.pk)
    return 1


def _requeue_elsewhere(export: Export) -> int:
    """As `_requeue`, where only the register knows how often a worker was stopped: it says so in words."""
    was_stopped = export.status == ExportStatus.RUNNING
    times = (STOPPED.index(export.problem) if export.problem in STOPPED else 0) + was_stopped
    with transaction.atomic():
        mine = Export.objects.filter(pk=export.pk, status=export.status, seen_at=export.seen_at)
        if times >= MOST_ATTEMPTS:
            mine.update(status=ExportStatus.FAILED, problem=STALLED_TOO_OFTEN, finished_at=timezone.now())
            return 0
        now = timezone.now()
        if not mine.update(status=ExportStatus.QUEUED, requested_at=now, problem=STOPPED[times]):
            return 0
        # One that still waits is then queued twice: whoever comes second finds nothing to do.
        _enqueue(export.pk)
    return 1


def _get_tasks(function: Task) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(task_path=function.module_path)


def _start_job(export_id: int) -> Export | None:
    """The export, for this worker alone, or None. It shows the register as it is from now on."""
    now = timezone.now()
    entry, entry_hash = read_audit_head()
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


def _get_reader(export: Export) -> User | AnonymousUser:
    """Who reads for this export: its maker, as they are now, or the public. Raises Forbidden."""
    maker = export.made_by
    if maker is None or not maker.is_active:
        raise Forbidden(INACTIVE_ACCOUNT)
    return maker if export.desk else AnonymousUser()
