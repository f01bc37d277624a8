"""Statements of a request have a limit of time, while it is answered and while its answer is handed out as a stream.

On SQLite, where migrations, imports, commands and jobs have none; on PostgreSQL each connection has it by its options.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from factcheck.base.sqlite3.base import DatabaseWrapper


def set_limit(**kwargs: Any) -> None:
    """For the signal request_started."""
    _limit(on=True)


def lift_limit(**kwargs: Any) -> None:
    """For the signal request_finished, which comes when the answer is closed. A connection outlives its request, and
    may be used by others in this thread."""
    _limit(on=False)


def _limit(*, on: bool) -> None:
    for connection in connections.all():
        if isinstance(connection, DatabaseWrapper):
            connection.limit_statements(on)
