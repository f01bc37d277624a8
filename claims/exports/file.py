"""The files of exports: written whole or not at all, kept for some days, and handed out by a signed address."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags

from claims.choices import ExportStatus
from claims.exports.record import is_signed_in
from claims.models import Export
from claims.models.export import FOLDER
from claims.reports.formats.catalogue import disposition
from factcheck.audit.followers import ERASURE, Touched
from factcheck.base import storage
from factcheck.base.errors import Conflict, DomainError, Forbidden
from factcheck.base.http.address import public_url
from factcheck.base.http.ranges import ranged_response
from sources.downloads import guarded

if TYPE_CHECKING:
    from rest_framework.request import Request

    from factcheck.base.people import Reader

_UNFINISHED = f"{FOLDER}/unfinished"
ABANDONED_AFTER = timedelta(days=1)
RETRY_AFTER = 2
"""Seconds after which it is worth asking again how far a job is."""


class Gone(DomainError):
    """What was there once is not kept any more."""

    status = 410
    code = "gone"


class NotDone(Conflict):
    """A worker is still at it, or has not begun."""

    code = "export_not_done"
    retry_after = RETRY_AFTER


@contextmanager
def make_temporary_file() -> Iterator[Path]:
    """A file to be written; it is gone afterwards unless it was kept."""
    with storage.make_temporary_file(_UNFINISHED) as path:
        yield path


def keep_file(written: Path, export: Export, suffix: str) -> str:
    """Put a file that is written in its place, durably; returns its name there."""
    name = f"{FOLDER}/{export.pk}-{secrets.token_hex(8)}.{suffix}"
    storage.keep_file(written, name)
    return name


def serve_file(request: HttpRequest | Request, export: Export) -> HttpResponseBase:
    """The file of an export that is done, or the part of it that is asked for, streamed; a 304 for who has it.

    Raises Conflict, Gone or Forbidden.

    It may be an HTML page of somebody else's words: it is saved, not shown as a page of ours.
    """
    if export.status == ExportStatus.FAILED:
        raise Conflict(f"This export failed: {export.problem}", code="export_failed")
    if export.status == ExportStatus.CANCELLED:
        raise Conflict("This export was cancelled. Ask for it again.", code="export_cancelled")
    if export.status == ExportStatus.DELETED:
        raise Gone("The file of this export was deleted. Make it again.", code="export_deleted")
    if export.status != ExportStatus.DONE:
        raise NotDone("This export is not done yet. Ask again in a moment.")
    if export.expires_at is None:
        raise Gone("This export was handed out while it was made; no file of it was kept.", code="export_not_kept")
    if not export.can_be_fetched():
        raise Gone("The file of this export is not kept any more. Make it again.", code="export_expired")
    if not may_fetch(request.user, export):
        raise Forbidden("Only who made this export may fetch it: it holds what not everybody may read.")
    etag = f'"{export.digest}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        not_modified = HttpResponseNotModified()
        guarded(not_modified, etag)
        return not_modified
    try:
        # Closed by the response.
        content = storage.open_file(str(export.file.name))
    except OSError:
        raise Gone("The file of this export is missing. Make it again.", code="export_missing") from None
    response = ranged_response(request, content, size=export.size or 0, etag=etag)
    if response.status_code != 416:
        response["Content-Disposition"] = disposition(export.file_name, inline=False)
    guarded(response, etag)
    return response


def may_fetch(user: Reader, export: Export) -> bool:
    """Whether `user` may have the file: its maker, and of a copy for the public everybody who has its address.

    Who sees what others took out still reads no restricted dispute by it.
    """
    if not export.desk:
        return True
    return is_signed_in(user) and user.is_active and export.made_by_id == user.pk


def make_link(export: Export) -> str:
    """The address that hands out the file until it expires; empty where there is none."""
    if not export.can_be_fetched():
        return ""
    return public_url(f"/exports/{_get_signer().sign(str(export.pk))}/")


def find_export(token: str) -> Export | None:
    """The export that a signed address stands for, or None."""
    try:
        number = _get_signer().unsign(token)
    except BadSignature:
        return None
    return Export.objects.filter(pk=int(number)).first()


def remove_expired() -> int:
    """Remove the files of exports that have expired, and those that no export has; the number of files removed.

    The records stay.
    """
    removed = 0
    for export in Export.objects.filter(expires_at__lte=timezone.now()).exclude(file=""):
        storage.remove(str(export.file.name))
        Export.objects.filter(pk=export.pk).update(file="")
        removed += 1
    abandoned = list(_find_abandoned())
    for name in abandoned:
        storage.remove(name)
    return removed + len(abandoned)


def remove_after_erasure(touched: Collection[Touched]) -> None:
    """No file of an export outlives an erasure of history, whatever it holds: it can be made again."""
    if ERASURE not in touched:
        return
    kept = Export.objects.exclude(file="")
    for name in list(kept.values_list("file", flat=True)):
        transaction.on_commit(partial(storage.remove, name))
    kept.update(file="", expires_at=timezone.now())


def _find_abandoned() -> Iterator[str]:
    """What was left by somebody who was stopped in the middle; younger ones may still be written."""
    names = storage.names_in(FOLDER)
    before = timezone.now() - ABANDONED_AFTER
    while some := list(islice(names, 500)):
        kept = set(Export.objects.filter(file__in=some).values_list("file", flat=True))
        for name in some:
            # Gone meanwhile: another worker tidies up as well.
            with suppress(OSError):
                if name not in kept and storage.modified_at(name) <= before:
                    yield name


def _get_signer() -> Signer:
    # The salt is the name that this room had once: links that were handed out are signed with it.
    return Signer(sep=".", salt="claims.exporting.link")
