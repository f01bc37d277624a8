"""A limit to the time that one statement may take, for as long as somebody waits for the answer of a request."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from django.db.backends.sqlite3 import base

STEPS = 1_000_000
"""Of SQLite's virtual machine, between two looks at the clock: some 20 to 60 ms. Each look waits for the interpreter,
which other threads may hold for 5 ms; a look every 10,000 steps made a long statement seven times slower."""
_Answer = TypeVar("_Answer")


class Limit:
    """How long a statement may still run. Off, unless it is switched on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.on = False
        self._end = 0.0

    def start(self) -> None:
        """A statement begins now, or goes on to its next rows: what its reader did in between does not count."""
        if self.on:
            self._end = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        """Whether SQLite is to interrupt what it is at."""
        return time.monotonic() > self._end

    def watch(self, connection: sqlite3.Connection) -> None:
        """Let SQLite ask `is_over` on this connection, or ask no more."""
        connection.set_progress_handler(self.is_over if self.on else None, STEPS)


class Limited(Protocol):
    """The connection that a cursor belongs to."""

    limit: Limit

    def notice_lost_transaction(self) -> None: ...


class Cursor(base.SQLiteCursorWrapper):
    """Django's, which starts the limit anew with each statement and each fetch, and notices a lost transaction."""

    wrapper: Limited

    def execute(self, query: str, params: Any = None) -> Any:
        return self._step(super().execute, query, params)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        return self._step(super().executemany, query, param_list)

    def fetchone(self) -> Any:
        return self._step(super().fetchone)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._step(super().fetchmany, self.arraysize if size is None else size)

    def fetchall(self) -> list[Any]:
        return self._step(super().fetchall)

    def __next__(self) -> Any:
        return self._step(super().__next__)

    def _step(self, act: Callable[..., _Answer], *arguments: Any) -> _Answer:
        self.wrapper.limit.start()
        try:
            return act(*arguments)
        except sqlite3.Error:
            self.wrapper.notice_lost_transaction()
            raise
