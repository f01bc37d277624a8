"""Whether what a backup holds is the register: looked at with the register's own commands, in a place of its own."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from factcheck import env
from factcheck.backup.archive import DATABASE, FILES, Progress, Reader
from factcheck.backup.engines import POSTGRESQL, Tools, engine, put_in_postgresql, scratch_database
from factcheck.backup.errors import BackupFault

ELSEWHERE = {
    "DATABASE_URL",
    "DATABASE_REPLICA_URLS",
    "FACTCHECK_DATA_DIR",
    "FACTCHECK_STATEMENT_TIMEOUT",
    "FACTCHECK_STORAGE_BACKEND",
    "FACTCHECK_STORAGE_OPTIONS",
}
"""The settings that say where the register lies: the commands are to look at another one."""


def unpack(reader: Reader, folder: Path, progress: Progress) -> Path:
    """Write all that the backup holds into `folder`, each piece held against the manifest. Returns the database."""
    database = folder / ("register.sqlite3" if reader.manifest.engine != POSTGRESQL else "register.dump")
    for name in reader.manifest.members:
        reader.unpack(name, database if name == DATABASE else folder / name, progress)
    (folder / FILES).mkdir(exist_ok=True)
    return database


@contextmanager
def beside(database: Path, folder: Path, tools: Tools) -> Iterator[Mapping[str, str]]:
    """The environment in which commands see the register that lies in `folder`; what they change there is gone
    afterwards on PostgreSQL, and on SQLite with the folder."""
    if engine() != POSTGRESQL:
        yield _environment(f"sqlite:///{database}", folder)
        return
    name = f"factcheck_rehearsal_{secrets.token_hex(6)}"
    parts = urlsplit(env.read().database_url)
    with scratch_database(name):
        put_in_postgresql(database, Tools(tools.folder, name), replace=False)
        yield _environment(urlunsplit(parts._replace(path=f"/{name}")), folder)


def _environment(url: str, folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ELSEWHERE and name.removesuffix("_FILE") not in ELSEWHERE
    }
    return {**kept, "DATABASE_URL": url, "FACTCHECK_DATA_DIR": str(folder), "FACTCHECK_STATEMENT_TIMEOUT": "0"}


def look_at(environment: Mapping[str, str], heads: list[str]) -> Iterator[str]:
    """Bring the register of this environment to this release and look at its trail, copies and prepared answers.
    Yields what was found, in words; raises BackupFault where something does not hold."""
    _run(environment, "migrate", "--verbosity=0")
    yield _run(environment, "verify_audit", *(f"--head={head}" for head in heads if head))
    yield _run(environment, "verify_snapshots")
    yield _run(environment, "verify_representations")


def _run(environment: Mapping[str, str], command: str, *arguments: str) -> str:
    run = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "manage.py", command, *arguments],
        cwd=env.BASE_DIR,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        raise BackupFault(f"{command} says: {' '.join((run.stderr or run.stdout).split())[-2_000:]}")
    return " ".join(line for line in run.stdout.splitlines() if line)
