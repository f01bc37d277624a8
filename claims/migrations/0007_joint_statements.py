from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_stances"), ("sources", "0003_affiliations")]
    operations = []
