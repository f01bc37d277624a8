"""Reports that take a second are made by a worker while their reader waits a moment. Where no worker is free they are
made at once, two at a time.

What everybody reads is kept with the other answers (`claims.reports.answers`), what somebody takes out who is signed in
as an export of theirs. Both hold until something changes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from claims.choices import Audience, ExportKind, ExportStatus
from claims.exports.cancel import cancel_export
from claims.exports.job import OPEN, is_in_database, request_export
from claims.exports.target import find_target
from claims.models import Export
from claims.reports.answers import LACKS, LONGEST_FILE, is_kept, keep_answer
from claims.reports.content.dossier import Dossier
from claims.reports.formats import html
from claims.reports.formats.catalogue import FORMATS, Format, disposition
from claims.services.prepared import generation
from factcheck.base import storage
from factcheck.base.errors import Absent, Busy, DomainError
from factcheck.base.replicas import on_primary

PAUSE = 0.1
"""Seconds between two looks at how far it is."""
UNTAKEN = timedelta(seconds=3)
"""A job that waits so long tells that no worker is free."""
AT_ONCE = 2
"""So many reports one process writes at a time."""
FIRST = 50
"""The priority of a reader who waits, before exports that were asked for."""
BARE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

MOST_WAITING = 4
"""So many readers wait in one process at a time, half of its threads; others are told to come again."""

_writing, _waiting = BoundedSemaphore(AT_ONCE), BoundedSemaphore(MOST_WAITING)


class BeingMade(Exception):
    """A worker is at it: ask again in a moment. `export` is where it will be, if it is somebody's own."""

    def __init__(self, export: Export | None = None) -> None:
        super().__init__("a worker is at it")
        self.export = export


# --- by a worker ---


@task()
def prepare_report(noun: str, row: int, format_name: str) -> None:
    """Make and keep the report that everybody reads. Waiting tasks name this function by its path, as `run_export`."""
    entry = FORMATS[format_name]
    if is_kept(noun, row, Audience.PUBLIC, form_of(entry)):
        return
    since, reader = generation(), AnonymousUser()
    try:
        dossier = find_target(f"/api/v1/{noun}s/{row}/", reader).load_dossier(reader)
    except Absent:
        return  # withdrawn meanwhile: who waits is told so
    response = report_response(entry, dossier)
    keep_answer(noun, row, Audience.PUBLIC, form_of(entry), response, since, LONGEST_FILE)


def form_of(entry: Format) -> str:
    """What the whole report of the present is kept as."""
    return f"report-{entry.name}"


def have_prepared(noun: str, row: int, entry: Format) -> None:
    """Wait a moment until a worker made and kept the report that everybody reads. Raises BeingMade where that takes
    longer; where it returns and nothing is kept, nobody makes it."""
    if not is_worker_free():
        return
    with on_primary():
        job = _enqueue(noun, row, entry.name)
        if job is None:
            return

        def state() -> Any:
            return DBTaskResult.objects.filter(pk=job).values_list("status", flat=True).first()

        if _wait(state, (TaskResultStatus.READY, TaskResultStatus.RUNNING)) == TaskResultStatus.RUNNING:
            raise BeingMade


def have_exported(user: User, entry: Format, dossier: Dossier, query: str, **moments: datetime | None) -> Export | None:
    """The report as an export of `user`: one of today that says the same, or one that a worker makes while they wait a
    moment. None where none makes it. Raises BeingMade where it takes longer."""
    if not is_worker_free():
        return None
    wanted: dict[str, Any] = {"kind": ExportKind.REPORT, "query": query, "format": entry.name, **moments}
    mine = Export.objects.filter(made_by=user, desk=True, **wanted)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    same = mine.kept().filter(content_version=dossier.version, started_at__gte=midnight)
    export = same.first() or mine.filter(status__in=OPEN, seen_at=None).first()
    try:
        export = export or request_export(actor=user, **wanted)
    except DomainError:
        return None  # of a row that was deleted since, or too many wait: made at once as ever
    pk = export.pk
    state = _wait(lambda: Export.objects.filter(pk=pk).values_list("status", flat=True).first(), OPEN, export)
    if state == ExportStatus.RUNNING:
        raise BeingMade(export)
    if state == ExportStatus.QUEUED:
        cancel_export(actor=user, export=export)
        return None
    export.refresh_from_db()
    return export if export.can_be_fetched() else None


def is_worker_free() -> bool:
    """Whether reports are left to workers, and what was left to them is not waiting."""
    if not settings.FACTCHECK_REPORT_WAIT or not is_in_database():
        return False
    with on_primary():
        return not DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - UNTAKEN).exists()


def _enqueue(noun: str, row: int, format_name: str) -> Any:
    """The number of the job, one that waits already or a new one; None where somebody writes for long just now."""
    waiting = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, task_path=prepare_report.module_path, args_kwargs__args=[noun, row, format_name]
    )
    if (known := waiting.values_list("pk", flat=True).first()) is not None:
        return known
    engine: Any = connection
    try:
        # A reader never waits for a writer.
        with engine.without_waiting() if engine.vendor == "sqlite" else nullcontext(), transaction.atomic():
            return prepare_report.using(priority=FIRST).enqueue(noun, row, format_name).id
    except DatabaseError:
        return None


def _wait(state: Callable[[], Any], unfinished: tuple[Any, ...], export: Export | None = None) -> Any:
    """The state once it is none of these, or after the time that readers wait. Raises BeingMade where too many do."""
    if not _waiting.acquire(blocking=False):
        raise BeingMade(export)
    try:
        end = time.monotonic() + settings.FACTCHECK_REPORT_WAIT
        while (now := state()) in unfinished and time.monotonic() < end:
            time.sleep(PAUSE)
        return now
    finally:
        _waiting.release()


# --- at once ---


@contextmanager
def in_turn(entry: Format) -> Iterator[None]:
    """Inside a report may be written. Raises Busy where too many are being written for too long."""
    if not entry.slow:
        yield
        return
    if not _writing.acquire(timeout=max(settings.FACTCHECK_REPORT_WAIT, 5)):
        raise Busy(f"{AT_ONCE} reports are being written already. Ask again in a moment.")
    try:
        yield
    finally:
        _writing.release()


def report_response(entry: Format, dossier: Dossier) -> HttpResponse:
    """The report as a download, or shown in the browser where the format is made for that."""
    return response_of(entry, dossier, entry.write(dossier), dossier.version, entry.lacks(dossier))


def exported_response(entry: Format, dossier: Dossier, export: Export) -> HttpResponse | None:
    """The same from the file of an export; None where that is gone."""
    try:
        with storage.open_file(str(export.file.name)) as file:
            return response_of(entry, dossier, file.read(), export.content_version, export.lacks)
    except OSError:
        return None


def response_of(entry: Format, dossier: Dossier, body: bytes, version: str, lacks: str) -> HttpResponse:
    """A report as it is answered."""
    response = HttpResponse(body, content_type=f"{entry.media_type}{entry.charset}")
    response["Content-Disposition"] = disposition(entry.file_name(dossier), inline=entry.inline)
    # Weak, since two answers of the same content may differ in the moment that they carry.
    response["ETag"] = f'W/"{entry.form}-{version}"'
    # Nor has a part of one its place in the other: who needs parts asks for an export, whose file stays as it is.
    response["Accept-Ranges"] = "none"
    if lacks:
        response[LACKS] = lacks
    if entry is FORMATS["html"]:
        response["Content-Security-Policy"] = f"{html.policy()}; {BARE}"
    return response
