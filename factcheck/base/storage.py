"""Where uploads, kept copies and exports lie: in the folder MEDIA_ROOT, or in any other storage that Django knows.

In a folder a file is written beside its place, made durable and moved there. Elsewhere it is written on this machine
and handed to the storage when it is whole. Either way nobody finds half a file.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from errno import EEXIST, EIO
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from factcheck.base.files import make_folder, sync_folder


def is_folder() -> bool:
    """Whether files lie in a folder of this machine, or one that it shares with others."""
    return isinstance(default_storage, FileSystemStorage)


@contextmanager
def make_temporary_file(folder: str) -> Iterator[Path]:
    """A file to be written; it is gone afterwards unless it was kept. `folder` is where, below MEDIA_ROOT, so that it
    can be moved to its place; for another storage it lies where temporary files do."""
    place = Path(default_storage.path(folder)) if is_folder() else None
    if place is not None:
        make_folder(place)
    handle, name = tempfile.mkstemp(dir=place)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep_file(written: Path, name: str) -> None:
    """Put a file that is written under this name, durably and read-only; over one of the same name too. Raises OSError
    where that cannot be done."""
    if not is_folder():
        with _as_os_error(name):
            _hand_over(written, name)
        return
    target = Path(default_storage.path(name))
    with written.open("rb") as file:
        os.fchmod(file.fileno(), 0o400)
        os.fsync(file.fileno())
    make_folder(target.parent)
    written.replace(target)
    sync_folder(target.parent)


def _hand_over(written: Path, name: str) -> None:
    """Save a file in the storage. Some of them write over what is there, others take another name instead."""
    for _try in range(2):
        with written.open("rb") as content:
            kept = default_storage.save(name, File(content, name=name))
        if kept == name:
            return
        default_storage.delete(kept)
        default_storage.delete(name)
    raise FileExistsError(EEXIST, "The storage does not give this name", name)


def open_file(name: str) -> IO[bytes]:
    """The content of a file. Raises FileNotFoundError, or another OSError."""
    if is_folder():
        return Path(default_storage.path(name)).open("rb")
    with _as_os_error(name):
        content: Any = default_storage.open(name, "rb")
        return content


def exists(name: str) -> bool:
    with _as_os_error(name):
        return default_storage.exists(name)


def size_of(name: str) -> int:
    """Bytes. Raises FileNotFoundError, or another OSError."""
    with _as_os_error(name):
        return default_storage.size(name)


def remove(name: str) -> None:
    """The file is gone, whether or not it was there."""
    with _as_os_error(name):
        default_storage.delete(name)


def modified_at(name: str) -> datetime:
    """When the file was written. Raises FileNotFoundError, or another OSError."""
    with _as_os_error(name):
        return default_storage.get_modified_time(name)


def names_in(folder: str) -> Iterator[str]:
    """The names of all files below a folder, in order; of one that is not there, none."""
    try:
        with _as_os_error(folder):
            folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in sorted(files) if name)
    for name in sorted(folders):
        if name:
            yield from names_in(f"{folder}/{name}")


@contextmanager
def _as_os_error(name: str) -> Iterator[None]:
    """Each storage has errors of its own; who reads and writes files knows OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if is_folder():
            raise
        raise OSError(EIO, f"{type(error).__name__}: {error}"[:500], name) from error
