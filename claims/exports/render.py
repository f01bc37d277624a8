"""Renders what was asked for: a report, a list or a bundle, in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from claims.choices import ExportKind
from claims.exports.bundle import write_bundle
from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import get_listing
from claims.exports.record import (
    Progress,
    describe_error,
    fail_export,
    finish_export,
    is_signed_in,
    record_export,
    start_export,
)
from claims.exports.target import Target, find_target, split_ids
from claims.models import Export
from claims.reports.content.dossier import Dossier
from claims.reports.formats.catalogue import FORMATS, Format
from claims.reports.formats.table import count_rows
from factcheck.base.errors import RuleViolation
from factcheck.base.files import fingerprint_of

if TYPE_CHECKING:
    from factcheck.base.people import Reader

BUNDLE = "zip"
_FORMATS: dict[str, Sequence[str]] = {
    ExportKind.REPORT: tuple(FORMATS),
    ExportKind.LIST: tuple(LIST_FORMATS),
    ExportKind.BUNDLE: (BUNDLE,),
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came out: its rows, the name under which it is handed out, the version of its content, and what its form
    cannot show of that."""

    rows: int
    file_name: str
    content_version: str = ""
    lacks: str = ""


def get_formats(kind: str) -> Sequence[str]:
    """The names of the formats in which this kind of export can be asked for."""
    return _FORMATS.get(kind, ())


def get_suffix(export: Export) -> str:
    """What the names of such files end with, without the dot."""
    if export.kind == ExportKind.BUNDLE:
        return BUNDLE
    if export.kind == ExportKind.LIST:
        return LIST_FORMATS[export.format].suffix
    return FORMATS[export.format].suffix


def check_request(export: Export, reader: Reader) -> str:
    """The query of a new export in its lasting form. Raises what the list or the target itself would refuse."""
    if export.format not in (known := get_formats(export.kind)):
        raise RuleViolation(
            f"A {export.kind} is not made as {export.format[:40]!r}. Choose from: {', '.join(known) or 'none'}.",
            code="unknown_format",
            field="format",
        )
    if export.kind == ExportKind.LIST:
        _check_list(export, reader)
        return export.query
    return find_target(export.query, reader).address


def _check_list(export: Export, reader: Reader) -> None:
    for name, moment in (("as_of", export.as_of), ("since", export.since)):
        if moment is not None:
            raise RuleViolation("A list shows the present: leave this out.", code="not_for_lists", field=name)
    address, ids = split_ids(export.query)
    noun = get_listing(address, reader, ids=ids).noun.prefix
    if not LIST_FORMATS[export.format].fits(noun):
        raise RuleViolation(f"{noun.capitalize()} have no words in this format.", code="unfit_format", field="format")


def render(export: Export, reader: Reader, path: Path, progress: Progress) -> Rendered:
    """Write the file of `export` with what `reader` may read now. Raises what the list or target refuses."""
    if export.kind == ExportKind.LIST:
        return _render_list(export, reader, path, progress)
    dossier = find_target(export.query, reader).load_dossier(reader, export.as_of, export.since)
    if export.kind == ExportKind.BUNDLE:
        rows = write_bundle(path, export, dossier, reader, progress)
        lacks = FORMATS["pdf"].lacks(dossier)
        name = f"{get_stem(dossier)}.{BUNDLE}"
        return Rendered(rows, name, dossier.version, f"report.pdf: {lacks}" if lacks else "")
    entry = FORMATS[export.format]
    path.write_bytes(entry.write(dossier))
    name = f"{get_stem(dossier)}.{entry.suffix}"
    return Rendered(count_rows(dossier), name, dossier.version, entry.lacks(dossier))


def _render_list(export: Export, reader: Reader, path: Path, progress: Progress) -> Rendered:
    address, ids = split_ids(export.query)
    listing = get_listing(address, reader, ids=ids)
    entry = LIST_FORMATS[export.format]
    total = listing.count()
    progress(0, total)
    if entry.write_file is not None:
        entry.write_file(listing, path, lambda rows_so_far: progress(rows_so_far, total))
    elif entry.write is not None:
        with path.open("wb") as file:
            for chunk in entry.write(listing):
                file.write(chunk)
                progress(listing.counter.done, total)
    return Rendered(listing.counter.done, f"{listing.stem}.{entry.suffix}")


def export_now(
    path: Path,
    *,
    user: Reader,
    progress: Progress,
    kind: str,
    query: str,
    format: str,  # noqa: A002 - the noun's own word
    as_of: datetime | None = None,
    since: datetime | None = None,
) -> Export:
    """Write an export to `path` at once, as a command does, and record it. Raises what the list or target refuses.

    Without a user it holds what the public may read, and the system itself is on record as its maker.
    """
    wanted = Export(kind=kind, query=query, format=format, as_of=as_of, since=since)
    address = check_request(wanted, user)
    export = start_export(user=user, kind=kind, query=address, format=format, as_of=as_of, since=since)
    try:
        rendered = render(export, user, path, progress)
    except BaseException as error:
        fail_export(export, describe_error(error))
        raise
    digest, size = fingerprint_of(path)
    return finish_export(
        export,
        rows=rendered.rows,
        size=size,
        digest=digest,
        file_name=rendered.file_name,
        content_version=rendered.content_version,
        lacks=rendered.lacks,
    )


def record_report(
    entry: Format,
    dossier: Dossier,
    body: bytes,
    user: Reader,
    *,
    as_of: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """The record of a report that a signed-in `user` takes out; nothing for the public."""
    if not is_signed_in(user):
        return
    record_export(
        body,
        user=user,
        kind=ExportKind.REPORT,
        query=target_of(dossier).address,
        format=entry.name,
        rows=count_rows(dossier),
        file_name=f"{get_stem(dossier)}.{entry.suffix}",
        as_of=as_of,
        since=since,
        content_version=dossier.version,
        lacks=entry.lacks(dossier),
    )


def target_of(dossier: Dossier) -> Target:
    """What the dossier is about."""
    about = dossier.claim_ids[0] if dossier.noun == "claim" else dossier.dispute and dossier.dispute.id
    return Target(dossier.noun, about or 0)


def get_stem(dossier: Dossier) -> str:
    """What the name of a file begins with. Records are read by more people than a dispute that is not public: its
    short name does not stand in them."""
    if dossier.dispute is None or dossier.dispute.visibility.code == "public":
        return dossier.stem
    return f"dispute-{dossier.dispute.id}" if dossier.noun == "dispute" else dossier.stem
