"""One statement by itself, as both engines ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Asks:
    """For the engines of the register: what is asked with every request."""

    def ask(self, sql: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
        """The first row of what this statement finds."""
        engine: Any = self
        with engine.cursor() as cursor:
            cursor.execute(sql, parameters)
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row
