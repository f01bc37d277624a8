from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_jobs_move")]
    operations = []
