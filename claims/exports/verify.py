"""Verifies a file that came out of the register: a bundle by its signature, any file by the record of its export."""

from __future__ import annotations

import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.utils.crypto import constant_time_compare, salted_hmac

from claims.exports.bundle import KIND, MANIFEST, SIGNATURE, SUMS
from claims.models import Export
from factcheck.base.command import explain_silence
from factcheck.base.files import fingerprint, fingerprint_of
from factcheck.base.signature import get_public_key, is_signed, secret_keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_FILES = 20_000
LARGEST = 50 * 1024**3
LARGEST_MANIFEST = 20_000_000
SIGNATURE_SIZE = 64
SALT = "claims.exporting.manifest"
"""Bundles of the releases before, which had no `SHA256SUMS`, are signed with it."""
TIGHTEST = 1_100
"""No honest file shrinks to less than its 1,032nd part by deflate; what claims more is a bomb or overlaps itself."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""What reading a ZIP file raises that somebody has broken, or built."""


@dataclass(slots=True)
class Verified:
    """What was found about a file: its faults in words, none of a good one, and the record of its export.

    Without a database there is no record, and `unasked` says why: what then has no fault is not known to be good.
    """

    digest: str
    export: Export | None = None
    unasked: str = ""
    manifest: dict[str, Any] | None = None
    files: int = 0
    faults: list[str] = field(default_factory=list)


def verify(path: Path, key: Ed25519PublicKey | None = None) -> Verified:
    """Compare the file with what the register has on record. Raises OSError when it cannot be read.

    `key` is the public key to judge a bundle by; without it, that of this register.
    """
    digest, _size = fingerprint_of(path)
    found = Verified(digest)
    try:
        found.export = Export.objects.filter(digest=digest).order_by("pk").first()
    except DatabaseError as error:
        if (why := explain_silence(error)) is None:
            raise
        found.unasked = why
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if packed and _is_bundle(path, found):
        found.faults += _check_bundle(path, found, key or get_public_key())
    if found.export is None and not found.faults and not found.unasked:
        found.faults.append(
            "The register has no record of a file with this fingerprint: it was changed, or made elsewhere."
        )
    return found


def _is_bundle(path: Path, found: Verified) -> bool:
    """Whether a ZIP file is to be judged as a bundle; a workbook or a document is a ZIP file too."""
    if found.export is not None:
        return found.export.kind == "bundle"
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist() or not any(
                name in archive.namelist() for name in ("[Content_Types].xml", "mimetype")
            )
    except BROKEN:
        return True


def _check_bundle(path: Path, found: Verified, key: Ed25519PublicKey) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if hostile := next(_find_hostile(entries, path.stat().st_size), None):
                yield hostile
                return
            found.manifest, fault = _read_manifest(archive)
            if found.manifest is None:
                yield fault
                return
            names = {info.filename: info for info in entries if not info.is_dir()}
            if SUMS in names or SIGNATURE in names:
                inside = [*_check_sums(archive, names, key)]
            else:
                inside = [*_check_manifest(found.manifest)]
            inside = [*inside, *_check_files(archive, names, found)]
            if not found.unasked:
                yield from _check_record(found.manifest, found.export, whole=not inside)
            yield from inside
    except BROKEN as error:
        yield f"This is no whole ZIP file: {str(error)[:200] or type(error).__name__}."


def _find_hostile(entries: list[zipfile.ZipInfo], size: int) -> Iterator[str]:
    """Why nothing of it is read, judged by what it declares alone."""
    if len(entries) > MOST_FILES:
        yield f"It declares {len(entries):,} files; a bundle has at most {MOST_FILES:,}."
    declared = sum(info.file_size for info in entries)
    if declared > LARGEST or declared > TIGHTEST * size:
        yield f"It declares {declared:,} bytes in {size:,}; that is a bomb, or broken."
    names = set()
    for info in entries:
        name = info.filename
        # Who packs a folder anew stores it as an entry of its own, which is empty and ends in a stroke.
        folder = info.is_dir() and not info.file_size
        steps = name.removesuffix("/").split("/") if folder else name.split("/")
        if (
            len(name) > 300
            or "\\" in name
            or "\0" in info.orig_filename
            or ":" in name
            or any(step in {"", ".", ".."} for step in steps)
        ):
            yield f"It holds a file with the name {name[:100]!r}, which leads elsewhere."
        if name in names:
            yield f"It holds {name[:100]!r} twice."
        names.add(name)
        if info.flag_bits & 0x1:
            yield f"{name[:100]!r} is encrypted."
        if (info.external_attr >> 28) not in ({0, 4} if folder else {0, 8}):
            yield f"{name[:100]!r} is no plain file."


