"""PostgreSQL finds a tag by an index; SQLite has none over the entries of a list."""

from typing import Any

from django.db import migrations


def create(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE INDEX claim_tags ON claims_claim USING gin (tags jsonb_path_ops)")


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX claim_tags")


class Migration(migrations.Migration):
    dependencies = [("claims", "0014_list_orders")]

    operations = [migrations.RunPython(create, drop)]
