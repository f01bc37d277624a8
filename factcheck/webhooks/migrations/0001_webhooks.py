"""Webhooks become an app of their own: the tables that audit.0002 renamed, with their permissions and log entries."""

from typing import Any

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import factcheck.base.fields

NAMES = ("webhook", "historicalwebhook", "webhookcursor", "webhookcall")


def move_content_types(apps: Any, old: str, new: str) -> None:
    """Permissions, and the groups and users that hold them, hang on content types: with those they move along."""
    types = apps.get_model("contenttypes", "ContentType").objects
    for name in NAMES:
        moving = types.filter(app_label=old, model=name)
        if moving.exists():
            # A server that was started with the new code before this ran has made one already: nothing hangs on it.
            types.filter(app_label=new, model=name).delete()
            moving.update(app_label=new)


def move_in(apps: Any, schema_editor: Any) -> None:
    move_content_types(apps, "audit", "webhooks")


def move_out(apps: Any, schema_editor: Any) -> None:
    move_content_types(apps, "webhooks", "audit")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0002_webhooks_leave"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(move_in, move_out, elidable=True),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=1,
                                editable=False,
                                help_text="Counts the changes of this row; a change names the version it is based on.",
                            ),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True, help_text="When this row was entered.")),
                        (
                            "updated_at",
                            models.DateTimeField(auto_now=True, help_text="When this row was last changed."),
                        ),
                        (
                            "name",
                            factcheck.base.fields.LineField(
                                help_text="Who receives it, as the desk knows them.", max_length=200
                            ),
                        ),
                        (
                            "url",
                            factcheck.base.fields.HttpURLField(
                                help_text="Where it is sent (POST). Put no password or token into it: messages are signed, and the desk reads the address in the audit trail.",
                                max_length=2000,
                            ),
                        ),
                        (
                            "actions",
                            factcheck.base.fields.LabelsField(
                                blank=True,
                                default=list,
                                help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
                            ),
                        ),
                        (
                            "active",
                            models.BooleanField(
                                default=True,
                                help_text="Whether anything is sent; turned on again, it goes on where it stopped.",
                            ),
                        ),
                        (
                            "secret_generation",
                            models.PositiveIntegerField(
                                default=1,
                                editable=False,
                                help_text="Which secret signs the messages; each rotation makes a new one.",
                            ),
                        ),
                        (
                            "secret_shown_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When this secret was shown; it is shown once.",
                                null=True,
                            ),
                        ),
                        (
                            "secret_rotated_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When the secret was last replaced by a new one.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("id",),
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalWebhook",
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
                            models.DateTimeField(
                                blank=True, editable=False, help_text="When this row was last changed."
                            ),
                        ),
                        (
                            "name",
                            factcheck.base.fields.LineField(
                                help_text="Who receives it, as the desk knows them.", max_length=200
                            ),
                        ),
                        (
                            "url",
                            factcheck.base.fields.HttpURLField(
                                help_text="Where it is sent (POST). Put no password or token into it: messages are signed, and the desk reads the address in the audit trail.",
                                max_length=2000,
                            ),
                        ),
                        (
                            "actions",
                            factcheck.base.fields.LabelsField(
                                blank=True,
                                default=list,
                                help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
                            ),
                        ),
                        (
                            "active",
                            models.BooleanField(
                                default=True,
                                help_text="Whether anything is sent; turned on again, it goes on where it stopped.",
                            ),
                        ),
                        (
                            "secret_generation",
                            models.PositiveIntegerField(
                                default=1,
                                editable=False,
                                help_text="Which secret signs the messages; each rotation makes a new one.",
                            ),
                        ),
                        (
                            "secret_shown_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When this secret was shown; it is shown once.",
                                null=True,
                            ),
                        ),
                        (
                            "secret_rotated_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                help_text="When the secret was last replaced by a new one.",
                                null=True,
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                        "verbose_name": "historical webhook",
                        "verbose_name_plural": "historical webhooks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="WebhookCursor",
                    fields=[
                        (
                            "webhook",
                            models.OneToOneField(
                                help_text="The webhook that is told.",
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="cursor",
                                serialize=False,
                                to="webhooks.webhook",
                            ),
                        ),
                        (
                            "after",
                            models.BigIntegerField(help_text="The last entry of the audit trail that was dealt with."),
                        ),
                        (
                            "holder",
                            models.CharField(
                                blank=True, help_text="The run that delivers now; empty when none does.", max_length=32
                            ),
                        ),
                        (
                            "held_until",
                            models.DateTimeField(
                                blank=True, help_text="When another run may go on in its place.", null=True
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook cursor",
                    },
                ),
                migrations.CreateModel(
                    name="WebhookCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "entry_id",
                            models.BigIntegerField(help_text="The entry of the audit trail that it tells of."),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting: it is about to be sent"),
                                    ("delivered", "Delivered: the receiver took it"),
                                    ("failed", "Failed: it will be sent again"),
                                    ("given_up", "Given up: it will not be sent again"),
                                ],
                                default="waiting",
                                help_text="How far the delivery is.",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0, help_text="How often it was sent.")),
                        ("sent_at", models.DateTimeField(blank=True, help_text="When it was last sent.", null=True)),
                        (
                            "next_attempt_at",
                            models.DateTimeField(blank=True, help_text="When it will be sent again, if so.", null=True),
                        ),
                        (
                            "response_status",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="The HTTP status of the last answer; empty without an answer.",
                                null=True,
                            ),
                        ),
                        (
                            "response_excerpt",
                            factcheck.base.fields.PlainTextField(
                                blank=True,
                                help_text="The beginning of the last answer, at most 1,000 characters.",
                                max_length=1000,
                            ),
                        ),
                        (
                            "error",
                            factcheck.base.fields.PlainTextField(
                                blank=True, help_text="Why the last attempt failed.", max_length=1000
                            ),
                        ),
                        (
                            "webhook",
                            models.ForeignKey(
                                help_text="Whom it was sent to.",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="webhooks.webhook",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook call",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("webhook", "entry_id"),
                                name="webhook_call_once",
                                violation_error_message="This entry already has its call to this webhook.",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
