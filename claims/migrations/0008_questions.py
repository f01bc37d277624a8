import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import factcheck.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0007_joint_statements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="dispute",
            field=models.ForeignKey(
                blank=True,
                help_text="The dispute to which it belongs; empty for a claim that stands alone.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="claims.dispute",
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="exclusive",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="What older releases knew of all its claims: that at most one can hold. Its questions say it now.",
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="question",
            field=factcheck.base.fields.LineField(
                help_text="What the dispute is about, as one sentence; what its claims answer are its questions.",
                max_length=1000,
            ),
        ),
        migrations.AlterField(
            model_name="historicalclaim",
            name="dispute",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The dispute to which it belongs; empty for a claim that stands alone.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="claims.dispute",
            ),
        ),
        migrations.AlterField(
            model_name="historicaldispute",
            name="exclusive",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="What older releases knew of all its claims: that at most one can hold. Its questions say it now.",
            ),
        ),
        migrations.AlterField(
            model_name="historicaldispute",
            name="question",
            field=factcheck.base.fields.LineField(
                help_text="What the dispute is about, as one sentence; what its claims answer are its questions.",
                max_length=1000,
            ),
        ),
        migrations.CreateModel(
            name="HistoricalQuestion",
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
                    "order",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Its place among the questions of the dispute; the next free one when left empty.",
                    ),
                ),
                ("text", factcheck.base.fields.LineField(help_text="The question as one sentence.", max_length=1000)),
                (
                    "exclusive",
                    models.BooleanField(default=False, help_text="Whether at most one of its claims can hold."),
                ),
                ("exhaustive", models.BooleanField(default=False, help_text="Whether one of its claims must hold.")),
                (
                    "answer",
                    factcheck.base.fields.PlainTextField(
                        blank=True,
                        editable=False,
                        help_text="The desk's answer in words: the report's bottom line.",
                        max_length=5000,
                    ),
                ),
                (
                    "answer_published_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When the answer was published.", null=True
                    ),
                ),
                (
                    "answer_draft",
                    factcheck.base.fields.PlainTextField(
                        blank=True,
                        editable=False,
                        help_text="An answer that waits for a second person; the published one stands until then.",
                        max_length=5000,
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
                    "answer_author",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        help_text="Who wrote the answer.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer_draft_author",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        help_text="Who wrote the answer that waits.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer_reviewer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        help_text="Who published the answer; never its author.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dispute",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The dispute to which the question belongs.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="claims.dispute",
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
            ],
            options={
                "verbose_name": "historical question",
                "verbose_name_plural": "historical questions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Question",
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
                    "order",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Its place among the questions of the dispute; the next free one when left empty.",
                    ),
                ),
                ("text", factcheck.base.fields.LineField(help_text="The question as one sentence.", max_length=1000)),
                (
                    "exclusive",
                    models.BooleanField(default=False, help_text="Whether at most one of its claims can hold."),
                ),
                ("exhaustive", models.BooleanField(default=False, help_text="Whether one of its claims must hold.")),
                (
                    "answer",
                    factcheck.base.fields.PlainTextField(
                        blank=True,
                        editable=False,
                        help_text="The desk's answer in words: the report's bottom line.",
                        max_length=5000,
                    ),
                ),
                (
                    "answer_published_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When the answer was published.", null=True
                    ),
                ),
                (
                    "answer_draft",
                    factcheck.base.fields.PlainTextField(
                        blank=True,
                        editable=False,
                        help_text="An answer that waits for a second person; the published one stands until then.",
                        max_length=5000,
                    ),
                ),
                (
                    "answer_author",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Who wrote the answer.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer_draft_author",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Who wrote the answer that waits.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "answer_reviewer",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="Who published the answer; never its author.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dispute",
                    models.ForeignKey(
                        help_text="The dispute to which the question belongs.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="claims.dispute",
                    ),
                ),
            ],
            options={
                "ordering": ("dispute", "order"),
                "permissions": (
                    ("draft_answer", "Can draft the answer to a question"),
                    ("publish_answer", "Can publish the answer to a question that somebody else drafted"),
                ),
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="question",
            field=models.ForeignKey(
                blank=True,
                help_text="The question of its dispute that it answers; empty for a circumstance, which answers none.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="claims.question",
            ),
        ),
        migrations.AddField(
            model_name="historicalclaim",
            name="question",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The question of its dispute that it answers; empty for a circumstance, which answers none.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="claims.question",
            ),
        ),
        migrations.CreateModel(
            name="StoredState",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        help_text="The question whose state this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="stored",
                        serialize=False,
                        to="claims.question",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("contested", "Contested"),
                            ("settled", "Settled"),
                            ("under_review", "Under review"),
                        ],
                        default="open",
                        help_text="How far the question is decided; whether a settled one is under review is asked when it is read.",
                        max_length=12,
                    ),
                ),
                (
                    "finding",
                    models.JSONField(
                        default=dict, help_text="Why: the ids of the claims that the sentence of the state names."
                    ),
                ),
                (
                    "settled_on",
                    models.DateField(
                        help_text="The day on which the last of the verdicts that settle it was published; empty otherwise.",
                        null=True,
                    ),
                ),
                (
                    "settled_by",
                    models.ManyToManyField(
                        help_text="The verdicts that settle it: while one of them is stale, it is under review.",
                        related_name="settles",
                        to="claims.verdict",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("dispute", "order"),
                name="question_order_once",
                violation_error_message="Another question of the dispute has this place (order).",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_reviewer", None),
                    models.Q(("answer_reviewer", models.F("answer_author")), _negated=True),
                    _connector="OR",
                ),
                name="question_answer_takes_two_people",
                violation_error_message="An answer takes two people: its author cannot publish it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer", ""),
                    models.Q(
                        ("answer_author__isnull", False),
                        ("answer_published_at__isnull", False),
                        ("answer_reviewer__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="question_answer_is_complete",
                violation_error_message="A published answer has an author, a reviewer and a date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_draft", ""), ("answer_draft_author__isnull", False), _connector="OR"),
                name="question_draft_has_author",
                violation_error_message="An answer that waits has an author.",
            ),
        ),
        migrations.AddIndex(
            model_name="storedstate",
            index=models.Index(fields=["state"], name="question_state"),
        ),
    ]
