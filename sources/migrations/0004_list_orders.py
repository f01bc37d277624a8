from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0003_affiliations"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["updated_at", "id"], name="document_updated"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["created_at", "id"], name="document_created"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["published_on", "id"], name="document_published"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["name", "id"], name="source_name"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["updated_at", "id"], name="source_updated"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=models.Index(fields=["created_at", "id"], name="source_created"),
        ),
    ]
