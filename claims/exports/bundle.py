"""A bundle: the report of one dispute or claim with its data and kept copies, in a ZIP file that can be verified."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from claims.exports.lists.formats import LIST_FORMATS
from claims.exports.lists.listing import listing
from claims.exports.record import Counter
from claims.models import Export
from claims.reports.content.dossier import Dossier
from claims.reports.formats import claimreview, table
from claims.reports.formats.catalogue import FORMATS
from factcheck.audit.access import is_desk
from factcheck.base.files import chunks
from sources.models import Snapshot
from sources.services.verification import fault_in

MANIFEST = "manifest.json"
KIND = "factcheck-bundle"
REPORTS = tuple(name for name, entry in FORMATS.items() if entry.bundled)
LISTS = ("csv", "ndjson")
ON_CLAIMS = ("attributions", "relations", "evidence-links", "verdicts", "confirmations", "reviews", "inquiries")
FOR_THE_DESK = ("assessments",)
SIGNED_FOR = "claims.exporting.manifest"

Told = Callable[[int, int | None], None]


class Bundle:
    """A ZIP file in the making, with the list of what is in it."""

    def __init__(self, archive: zipfile.ZipFile, moment: Any) -> None:
        self.archive = archive
        self.moment = timezone.localtime(moment).timetuple()[:6]
        self.files: list[dict[str, Any]] = []

    def add(self, name: str, chunks: Iterable[bytes], media_type: str, rows: Callable[[], int | None]) -> None:
        """Write one file, piece by piece. `rows` is asked afterwards how many rows it holds, None for none."""
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
        entry = {"name": name, "size": size, "sha256": digest.hexdigest(), "rows": rows(), "media_type": media_type}
        self.files.append(entry)


def write_bundle(path: Path, export: Export, dossier: Dossier, eyes: Any, told: Told) -> int:
    """Write the bundle of `dossier` as these eyes may read it; how many things its report tells of.

    A report that cannot be made of this subject, such as a ClaimReview without a verdict, is left out.
    """
    moment = dossier.imprint.moment
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        bundle = Bundle(archive, moment)
        things = sum(1 for _row in table.rows(dossier))
        told(0, None)
        _add_reports(bundle, dossier, things)
        told(0, None)
        if export.as_of is None:
            _add_lists(bundle, dossier, eyes, told)
        lost = _add_copies(bundle, dossier, told) if is_desk(eyes) else []
        manifest = _manifest(export, dossier, bundle.files, lost)
        archive.writestr(
            zipfile.ZipInfo(MANIFEST, bundle.moment),
            json.dumps(manifest, ensure_ascii=False, indent=2) + "\n",
            compress_type=zipfile.ZIP_DEFLATED,
        )
    return things


def _add_reports(bundle: Bundle, dossier: Dossier, things: int) -> None:
    for name in REPORTS:
        entry = FORMATS[name]
        if name == "claimreview" and not claimreview.can_be_written(dossier):
            continue
        stem = "claimreview" if name == "claimreview" else "report"
        bundle.add(f"{stem}.{entry.ending}", [entry.write(dossier)], entry.media_type, lambda: None)
    csv = FORMATS["csv"]
    bundle.add("data/report.csv", [csv.write(dossier)], csv.media_type, lambda: things)


def _add_lists(bundle: Bundle, dossier: Dossier, eyes: Any, told: Told) -> None:
    written = 0
    for noun, address, ids in _lists(dossier, is_desk(eyes)):
        for name in LISTS:
            rows, entry = listing(address, eyes, ids=ids), LIST_FORMATS[name]
            counter = rows.counter

            def chunks(write: Any = entry.write, rows: Any = rows, before: int = written) -> Iterator[bytes]:
                for chunk in write(rows):
                    yield chunk
                    told(before + rows.counter.done, None)

            bundle.add(f"data/{noun}.{entry.ending}", chunks(), entry.media_type, _count_of(counter))
            written += counter.done


def _count_of(counter: Counter) -> Callable[[], int]:
    return lambda: counter.done


def _lists(dossier: Dossier, desk: bool) -> Iterator[tuple[str, str, list[int] | None]]:
    """The lists that hold the rows of this subject: noun, address with its filter, and the ids where no filter does."""
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


def _add_copies(bundle: Bundle, dossier: Dossier, told: Told) -> list[str]:
    """Add the kept copies of the documents; the fingerprints of those that are missing or changed."""
    ids = {copy.id for document in dossier.documents for copy in document.snapshots}
    lost, seen = [], set()
    for snapshot in Snapshot.objects.kept().filter(pk__in=ids).order_by("pk").defer("text").iterator(100):
        if snapshot.digest in seen:
            continue
        seen.add(snapshot.digest)
        told(0, None)
        path = snapshot.path
        if path is None or fault_in(snapshot):
            lost.append(snapshot.digest)
            continue
        digits = snapshot.digest.removeprefix("sha256:")
        ending = mimetypes.guess_extension(snapshot.media_type) or ".bin"
        bundle.add(f"snapshots/{digits}{ending}", _read(path), snapshot.media_type, lambda: None)
    return lost


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from chunks(file)


def _manifest(export: Export, dossier: Dossier, files: list[dict[str, Any]], lost: list[str]) -> dict[str, Any]:
    """What is in the bundle, where it comes from, and the register's signature under that."""
    manifest = {
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
        "files": files,
    }
    return {**manifest, "signature": signature_of(manifest)}


def signature_of(manifest: dict[str, Any], key: str | None = None) -> str:
    """The register's word that it made a bundle with this manifest: an HMAC by its secret key, hexadecimal.

    Only the register itself, or who has its key, can tell whether it is right.
    """
    unsigned = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return salted_hmac(SIGNED_FOR, text, secret=key, algorithm="sha256").hexdigest()
