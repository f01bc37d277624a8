"""A table in which processes tell each other how much was asked for."""

from typing import Any

from django.db import migrations, models


def forget_on_crash(apps: Any, editor: Any) -> None:
    # Counts of one minute are not worth a write to the log of the database.
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE accounts_requestcount SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tokens")]

    operations = [
        migrations.AlterModelOptions(
            name="tokengrant", options={"verbose_name": "API token", "verbose_name_plural": "API tokens"}
        ),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "who",
                    models.CharField(
                        help_text="The policy, and a keyed digest of the address or token.",
                        max_length=60,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("minute", models.BigIntegerField(help_text="The minute, since 1970.")),
                ("requests", models.BigIntegerField(help_text="How many requests.")),
            ],
            options={"verbose_name": "count of requests", "verbose_name_plural": "counts of requests"},
        ),
        migrations.RunPython(forget_on_crash, migrations.RunPython.noop),
    ]
