"""What counts as evidence: own assertions, sets, premises, and pieces that are an origin of their own."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import factcheck.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="independent_because",
            field=factcheck.base.fields.PlainTextField(
                blank=True,
                help_text="Why it is an origin of its own although another piece has the same document.",
                max_length=10000,
            ),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="own_assertion",
            field=models.BooleanField(
                default=False,
                help_text="It is a statement of the party whose claim this is: shows that the claim was made, not that it is so.",
            ),
        ),
        migrations.AddField(
            model_name="evidencelink",
            name="set_name",
            field=factcheck.base.fields.LineField(
                blank=True, help_text="The name of the set with which it shows something only together.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="historicalevidence",
            name="independent_because",
            field=factcheck.base.fields.PlainTextField(
                blank=True,
                help_text="Why it is an origin of its own although another piece has the same document.",
                max_length=10000,
            ),
        ),
        migrations.AddField(
            model_name="historicalevidencelink",
            name="own_assertion",
            field=models.BooleanField(
                default=False,
                help_text="It is a statement of the party whose claim this is: shows that the claim was made, not that it is so.",
            ),
        ),
        migrations.AddField(
            model_name="historicalevidencelink",
            name="set_name",
            field=factcheck.base.fields.LineField(
                blank=True, help_text="The name of the set with which it shows something only together.", max_length=100
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPremise",
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
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When it was withdrawn; empty while it stands.", null=True
                    ),
                ),
                (
                    "withdrawn_reason",
                    factcheck.base.fields.PlainTextField(
                        blank=True, editable=False, help_text="Why it was withdrawn.", max_length=10000
                    ),
                ),
                (
                    "note",
                    factcheck.base.fields.PlainTextField(
                        blank=True, help_text="Why the bearing depends on the claim.", max_length=10000
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(blank=True, default="")),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The claim on which this bearing depends, such as: the video is genuine.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.claim",
                    ),
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
                    "link",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The bearing of evidence that depends on the claim.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.evidencelink",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical premise",
                "verbose_name_plural": "historical premises",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Premise",
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
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When it was withdrawn; empty while it stands.", null=True
                    ),
                ),
                (
                    "withdrawn_reason",
                    factcheck.base.fields.PlainTextField(
                        blank=True, editable=False, help_text="Why it was withdrawn.", max_length=10000
                    ),
                ),
                (
                    "note",
                    factcheck.base.fields.PlainTextField(
                        blank=True, help_text="Why the bearing depends on the claim.", max_length=10000
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        help_text="The claim on which this bearing depends, such as: the video is genuine.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="premise_of",
                        to="claims.claim",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        help_text="The bearing of evidence that depends on the claim.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="premises",
                        to="claims.evidencelink",
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("link", "claim"),
                        name="premise_once",
                        violation_error_message="This bearing of evidence already depends on the claim.",
                    )
                ],
            },
        ),
    ]
