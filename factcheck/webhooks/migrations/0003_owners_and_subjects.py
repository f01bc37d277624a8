"""A webhook has an owner, and may be narrowed to disputes and sources; a call names its event, and may be a test."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce

import factcheck.base.fields


def name_events(apps: Any, schema_editor: Any) -> None:
    """Each call says itself what it tells, as the trail has it."""
    calls, entries = apps.get_model("webhooks", "WebhookCall"), apps.get_model("audit", "AuditEntry")
    told = entries.objects.filter(id=models.OuterRef("entry_id")).values("action")[:1]
    calls.objects.update(event=Coalesce(models.Subquery(told), models.Value("")))


def forget_tests(apps: Any, schema_editor: Any) -> None:
    """The release before knows no test."""
    apps.get_model("webhooks", "WebhookCall").objects.filter(entry_id=None).delete()


def number_on(apps: Any, schema_editor: Any) -> None:
    """SQLite forgets, where it makes a table anew, which numbers of deleted rows were taken: the trail knows."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM webhooks_historicalwebhook")
        if taken := cursor.fetchone()[0]:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'webhooks_webhook' AND seq < %s", [taken])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT 'webhooks_webhook', %s "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'webhooks_webhook')",
                [taken],
            )


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0002_history_unindexed"),
        ("audit", "0003_smaller_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalwebhook",
            name="disputes",
            field=factcheck.base.fields.NumbersField(
                blank=True,
                default=list,
                help_text="Only what belongs to these disputes, by their ids; empty for all. Anybody has to be able to read them.",
            ),
        ),
        migrations.AddField(
            model_name="historicalwebhook",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                help_text="Who answers for it: who set it up or took it over. Where they have not the right to look after webhooks any more, nothing is sent.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalwebhook",
            name="sources",
            field=factcheck.base.fields.NumbersField(
                blank=True,
                default=list,
                help_text="Only what these sources said or published, and what is decided on claims that they speak about, by their ids; empty for all. Anybody has to be able to read them and to know their names.",
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="disputes",
            field=factcheck.base.fields.NumbersField(
                blank=True,
                default=list,
                help_text="Only what belongs to these disputes, by their ids; empty for all. Anybody has to be able to read them.",
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who answers for it: who set it up or took it over. Where they have not the right to look after webhooks any more, nothing is sent.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="webhook",
            name="sources",
            field=factcheck.base.fields.NumbersField(
                blank=True,
                default=list,
                help_text="Only what these sources said or published, and what is decided on claims that they speak about, by their ids; empty for all. Anybody has to be able to read them and to know their names.",
            ),
        ),
        migrations.AddField(
            model_name="webhookcall",
            name="event",
            field=models.CharField(
                blank=True, help_text="The action that it tells, or webhook.ping for a test.", max_length=60
            ),
        ),
        migrations.AlterField(
            model_name="webhookcall",
            name="entry_id",
            field=models.BigIntegerField(
                blank=True, help_text="The entry of the audit trail that it tells of; empty for a test.", null=True
            ),
        ),
        migrations.RunPython(name_events, forget_tests),
        migrations.RunPython(number_on, number_on),
    ]
