"""The longest ways back: SQLite makes every table anew at every step, which takes a minute and more for each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from factcheck.audit.triggers import drop_triggers
from tests.database import quick_migrations

LONG_AGO = {
    "test_stances_move",
    "test_questions",
    "test_webhooks_move",
    "test_verdicts_bound",
    "test_discounts",
    "test_an_entry_that_was_altered_before_is_found_after",
}
"""Modules and tests of moves of the first releases: tried on PostgreSQL, and on SQLite with EVERY_UPGRADE=1."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if connection.vendor != "sqlite" or os.environ.get("EVERY_UPGRADE"):
        return
    skip = pytest.mark.skip(reason="a long way back, tried on PostgreSQL; EVERY_UPGRADE=1 tries it here too")
    for item in items:
        if item.path.parent == Path(__file__).parent and LONG_AGO & {item.path.stem, item.name}:
            item.add_marker(skip)


@pytest.fixture(scope="package", autouse=True)
def unguarded_ways_back() -> Iterator[None]:
    """As `migrate` does, of which these tests go the part that goes back by itself."""
    migrate = MigrationExecutor.migrate

    def unguarded(executor: MigrationExecutor, *args: Any, **kwargs: Any) -> Any:
        drop_triggers()
        return migrate(executor, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patched, quick_migrations():
        patched.setattr(MigrationExecutor, "migrate", unguarded)
        yield
