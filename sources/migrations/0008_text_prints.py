from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from sources.logic.textprint import textprint

BATCH = 50


def print_copies(apps: Any, _editor: Any) -> None:
    """The words of every copy that is kept are known again."""
    snapshots, prints = apps.get_model("sources", "Snapshot"), apps.get_model("sources", "TextPrint")
    last = 0
    while copies := list(
        snapshots.objects.filter(pk__gt=last).exclude(text="").order_by("pk").values_list("pk", "text")[:BATCH]
    ):
        last = copies[-1][0]
        prints.objects.bulk_create(
            prints(snapshot_id=pk, digest=digest) for pk, text in copies if (digest := textprint(text))
        )


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_twins")]

    operations = [
        migrations.CreateModel(
            name="TextPrint",
            fields=[
                (
                    "snapshot",
                    models.OneToOneField(
                        help_text="The copy in which the words stand.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="textprint",
                        serialize=False,
                        to="sources.snapshot",
                    ),
                ),
                ("digest", models.CharField(help_text="The fingerprint of its words.", max_length=64)),
            ],
            options={"indexes": [models.Index(fields=["digest"], name="textprint_digest")]},
        ),
        migrations.AddIndex(model_name="source", index=models.Index(fields=["website"], name="source_website")),
        migrations.RunPython(print_copies, migrations.RunPython.noop, elidable=True),
    ]
