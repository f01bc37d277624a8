"""An export is called off while it waits or is made, and its file is deleted before it expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.choices import ExportStatus
from claims.exports.job import JOB_KINDS, OPEN
from claims.exports.record import is_signed_in
from claims.models import Export
from factcheck.base import storage
from factcheck.base.errors import Conflict, Forbidden

if TYPE_CHECKING:
    from factcheck.base.people import Reader


def may_end(user: Reader, export: Export) -> bool:
    """Whether `user` may cancel or delete it: its maker alone, as with asking for the same again."""
    return is_signed_in(user) and user.is_active and export.made_by_id == user.pk


def open_jobs(export: Export) -> QuerySet[Export]:
    """The export, if it is a job that still waits or is being made; a download that is on record as running is none."""
    waits, is_made = Q(status=ExportStatus.QUEUED), Q(status=ExportStatus.RUNNING, seen_at__isnull=False)
    return Export.objects.filter(waits | is_made, pk=export.pk, kind__in=JOB_KINDS)


def cancel_export(*, actor: Reader, export: Export) -> Export:
    """The job will not be made, or is given up where it is; the record stays. A second call changes nothing.

    Raises Forbidden for anybody but its maker, Conflict where there is nothing to call off.
    """
    _require_maker(actor, export)
    # Its worker finds at its next sign of progress, or at the end, that it is not running any more.
    ended = open_jobs(export).update(status=ExportStatus.CANCELLED, finished_at=timezone.now(), problem="")
    export.refresh_from_db()
    if ended or export.status == ExportStatus.CANCELLED:
        return export
    if export.status == ExportStatus.RUNNING:
        raise Conflict("This is a download, not a job: close the connection that reads it.", code="export_not_a_job")
    raise Conflict(f"This export is {export.status} already.", code="export_ended")


def delete_export(*, actor: Reader, export: Export) -> Export:
    """Nothing of it can be fetched any more: what is open is cancelled, and what is kept is deleted.

    That something was taken out stays on record (decision 0012). A second call changes nothing. Raises as
    `cancel_export` does.
    """
    _require_maker(actor, export)
    if export.status in OPEN:
        try:
            return cancel_export(actor=actor, export=export)
        except Conflict as refusal:
            # It was done meanwhile.
            if refusal.code != "export_ended":
                raise
    if name := str(export.file.name or ""):
        Export.objects.filter(pk=export.pk, status=ExportStatus.DONE).update(status=ExportStatus.DELETED, file="")
        storage.remove(name)
        export.refresh_from_db()
    return export


def _require_maker(actor: Reader, export: Export) -> None:
    if not may_end(actor, export):
        raise Forbidden("Only who asked for this export may cancel or delete it.", code="not_the_maker")
