from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_kept_copies")]
    operations = []
