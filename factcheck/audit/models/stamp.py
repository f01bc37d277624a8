"""Time stamps of somebody else on heads of the chain."""

from __future__ import annotations

from django.db import models

from factcheck.audit.models.columns import HexField
from factcheck.audit.models.entry import FrozenQuerySet


class HeadStamp(models.Model):
    """What a time stamping authority answered (RFC 3161) about the head of the chain as it was then."""

    entry = models.BigIntegerField(unique=True, help_text="The number of the entry that was the last one.")
    hash = HexField(help_text="The hash of that entry.")
    at = models.DateTimeField(help_text="When it was, as the authority says.")
    answer = models.BinaryField(help_text="The answer of the authority, as it came.")

    objects: models.Manager[HeadStamp] = FrozenQuerySet.as_manager()

    class Meta:
        verbose_name = "time stamp"

    def __str__(self) -> str:
        return f"time stamp of entry {self.entry}"

    @property
    def line(self) -> str:
        """What was stamped: `ID:HASH`, without an end of line."""
        return f"{self.entry}:{self.hash}"
