"""Reading for long as if nobody wrote meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def steady() -> Iterator[None]:
    """All that is read inside is of one moment, however long it takes, and writers do not wait for it.

    Nothing may be written inside. Within a transaction that has begun before, that one decides what is seen.
    """
    with ExitStack() as stack:
        if not connection.in_atomic_block:
            _begin(stack)
        yield


def _begin(stack: ExitStack) -> None:
    if connection.vendor == "postgresql":
        stack.enter_context(transaction.atomic())
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # SQLite shows one moment to every transaction; but ours begin as those of writers, who wait for each other.
    sqlite: Any = connection
    mode, sqlite.transaction_mode = sqlite.transaction_mode, None
    try:
        stack.enter_context(transaction.atomic())
    finally:
        sqlite.transaction_mode = mode
