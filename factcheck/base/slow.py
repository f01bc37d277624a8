"""Statements of the database that took long, one line of the log each: what was asked, without the values."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings

LONGEST = 2_000
"""So many characters of a statement are told."""

logger = structlog.get_logger("factcheck.slow")


def watch_connection(connection: Any, **kwargs: Any) -> None:
    """For the signal connection_created: time each statement, where FACTCHECK_SLOW_QUERY_MS says so."""
    if settings.FACTCHECK_SLOW_QUERY_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement. What is read of its rows afterwards is not counted."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round(1_000 * (time.perf_counter() - began))
        if milliseconds >= settings.FACTCHECK_SLOW_QUERY_MS:
            logger.warning("slow_query", milliseconds=milliseconds, sql=str(sql)[:LONGEST])
