"""Names and scopes of tokens: those that there are keep all the rights of their owners."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import factcheck.base.fields

SCOPES = [
    ("read", "Read: reads what its owner may read"),
    ("write", "Write: also enters, changes and submits, as a researcher does"),
    ("review", "Review: also publishes, returns, corrects and withdraws, as a reviewer does"),
    ("admin", "Admin: everything that its owner may do"),
]


def grant(apps: Any, editor: Any) -> None:
    grants, tokens = apps.get_model("accounts", "TokenGrant"), apps.get_model("knox", "AuthToken")
    grants.objects.bulk_create([grants(token=token) for token in tokens.objects.all()])


class Migration(migrations.Migration):
    initial = True

    dependencies = [("knox", "0009_extend_authtoken_field")]

    operations = [
        migrations.CreateModel(
            name="TokenGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "name",
                    factcheck.base.fields.LineField(
                        blank=True, help_text="What it is for, such as “nightly export”.", max_length=100
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=SCOPES,
                        default="admin",
                        help_text="How much it may do, and never more than the role of its owner.",
                        max_length=10,
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When it was last used, to the hour.", null=True
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grant",
                        to="knox.authtoken",
                    ),
                ),
            ],
            options={"verbose_name": "grant"},
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
