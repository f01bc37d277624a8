"""Why evidence does not count is stored beside its links: reckoned once from the rows that are there."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q

from claims.rules.counting import Linked, find_discounts

AT_ONCE = 500
NOUNS = ("Evidence", "EvidenceLink", "Premise", "StoredDiscount", "Verdict")
COLUMNS = ("pk", "claim_id", "evidence_id", "own_assertion", "set_name", "withdrawn_at")


def fill(apps: Any, editor: Any) -> None:
    noun = {name: apps.get_model("claims", name)._base_manager.using(editor.connection.alias) for name in NOUNS}
    newer = noun["Verdict"].filter(supersedes=OuterRef("pk"), status="published")
    refuted = noun["Verdict"].filter(
        ~Exists(newer), status="published", rating__leaning="refuted", rating__claimreview_value=1
    )
    resting = noun["Premise"].filter(withdrawn_at=None)
    fallen = resting.filter(Q(claim__status="withdrawn") | Q(claim__in=refuted.values("claim")))
    special = noun["EvidenceLink"].filter(
        Q(own_assertion=True) | ~Q(set_name="") | Exists(resting.filter(link=OuterRef("pk")))
    )
    claims = sorted({*special.order_by().values_list("claim_id", flat=True)})
    undercut = {*fallen.order_by().values_list("link_id", flat=True)}
    derived = noun["Evidence"].filter(independent_because="", derived_from__isnull=False)
    follows = dict(derived.order_by().values_list("pk", "derived_from_id")) if claims else {}
    for start in range(0, len(claims), AT_ONCE):
        links = noun["EvidenceLink"].filter(claim__in=claims[start : start + AT_ONCE]).order_by("pk")
        found = find_discounts(
            [
                Linked(pk, claim, evidence, own, pk in undercut, name, withdrawn_at is None)
                for pk, claim, evidence, own, name, withdrawn_at in links.values_list(*COLUMNS)
            ],
            follows,
        )
        rows = [apps.get_model("claims", "StoredDiscount")(link_id=pk, code=code) for pk, code in found.items() if code]
        noun["StoredDiscount"].bulk_create(rows, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("claims", "0015_tag_index")]

    operations = [
        migrations.CreateModel(
            name="StoredDiscount",
            fields=[
                (
                    "link",
                    models.OneToOneField(
                        help_text="The bearing of evidence that does not count.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="stored_discount",
                        serialize=False,
                        to="claims.evidencelink",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("own_assertion", "The claim's own assertion"),
                            ("repeats_own", "Derived from the claim's own assertion"),
                            ("undercut", "Undercut: a claim on which it depends does not hold"),
                            ("repeats_undercut", "Derived from what is undercut"),
                            ("broken_set", "Incomplete: a part of its set does not count"),
                        ],
                        help_text="Why it does not count.",
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
