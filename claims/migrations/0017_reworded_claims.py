from django.db import migrations, models
from django.db.models import F, Q, Window
from django.db.models.functions import Lag

HELP = (
    "Since when it has its present wording, where it was given that after it had been published; older statements "
    "were made of an earlier wording."
)


def find_wordings(apps, schema_editor):
    """Claims whose words were changed after they had been published got their present ones then, as their history
    tells; of what that no longer holds nothing is told. The history gets the same: of a past moment it tells it too."""
    claims = apps.get_model("claims", "Claim")._base_manager
    history = apps.get_model("claims", "HistoricalClaim")._base_manager
    before = Window(Lag("text"), partition_by="id", order_by="history_id")
    published = history.filter(first_published_at__isnull=False).annotate(before=before)
    changed = published.filter(~Q(before=F("text")), before__isnull=False).order_by("history_id")
    for pk, version, moment in list(changed.values_list("id", "history_id", "history_date")):
        history.filter(id=pk, history_id__gte=version).update(reworded_at=moment)
        claims.filter(pk=pk).update(reworded_at=moment)


class Migration(migrations.Migration):
    dependencies = [("claims", "0016_discounts")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="reworded_at",
            field=models.DateTimeField(blank=True, editable=False, help_text=HELP, null=True),
        )
        for model in ("claim", "historicalclaim")
    ] + [migrations.RunPython(find_wordings, migrations.RunPython.noop, elidable=True)]
