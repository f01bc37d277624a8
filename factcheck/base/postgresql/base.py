"""The database engine `factcheck.base.postgresql`: Django's own, which waits for nobody who is known to be gone.

A pool of connections waits until its time is over, however clear it is that there will be none: every thread of a
server would wait with it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader
from psycopg_pool import PoolTimeout

from factcheck.base.asking import Asks
from factcheck.base.breaker import primary

# For where the operator gives none in DATABASE_URL.
CONNECT_SECONDS = 5


class DatabaseWrapper(Asks, base.DatabaseWrapper):
    """Refuses at once while the breaker of the primary is open; replicas are watched by `factcheck.base.replicas`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.alias != DEFAULT_DB_ALIAS:
            return super().get_new_connection(conn_params)
        end = time.monotonic() + float(conn_params.get("connect_timeout", CONNECT_SECONDS))
        while True:
            if primary.is_open:
                raise OperationalError("The database could not be reached a moment ago.")
            try:
                return super().get_new_connection(conn_params)
            except OperationalError as error:
                self.suspect(conn_params)
                # The pool has a short time: what it could not give may be late, or never come.
                if not isinstance(error, PoolTimeout) or time.monotonic() > end:
                    raise

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        return params | {"context": _with_own_moments(params["context"])}

    def create_cursor(self, name: str | None = None) -> Any:
        """As Django's, which asks what reads moments for its zone."""
        if not name:
            return self.connection.cursor()
        named: Any = base.ServerSideCursor
        return named(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)

    def ask(self, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
        """By a connection of the pool, for this alone: what Django does before and after takes twice as long. A thread
        that has one asks by that, and so does whoever is watched."""
        if self.connection is not None or not self.pool or self.execute_wrappers or self.queries_logged:
            return super().ask(sql, parameters)
        with self.wrap_database_errors:
            if primary.is_open and self.alias == DEFAULT_DB_ALIAS:
                raise self.Database.OperationalError("The database could not be reached a moment ago.")
            self.pool.open()
            lent = self.pool.getconn()
            try:
                # Planned once a connection: the driver prepares what is asked by a cursor of its own, never Django's.
                lent.prepare_threshold = 0
                cursor = self.Database.Cursor(lent)
                row: tuple[Any, ...] | None = cursor.execute(sql, parameters, prepare=True).fetchone()
                return row
            finally:
                self.pool.putconn(lent)

    def is_usable(self) -> bool:
        """Asked by Django after a fault: a connection that was lost may mean that the server is gone."""
        usable: bool = super().is_usable()
        if not usable and self.alias == DEFAULT_DB_ALIAS:
            self.suspect(self.get_connection_params())
        return usable

    def suspect(self, conn_params: dict[str, Any]) -> None:
        """Have it found out by somebody else whether the server is there."""
        connect = self.Database.connect
        primary.suspect(lambda: connect(**conn_params).close())


@cache
def _with_own_moments(adapters: AdaptersMap) -> AdaptersMap:
    """The adapters of Django, with the driver's own for moments: the session is in UTC, and Django sets that zone once
    more, in Python, which takes several times as long as to read the moment."""
    own = AdaptersMap(adapters)
    own.register_loader("timestamptz", TimestamptzLoader)
    return own
