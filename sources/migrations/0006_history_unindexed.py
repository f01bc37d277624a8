from django.db import migrations

from factcheck.base.unindex import Unindex


class Migration(migrations.Migration):
    dependencies = [("sources", "0005_desk_lists")]

    operations = [
        Unindex(
            {
                "historicalaffiliation": ["history_date", "history_user", "part_of"],
                "historicaldocument": ["history_date", "history_user", "publisher"],
                "historicalsnapshot": ["history_date", "history_user", "taken_by"],
                "historicalsource": ["history_date", "history_user", "part_of"],
            }
        )
    ]
