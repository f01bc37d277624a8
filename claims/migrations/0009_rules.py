import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import factcheck.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalRuleException",
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
                ("code", models.SlugField(help_text="The rule, by its short name.", max_length=60)),
                (
                    "reason",
                    factcheck.base.fields.PlainTextField(
                        help_text="Why the rule does not hold there.", max_length=2000
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
                    "attribution",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The attribution that is excepted.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.attribution",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The claim that is excepted; of a rule on two claims the first of them.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The document that is excepted.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.document",
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
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The second claim, of a rule on two claims.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.claim",
                    ),
                ),
                (
                    "other_source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The second source, of a rule on two sources.",
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
                        help_text="The source that is excepted; of a rule on two sources the first of them.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical exception from a rule",
                "verbose_name_plural": "historical exceptions from rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRuleSetting",
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
                ("code", models.SlugField(help_text="The rule, by its short name.", max_length=60)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse: what breaks it is not saved or published"),
                            ("warn", "Warn: it is saved, and stands among the concerns of the desk"),
                            ("hint", "Hint: it is saved, and listed where somebody looks for more"),
                        ],
                        help_text="What happens where the rule is broken.",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    factcheck.base.fields.PlainTextField(help_text="Why the desk has set this level.", max_length=2000),
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
            ],
            options={
                "verbose_name": "historical level of a rule",
                "verbose_name_plural": "historical levels of rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="RuleSetting",
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
                ("code", models.SlugField(help_text="The rule, by its short name.", max_length=60, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse: what breaks it is not saved or published"),
                            ("warn", "Warn: it is saved, and stands among the concerns of the desk"),
                            ("hint", "Hint: it is saved, and listed where somebody looks for more"),
                        ],
                        help_text="What happens where the rule is broken.",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    factcheck.base.fields.PlainTextField(help_text="Why the desk has set this level.", max_length=2000),
                ),
            ],
            options={
                "verbose_name": "level of a rule",
                "verbose_name_plural": "levels of rules",
                "ordering": ("code",),
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="rule_setting_has_reason",
                        violation_error_message="Say why the desk sets this level (reason).",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleException",
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
                ("code", models.SlugField(help_text="The rule, by its short name.", max_length=60)),
                (
                    "reason",
                    factcheck.base.fields.PlainTextField(
                        help_text="Why the rule does not hold there.", max_length=2000
                    ),
                ),
                (
                    "attribution",
                    models.ForeignKey(
                        blank=True,
                        help_text="The attribution that is excepted.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions",
                        to="claims.attribution",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        help_text="The claim that is excepted; of a rule on two claims the first of them.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions",
                        to="claims.claim",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        help_text="The document that is excepted.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions",
                        to="sources.document",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        help_text="The second claim, of a rule on two claims.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions_to",
                        to="claims.claim",
                    ),
                ),
                (
                    "other_source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The second source, of a rule on two sources.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions_to",
                        to="sources.source",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The source that is excepted; of a rule on two sources the first of them.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_exceptions",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception from a rule",
                "verbose_name_plural": "exceptions from rules",
                "ordering": ("-id",),
                "abstract": False,
                "base_manager_name": "objects",
                "indexes": [models.Index(fields=["code"], name="rule_exception_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="rule_exception_has_reason",
                        violation_error_message="Say why the rule does not hold there (reason).",
                    )
                ],
            },
        ),
    ]
