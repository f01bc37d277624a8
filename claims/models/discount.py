"""Why a link of evidence does not count, stored beside it."""

from __future__ import annotations

from django.db import models

from claims.choices import Discount
from claims.models.evidence import EvidenceLink


class StoredDiscount(models.Model):
    """That a link does not count as evidence, and why; derived, and renewed with every change that bears on it.

    `claims.services.discount` does that. A link that counts has none.
    """

    link = models.OneToOneField(
        EvidenceLink,
        models.CASCADE,
        primary_key=True,
        related_name="stored_discount",
        help_text="The bearing of evidence that does not count.",
    )
    code = models.CharField(max_length=20, choices=Discount, help_text="Why it does not count.")

    def __str__(self) -> str:
        return f"{self.link_id}: {self.code}"
