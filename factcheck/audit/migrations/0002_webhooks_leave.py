"""Webhooks become an app of their own: their tables are renamed, and no row is copied."""

from django.db import migrations

TABLES = {
    "Webhook": "webhook",
    "HistoricalWebhook": "historicalwebhook",
    "WebhookCursor": "webhookcursor",
    "WebhookCall": "webhookcall",
}


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_audit_trail")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable(name, f"webhooks_{table}") for name, table in TABLES.items()
            ],
            state_operations=[
                migrations.DeleteModel("WebhookCall"),
                migrations.DeleteModel("WebhookCursor"),
                migrations.DeleteModel("HistoricalWebhook"),
                migrations.DeleteModel("Webhook"),
            ],
        ),
    ]
