"""What a migration may do: the release before goes on writing while the new one starts, so what it does not know of
must not stand in its way, and what it asks for must be there."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

BEFORE = {"claims": 12, "sources": 3, "accounts": 4, "webhooks": 3}
"""The last migration of each app that does what it should not: there was no release yet that could have stumbled."""
ONE_AFTER_ANOTHER = "the release before asks for it: let one release go by in which nothing does, then remove it"
GONE = (migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel)


def faults(operation: Any, made: set[str]) -> list[str]:
    """What is wrong with an operation; `made` are the models that its own migration makes."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return [fault for inner in operation.database_operations for fault in faults(inner, made)]
    name = getattr(operation, "model_name", "")
    if isinstance(operation, migrations.AddField) and name.lower() not in made:
        field = operation.field
        can_be_left_out = field.null or field.has_db_default() or isinstance(field, models.ManyToManyField)
        if not can_be_left_out:
            return [f"{name}.{operation.name}: the release before leaves it out; give it null or db_default"]
    if isinstance(operation, GONE):
        return [f"{operation.describe()}: {ONE_AFTER_ANOTHER}"]
    if isinstance(operation, migrations.RunPython | migrations.RunSQL) and not operation.reversible:
        return [f"{operation.describe()}: there is no way back"]
    return []


def faults_of(migration: Any) -> list[str]:
    made = {op.name.lower() for op in migration.operations if isinstance(op, migrations.CreateModel)}
    return [fault for operation in migration.operations for fault in faults(operation, made)]


def test_the_release_before_can_write_on_the_tables_of_this_one() -> None:
    ours = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"claims", "sources", "factcheck"}
    }
    found = {
        f"{label}.{name}": faults_of(migration)
        for (label, name), migration in MigrationLoader(None).disk_migrations.items()
        if label in ours and int(name[:4]) > BEFORE.get(label, 0)
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("operation", "wrong"),
    [
        (migrations.AddField("claim", "mood", models.TextField()), True),
        (migrations.AddField("claim", "mood", models.TextField(default="")), True),
        (migrations.AddField("claim", "mood", models.TextField(db_default="")), False),
        (migrations.AddField("claim", "mood", models.TextField(null=True)), False),
        (migrations.AddField("new", "mood", models.TextField()), False),
        (migrations.RemoveField("claim", "text"), True),
        (migrations.RenameField("claim", "text", "words"), True),
        (migrations.DeleteModel("Claim"), True),
        (migrations.RunPython(lambda _apps, _editor: None), True),
        (migrations.RunPython(lambda _apps, _editor: None, migrations.RunPython.noop), False),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("claim", "text")]), True),
        (migrations.SeparateDatabaseAndState([], [migrations.RemoveField("claim", "text")]), False),
    ],
)
def test_what_is_refused(operation: Any, wrong: bool) -> None:
    made = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    migration = type("Migration", (migrations.Migration,), {"operations": [made, operation]})("0099_new", "claims")
    assert bool(faults_of(migration)) is wrong
