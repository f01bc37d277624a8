"""Looks whether the kept copies are still what they were, and remembers which are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone

from factcheck.audit.context import acting, recording
from factcheck.base.files import fingerprint
from factcheck.base.storage import names_in, open_file, size_of
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
    if not snapshot.kept_as:
        return "its name is not that of its fingerprint"
    try:
        if (size := size_of(snapshot.kept_as)) != snapshot.size:
            return f"it has {size:,} bytes instead of {snapshot.size:,}"
        with open_file(snapshot.kept_as) as content:
            digest, _size = fingerprint(content)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read ({error.strerror or type(error).__name__})"
    return "" if digest == snapshot.digest else "its content has another fingerprint"


def orphans() -> Iterator[str]:
    """The names of files among the copies for which there is no snapshot: what a crash left behind."""
    names = names_in(FOLDER)
    while some := list(islice(names, 500)):
        known = set(Snapshot.objects.filter(file__in=some).values_list("file", flat=True))
        yield from (name for name in some if name not in known)


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
