"""The database engine `factcheck.base.sqlite3`: Django's own, whose write transactions wait in line and whose
statements have a limit of time while somebody waits for an answer.

Measured with eight writers: the longest wait is one second with the line, sixteen without it, because SQLite
lets whoever polls first go first. Readers need no lock in WAL mode and take none.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from sqlite3 import sqlite_version_info
from typing import Any, cast

from django.db.backends.sqlite3 import base, features, operations

from factcheck.base.asking import Asks
from factcheck.base.sqlite3.limit import Cursor, Limit
from factcheck.base.sqlite3.lock import FileLock

# The default of Python's sqlite3.connect.
DEFAULT_TIMEOUT = 5.0


class DatabaseFeatures(features.DatabaseFeatures):
    # Else Django follows a reference to a thousand rows by a thousand conditions joined by OR, which SQLite refuses.
    # The keys of this register have one column, and lists of those it takes.
    supports_tuple_lookups = True
    # What SQLite takes since 3.32, unless it was built otherwise: rows that come together are entered together.
    max_query_params = 32_766 if sqlite_version_info >= (3, 32) else 999


class DatabaseOperations(operations.DatabaseOperations):
    def integer_field_range(self, internal_type: str) -> tuple[int, int]:
        """As PostgreSQL's columns, though SQLite's hold more: no row that the other engine would refuse, and one
        description of the API for both."""
        return self.integer_field_ranges[internal_type]

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The moment that a column holds, as Django reads it in six steps: every row has some of them."""
        if self.connection.timezone is UTC:
            # By the type of its column the driver has read it already; what was worked out in the query is text.
            if type(value) is datetime and value.tzinfo is None:
                return value.replace(tzinfo=UTC)
            if type(value) is str and len(value) > 10:
                with suppress(ValueError):
                    return datetime.fromisoformat(f"{value}+00:00")
        return cast(Any, super()).convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(Asks, base.DatabaseWrapper):
    """Holds a lock on `<database file>.lock` from before BEGIN IMMEDIATE until the transaction ends."""

    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    # Set by get_connection_params; this and the methods of transactions are missing in the stubs.
    transaction_mode: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: FileLock | None = None
        self._patient = True
        self.limit = Limit(float(self.settings_dict["OPTIONS"].get("statement_timeout", 0)))

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        # Ours, not an argument of sqlite3.connect.
        params.pop("statement_timeout", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # A connection that was dropped without close() cannot hold a transaction any more.
        self._release_write_lock()
        connection = super().get_new_connection(conn_params)
        # SQLite itself knows the file behind a relative name, a URI or a link; a database in memory has none.
        path = next(row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
        self._write_lock = FileLock(f"{path}.lock") if path and not self.is_in_memory_db() else None
        self.limit.watch(connection)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def limit_statements(self, on: bool) -> None:
        """From now on end each statement of this connection with OperationalError when it runs for longer than
        OPTIONS["statement_timeout"], in seconds, or let it run; 0 is no limit."""
        self.limit.on = on and self.limit.seconds > 0
        if self.connection is not None:
            self.limit.watch(self.connection)

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Inside, a transaction begins at once or not at all: OperationalError where somebody else is writing."""
        self.ensure_connection()
        timeout = int(1_000 * float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)))
        self._patient = False
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            self._patient = True
            self.connection.execute(f"PRAGMA busy_timeout = {timeout}")

    def notice_lost_transaction(self) -> None:
        """Refuse further statements of a transaction that SQLite has rolled back by itself, as it does when a write is
        interrupted or the disk is full: they would be stored one by one, without what came before them."""
        if self.in_atomic_block and self.connection is not None and not self.connection.in_transaction:
            self.needs_rollback = True

    def _start_transaction_under_autocommit(self) -> None:
        self.ensure_connection()
        taken = self._take_write_lock()
        try:
            cast(Any, super())._start_transaction_under_autocommit()
        except BaseException:
            if taken:
                self._release_write_lock()
            raise

    def _commit(self) -> None:
        try:
            cast(Any, super())._commit()
        finally:
            self._release_write_lock_after_transaction()

    def _rollback(self) -> None:
        try:
            cast(Any, super())._rollback()
        finally:
            self._release_write_lock_after_transaction()

    def _close(self) -> None:
        try:
            cast(Any, super())._close()
        finally:
            self._release_write_lock()

    def _take_write_lock(self) -> bool:
        """Say whether the lock was taken by this call; it is not where it is held already or not needed."""
        lock = self._write_lock
        if lock is None or lock.held or self.transaction_mode not in {"IMMEDIATE", "EXCLUSIVE"}:
            return False
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT)) if self._patient else 0.0
        # The errors are those that SQLite itself would give, so that callers need to know only one kind.
        with self.wrap_database_errors:
            try:
                taken = lock.acquire(timeout)
            except OSError as error:
                raise self.Database.OperationalError(f"unable to open the write lock: {error}") from error
            if not taken:
                raise self.Database.OperationalError("database is locked")
        return True

    def _release_write_lock_after_transaction(self) -> None:
        # A commit that failed leaves its transaction open: the lock stays until the rollback that follows.
        if self.connection is None or not self.connection.in_transaction:
            self._release_write_lock()

    def _release_write_lock(self) -> None:
        if self._write_lock is not None:
            self._write_lock.release()
