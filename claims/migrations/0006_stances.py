from django.db import migrations, models

# Old rows keep their word: each but one means today what it meant. “Hedges” could be any of several verbs, and which
# one only the record tells: it stays, and is listed for the desk.
STANCE = models.CharField(
    choices=[
        ("asserts", "Asserts: says that it is so"),
        ("alleges", "Alleges: accuses, before anything is proved"),
        ("suggests", "Suggests: says that it is likely, or hints at it"),
        ("denies", "Denies: says that it is not so"),
        ("disputes", "Disputes: rejects it without saying what is so"),
        ("questions", "Questions: doubts it, or asks whether it is so"),
        ("declines", "Declines: refuses to say (was asked, and declined)"),
        ("disclaims", "Disclaims: does not accept responsibility"),
        ("opines", "Opines: forecasts, or gives an opinion that no record can check"),
        ("jokes", "Jokes: satire, not meant as so"),
        ("relays", "Relays: passes on what another source says"),
        ("retracts", "Retracts: takes its own statement back"),
        ("hedges", "Hedges: an older entry, neither asserts nor denies it"),
    ],
    help_text="What the source does with the claim, no stronger than its words.",
    max_length=20,
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_jobs_move")]
    operations = [
        migrations.AlterField("attribution", "stance", STANCE),
        migrations.AlterField("historicalattribution", "stance", STANCE),
    ]
