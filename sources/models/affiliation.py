"""To which body a source belonged, and what it was called, before now."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models

from factcheck.audit.access import is_desk
from factcheck.base.edtf import certainly_earlier
from factcheck.base.fields import EdtfDateField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from sources.models.source import Source


class AffiliationQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The desk reads all, everybody else those of sources that they may read and know by name."""
        if is_desk(user):
            return self
        return self.filter(source__in=Source.objects.visible_to(user).named_to(user).order_by().values("pk"))


class Affiliation(RecordedModel):
    """What a source was before: the body that it belonged to, and its name, from one date to another."""

    past_by = frozenset({"source"})

    masked = frozenset({"part_of", "note"})

    source = models.ForeignKey(
        Source, models.CASCADE, related_name="affiliations", help_text="The source whose past it is."
    )
    name = LineField(max_length=300, blank=True, help_text="Its name at that time; empty where it was the same.")
    part_of = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="former_parts",
        help_text="The larger body to which it belonged then; empty where it belonged to none.",
    )
    since = EdtfDateField(blank=True, help_text="Since when, as exactly as known; empty where it is not known.")
    until = EdtfDateField(blank=True, help_text="Until when, as exactly as known; empty where it is not known.")
    note = PlainTextField(blank=True, help_text="How the desk knows.")

    objects = AffiliationQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("source", "since", "id")

    def __str__(self) -> str:
        return f"affiliation {self.pk} of source {self.source_id}"

    def clean(self) -> None:
        if self.part_of_id is not None and self.part_of_id == self.source_id:
            message = "Nobody is part of themselves: choose another body."
            raise ValidationError({"part_of": ValidationError(message, code="circle")})
        if certainly_earlier(self.until, self.since):
            message = "It ended (until) before it began (since)."
            raise ValidationError({"until": ValidationError(message, code="order")})

    def shown_to(self, user: Reader) -> Affiliation:
        """The affiliation; outside the desk without a body whose name is withheld."""
        if is_desk(user) or self.part_of is None or not self.part_of.withheld:
            return self
        return self.without(self.masked)
