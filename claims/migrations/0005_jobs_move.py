"""Jobs that were queued before the exports moved house find their way: each names its function by its module."""

from typing import Any

from django.db import migrations

MOVED = {
    "claims.exporting.job.run_export": "claims.exports.job.run_export",
    "claims.exporting.job.look_after": "claims.exports.job.look_after",
}


def rename(apps: Any, names: dict[str, str]) -> None:
    """Those that are over as well: how often an export was tried is counted by this name."""
    for old, new in names.items():
        apps.get_model("django_tasks_database", "DBTaskResult").objects.filter(task_path=old).update(task_path=new)


def move(apps: Any, schema_editor: Any) -> None:
    rename(apps, MOVED)


def move_back(apps: Any, schema_editor: Any) -> None:
    rename(apps, {new: old for old, new in MOVED.items()})


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_exports"), ("django_tasks_database", "0001_initial")]

    operations = [migrations.RunPython(move, move_back, elidable=True)]
