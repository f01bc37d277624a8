from django.conf import settings
from django.db import migrations, models


def settle(_apps, schema_editor):
    """What is deferred to the commit would stand in the way of an index, where several migrations run in one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0017_reworded_claims"),
        ("sources", "0005_desk_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(settle, settle),
        # Word for word as claims.models.attribution.WARNED asks for it: SQLite compares the texts.
        migrations.RunSQL(
            "CREATE INDEX quote_check_warned ON claims_quotecheck (attribution_id) WHERE warnings <> '[]'",
            "DROP INDEX quote_check_warned",
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(fields=["stance", "-id"], name="attribution_stance"),
        ),
        migrations.AddIndex(
            model_name="attribution",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)), fields=["-id"], name="attribution_withdrawn"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["language", "-id"], name="claim_language"),
        ),
        migrations.AddIndex(
            model_name="claimrelation",
            index=models.Index(fields=["updated_at"], name="relation_updated"),
        ),
        migrations.AddIndex(
            model_name="evidencedocument",
            index=models.Index(fields=["updated_at"], name="evidence_document_updated"),
        ),
        migrations.AddIndex(
            model_name="evidencelink",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)), fields=["-id"], name="evidence_link_withdrawn"
            ),
        ),
        migrations.AddIndex(
            model_name="inquiry",
            index=models.Index(fields=["-asked_on", "-id"], name="inquiry_asked"),
        ),
        migrations.AddIndex(
            model_name="premise",
            index=models.Index(fields=["updated_at"], name="premise_updated"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("reworded_at__isnull", False)), fields=["reworded_at"], name="question_reworded"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("withdrawn_at__isnull", False)), fields=["-id"], name="review_withdrawn"
            ),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(fields=["author", "status", "submitted_at", "updated_at"], name="verdict_author_status"),
        ),
        migrations.AddIndex(
            model_name="verdict",
            index=models.Index(
                condition=models.Q(("review_by__isnull", False)), fields=["review_by", "id"], name="verdict_review_by"
            ),
        ),
    ]
