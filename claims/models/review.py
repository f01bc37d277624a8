"""What another publisher decided on the claim."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet, Withdrawable
from claims.models.rating import Rating
from factcheck.audit.access import is_desk
from factcheck.base.fields import EdtfDateField, HttpURLField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.places import validate_language
from sources.models import Source


class Review(Withdrawable):
    """A fact-check of the claim by another publisher; never our own verdict."""

    masked = frozenset({"url", "title"})

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reviews", help_text="The claim that was checked.")
    publisher = models.ForeignKey(
        Source, models.PROTECT, related_name="reviews", help_text="The publisher that checked it."
    )
    url = HttpURLField(help_text="Where the review was published.")
    title = LineField(max_length=1_000, blank=True, help_text="The title of the review as published.")
    rating_text = PlainTextField(blank=True, help_text="The rating in the publisher's own words, of any length.")
    rating_value = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, blank=True, help_text="The rating as a number, if it gave one."
    )
    rating_best = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, blank=True, help_text="The best number of its scale."
    )
    rating_worst = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, blank=True, help_text="The worst number of its scale."
    )
    rating = models.ForeignKey(
        Rating,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        help_text="The word of our scale that comes nearest, if the desk has chosen one.",
    )
    reviewed_on = EdtfDateField(blank=True, help_text="When the review was published, as exactly as known.")
    language = models.CharField(
        max_length=35, blank=True, validators=[validate_language], help_text="The language of the review (BCP 47)."
    )

    objects = ClaimChildQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "url"],
                condition=Q(withdrawn_at=None),
                name="review_once",
                violation_error_message="This review (url) is already linked to the claim.",
            ),
        )
        indexes = (models.Index(fields=["-id"], condition=Q(withdrawn_at__isnull=False), name="review_withdrawn"),)

    def __str__(self) -> str:
        return f"{self.publisher}: {self.rating_text or self.title or self.url}"[:300]

    def shown_to(self, user: Reader) -> Review:
        """The review; outside the desk without the address and title that would name a withheld publisher."""
        if not self.publisher.withheld or is_desk(user):
            return self
        return self.without(self.masked)
