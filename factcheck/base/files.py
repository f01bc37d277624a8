"""Files that are read piece by piece, known by their fingerprint, and still there after a power cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

CHUNK = 1024 * 1024


class Readable(Protocol):
    """Anything that content can be read from in pieces."""

    def read(self, size: int = ..., /) -> bytes: ...


def chunks(content: Readable) -> Iterator[bytes]:
    """What is left of the content, some at a time."""
    while chunk := content.read(CHUNK):
        yield chunk


def fingerprint(content: Readable) -> tuple[str, int]:
    """The SHA-256 of what is left of the content, as `sha256:` and 64 hexadecimal digits, and its size in bytes."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(content):
        digest.update(chunk)
        size += len(chunk)
    return f"sha256:{digest.hexdigest()}", size


def fingerprint_of(path: Path) -> tuple[str, int]:
    """The fingerprint of a file and its size in bytes. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return fingerprint(file)


def make_folder(folder: Path) -> None:
    """The folder is there, with all above it, and stays."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    # Or the name of a new folder, and all in it, may be gone after a power cut.
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """The names in the folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
