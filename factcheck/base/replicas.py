"""Read replicas: which of them a request reads from, if any.

Django's routers see what goes through models; the register also sends SQL of its own and reads whole downloads in one
transaction. So the choice is made once for a request, in its thread, for all of it: what `default` means.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import local
from typing import Any

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = structlog.get_logger(__name__)

CHECK_SECONDS = 1.0
"""How long what was found out about a replica is believed."""

# A standby that received nothing new and has replayed all is up to date, however long ago the last change was. One that
# receives nothing any more may miss anything that came since the last change that it knows.
_LAG = """
SELECT CASE
WHEN NOT pg_is_in_recovery() THEN NULL
WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT 1 FROM pg_stat_wal_receiver) THEN 0
ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
END
"""


class ReplicaRouter:
    """Keeps `migrate` off the replicas; where to read is decided for the whole request, see above."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db in settings.FACTCHECK_REPLICAS else None


class _Thread(local):
    primary: BaseDatabaseWrapper | None = None
    """The connection to the primary, while this thread reads from a replica."""


class _Known:
    """What this process knows of its replicas: when each was looked at, and whether it may be read."""

    looked: dict[str, float] = {}
    usable: dict[str, bool] = {}


_thread = _Thread()


def read_from_replica() -> bool:
    """From here on this thread reads from a replica that is up to date; False where there is none."""
    read_from_primary()
    names: Sequence[str] = settings.FACTCHECK_REPLICAS
    # By chance: in turn, of requests that come in a pattern the same replica would get the dear ones.
    first = secrets.randbelow(len(names)) if names else 0
    for nth in range(len(names)):
        name = names[(first + nth) % len(names)]
        if _is_usable(name):
            _thread.primary = connections[DEFAULT_DB_ALIAS]
            connections[DEFAULT_DB_ALIAS] = connections[name]
            return True
    return False


def read_from_primary(**kwargs: Any) -> None:
    """From here on this thread reads from the primary, as it does by default; also for the signals of requests."""
    primary = _thread.primary
    if primary is not None:
        _thread.primary = None
        connections[DEFAULT_DB_ALIAS] = primary
        # Django does so with those that it sees when the request ends.
        primary.close_if_unusable_or_obsolete()


@contextmanager
def on_primary() -> Iterator[None]:
    """Inside, this thread reads and writes on the primary, wherever it read before and does afterwards."""
    primary = _thread.primary
    if primary is None:
        yield
        return
    replica = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = primary
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = replica
        primary.close_if_unusable_or_obsolete()


def is_on_replica() -> bool:
    """Whether this thread reads from a replica."""
    return _thread.primary is not None


def leave_broken_replica() -> bool:
    """Whether this thread read from a replica that is gone; then it reads from the primary, and no request asks the
    replica until it was looked at again."""
    if not is_on_replica():
        return False
    replica = connections[DEFAULT_DB_ALIAS]
    if replica.connection is not None and replica.is_usable():
        return False
    _remember(replica.alias, usable=False)
    read_from_primary()
    return True


def wait_for_replicas() -> None:
    """Return when no request reads any more from a replica what the primary had before: each has replayed what was
    committed until now, or is so far behind that it is left out. For a thread of its own, outside of transactions."""
    end = time.monotonic() + settings.FACTCHECK_REPLICA_LAG + 2 * CHECK_SECONDS
    position = _ask(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_insert_lsn()")
    waiting = set(settings.FACTCHECK_REPLICAS)
    while waiting and time.monotonic() < end:
        waiting = {name for name in waiting if not _ask(name, "SELECT pg_last_wal_replay_lsn() >= %s", position)}
        time.sleep(0.01)


def _ask(name: str, query: str, *values: Any) -> Any:
    """The one value of an answer; None where the database does not answer."""
    connection = connections[name]
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchone()[0]
    except Error as error:
        logger.warning("a database does not answer", database=name, error=str(error))
        return None
    finally:
        connection.close()


def _is_usable(name: str) -> bool:
    now = time.monotonic()
    if now - _Known.looked.get(name, -CHECK_SECONDS) < CHECK_SECONDS:
        return _Known.usable[name]
    # Said before it is looked at: one request may wait for a replica that does not answer, the others do not.
    _Known.usable.setdefault(name, False)
    _Known.looked[name] = now
    _remember(name, usable=_is_fresh(name))
    return _Known.usable[name]


def _is_fresh(name: str) -> bool:
    connection = connections[name]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LAG)
            (lag,) = cursor.fetchone()
    except Error as error:
        connection.close()
        logger.warning("a replica does not answer", replica=name, error=str(error))
        return False
    if lag is None:
        logger.warning("not a replica but a primary", replica=name)
    return lag is not None and lag <= settings.FACTCHECK_REPLICA_LAG


def _remember(name: str, *, usable: bool) -> None:
    if _Known.usable.get(name) and not usable:
        logger.warning("a replica is left out", replica=name)
    _Known.usable[name] = usable
    _Known.looked[name] = time.monotonic()
