from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0004_list_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["language", "-id"], name="document_language"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["kind", "-id"], name="document_kind"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["retracted_on"], name="document_retracted"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["-taken_at", "-id"], name="snapshot_taken"),
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(
                condition=models.Q(("broken_since__isnull", False)),
                fields=["-broken_since", "-id"],
                name="snapshot_broken",
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["country", "name", "id"], name="source_country"),
        ),
    ]
