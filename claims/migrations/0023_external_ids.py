import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0022_restricted_slugs"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="external_id",
            field=models.CharField(
                blank=True,
                help_text="What the claim is called in another system that keeps it too, such as wire:123; once in a dispute.",
                max_length=200,
                null=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[-A-Za-z0-9_.~:@+]+\\Z", "Use Latin letters, digits and - . _ ~ : @ + alone."
                    )
                ],
            ),
        ),
        migrations.AddField(
            model_name="historicalclaim",
            name="external_id",
            field=models.CharField(
                blank=True,
                help_text="What the claim is called in another system that keeps it too, such as wire:123; once in a dispute.",
                max_length=200,
                null=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "\\A[-A-Za-z0-9_.~:@+]+\\Z", "Use Latin letters, digits and - . _ ~ : @ + alone."
                    )
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id__isnull", False)),
                fields=("external_id", "dispute"),
                name="claim_external_id_once",
                violation_error_message="Another claim of this dispute has this external_id. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dispute__isnull", True), ("external_id__isnull", False)),
                fields=("external_id",),
                name="claim_external_id_alone",
                violation_error_message="Another claim that stands alone has this external_id. Change that one.",
            ),
        ),
    ]
