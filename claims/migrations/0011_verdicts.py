from bisect import bisect_right
from collections import defaultdict

from django.db import migrations, models

import factcheck.base.fields
from claims.logic.quotes import check, has_ellipsis

BATCH = 500


def bind(apps, schema_editor):
    """Each published verdict gets the wording that its claim had on publication, as the history of the claim tells; of
    the claim as it is where the history no longer does. Its own history gets the same: it is what the row has now."""
    verdict, claim = apps.get_model("claims", "Verdict"), apps.get_model("claims", "Claim")
    past = apps.get_model("claims", "HistoricalVerdict")
    published = verdict._base_manager.filter(status="published").order_by("pk")
    last = 0
    while rows := list(published.filter(pk__gt=last)[:BATCH]):
        claims = {row.claim_id for row in rows}
        versions = wordings(apps, claims)
        now = dict(claim._base_manager.filter(pk__in=claims).values_list("pk", "text"))
        for row in rows:
            moments, texts = versions[row.claim_id]
            place = bisect_right(moments, row.published_at)
            row.claim_text = texts[place - 1] if place else now[row.claim_id]
        verdict._base_manager.bulk_update(rows, ["claim_text"])
        judged = {row.pk: row.claim_text for row in rows}
        history = list(past._base_manager.filter(id__in=judged, status="published"))
        for row in history:
            row.claim_text = judged[row.id]
        past._base_manager.bulk_update(history, ["claim_text"], batch_size=BATCH)
        last = rows[-1].pk


def wordings(apps, claims):
    """The moments from which on each claim had a wording, and the wordings."""
    found = defaultdict(lambda: ([], []))
    history = apps.get_model("claims", "HistoricalClaim")._base_manager.filter(id__in=claims).order_by("history_id")
    for pk, moment, text in history.values_list("id", "history_date", "text").iterator():
        found[pk][0].append(moment)
        found[pk][1].append(text)
    return found


def look_again(apps, schema_editor):
    """Quotes with an ellipsis were called verified whatever they leave out."""
    checks = apps.get_model("claims", "QuoteCheck")._base_manager.filter(state="verified").order_by("pk")
    snapshots = apps.get_model("sources", "Snapshot")._base_manager.filter(broken_since=None).exclude(text="")
    last = 0
    while rows := list(checks.filter(pk__gt=last).select_related("attribution__document")[:BATCH]):
        last = rows[-1].pk
        elided = [row for row in rows if has_ellipsis(row.attribution.quote)]
        copies = defaultdict(list)
        documents = {row.attribution.document_id for row in elided}
        for copy in snapshots.filter(document__in=documents).order_by("-taken_at", "-pk"):
            copies[copy.document_id].append(copy.text)
        for row in elided:
            document = row.attribution.document
            looked = check(row.attribution.quote, [document.text, *copies[document.pk]])
            row.state, row.place = looked.state, looked.place
            row.omitted, row.warnings = looked.omitted, looked.warnings
        checks.model._base_manager.bulk_update(elided, ["state", "place", "omitted", "warnings"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_evidence"), ("sources", "0002_kept_copies")]
    operations = [
        migrations.AddField(
            model_name="historicalverdict",
            name="claim_text",
            field=factcheck.base.fields.PlainTextField(
                blank=True,
                help_text="The wording that it judges: that of the claim on publication. The draft of a correction may carry another one, which the claim takes on once the correction is published.",
                max_length=10000,
            ),
        ),
        migrations.AddField(
            model_name="historicalverdict",
            name="review_by",
            field=models.DateField(
                blank=True,
                help_text="The day from which it has to be looked at again, such as 2027-01-01; it is stale from then on.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="quotecheck",
            name="omitted",
            field=models.JSONField(
                default=list,
                help_text="What the quote leaves out between its parts, as it stands there; long ones are cut.",
            ),
        ),
        migrations.AddField(
            model_name="quotecheck",
            name="warnings",
            field=models.JSONField(
                default=list,
                help_text="What a reader has to know of it: codes, each with the words for which it is given.",
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="claim_text",
            field=factcheck.base.fields.PlainTextField(
                blank=True,
                help_text="The wording that it judges: that of the claim on publication. The draft of a correction may carry another one, which the claim takes on once the correction is published.",
                max_length=10000,
            ),
        ),
        migrations.AddField(
            model_name="verdict",
            name="review_by",
            field=models.DateField(
                blank=True,
                help_text="The day from which it has to be looked at again, such as 2027-01-01; it is stale from then on.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="quotecheck",
            name="state",
            field=models.CharField(
                choices=[
                    ("verified", "Verified: the words stand in the cited document"),
                    ("elided", "Elided: they stand there around what the quote leaves out"),
                    ("not_found", "Not found: the cited document has other words"),
                    ("unverifiable", "Unverifiable: the register has no text of the cited document"),
                ],
                help_text="Whether the quote was found, or could be looked up at all.",
                max_length=12,
            ),
        ),
        migrations.RunPython(bind, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(look_again, migrations.RunPython.noop, elidable=True),
    ]
