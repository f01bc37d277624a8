"""What the database does for one statement: which tables it reads whole, and how much it reads in all.

PostgreSQL is asked by EXPLAIN ANALYZE, which counts the rows of each step. SQLite tells its plan in words and no
numbers; the steps of its virtual machine are counted instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

ROWS = 5_000
"""A page of 50 reads far fewer: a step of a plan that looks at more walks through a table, or sorts it whole."""
STEPS = 150_000
"""The same in steps of SQLite's virtual machine: about thirty for a row that is looked at and passed over."""
COUNTED = 1_000
SCAN = re.compile(r"^(SCAN (?!line|CONSTANT)|USE TEMP B-TREE FOR)")
"""Also of a table under a short name; not of the line of origins of a piece of evidence, which is short."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How much a statement reads, and the parts of its plan that say why."""

    amount: int
    unit: str
    parts: list[str]

    @property
    def too_much(self) -> bool:
        return self.amount > (ROWS if self.unit == "rows" else STEPS)

    def __str__(self) -> str:
        return f"{self.amount:,} {self.unit}: {'; '.join(self.parts) or 'an index is walked'}"


def explain(sql: str, params: Any) -> Reading:
    """How the database answers this statement."""
    return _explain_postgres(sql, params) if connection.vendor == "postgresql" else _explain_sqlite(sql, params)


def _explain_postgres(sql: str, params: Any) -> Reading:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    steps = sorted(_steps(plan), reverse=True)
    return Reading(steps[0][0], "rows", [name for amount, name in steps if amount > ROWS][:3])


def _steps(node: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """For each step of a plan the rows that it looks at, and what it is."""
    looked_at = sum(
        node.get(name, 0) for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    )
    what = " ".join(str(node[name]) for name in ("Node Type", "Relation Name", "Index Name") if name in node)
    yield int(looked_at * node.get("Actual Loops", 1)), what
    for below in node.get("Plans", ()):
        yield from _steps(below)


def _explain_sqlite(sql: str, params: Any) -> Reading:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        parts = [str(row[-1]) for row in cursor.fetchall()]
    counted = 0

    def count() -> bool:
        nonlocal counted
        counted += COUNTED
        return False

    database: Any = connection.connection
    database.set_progress_handler(count, COUNTED)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    finally:
        database.set_progress_handler(None, COUNTED)
    return Reading(counted, "steps", [part for part in parts if SCAN.match(part)][:3])
