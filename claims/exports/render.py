"""Makes what was asked for: a report, a list or a bundle, in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser

from claims.choices import ExportKind
from claims.exports.bundle import write_bundle
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import listing
from claims.exports.record import begun, done, failed, is_known, record_whole, words_of
from claims.exports.target import Subject, split, subject_of
from claims.models import Export
from claims.reports.content.dossier import Dossier
from claims.reports.formats import table
from claims.reports.formats.catalogue import FORMATS, Format
from factcheck.base.errors import RuleViolation
from factcheck.base.files import fingerprint_of

BUNDLE = "zip"
ZIP_TYPE = "application/zip"

Told = Callable[[int, int | None], None]
"""Told how many rows are written, and of how many, if that is known."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came out: its rows, the name under which it is handed out, and the version of its content."""

    rows: int
    file_name: str
    content_version: str = ""


def formats_of(kind: str) -> tuple[str, ...]:
    """The names of the formats in which this kind of export can be asked for."""
    return {
        ExportKind.REPORT: tuple(FORMATS),
        ExportKind.LIST: tuple(LIST_FORMATS),
        ExportKind.BUNDLE: (BUNDLE,),
    }.get(ExportKind(kind), ())


def media_type_of(export: Export) -> str:
    """The media type of what came out."""
    if export.kind == ExportKind.BUNDLE:
        return ZIP_TYPE
    entry: Any = (LIST_FORMATS if export.kind == ExportKind.LIST else FORMATS).get(export.format)
    return entry.media_type if entry is not None else "application/octet-stream"


def ending_of(kind: str, format: str) -> str:  # noqa: A002 - the noun's own word
    """What the names of such files end with, without the dot."""
    if kind == ExportKind.BUNDLE:
        return "zip"
    entry: Any = LIST_FORMATS[format] if kind == ExportKind.LIST else FORMATS[format]
    return str(entry.ending)


def checked(export: Export, eyes: Any) -> str:
    """The query of a new export in its lasting form. Raises what the list or the subject itself would refuse."""
    if export.format not in (known := formats_of(export.kind)):
        raise RuleViolation(
            f"A {export.kind} is not made as {export.format[:40]!r}. Choose from: {', '.join(known) or 'none'}.",
            code="unknown_format",
            field="format",
        )
    if export.kind == ExportKind.LIST:
        for name in ("as_of", "since"):
            if getattr(export, name) is not None:
                raise RuleViolation("A list shows the present: leave this out.", code="not_for_lists", field=name)
        address, ids = split(export.query)
        rows = listing(address, eyes, ids=ids)
        if not LIST_FORMATS[export.format].fits(rows.noun.prefix):
            raise RuleViolation(
                f"{rows.noun.prefix.capitalize()} have no words in this format.", code="unfit_format", field="format"
            )
        return export.query
    return subject_of(export.query, eyes).address


def make(export: Export, eyes: Any, path: Path, told: Told) -> Made:
    """Write the file of `export` with what these eyes may read now. Raises what the list or subject refuses."""
    if export.kind == ExportKind.LIST:
        return _list(export, eyes, path, told)
    dossier = subject_of(export.query, eyes).dossier(eyes, export.as_of, export.since)
    if export.kind == ExportKind.BUNDLE:
        rows = write_bundle(path, export, dossier, eyes, told)
        return Made(rows, f"{stem_of(dossier)}.zip", dossier.version)
    entry = FORMATS[export.format]
    path.write_bytes(entry.write(dossier))
    return Made(rows_of(dossier), f"{stem_of(dossier)}.{entry.ending}", dossier.version)


def _list(export: Export, eyes: Any, path: Path, told: Told) -> Made:
    address, ids = split(export.query)
    rows = listing(address, eyes, ids=ids)
    entry = LIST_FORMATS[export.format]
    total = rows.total()
    told(0, total)
    if entry.write_file is not None:
        entry.write_file(rows, path, lambda rows_so_far: told(rows_so_far, total))
    elif entry.write is not None:
        with path.open("wb") as file:
            for chunk in entry.write(rows):
                file.write(chunk)
                told(rows.counter.done, total)
    return Made(rows.counter.done, f"{rows.stem}.{entry.ending}")


def make_now(path: Path, *, user: Any, told: Told, **asked: Any) -> Export:
    """Write an export to `path` at once, as a command does, and record it. Raises what the list or subject refuses.

    Without a user it holds what the public may read, and the system itself is on record as its maker.
    """
    eyes = user if is_known(user) else AnonymousUser()
    wanted = Export(**asked)
    export = begun(user=user, **{**asked, "query": checked(wanted, eyes)})
    try:
        made = make(export, eyes, path, told)
    except BaseException as error:
        failed(export, words_of(error))
        raise
    digest, size = fingerprint_of(path)
    return done(
        export,
        rows=made.rows,
        size=size,
        digest=digest,
        file_name=made.file_name,
        content_version=made.content_version,
    )


def record_report(
    entry: Format,
    dossier: Dossier,
    body: bytes,
    user: Any,
    *,
    as_of: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """The record of a report that a signed-in `user` takes out; nothing for the public."""
    subject = dossier.claim_ids[0] if dossier.noun == "claim" else dossier.dispute and dossier.dispute.id
    record_whole(
        body,
        user=user,
        kind=ExportKind.REPORT,
        query=Subject(dossier.noun, subject or 0).address,
        format=entry.name,
        rows=rows_of(dossier) if is_known(user) else 0,
        file_name=f"{stem_of(dossier)}.{entry.ending}",
        as_of=as_of,
        since=since,
        content_version=dossier.version if is_known(user) else "",
    )


def stem_of(dossier: Dossier) -> str:
    """What the name of a file begins with. Records are read by more people than a dispute that is not public: its
    short name does not stand in them."""
    if dossier.dispute is None or dossier.dispute.visibility.code == "public":
        return dossier.stem
    return f"dispute-{dossier.dispute.id}" if dossier.noun == "dispute" else dossier.stem


def rows_of(dossier: Dossier) -> int:
    """How many things a report tells of, whatever its form: the rows of its table."""
    return sum(1 for _row in table.rows(dossier))
