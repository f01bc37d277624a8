"""What readers are answered, kept ready as bytes beside the rows that it tells of."""

from __future__ import annotations

from django.db import models

from claims.choices import Audience


class Prepared(models.Model):
    """One form of one row as one audience reads it.

    Derived, and dropped in the transaction of any change that shows in it (`claims.services.prepared`). It says what
    was so when it was built. Whoever hands it out need not ask again who may read the row: what nobody of the audience
    may read is never kept, and what they may no longer read is dropped.
    """

    pk = models.CompositePrimaryKey("noun", "row", "audience", "form", help_text="Which form of which row for whom.")
    noun = models.CharField(max_length=10, help_text="Which noun the row is, such as claim.")
    row = models.BigIntegerField(help_text="The number of the row.")
    audience = models.CharField(max_length=6, choices=Audience, help_text="Who reads it so.")
    form = models.CharField(max_length=20, help_text="Which of its forms this is, such as light.")
    edition = models.CharField(
        max_length=16, help_text="The release and the settings that made it; of another edition it is not handed out."
    )
    until = models.DateField(
        null=True, help_text="The day from which it says something else, whatever changes; empty where none does."
    )
    etag = models.CharField(max_length=64, help_text="What names these very bytes.")
    cuts = models.CharField(
        max_length=300, help_text="Where its pieces end, counted in bytes from its beginning: 12,90,117."
    )
    body = models.BinaryField(help_text="The bytes themselves.")

    rows_come_and_go = True

    def __str__(self) -> str:
        return f"{self.noun} {self.row}: {self.form} for {self.audience}"
