"""Whether the quote of an attribution was found in the work it is said to come from."""

from __future__ import annotations

from typing import Any

from django.db import models

from claims.choices import QuoteState
from claims.logic.quotes import shorten
from claims.models.attribution import Attribution
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader

OUTSIDE = 100
"""How many characters of what a quote leaves out are told outside the desk, of each omission."""


class QuoteCheck(models.Model):
    """What the last look into the cited work found; derived, and renewed with every change of quote or work."""

    attribution = models.OneToOneField(
        Attribution,
        models.CASCADE,
        primary_key=True,
        related_name="quote_check",
        help_text="The attribution whose quote was looked up.",
    )
    state = models.CharField(
        max_length=12,
        choices=QuoteState,
        help_text="Whether the quote was found, or could be looked up at all.",
    )
    place: Any = models.JSONField(
        null=True, help_text="Where it was found: a TextQuoteSelector with the words before and after; empty otherwise."
    )
    omitted: Any = models.JSONField(
        default=list, help_text="What the quote leaves out between its parts, as it stands there; long ones are cut."
    )
    warnings: Any = models.JSONField(
        default=list, help_text="What a reader has to know of it: codes, each with the words for which it is given."
    )

    class Meta:
        indexes = (models.Index(fields=["state"], name="quote_check_state"),)

    def __str__(self) -> str:
        return f"{self.attribution_id}: {self.get_state_display().lower()}"

    def omitted_for(self, user: Reader) -> tuple[str, ...]:
        """What the quote leaves out; outside the desk, which alone reads the works of others whole, in short."""
        return tuple(self.omitted if is_desk(user) else (shorten(gap, OUTSIDE) for gap in self.omitted))