def _read_manifest(archive: zipfile.ZipFile) -> tuple[dict[str, Any] | None, str]:
    """The manifest, or None and why there is none."""
    try:
        info = archive.getinfo(MANIFEST)
    except KeyError:
        inner = [name for name in archive.namelist() if name.endswith(f"/{MANIFEST}")]
        if len(inner) == 1:
            folder = inner[0].removesuffix(MANIFEST)
            return (
                None,
                f"Its {MANIFEST} stands in the folder {folder[:100]!r}: pack what is in that, without the folder.",
            )
        return None, f"It holds no {MANIFEST}: this is no bundle of a register."
    if info.file_size > LARGEST_MANIFEST:
        return None, f"Its {MANIFEST} is larger than any the register writes."
    try:
        manifest = json.loads(archive.read(info))
    except (ValueError, RecursionError):
        return None, f"Its {MANIFEST} is no JSON."
    files = manifest.get("files") if isinstance(manifest, dict) else None
    shape = isinstance(files, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("name"), str)
        and isinstance(entry.get("size"), int)
        and isinstance(entry.get("sha256"), str)
        for entry in files
    )
    if not shape or manifest.get("kind") != KIND:
        return None, f"Its {MANIFEST} is not one of a register."
    return manifest, ""


def _check_sums(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], key: Ed25519PublicKey) -> Iterator[str]:
    """Whether the list of fingerprints is signed, and is one of these files, the manifest among them."""
    if missing := [name for name in (SUMS, SIGNATURE) if name not in entries]:
        yield f"{missing[0]}: is missing."
        return
    if entries[SUMS].file_size > LARGEST_MANIFEST or entries[SIGNATURE].file_size != SIGNATURE_SIZE:
        yield f"{SUMS} or its signature has a size that the register writes none of."
        return
    sums = archive.read(SUMS)
    if not is_signed(sums, archive.read(SIGNATURE), key):
        yield f"The signature under {SUMS} is not this register's: changed, made elsewhere, or with another key."
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in sums.decode().splitlines())}
    for name in entries.keys() - listed.keys() - {SUMS, SIGNATURE}:
        yield f"{name}: stands not in {SUMS}."
    if MANIFEST in listed and _hash_file(archive, entries[MANIFEST]) != listed[MANIFEST]:
        yield f"{MANIFEST}: was changed; its fingerprint is another."


def _check_manifest(manifest: dict[str, Any]) -> Iterator[str]:
    """Whether a manifest of a release before is signed: an HMAC, which only who has the secret key can tell."""
    signature = manifest.get("signature")
    if not isinstance(signature, str) or not any(
        constant_time_compare(signature, sign_manifest(manifest, key)) for key in secret_keys()
    ):
        yield (
            f"The signature under {MANIFEST} is not this register's: it was changed, or made elsewhere or with "
            "another secret key."
        )


def sign_manifest(manifest: dict[str, Any], key: str | None = None) -> str:
    """The signature that stands in the manifest of a release before, hexadecimal."""
    unsigned = {name: value for name, value in manifest.items() if name != "signature"}
    text = json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return salted_hmac(SALT, text, secret=key, algorithm="sha256").hexdigest()


def _check_record(manifest: dict[str, Any], export: Export | None, *, whole: bool) -> Iterator[str]:
    """`whole` says that what is in the bundle is what was signed."""
    if export is None and whole:
        yield (
            "The register has no record of a bundle with this fingerprint: it was packed anew. What is in it is whole "
            "and signed."
        )
    elif export is None:
        yield "The register has no record of a bundle with this fingerprint: it was changed, or made elsewhere."
    elif manifest.get("query") != export.query or manifest.get("export") != export.pk:
        yield f"{MANIFEST} tells of another query than the record of this export."


def _check_files(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], found: Verified) -> Iterator[str]:
    assert found.manifest is not None
    listed = {entry["name"]: entry for entry in found.manifest["files"]}
    for name in entries.keys() - listed.keys() - {MANIFEST, SUMS, SIGNATURE}:
        yield f"{name}: stands in no manifest."
    for name, entry in listed.items():
        info = entries.get(name)
        if info is None:
            yield f"{name}: is missing."
        elif info.file_size != entry["size"]:
            yield f"{name}: has {info.file_size:,} bytes instead of {entry['size']:,}."
        else:
            try:
                if _hash_file(archive, info) == entry["sha256"]:
                    found.files += 1
                else:
                    yield f"{name}: was changed; its fingerprint is another."
            except BROKEN as error:
                yield f"{name}: cannot be read: {str(error)[:200]}."


def _hash_file(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with archive.open(info) as file:
        return fingerprint(file)[0].removeprefix("sha256:")
