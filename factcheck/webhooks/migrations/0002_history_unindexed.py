from django.db import migrations

from factcheck.base.unindex import Unindex


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_webhooks")]

    operations = [
        Unindex(
            {
                "historicalwebhook": ["history_date", "history_user"],
            }
        )
    ]
