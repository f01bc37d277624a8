"""The desk's verdict vocabulary."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from claims.choices import Leaning
from factcheck.base.errors import Frozen
from factcheck.base.fields import LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet

KEPT = frozenset({"label", "leaning", "claimreview_value", "meaning", "code", "scale"})
"""What a verdict says by its rating: it stays so from the first draft on, since its author chose it by that."""


class VocabularyQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Everybody reads the vocabulary: it explains the verdicts."""
        return self


class RatingScaleManager(models.Manager.from_queryset(VocabularyQuerySet)):
    def get_by_natural_key(self, code: str) -> RatingScale:
        return self.get(code=code)


class RatingScale(RecordedModel):
    """A set of ratings that belong together, in order."""

    code = models.SlugField(max_length=60, unique=True, help_text="The short name of the scale, for programs.")
    name = LineField(max_length=200, help_text="The name of the scale.")
    description = PlainTextField(blank=True, help_text="What the scale is for and where it comes from.")

    named_by: ClassVar[str] = "name"
    short_name: ClassVar[str] = "code"
    objects = RatingScaleManager()

    class Meta(RecordedModel.Meta):
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def guard_change(self, changes: set[str]) -> None:
        ratings: Any = self._meta.get_field("ratings").related_model
        if "code" in changes and ratings._base_manager.filter(scale=self.pk, verdicts__isnull=False).exists():
            raise Frozen(
                f"Verdicts use ratings of “{self.name}”, which programs know by its code. Add another scale.",
                code="rating_used",
                field="code",
            )

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class RatingManager(models.Manager.from_queryset(VocabularyQuerySet)):
    def get_by_natural_key(self, scale: str, code: str) -> Rating:
        return self.get(scale__code=scale, code=code)


class Rating(RecordedModel):
    """One word of a scale, with its meaning."""

    scale = models.ForeignKey(
        RatingScale, models.PROTECT, related_name="ratings", help_text="The scale that the rating belongs to."
    )
    code = models.SlugField(max_length=60, help_text="The short name of the rating, for programs.")
    label = LineField(max_length=100, help_text="The rating as a reader sees it.")
    order = models.PositiveSmallIntegerField(help_text="Its place in the scale, the truest first.")
    leaning = models.CharField(
        max_length=10,
        choices=Leaning,
        default=Leaning.NEITHER,
        help_text="Whether it says that the claim holds or not; the guard rails ask for evidence of that bearing.",
    )
    claimreview_value = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text="The number in ClaimReview: 1 for false to 5 for true; empty where no number is honest.",
    )
    colour = models.CharField(
        max_length=7,
        default="#6b7280",
        validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z", "Enter a colour, such as #1d4ed8.")],
        help_text="Its colour in the admin and in reports; never the only sign of it.",
    )
    meaning = PlainTextField(help_text="When the desk uses it, in one or two sentences.")

    named_by: ClassVar[str] = "label"
    reference_fields: ClassVar[tuple[str, ...]] = ("code", "leaning")
    short_name: ClassVar[str] = "code"
    short_name_within: ClassVar[str] = "scale"
    objects = RatingManager()

    class Meta(RecordedModel.Meta):
        ordering = ("scale", "order")
        constraints = (
            models.UniqueConstraint(
                fields=["scale", "code"],
                name="rating_code_once",
                violation_error_message="This scale already has a rating with that code.",
            ),
        )

    def __str__(self) -> str:
        return self.label

    def guard_change(self, changes: set[str]) -> None:
        if not (kept := changes & KEPT):
            return
        verdicts: Any = self._meta.get_field("verdicts").related_model
        if verdicts._base_manager.filter(rating=self.pk).exists():
            raise Frozen(
                f"Verdicts, published or in preparation, say “{self.label}” and go on meaning what it meant. "
                "Add another rating, and use that from now on.",
                code="rating_used",
                field=min(kept),
            )

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the rating where another row refers to it."""
        return self.reference_as(self.label)

    def natural_key(self) -> tuple[str, str]:
        return (self.scale.code, self.code)

    natural_key.dependencies = ["claims.ratingscale"]  # type: ignore[attr-defined]
