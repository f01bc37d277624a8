"""Looks whether the kept copies are still what they were, and remembers which are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from factcheck.audit.context import acting, recording
from factcheck.base.files import fingerprint
from sources.models import Document, Snapshot
from sources.models.snapshot import FOLDER


@dataclass(frozen=True, slots=True)
class Checked:
    """One snapshot that was looked at: what is wrong with its file, and whether that is news."""

    snapshot: Snapshot
    problem: str
    changed: bool


def verify_copies(document: Document | None = None) -> Iterator[Checked]:
    """Read every kept file and compare it with its size and fingerprint; each snapshot is recorded as broken, or as
    whole again, where that changed. The memory needed does not grow with the files."""
    rows = Snapshot.objects.kept().order_by("digest", "id")
    if document is not None:
        rows = rows.filter(document=document)
    seen, problem = "", ""
    for snapshot in rows.defer("text").iterator(chunk_size=500):
        if snapshot.digest != seen:
            seen, problem = snapshot.digest, fault_in(snapshot)
        yield Checked(snapshot, problem, _remember(snapshot.pk, broken=bool(problem)))


def fault_in(snapshot: Snapshot) -> str:
    """What is wrong with the kept file of a snapshot, in words; empty when it is whole."""
    path = snapshot.path
    if path is None:
        return "its name is not that of its fingerprint"
    try:
        with path.open("rb") as content:
            size = os.fstat(content.fileno()).st_size
            if size != snapshot.size:
                return f"it has {size:,} bytes instead of {snapshot.size:,}"
            digest, _size = fingerprint(content)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read ({error.strerror or type(error).__name__})"
    return "" if digest == snapshot.digest else "its content has another fingerprint"


def orphans() -> Iterator[Path]:
    """The files below the folder of copies for which there is no snapshot: what a crash left behind."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    waiting: list[str] = []
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            waiting.append((Path(place) / name).relative_to(settings.MEDIA_ROOT).as_posix())
            if len(waiting) >= 500:
                yield from _unknown(waiting)
                waiting = []
    yield from _unknown(waiting)


def _unknown(names: list[str]) -> Iterator[Path]:
    known = set(Snapshot.objects.filter(file__in=names).values_list("file", flat=True))
    yield from (Path(settings.MEDIA_ROOT) / name for name in names if name not in known)


def _remember(pk: int, *, broken: bool) -> bool:
    """Record what was found, unless it is known; the row is read again, since reading the file took its time."""
    if Snapshot.objects.filter(pk=pk, broken_since__isnull=not broken).exists():
        return False
    reason = "The kept file no longer verifies." if broken else "The kept file verifies again."
    with recording(), acting(reason=reason):
        snapshot = Snapshot.objects.get(pk=pk)
        if (snapshot.broken_since is not None) == broken:
            return False
        snapshot.broken_since = timezone.now() if broken else None
        snapshot.save(past_tense="found_broken" if broken else "found_whole")
    return True
