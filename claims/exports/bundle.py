"""A bundle: the report of one dispute or claim with its data and kept copies, in a ZIP file that anybody can verify."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from claims.exports.lists.formats import LIST_FORMATS, ListFormat
from claims.exports.lists.listing import Listing, get_listing
from claims.exports.record import Progress
from claims.models import Export
from claims.reports.content.dossier import Dossier
from claims.reports.formats import claimreview, package, table
from claims.reports.formats.catalogue import FORMATS
from claims.reports.formats.tidy import tables
from factcheck.audit.access import is_desk
from factcheck.base.files import chunks
from factcheck.base.signature import make_key_fingerprint, make_public_pem, sign
from factcheck.base.storage import open_file
from sources.models import Snapshot
from sources.services.custody import record_reading
from sources.services.verification import fault_in

if TYPE_CHECKING:
    from factcheck.base.people import Reader

MANIFEST = "manifest.json"
README = "README.txt"
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
PUBLIC_KEY = "signing-key.pem"
KIND = "factcheck-bundle"
REPORTS = tuple(name for name, entry in FORMATS.items() if entry.bundled)
LISTS = ("csv", "ndjson")
ON_CLAIMS = ("attributions", "relations", "evidence-links", "verdicts", "confirmations", "reviews", "inquiries")
FOR_THE_DESK = ("assessments",)
DERIVED = ("questions", "said_by", "contradictions", "matrix_claims", "matrix_cells")
"""The tables of a data package that no list of the API has: what they say is reckoned for the reader."""


class Bundle:
    """A ZIP file that is being written, with the list of what is in it."""

    def __init__(self, archive: zipfile.ZipFile, moment: datetime) -> None:
        self.archive = archive
        self.moment = timezone.localtime(moment).timetuple()[:6]
        self.files: list[dict[str, Any]] = []

    def add_text(self, name: str, text: str, media_type: str) -> None:
        self.add(name, [text.encode()], media_type, lambda: None)

    def sign(self) -> None:
        """Write the fingerprints of all files, in the form that `sha256sum -c` reads, and the signature under them."""
        sums = "".join(f"{entry['sha256']}  {entry['name']}\n" for entry in self.files).encode()
        self.add(SUMS, [sums], "text/plain", lambda: None)
        self.add(SIGNATURE, [sign(sums)], "application/octet-stream", lambda: None)

    def add(self, name: str, chunks: Iterable[bytes], media_type: str, get_rows: Callable[[], int | None]) -> None:
        """Write one file, piece by piece. `get_rows` is asked afterwards how many rows it holds, None for none."""
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        # Whatever its size: it is not known before.
        with self.archive.open(info, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        entry = {"name": name, "size": size, "sha256": digest.hexdigest(), "rows": get_rows(), "media_type": media_type}
        self.files.append(entry)


def write_bundle(path: Path, export: Export, dossier: Dossier, reader: Reader, progress: Progress) -> int:
    """Write the bundle of `dossier` as `reader` may read it; how many things its report tells of.

    A report that cannot be made of this target, such as a ClaimReview without a verdict, is left out.
    """
    moment = dossier.imprint.moment
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        bundle = Bundle(archive, moment)
        things = table.count_rows(dossier)
        progress(0, None)
        _add_reports(bundle, dossier, things)
        progress(0, None)
        if export.as_of is None:
            _add_lists(bundle, dossier, reader, progress)
        lost = _add_copies(bundle, dossier, reader, progress) if is_desk(reader) else []
        bundle.add_text(README, _make_readme(dossier), "text/plain")
        bundle.add(PUBLIC_KEY, [make_public_pem()], "application/x-pem-file", lambda: None)
        manifest = _make_manifest(export, dossier, bundle.files, lost)
        bundle.add_text(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "application/json")
        bundle.sign()
    return things


def _add_reports(bundle: Bundle, dossier: Dossier, things: int) -> None:
    for name in REPORTS:
        entry = FORMATS[name]
        if name == "claimreview" and not claimreview.can_be_written(dossier):
            continue
        stem = "claimreview" if name == "claimreview" else "report"
        bundle.add(f"{stem}.{entry.suffix}", [entry.write(dossier)], entry.media_type, lambda: None)
    csv = FORMATS["csv"]
    bundle.add("data/report.csv", [csv.write(dossier)], csv.media_type, lambda: things)
    for file, body, rows in package.files(dossier, (row for row in tables(dossier) if row.name in DERIVED)):
        media_type = "application/json" if rows is None else csv.media_type
        bundle.add(f"data/{file}", [body], media_type, partial(_same, rows))


def _same(rows: int | None) -> int | None:
    return rows


def _add_lists(bundle: Bundle, dossier: Dossier, reader: Reader, progress: Progress) -> None:
    written = 0
    for noun, address, ids in _find_lists(dossier, is_desk(reader)):
        for name in LISTS:
            listing, entry = get_listing(address, reader, ids=ids), LIST_FORMATS[name]
            chunks = _write_list(listing, entry, written, progress)
            bundle.add(f"data/{noun}.{entry.suffix}", chunks, entry.media_type, partial(_get_count, listing))
            written += listing.counter.done


def _write_list(listing: Listing, entry: ListFormat, written: int, progress: Progress) -> Iterator[bytes]:
    """The list in pieces; `written` rows of others were written before."""
    assert entry.write is not None
    for chunk in entry.write(listing):
        yield chunk
        progress(written + listing.counter.done, None)


def _get_count(listing: Listing) -> int:
    return listing.counter.done


def _find_lists(dossier: Dossier, desk: bool) -> Iterator[tuple[str, str, list[int] | None]]:
    """The lists that hold the rows of this target: noun, address with its filter, and the ids where no filter does."""
    claims = list(dossier.claim_ids)
    yield "claims", "/api/v1/claims/", claims
    about = f"dispute={dossier.dispute.id}" if dossier.noun == "dispute" and dossier.dispute else f"claim={claims[0]}"
    for noun in (*ON_CLAIMS, *(FOR_THE_DESK if desk else ())):
        sides = f"touching={claims[0]}" if noun == "relations" and dossier.noun == "claim" else about
        yield noun, f"/api/v1/{noun}/?{sides}", None
    evidence = {row.id for claim in dossier.claims for row in claim.evidence}
    snapshots = {copy.id for document in dossier.documents for copy in document.snapshots}
    yield "evidence", "/api/v1/evidence/", sorted(evidence)
    yield "sources", "/api/v1/sources/", sorted(source.id for source in dossier.sources)
    yield "documents", "/api/v1/documents/", sorted(document.id for document in dossier.documents)
    yield "snapshots", "/api/v1/snapshots/", sorted(snapshots)


def _add_copies(bundle: Bundle, dossier: Dossier, reader: Reader, progress: Progress) -> list[str]:
    """Add the kept copies of the documents; the fingerprints of those that are missing or changed."""
    ids = {copy.id for document in dossier.documents for copy in document.snapshots}
    lost, seen, handed = [], set(), []
    copies = Snapshot.objects.kept().filter(pk__in=ids).select_related("document")
    for snapshot in copies.order_by("pk").defer("text", "document__text").iterator(100):
        if snapshot.digest in seen:
            continue
        seen.add(snapshot.digest)
        progress(0, None)
        if fault_in(snapshot):
            lost.append(snapshot.digest)
            continue
        digits = snapshot.digest.removeprefix("sha256:")
        suffix = mimetypes.guess_extension(snapshot.media_type) or ".bin"
        bundle.add(f"snapshots/{digits}{suffix}", _read_file(snapshot.kept_as), snapshot.media_type, lambda: None)
        handed.append(snapshot)
    record_reading(actor=reader, snapshots=handed, reason=f"In the bundle of {dossier.address}")
    return lost


def _read_file(name: str) -> Iterator[bytes]:
    with open_file(name) as file:
        yield from chunks(file)


def _make_readme(dossier: Dossier) -> str:
    """What the bundle is and how it is verified, in plain words."""
    return render_to_string(
        "claims/bundle.txt",
        {
            "title": dossier.title,
            "newsroom": dossier.imprint.newsroom,
            "page": dossier.address,
            "moment": timezone.localtime(dossier.imprint.moment),
            "key": f"{settings.FACTCHECK_BASE_URL}{reverse('signing-key')}",
            "fingerprint": make_key_fingerprint(),
        },
    )


def _make_manifest(export: Export, dossier: Dossier, files: list[dict[str, Any]], lost: list[str]) -> dict[str, Any]:
    """What is in the bundle and where it comes from."""
    return {
        "kind": KIND,
        "schema_version": export.schema_version,
        "register": settings.FACTCHECK_BASE_URL,
        "newsroom": dossier.imprint.newsroom,
        "export": export.pk,
        "maker": export.maker if export.desk else dossier.imprint.newsroom,
        "made_at": dossier.imprint.moment.isoformat(timespec="seconds"),
        "query": export.query,
        "page": dossier.address,
        "as_of": export.as_of.isoformat() if export.as_of else None,
        "since": export.since.isoformat() if export.since else None,
        "desk": dossier.imprint.desk,
        "confidential": dossier.confidential,
        "content_version": dossier.version,
        "audit_head": {"entry": export.head_entry, "hash": export.head_hash},
        "missing_copies": lost,
        "files": list(files),
    }
