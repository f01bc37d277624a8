"""What commands cost beside the least that does the same: `python -m benchmarks.commands --claims 10000`.

Each runs in a process of its own, whose CPU is counted from its start to its end, with that of the database server.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from benchmarks import report
from benchmarks.clock import Clock
from benchmarks.registers import ENGINES, KEPT, ROOT, Register, copied, emptied, kept_register

EXPORT = "/api/v1/claims/?include=attributions,evidence,relations,verdict,reviews,inquiries"
MOMENT = 1.0
"""Seconds in which a server process has ended and was counted, after its client has."""
LEAST = "benchmarks.least"
"""The module with the least that does the same."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of a command, of the least that does the same, and what the ratio may be."""

    name: str
    seconds: float
    least: float
    bound: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.least

    @property
    def broken(self) -> bool:
        return self.ratio > self.bound


class Shell:
    """Runs commands on one register."""

    def __init__(self, register: Register) -> None:
        self.register = register

    def seconds(self, *command: str) -> float:
        """CPU of a run, of its process and of the server."""
        clock = Clock(self.register.postmaster)
        clock.find_children()
        _app, before = clock.read()
        with tempfile.TemporaryFile() as told:
            process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=told
            )
            _pid, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                told.seek(0)
                raise RuntimeError(f"{shlex.join(command)}: {told.read().decode()}")
        # A server process that served it has ended and is counted with those that have, a moment after its client has.
        time.sleep(MOMENT if self.register.postmaster else 0)
        _app, after = clock.read()
        return used.ru_utime + used.ru_stime + after - before

    def run(self, *command: str) -> str:
        """What it prints; not counted."""
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    @property
    def environment(self) -> dict[str, str]:
        quiet = {"FACTCHECK_STATEMENT_TIMEOUT": "0", "FACTCHECK_LOG_LEVEL": "CRITICAL"}
        return {**self.register.environment, **quiet}


def start(shell: Shell) -> Cost:
    """From nothing to the first answer, beside a bare Django with REST framework and admin."""
    product, bare = (shell.seconds("-m", LEAST, name) for name in ("start", "start-bare"))
    return Cost("first answer", product, bare, 3)


def verify(shell: Shell) -> Cost:
    """The audit trail; the least is a second for 20,000 entries, not a program."""
    entries = float(shell.run("-m", LEAST, "entries"))
    return Cost(
        "verify_audit, of 5 s for 100,000 entries", shell.seconds("manage.py", "verify_audit"), entries / 20_000, 1
    )


def export(shell: Shell) -> Cost:
    """All claims with six parts as NDJSON, whose lines an export before has kept, beside streaming stored bytes from a
    table to a file."""
    with tempfile.TemporaryDirectory() as folder:
        shell.run("manage.py", "export_list", EXPORT, "--format", "ndjson", "-o", f"{folder}/first")
        written = shell.seconds("manage.py", "export_list", EXPORT, "--format", "ndjson", "-o", f"{folder}/rows")
        shell.run("-m", LEAST, "store", f"{folder}/kept")
        least = shell.seconds("-m", LEAST, "stream", f"{folder}/kept", f"{folder}/stored")
    return Cost("export of all claims, kept ready", written, least, 2)


def bring_in(shell: Shell) -> Cost:
    """A whole register from a file, beside bulk_create of its rows, both with the file read."""
    with tempfile.TemporaryDirectory() as folder:
        shell.run("manage.py", "export_register", f"{folder}/register")
        commands = (("manage.py", "import_claims"), ("-m", LEAST, "bulk-create"))
        product, least = (_on_empty(shell, *command, f"{folder}/register") for command in commands)
    return Cost("import of the whole register", product, least, 3)


def _on_empty(shell: Shell, *command: str) -> float:
    with emptied(shell.register) as empty:
        return Shell(empty).seconds(*command)


ACTS: dict[str, Callable[[Shell], Cost]] = {"start": start, "verify": verify, "export": export, "import": bring_in}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="may be given again; by default both")
    parser.add_argument("--acts", nargs="+", choices=ACTS, default=list(ACTS))
    parser.add_argument("--keep", type=Path, default=KEPT, help="where filled registers are kept (%(default)s)")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args(arguments)
    lines, broken = report.head(report.command("commands", arguments)), False
    lines += [
        report.line(["database", "command", "CPU s", "the least", "ratio", "bound", ""]),
        report.line(["---"] * 7),
    ]
    for engine in options.engine or ENGINES:
        # On a copy: to take rows out is itself put on record.
        with kept_register(engine, options.claims, options.keep, trail=True) as kept, copied(kept) as register:
            for name in tqdm(options.acts, desc=engine, disable=None, leave=False):
                cost = ACTS[name](Shell(register))
                broken |= cost.broken
                figures = [f"{cost.seconds:.2f}", f"{cost.least:.2f}", f"{cost.ratio:.2f}", f"{cost.bound:g}"]
                told = [report.ENGINE_NAMES[engine], cost.name, *figures, "OVER" if cost.broken else "ok"]
                lines.append(report.line(told))
    page = "\n".join([*lines, ""])
    print(page)
    if options.write:
        report.write(page, "commands")
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
