"""Notes that a read leaves: whoever reads waits for nobody."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection


def at_once() -> AbstractContextManager[None]:
    """Inside, SQLite takes a write at once or refuses it with a DatabaseError, however long others write."""
    engine: Any = connection
    waiting: AbstractContextManager[None] = engine.without_waiting() if engine.vendor == "sqlite" else nullcontext()
    return waiting
