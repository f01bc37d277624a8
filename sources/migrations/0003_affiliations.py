import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import factcheck.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0002_kept_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalsource",
            name="part_of_since",
            field=factcheck.base.fields.EdtfDateField(
                blank=True,
                help_text="Since when it belongs to that body, as exactly as known; empty where it is not known.",
                max_length=17,
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="part_of_since",
            field=factcheck.base.fields.EdtfDateField(
                blank=True,
                help_text="Since when it belongs to that body, as exactly as known; empty where it is not known.",
                max_length=17,
            ),
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1,
                        editable=False,
                        help_text="Counts the changes of this row; a change names the version it is based on.",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, help_text="When this row was entered.")),
                ("updated_at", models.DateTimeField(auto_now=True, help_text="When this row was last changed.")),
                (
                    "name",
                    factcheck.base.fields.LineField(
                        blank=True, help_text="Its name at that time; empty where it was the same.", max_length=300
                    ),
                ),
                (
                    "since",
                    factcheck.base.fields.EdtfDateField(
                        blank=True,
                        help_text="Since when, as exactly as known; empty where it is not known.",
                        max_length=17,
                    ),
                ),
                (
                    "until",
                    factcheck.base.fields.EdtfDateField(
                        blank=True,
                        help_text="Until when, as exactly as known; empty where it is not known.",
                        max_length=17,
                    ),
                ),
                (
                    "note",
                    factcheck.base.fields.PlainTextField(blank=True, help_text="How the desk knows.", max_length=10000),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The larger body to which it belonged then; empty where it belonged to none.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_parts",
                        to="sources.source",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        help_text="The source whose past it is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affiliations",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ("source", "since", "id"),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="HistoricalAffiliation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "version",
                    models.PositiveIntegerField(
                        default=1,
                        editable=False,
                        help_text="Counts the changes of this row; a change names the version it is based on.",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(blank=True, editable=False, help_text="When this row was entered."),
                ),
                (
                    "updated_at",
                    models.DateTimeField(blank=True, editable=False, help_text="When this row was last changed."),
                ),
                (
                    "name",
                    factcheck.base.fields.LineField(
                        blank=True, help_text="Its name at that time; empty where it was the same.", max_length=300
                    ),
                ),
                (
                    "since",
                    factcheck.base.fields.EdtfDateField(
                        blank=True,
                        help_text="Since when, as exactly as known; empty where it is not known.",
                        max_length=17,
                    ),
                ),
                (
                    "until",
                    factcheck.base.fields.EdtfDateField(
                        blank=True,
                        help_text="Until when, as exactly as known; empty where it is not known.",
                        max_length=17,
                    ),
                ),
                (
                    "note",
                    factcheck.base.fields.PlainTextField(blank=True, help_text="How the desk knows.", max_length=10000),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(blank=True, default="")),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The larger body to which it belonged then; empty where it belonged to none.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The source whose past it is.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical affiliation",
                "verbose_name_plural": "historical affiliations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
