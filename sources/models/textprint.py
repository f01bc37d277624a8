"""By which words a kept copy is known again."""

from __future__ import annotations

from django.db import models

from sources.models.snapshot import Snapshot


class TextPrint(models.Model):
    """The fingerprint of the words in a copy; derived, and written with the copy, which never changes."""

    snapshot = models.OneToOneField(
        Snapshot,
        models.CASCADE,
        primary_key=True,
        related_name="textprint",
        help_text="The copy in which the words stand.",
    )
    digest = models.CharField(max_length=64, help_text="The fingerprint of its words.")

    class Meta:
        indexes = (models.Index(fields=["digest"], name="textprint_digest"),)

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.digest[:12]}"
