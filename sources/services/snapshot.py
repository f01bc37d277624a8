"""Keeps copies of documents: the file first, durable and named by its fingerprint, then the row that stands for it."""

from __future__ import annotations

import hashlib
import io
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from factcheck.audit.context import recording
from factcheck.base.errors import DomainError, RuleViolation
from factcheck.base.files import Readable, chunks
from factcheck.base.people import Reader
from factcheck.base.scan import find_harm
from factcheck.base.storage import keep_file, make_temporary_file
from sources.logic.copies import HEAD, LONGEST_PAGE, media_type_of, words_of
from sources.models import Document, Snapshot
from sources.models.document import TEXT_OF_A_WORK
from sources.models.snapshot import UNFINISHED, kept_name

FETCHER = "Register of competing claims"


class TooLarge(DomainError):
    """The copy is larger than this register keeps."""

    status = 413
    code = "too_large"


@dataclass(frozen=True, slots=True)
class Staged:
    """A copy whose file is kept already and whose row is still to come."""

    name: str
    digest: str
    size: int
    media_type: str
    text: str
    final_url: str = ""
    sent_as: str = ""
    """What the sender called it, with the letters that it said it has."""


def keep_copy(
    *,
    actor: Reader | None,
    document: Document,
    content: Readable,
    media_type: str = "",
    taken_at: datetime | None = None,
    final_url: str = "",
    archive_url: str = "",
    tool: str = "",
) -> Snapshot:
    """A snapshot of `document` whose file the register keeps. Raises TooLarge, or RuleViolation when it is empty.

    The same content twice is one file and two snapshots. A crash on the way leaves at worst a file without a row,
    which `verify_snapshots` names.
    """
    staged = stage_copy(content, media_type)
    return record_copy(
        actor=actor,
        document=document,
        staged=replace(staged, final_url=final_url),
        taken_at=taken_at,
        archive_url=archive_url,
        tool=tool,
    )


def fetch_copy(*, actor: Reader | None, document: Document, url: str | None = None) -> Snapshot:
    """A snapshot of what stands at `url`, by default the address of the document, now.

    Call it outside any transaction: while a slow server is waited for, nobody else could write. Raises RuleViolation
    for the field `url` with the reason why there is no copy.
    """
    staged = stage_fetch(document, url)
    return record_copy(actor=actor, document=document, staged=staged, tool=FETCHER)


def record_copy(
    *,
    actor: Reader | None,
    document: Document,
    staged: Staged,
    taken_at: datetime | None = None,
    archive_url: str = "",
    tool: str = "",
) -> Snapshot:
    """The snapshot for a copy that is kept already."""
    snapshot = Snapshot(
        document=document,
        taken_at=taken_at or timezone.now(),
        taken_by=actor if isinstance(actor, User) else None,
        file=staged.name,
        digest=staged.digest,
        size=staged.size,
        media_type=staged.media_type,
        text=staged.text,
        final_url=staged.final_url,
        archive_url=archive_url,
        tool=tool,
    )
    with recording(actor=actor):
        snapshot.save()
    return snapshot


def stage_fetch(document: Document, url: str | None = None) -> Staged:
    """The file of what stands at `url` now. Raises RuleViolation for the field `url`."""
    if not settings.FACTCHECK_FETCH:
        raise _no_copy("Fetching is switched off here: upload the copy instead.", "fetching_off")
    # Only now: hardly anybody who imports this fetches anything.
    from factcheck.base.download import TooLong, download  # noqa: PLC0415
    from factcheck.base.fetch import FetchError  # noqa: PLC0415

    url = (url or document.url).strip()
    if not url:
        raise _no_copy("Give the address: the document has none.", "required")
    with tempfile.TemporaryFile() as body:
        try:
            found = download(
                url,
                body,
                longest=settings.FACTCHECK_SNAPSHOT_MAX_BYTES,
                agent=f"{FETCHER} ({settings.FACTCHECK_BASE_URL})",
            )
        except TooLong as error:
            raise _no_copy(str(error), "too_large") from error
        except FetchError as error:
            raise _no_copy(str(error), "not_fetched") from error
        body.seek(0)
        return replace(stage_copy(body, found.content_type, field="url"), final_url=found.url)


def stage_copy(content: Readable, media_type: str = "", *, field: str = "file") -> Staged:
    """Write the content under its fingerprint: whole and on disk, or not at all. Raises TooLarge and RuleViolation, and
    ScannerFailed."""
    with make_temporary_file(UNFINISHED) as path:
        with path.open("w+b") as target:
            digest, size = _write(content, target, field)
            target.seek(0)
            _refuse_harm(target, field)
            target.seek(0)
            head = target.read(LONGEST_PAGE)
        name = kept_name(digest)
        # Over one of the same name too: it has the same content, unless it is broken and this heals it.
        keep_file(path, name)
    kind = media_type_of(head[:HEAD], media_type)
    text = words_of(head, kind, media_type, longest=TEXT_OF_A_WORK)
    return Staged(name, digest, size, kind, text, sent_as=media_type)


def stage_text(text: str) -> Staged:
    """As `stage_copy`, for a text that somebody pasted."""
    return stage_copy(io.BytesIO(text.encode()), "text/plain; charset=utf-8", field="text")


def _write(content: Readable, target: BinaryIO, field: str) -> tuple[str, int]:
    longest = settings.FACTCHECK_SNAPSHOT_MAX_BYTES
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(content):
        size += len(chunk)
        if size > longest:
            raise TooLarge(f"The copy is larger than {longest:,} bytes, the most that is kept here.", field=field)
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise RuleViolation("There is nothing to keep: the copy is empty.", code="empty", field=field)
    return f"sha256:{digest.hexdigest()}", size


def _refuse_harm(content: BinaryIO, field: str) -> None:
    """Raise RuleViolation for what the scanner finds harmful, where the operator has one."""
    if not settings.FACTCHECK_CLAMD:
        return
    if found := find_harm(content, settings.FACTCHECK_CLAMD):
        message = f"The scanner found “{found[:80]}” in this file: it is not kept. Enter the document without a copy."
        raise RuleViolation(message, code="harmful", field=field)


def _no_copy(message: str, code: str) -> RuleViolation:
    return RuleViolation(message, code=code, field="url")
