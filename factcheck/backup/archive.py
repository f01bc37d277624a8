"""The file of a backup: a ZIP of the database, the kept copies and a manifest, encrypted with age where asked.

The manifest comes last and names each other member with its size and SHA-256; nothing else in the file is believed.
Any unzip program opens it, after `age --decrypt` where it is encrypted.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from factcheck.backup.errors import BackupFault
from factcheck.base.files import CHUNK, chunks, make_folder, sync_folder

FORMAT, VERSION = "factcheck-backup", 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
MANIFEST_MAX_BYTES = 512 * 1024 * 1024
"""Some 150 bytes tell of a kept copy: those of three million."""
ENCRYPTED = b"age-encryption.org/"
"""How a file of age begins."""

Progress = Callable[[int], object]
"""Is told of bytes that were read."""


@dataclass
class Manifest:
    """What is in the file, and what the register was when it was taken."""

    engine: str
    """`sqlite` or `postgresql`."""
    taken_at: str
    """The moment, in UTC, ISO 8601."""
    migrations: list[tuple[str, str]]
    """App and name of each migration that the database had."""
    entries: int
    """How many entries the audit trail had."""
    head: str
    """Its last entry as `ID:HASH`, as verify_audit takes it; empty where there was none."""
    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Size in bytes and SHA-256 of each member, in hexadecimal digits."""
    missing: list[str] = field(default_factory=list)
    """Kept copies that could not be read when it was taken."""
    format: str = FORMAT
    version: int = VERSION

    @property
    def size(self) -> int:
        """Of all members, in bytes."""
        return sum(size for size, _digest in self.members.values())

    @property
    def copies(self) -> int:
        return len(self.members) - 1


class Writer:
    """Adds members to the file of a backup."""

    def __init__(self, archive: zipfile.ZipFile, progress: Progress) -> None:
        self.archive, self.progress = archive, progress
        self.members: dict[str, tuple[int, str]] = {}

    def add(self, name: str, content: IO[bytes], *, packed: bool = False) -> None:
        """Add what is left of `content`; `packed` says that it is small already."""
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with self.archive.open(entry, "w", force_zip64=True) as member:
            for chunk in chunks(content):
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
                self.progress(len(chunk))
        self.members[name] = (size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        manifest.members = self.members
        self.archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1), zipfile.ZIP_DEFLATED)


