"""The databases of the register as `settings.DATABASES` has them, for the environment that the operator gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from factcheck.env import Environment

# FULL: an acknowledged write survives a power cut; NORMAL was measured to lose up to 187 of them.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # secure_delete: what is deleted is written over, which Debian's SQLite does anyway.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}
# `True` would mean a fixed pool of four; a server with eight threads asks for more, a command for one. The engine asks
# it again for as long as connecting may take, unless the server is found to be gone meanwhile.
POSTGRES_POOL = {"min_size": 1, "max_size": 10, "timeout": 0.25}
# Where it does not answer, the primary is asked: nobody should wait long for that.
REPLICA_POOL = {**POSTGRES_POOL, "timeout": 2}


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Return `settings.DATABASES`: the database, and the replicas of it that the environment names."""
    found = {"default": database(environment)}
    for number, url in enumerate(environment.replica_urls, start=1):
        found[f"replica{number}"] = _replica(environment, url)
    return found


def _replica(environment: Environment, url: str) -> dict[str, Any]:
    given: dict[str, Any] = dict(dj_database_url.parse(url))
    config = _postgres(environment, {**given, "OPTIONS": {"connect_timeout": 2, **given.get("OPTIONS", {})}})
    options = config["OPTIONS"]
    if not environment.pgbouncer:
        # A replica refuses writing by itself; this is for an address that was mistaken.
        read_only = f"{options['options']} -c default_transaction_read_only=on"
        options |= {"pool": dict(REPLICA_POOL), "options": read_only}
    return {**config, "OPTIONS": options, "TEST": {"MIRROR": "default"}}


def _behind_pgbouncer(config: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """For PgBouncer in transaction mode: what a connection says of its session is another's from the next transaction
    on. So nothing is said when it begins, and the limit of time is one of the role in the database."""
    return {
        **config,
        "OPTIONS": options,
        # A cursor that outlives its transaction would be looked for on another connection.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        # To PgBouncer, who keeps the real ones; made sure of, since it may have been started anew.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def database(environment: Environment) -> dict[str, Any]:
    """Return the entry of `settings.DATABASES` for the database that the environment names."""
    config: dict[str, Any] = dict(dj_database_url.parse(environment.database_url))
    options = {**config.get("OPTIONS", {})}
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:":
            Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        return {
            **config,
            "ENGINE": "factcheck.base.sqlite3",
            "OPTIONS": {**SQLITE_OPTIONS, "statement_timeout": environment.statement_timeout, **options},
            # Opening the file anew for each request costs up to half of a read.
            "CONN_MAX_AGE": 60,
        }
    return _postgres(environment, config)


def _postgres(environment: Environment, config: dict[str, Any]) -> dict[str, Any]:
    # Seconds; without them a host that is silent is waited for as long as the network likes.
    options = {"connect_timeout": 5, **config.get("OPTIONS", {})}
    config["ENGINE"] = "factcheck.base.postgresql"
    if environment.pgbouncer:
        return _behind_pgbouncer(config, options)
    given = options.pop("options", "")
    limit = f"-c statement_timeout={environment.statement_timeout}s"
    return {
        **config,
        "OPTIONS": {"pool": dict(POSTGRES_POOL), **options, "options": f"{limit} {given}".strip()},
        # The pool keeps the connections; a second keeper on top of it is refused by Django.
        "CONN_MAX_AGE": 0,
    }
