"""The database as each engine gives it out whole while others write, and takes it back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection, transaction
from django.utils import timezone
from psycopg.pq import Conninfo

from factcheck.audit.models import AuditEntry
from factcheck.backup.archive import Manifest
from factcheck.backup.errors import BackupFault
from factcheck.base.files import sync_folder

SQLITE, POSTGRESQL = "sqlite", "postgresql"
WORDS = 2_000
"""So much of what a program of PostgreSQL says is passed on."""


def engine() -> str:
    return connection.vendor


def database_file() -> Path:
    """Where SQLite keeps the register. Raises BackupFault for one in memory."""
    name = str(connection.settings_dict["NAME"])
    if name == ":memory:":
        raise BackupFault("The register is in memory only: there is nothing to back up, or to put back.")
    return Path(name).absolute()


@contextmanager
def copy_out(tools: Tools) -> Iterator[tuple[IO[bytes], Manifest]]:
    """The database as it is at one moment, and what is to be told of it. Nobody waits for it, and it for nobody."""
    with _copy_of_sqlite() if engine() == SQLITE else _copy_of_postgresql(tools) as copy:
        yield copy


@contextmanager
def _copy_of_sqlite() -> Iterator[tuple[IO[bytes], Manifest]]:
    path = database_file()
    if not path.is_file():
        raise BackupFault(f"There is no register at {path}.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copy = Path(folder) / "register.sqlite3"
        # A connection of its own: Django's may be in the middle of something. What was deleted is not copied.
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=60)) as source:
            source.execute("VACUUM INTO ?", [str(copy)])
        with closing(sqlite3.connect(copy)) as copied:
            manifest = _described(SQLITE, lambda sql: copied.execute(sql).fetchall())
        with copy.open("rb") as content:
            yield content, manifest


@contextmanager
def _copy_of_postgresql(tools: Tools) -> Iterator[tuple[IO[bytes], Manifest]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]

        def rows(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        manifest = _described(POSTGRESQL, rows)
        dump = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        with tempfile.TemporaryFile() as said, tools.start(dump, said) as process:
            assert process.stdout is not None
            try:
                yield process.stdout, manifest
            except BaseException:
                process.kill()
                raise
            if process.wait() != 0:
                raise BackupFault(f"pg_dump failed: {_words(said)}")


def _described(name: str, rows: Any) -> Manifest:
    migrations = rows("SELECT app, name FROM django_migrations ORDER BY app, name")
    last = rows(f"SELECT id, hash FROM {AuditEntry._meta.db_table} ORDER BY id DESC LIMIT 1")  # noqa: S608 - our table
    count = rows(f"SELECT COUNT(*) FROM {AuditEntry._meta.db_table}")[0][0]  # noqa: S608 - our table
    return Manifest(
        engine=name,
        taken_at=timezone.now().isoformat(timespec="seconds"),
        migrations=[(app, migration) for app, migration in migrations],
        entries=count,
        head=f"{last[0][0]}:{bytes(last[0][1]).hex()}" if last else "",
    )


@dataclass(frozen=True)
class Tools:
    """PostgreSQL's own programs, where they lie, and the database that they are to ask."""

    folder: str = ""
    """Empty: where PATH finds them."""
    database: str = ""
    """The name of another database than the register's own."""

    def start(self, command: Sequence[str], said: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program; its output is to be read, and its complaints go to `said`."""
        program, *arguments = command
        found = str(Path(self.folder) / program) if self.folder else program
        try:
            return subprocess.Popen(  # noqa: S603 - PostgreSQL's own
                [found, *arguments], stdout=subprocess.PIPE, stderr=said, env=self._environment()
            )
        except OSError as error:
            raise BackupFault(
                f"{found} cannot be run ({error.strerror}): install PostgreSQL's client programs of the server's "
                "version (Debian: postgresql-client), or name their folder by --pg-bin."
            ) from error

    def run(self, command: Sequence[str]) -> None:
        """Run a program to its end. Raises BackupFault with its words where it fails."""
        with tempfile.TemporaryFile() as said, self.start(command, said) as process:
            assert process.stdout is not None
            process.stdout.read()
            if process.wait() != 0:
                raise BackupFault(f"{command[0]} failed: {_words(said)}")

    def _environment(self) -> dict[str, str]:
        """The address of the database for libpq: no password in a list of processes."""
        names = {option.keyword: option.envvar for option in Conninfo.get_defaults() if option.envvar}
        given = {**connection.get_connection_params(), "options": "-c statement_timeout=0"}
        if self.database:
            given["dbname"] = self.database
        told = {
            names[keyword.encode()].decode(): str(value)
            for keyword, value in given.items()
            if keyword.encode() in names and value is not None
        }
        return {**os.environ, **told}


def _words(said: IO[bytes]) -> str:
    said.seek(0)
    return " ".join(said.read().decode("utf-8", "replace").split())[-WORDS:] or "it does not say why"


# --- the way back ---


def has_rows() -> bool:
    """Whether a register is there: an account, or an entry in the trail. Tables alone are none."""
    tables = {"auth_user", AuditEntry._meta.db_table}
    if engine() == SQLITE and not database_file().exists():
        return False
    with connection.cursor() as cursor:
        there = tables & {*connection.introspection.table_names(cursor)}
        for table in there:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - our tables
            if cursor.fetchone():
                return True
    return False


def put_in_sqlite(copy: Path, moment: str) -> Path | None:
    """Put the file `copy` in the place of the register. Returns where the register lies that was there; none is lost.

    Raises BackupFault while anybody else has it open.
    """
    path = database_file()
    connection.close()
    kept: Path | None = None
    if path.exists():
        try:
            with closing(sqlite3.connect(path, timeout=1)) as old:
                # Only who is alone with the file may: its -wal goes into it.
                mode = old.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.DatabaseError as error:
            # A damaged one, which may be why it is replaced, is laid aside with what belongs to it.
            mode = "locked" if "locked" in str(error) else "delete"
        if mode != "delete":
            raise BackupFault("Somebody has the register open: stop the server and the worker first.")
        kept = path.with_name(f"{path.name}.before-{moment}")
        for suffix in ("", "-wal", "-shm"):
            if (part := path.with_name(path.name + suffix)).exists():
                part.rename(kept.with_name(kept.name + suffix))
    copy.rename(path)
    sync_folder(path.parent)
    return kept


def put_in_postgresql(dump: Path, tools: Tools, *, replace: bool) -> None:
    """Make the database from a dump, whole or not at all; with `replace` in the place of what is there.

    Raises BackupFault while anybody else is connected, or with the words of PostgreSQL.
    """
    script = dump.with_suffix(".sql")
    tools.run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)])
    before = ["--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public"] if replace else []
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    tools.run(["psql", *options, *before, f"--file={script}"])
    script.unlink()


def refuse_others() -> None:
    """Raise BackupFault while anybody else is connected to the database on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupFault(
            f"{others} other connection{'s are' if others != 1 else ' is'} open to the database: stop the server and "
            "the worker first."
        )


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """A database beside the register's, gone afterwards. Raises BackupFault where the role may make none."""
    with psycopg.connect(**_plain_parameters(), autocommit=True) as server:
        try:
            server.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupFault(
                "The role may create no database to rehearse in: give it CREATEDB, or run this with a role that has it."
            ) from error
        try:
            yield
        finally:
            server.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


def _plain_parameters() -> dict[str, Any]:
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    return {name: value for name, value in connection.get_connection_params().items() if name in known}