@contextmanager
def write_backup(target: Path, recipients: Iterable[str], progress: Progress) -> Iterator[Writer]:
    """A file that appears under its name when it is whole, readable by its owner alone. Raises BackupFault where there
    is one already, or for a recipient that is none; OSError where it cannot be written."""
    readers = [_recipient(text) for text in recipients]
    if target.exists():
        raise BackupFault(f"{target} is there already: a backup is not written over another. Name a new file.")
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as file:
            with _encrypting(file, readers) as sink, zipfile.ZipFile(sink, "w", compresslevel=1) as archive:
                yield Writer(archive, progress)
            file.flush()
            os.fsync(file.fileno())
        # Not over one that came meanwhile.
        os.link(temporary, target)
        sync_folder(target.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _recipient(text: str) -> Any:
    """A public key of age, or of SSH."""
    try:
        kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupFault(
            f"“{text[:80]}” is no public key: give one that age-keygen printed (age1…) or one of SSH (ssh-ed25519 …)."
        ) from error


@contextmanager
def _encrypting(file: IO[bytes], recipients: list[Any]) -> Iterator[IO[bytes]]:
    """Where to write so that `file` holds it for these recipients; without any, as it is."""
    if not recipients:
        yield file
        return
    source, sink = os.pipe()
    failed: list[BaseException] = []

    def encrypt() -> None:
        with os.fdopen(source, "rb") as plain:
            try:
                pyrage.encrypt_io(plain, file, recipients)
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                failed.append(error)

    worker = threading.Thread(target=encrypt, daemon=True)
    worker.start()
    try:
        with os.fdopen(sink, "wb") as plain:
            yield plain
    except BrokenPipeError:
        worker.join()
        if not failed:
            raise
    finally:
        worker.join()
    if failed:
        raise failed[0]


class Reader:
    """The file of a backup, opened."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.manifest = _manifest_of(archive)

    def unpack(self, name: str, target: Path, progress: Progress) -> None:
        """Write a member to `target` and hold it against the manifest."""
        size, wanted = self.manifest.members[name]
        digest, written = hashlib.sha256(), 0
        make_folder(target.parent)
        with self._open(name) as member, target.open("xb") as file:
            target.chmod(0o600)
            while (chunk := self._read(member, name)) and written <= size:
                digest.update(chunk)
                written += len(chunk)
                file.write(chunk)
                progress(len(chunk))
            file.flush()
            os.fsync(file.fileno())
        if (written, digest.hexdigest()) != (size, wanted):
            raise BackupFault(f"“{name}” in the backup is not what its manifest says: the file is damaged.")

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self.archive.open(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise BackupFault(f"“{name}” is missing in the backup, or damaged.") from error

    def _read(self, member: IO[bytes], name: str) -> bytes:
        try:
            return member.read(CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BackupFault(f"“{name}” in the backup is damaged.") from error


@contextmanager
def open_backup(path: Path, identities: Path | None, scratch: Path) -> Iterator[Reader]:
    """Open the file of a backup. One that is encrypted is decrypted into `scratch` with the keys in `identities`.

    Raises BackupFault for what is no backup, is damaged, or is not for these keys.
    """
    with path.open("rb") as file:
        encrypted = file.read(len(ENCRYPTED)) == ENCRYPTED
    plain = path
    if encrypted:
        if identities is None:
            raise BackupFault("The backup is encrypted: name the file with the private key by --identity.")
        plain = scratch / "decrypted.zip"
        _decrypt(path, plain, _identities(identities))
    try:
        with zipfile.ZipFile(plain) as archive:
            yield Reader(archive)
    except zipfile.BadZipFile as error:
        raise BackupFault(f"{path} is no backup of a register, or is cut off: {error}.") from error


def _identities(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    try:
        if "PRIVATE KEY-----" in text:
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        lines = [line.strip() for line in text.splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise BackupFault(f"{path} holds no private key of age or SSH.") from error
    if not found:
        raise BackupFault(f"{path} holds no private key of age or SSH.")
    return found


def _decrypt(path: Path, plain: Path, identities: list[Any]) -> None:
    with path.open("rb") as source, plain.open("xb") as target:
        plain.chmod(0o600)
        try:
            pyrage.decrypt_io(source, target, identities)
        except (pyrage.DecryptError, OSError) as error:
            raise BackupFault(f"{path} cannot be decrypted with this key, or is damaged: {error}.") from error


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    damaged = BackupFault("This is no backup of a register: its manifest is missing or cannot be read.")
    try:
        if archive.getinfo(MANIFEST).file_size > MANIFEST_MAX_BYTES:
            raise damaged
        told = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**told)
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise damaged from error
    if manifest.format != FORMAT:
        raise damaged
    if manifest.version != VERSION:
        raise BackupFault(f"This release reads backups of version {VERSION}, and this is one of {manifest.version!r}.")
    try:
        manifest.members = {name: (int(size), str(digest)) for name, (size, digest) in manifest.members.items()}
        manifest.migrations = [(str(app), str(name)) for app, name in manifest.migrations]
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged from error
    if DATABASE not in manifest.members or not all(map(_is_safe, manifest.members)):
        raise damaged
    return manifest


def _is_safe(name: str) -> bool:
    """The database, or a path below the files that leads nowhere else."""
    if name == DATABASE:
        return True
    path = PurePosixPath(name)
    strange = {"..", ".", ""} & {*name.split("/")} or "\\" in name or "\0" in name
    return path.parts[0] == FILES and len(path.parts) > 1 and not strange
