import django.db.models.deletion
from django.db import migrations, models

JOINT = "The attribution of the same claim that is the same act: a joint statement of several sources."


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_stances"), ("sources", "0003_affiliations")]
    operations = [
        migrations.AddField(
            "attribution",
            "joint_with",
            models.ForeignKey(
                blank=True,
                help_text=JOINT,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joint",
                to="claims.attribution",
            ),
        ),
        migrations.AddField(
            "historicalattribution",
            "joint_with",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text=JOINT,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="claims.attribution",
            ),
        ),
    ]
