"""Where commands write what they export: a file that appears when it is whole, or standard output."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth.models import AnonymousUser, User
from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from claims.exports.record import Progress


def find_reader(username: str | None) -> User | AnonymousUser:
    """The user of this name, or the public. Raises CommandError for a name that nobody active has."""
    if username is None:
        return AnonymousUser()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {username!r}.")
    return user


@contextmanager
def open_output(name: str, stdout: OutputWrapper) -> Iterator[Path]:
    """A path to be written, which becomes the file of this name when all went well: whoever reads the old one
    meanwhile keeps it. For `-` it is copied to standard output. Raises OSError."""
    target = Path(name) if name != "-" else None
    if target is not None and target.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    prefix = f".{target.name[:100]}." if target else "export-"
    handle, temporary = tempfile.mkstemp(dir=target.parent if target else None, prefix=prefix)
    os.close(handle)
    path = Path(temporary)
    try:
        yield path
        if target is None:
            copy_to_stdout(path, stdout)
            return
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o666 & ~_read_umask())
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def copy_to_stdout(path: Path, stdout: OutputWrapper) -> None:
    """Bytes, not text: the terminal's own encoding and line ends must not touch a file that is piped on."""
    raw = getattr(getattr(stdout, "_out", None), "buffer", None)
    if raw is None:
        stdout.write(path.read_text(encoding="utf-8"), ending="")
        return
    with path.open("rb") as file:
        shutil.copyfileobj(file, raw)
    raw.flush()


def make_progress(bar: tqdm) -> Progress:
    """What moves the bar to the number of rows that are written, out of so many, if that is known."""

    def move(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(max(done - bar.n, 0))

    return move


def _read_umask() -> int:
    # The only way to read it is to set it; a temporary file is made for its owner alone, whatever it says.
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
