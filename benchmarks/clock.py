"""CPU time that requests take: of this process, and of the database server beside it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU milliseconds a request, of the application and of the database server."""

    app: float
    database: float

    @property
    def total(self) -> float:
        return self.app + self.database


class Clock:
    """Reads both at once. `postmaster` is the server's first process, 0 where there is none: SQLite computes in this
    process."""

    def __init__(self, postmaster: int) -> None:
        self.postmaster = postmaster
        self.children: list[Path] = []

    def find_children(self) -> None:
        """Which processes the server has now; a parallel worker comes and goes, and is counted when it has gone."""
        self.children = [] if not self.postmaster else _children(self.postmaster)

    def read(self) -> tuple[float, float]:
        """Seconds of CPU until now: of this process with all its threads, and of the server."""
        app = time.process_time()
        if not self.postmaster:
            return app, 0.0
        nanoseconds = sum(_run_time(path) for path in self.children)
        fields = Path(f"/proc/{self.postmaster}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        # Children that have ended: user and system time, in ticks.
        gone = (int(fields[13]) + int(fields[14])) / TICK
        return app, nanoseconds / 1e9 + gone

    def spent(self, before: tuple[float, float], requests: int) -> Spent:
        now = self.read()
        return Spent(*(1_000 * (after - then) / requests for after, then in zip(now, before, strict=True)))


def _children(parent: int) -> list[Path]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if int(fields[1]) == parent:
            found.append(path / "schedstat")
    return found


def _run_time(path: Path) -> int:
    """Nanoseconds on a processor; stat would tell hundredths of a second only."""
    try:
        return int(path.read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
