"""Whoever goes back to an older release is told what goes with it, before it goes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from factcheck.losses import losses, tell_losses
from tests import factories as f

pytestmark = pytest.mark.usefixtures("register")


def told(*target: Any) -> list[str]:
    executor = MigrationExecutor(connection)
    return list(losses(executor.migration_plan([target]), "default"))


def test_rows_and_columns_that_go_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    f.make_source()
    f.make_source()
    lines = told("sources", "0006_history_unindexed")
    assert "Going back before sources.0007_twins drops the column merged_into of sources_source with 2 rows." in lines
    assert not any("sources_document " in line for line in lines), "it has no rows"
    assert "drops 2 rows of sources_source: back up first" in "\n".join(told("sources", None))
    tell_losses(MigrationExecutor(connection).migration_plan([("sources", "0006_history_unindexed")]), "default")
    assert "merged_into of sources_source" in capsys.readouterr().err


def test_the_way_forward_drops_nothing() -> None:
    executor = MigrationExecutor(connection)
    executor.loader.applied_migrations = {}
    assert list(losses(executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True), "default")) == []
