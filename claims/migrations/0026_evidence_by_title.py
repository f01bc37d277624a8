from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0025_twins"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["title", "id"], name="evidence_title"),
        ),
    ]
