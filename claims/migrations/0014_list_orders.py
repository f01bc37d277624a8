from django.conf import settings
from django.db import migrations, models


def settle(_apps, schema_editor):
    """What is deferred to the commit would stand in the way of an index, where several migrations run in one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0013_prepared"),
        ("sources", "0004_list_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(settle, settle),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["updated_at", "id"], name="attribution_updated"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["created_at", "id"], name="attribution_created"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["said_on", "id"], name="attribution_said"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["source", "claim"], name="attribution_source_claim"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["source", "said_on", "id"], name="attribution_source_said"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "updated_at", "id"], name="claim_status_updated"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "created_at", "id"], name="claim_status_created"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["updated_at", "id"], name="claim_updated"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["created_at", "id"], name="claim_created"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "language", "-id"], name="claim_status_language"),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["updated_at", "id"], name="dispute_updated"),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["created_at", "id"], name="dispute_created"),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["title", "id"], name="dispute_title"),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["occurred_on", "id"], name="dispute_occurred"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["updated_at", "id"], name="evidence_updated"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["created_at", "id"], name="evidence_created"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["observed_on", "id"], name="evidence_observed"),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["credibility", "id"], name="evidence_credibility"),
        ),
        migrations.AddIndex(
            model_name="evidencelink",
            index=models.Index(fields=["bearing", "claim"], name="evidence_link_bearing_claim"),
        ),
        migrations.AddIndex(
            model_name="evidencelink",
            index=models.Index(fields=["updated_at", "id"], name="evidence_link_updated"),
        ),
        migrations.AddIndex(
            model_name="evidencelink",
            index=models.Index(fields=["created_at", "id"], name="evidence_link_created"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["status", "published_at", "id"], name="verdict_status_published"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["status", "updated_at", "id"], name="verdict_status_updated"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["status", "created_at", "id"], name="verdict_status_created"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["updated_at", "id"], name="verdict_updated"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["created_at", "id"], name="verdict_created"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["rating", "claim"], name="verdict_rating_claim"),
        ),
    ]
