"""Who makes, relays or publishes claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Value, When

from factcheck.audit.access import is_desk
from factcheck.audit.context import recording
from factcheck.base.ancestry import refuse_circle
from factcheck.base.fields import EdtfDateField, HttpURLField, LabelsField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.places import validate_country
from factcheck.base.slug import free_slug, refuse_number
from factcheck.models.choosing import has_any
from factcheck.models.merged import Mergeable
from factcheck.models.recorded import RecordedQuerySet
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


def keep_affiliations(left: Iterable[Source]) -> None:
    """Put on record to which bodies these sources belonged until now; until when, nobody has said, unless it is on
    record already."""
    affiliations: Any = Source._meta.get_field("affiliations").related_model
    for row in left:
        own = affiliations._base_manager.filter(source=row.pk, part_of=row.part_of_id, since=row.part_of_since)
        if not own.exists():
            affiliations(source_id=row.pk, part_of_id=row.part_of_id, since=row.part_of_since).save()


def named_to(user: Reader, path: str = "") -> Q:
    """The condition that `user` may know who the source at `path` (such as `source__`) is."""
    return Q() if is_desk(user) else Q(**{f"{path}withheld": False})


class SourceQuerySet(RecordedQuerySet):
    def update(self, **kwargs: Any) -> int:
        if not {"part_of", "part_of_id"} & kwargs.keys():
            return super().update(**kwargs)
        with recording():
            stored = {row.pk: row for row in self.exclude(part_of=None)}
            count = super().update(**kwargs)
            now = dict(Source._base_manager.filter(pk__in=stored).values_list("pk", "part_of_id"))
            left = [row for pk, row in stored.items() if now[pk] != row.part_of_id]
            if "part_of_since" not in kwargs and (dated := [row.pk for row in left if row.part_of_since]):
                # It was the date of the other body.
                Source.objects.filter(pk__in=dated).update(part_of_since="")
            keep_affiliations(left)
            return count

    def visible_to(self, user: Reader) -> Self:
        """The desk reads all sources, everybody else those that are cited in what they may read, and their parents.

        Not the parent of a withheld source, which would tell to whom it belongs.
        """
        if is_desk(user):
            return self
        direct = cited("source", user)
        parts = Source.objects.filter(direct, withheld=False, part_of=OuterRef("pk"))
        return self.filter(direct | Q(has_any(parts)))

    def named_to(self, user: Reader) -> Self:
        """The sources whose name `user` may know."""
        return self.filter(named_to(user))

    def with_shown_name(self, user: Reader) -> Self:
        """Adds `shown_name`, under which `user` may see and sort the source."""
        if is_desk(user):
            return self.annotate(shown_name=F("name"))
        return self.annotate(
            shown_name=Case(When(withheld=True, then=Value(WITHHELD)), default="name", output_field=models.CharField())
        )


class Source(Mergeable):
    """A person, organisation, state body, news outlet or unnamed witness that makes, relays or publishes claims."""

    masked = frozenset({*NAMING_FIELDS, "name", "part_of", "part_of_since"})

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
    part_of_since = EdtfDateField(
        blank=True, help_text="Since when it belongs to that body, as exactly as known; empty where it is not known."
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

    named_by: ClassVar[str] = "name"
    reference_fields: ClassVar[tuple[str, ...]] = ("slug",)
    short_name: ClassVar[str] = "slug"
    changed_alone = True

    objects = SourceQuerySet.as_manager()

    class Meta(Mergeable.Meta):
        ordering = ("name", "id")
        indexes = (
            models.Index(fields=["country", "name", "id"], name="source_country"),
            models.Index(fields=["name", "id"], name="source_name"),
            models.Index(fields=["website"], name="source_website"),
            models.Index(fields=["updated_at", "id"], name="source_updated"),
            models.Index(fields=["created_at", "id"], name="source_created"),
        )
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
        if self.part_of_id and not self.is_new:
            refuse_circle(self, "part_of")
        elif self.part_of_since and not self.part_of_id:
            message = "Choose the body (part_of) to which it belongs since then."
            raise ValidationError({"part_of_since": ValidationError(message, code="required")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the source. A body to which it belonged until now stays on record, as an affiliation."""
        with recording():
            stored = Source._base_manager.filter(pk=self.pk).first() if self.pk else None
            moved = stored if stored is not None and stored.part_of_id != self.part_of_id else None
            if moved is not None and self.part_of_since == moved.part_of_since:
                # It was the date of the other body.
                self.part_of_since = ""
                if (names := kwargs.get("update_fields")) is not None:
                    kwargs["update_fields"] = {*names, "part_of_since"}
            super().save(*args, **kwargs)
            changed = Source._base_manager.filter(pk=self.pk).values_list("part_of_id", flat=True).get()
            if stored is not None and stored.part_of_id not in (None, changed):
                keep_affiliations([stored])

    def shown_to(self, user: Reader) -> Source:
        """The source with its name, or for readers outside the desk a copy of which nothing tells who it is."""
        if not self.withheld or is_desk(user):
            return self
        masked = self.without(self.masked)
        masked.name = WITHHELD
        return masked

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the source where another row refers to it."""
        shown = self.shown_to(user)
        return shown.reference_as(shown.name)
