"""Statements of a register from before the verbs: each keeps its word, and what cannot be mapped is listed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from claims.logic.verbs import OLDER, VERBS
from claims.models import Attribution
from tests.factories import make_claim, make_older_attribution

BEFORE = [("claims", "0005_jobs_move")]
OLD = ("asserts", "denies", "hedges", "relays", "retracts", "declines")


@pytest.fixture
def migrations(vocabularies: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction in which both engines can change the schema; it is taken back afterwards."""
    with django_db_blocker.unblock():
        # SQLite renames no table while it checks references.
        connection.disable_constraint_checking()
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            connection.enable_constraint_checking()


def stances(state: Any, model: str) -> list[str]:
    return list(state.get_model("claims", model).objects.order_by("id").values_list("stance", flat=True))


def test_old_rows_and_their_history_keep_their_word_and_can_be_gone_back_to(migrations: None) -> None:
    claim = make_claim()
    for stance in OLD:
        make_older_attribution(claim, stance=stance)
    connection.check_constraints()
    old = MigrationExecutor(connection).migrate(BEFORE).apps
    assert stances(old, "Attribution") == stances(old, "HistoricalAttribution") == list(OLD)
    executor = MigrationExecutor(connection)
    new = executor.migrate(executor.loader.graph.leaf_nodes()).apps
    assert stances(new, "Attribution") == stances(new, "HistoricalAttribution") == list(OLD)
    assert [row.stance for row in Attribution.objects.older()] == ["hedges"]


def test_every_old_word_is_still_one_and_the_migration_offers_all_of_today() -> None:
    assert set(OLD) <= set(VERBS)
    assert set(OLD) & OLDER == {"hedges"}
    field = import_module("claims.migrations.0006_stances").STANCE
    assert [code for code, _label in field.choices] == list(VERBS)
