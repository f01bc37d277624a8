"""Who makes, relays or publishes claims."""

from __future__ import annotations

import copy
from typing import Any, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from factcheck.audit.access import is_desk
from factcheck.base.ancestry import refuse_circle
from factcheck.base.fields import HttpURLField, LabelsField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.places import validate_country
from factcheck.base.slug import free_slug, refuse_number
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from sources.choices import Reliability, SourceKind
from sources.visibility import cited

WITHHELD = "Source withheld"
NAMING_FIELDS = (
    "slug",
    "description",
    "country",
    "website",
    "wikidata_id",
    "aliases",
    "reliability_note",
    "interests",
    "withheld_reason",
)
"""What could tell who a withheld source is, beside its name and the body it is part of."""


class SourceQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The desk reads all sources, everybody else those that are cited in what they may read, and their parents.

        Not the parent of a withheld source, which would tell to whom it belongs.
        """
        if is_desk(user):
            return self
        direct = cited("source", user)
        parts = Source.objects.filter(direct, withheld=False, part_of=OuterRef("pk"))
        return self.filter(direct | Exists(parts))

    def named_to(self, user: Reader) -> Self:
        """The sources whose name `user` may know."""
        return self if is_desk(user) else self.filter(withheld=False)

    def with_shown_name(self, user: Reader) -> Self:
        """Adds `shown_name`, under which `user` may see and sort the source."""
        if is_desk(user):
            return self.annotate(shown_name=F("name"))
        return self.annotate(
            shown_name=Case(When(withheld=True, then=Value(WITHHELD)), default="name", output_field=models.CharField())
        )


class Source(RecordedModel):
    """A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."""

    kind = models.CharField(
        max_length=20, choices=SourceKind, help_text="What the source is: a person, an organisation, a state body."
    )
    name = LineField(max_length=300, help_text="The name as a reader knows it.")
    slug = models.SlugField(
        max_length=120,
        unique=True,
        blank=True,
        help_text="The short name in web addresses; made from the name when left empty, and lasting.",
    )
    description = PlainTextField(blank=True, help_text="Who this is, in one or two neutral sentences.")
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text="The country it speaks from or for, by its two letters (ISO 3166).",
    )
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The larger body that this source belongs to.",
    )
    website = HttpURLField(blank=True, help_text="The address of its own site.")
    wikidata_id = models.CharField(
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"\AQ[1-9]\d{0,17}\Z", "Enter a Wikidata identifier, such as Q42.")],
        help_text="Its identifier on Wikidata, such as Q42.",
    )
    aliases = LabelsField(help_text="Other names and spellings under which it is known.")
    reliability = models.CharField(
        max_length=1,
        choices=Reliability,
        default=Reliability.F,
        help_text="How reliable the source has been, by the Admiralty code; F means that it cannot be judged.",
    )
    reliability_note = PlainTextField(blank=True, help_text="Why the desk grades the source so.")
    interests = PlainTextField(blank=True, help_text="Interests of the source in the matter, as far as disclosed.")
    withheld = models.BooleanField(
        default=False, help_text="Whether the name is kept from everybody outside the desk, in every door."
    )
    withheld_reason = PlainTextField(
        blank=True, help_text="Why the name is withheld; needed when it is, and itself never shown outside the desk."
    )

    objects = SourceQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(withheld=False) | ~Q(withheld_reason=""),
                name="source_withheld_has_reason",
                violation_error_message="Say why the name of this source is withheld (withheld_reason).",
            ),
        )
        permissions = (
            ("desk", "Works on the desk: sees drafts, withheld names and the audit trail"),
            ("correct_published", "May change what is published, with a reason"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        refuse_number(self.slug)
        if not self.slug and self.name:
            self.slug = free_slug(Source, self.name)
        if self.part_of_id:
            refuse_circle(self, "part_of")

    def shown_to(self, user: Reader) -> Source:
        """The source with its name, or for readers outside the desk a copy of which nothing tells who it is."""
        if not self.withheld or is_desk(user):
            return self
        masked = copy.copy(self)
        for name in NAMING_FIELDS:
            field: Any = self._meta.get_field(name)
            setattr(masked, name, field.get_default())
        masked.name = WITHHELD
        masked.part_of = None
        return masked

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the source where another row refers to it."""
        shown = self.shown_to(user)
        return {"id": self.pk, "label": shown.name, "slug": shown.slug}
