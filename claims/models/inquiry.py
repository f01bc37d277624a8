"""The right of reply: who was asked what."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.choices import Outcome
from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet, Withdrawable
from factcheck.base.fields import LineField, PlainTextField
from sources.models import Source


class InquiryQuerySet(ClaimChildQuerySet):
    def overdue(self) -> Self:
        """The standing inquiries that still await an answer after the day by which it was asked for."""
        return self.standing().filter(outcome=Outcome.AWAITING, due_on__lt=timezone.localdate())


class Inquiry(Withdrawable):
    """One question put to one source about a claim, with its answer or its silence."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="inquiries", help_text="The claim it is about.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="inquiries", help_text="Who was asked.")
    asked_on = models.DateField(help_text="The day on which the question was put.")
    due_on = models.DateField(null=True, blank=True, help_text="The day by which an answer was asked for.")
    channel = LineField(max_length=200, blank=True, help_text="How it was put: e-mail, telephone, press office.")
    question = PlainTextField(help_text="What was asked.")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.AWAITING, help_text="What came of it.")
    answer = PlainTextField(blank=True, help_text="The answer, verbatim or summed up fairly.")
    answered_on = models.DateField(null=True, blank=True, help_text="The day on which the answer came.")

    objects = InquiryQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("-asked_on", "-id")
        verbose_name_plural = "inquiries"
        constraints = (
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ANSWERED) | ~Q(answer=""),
                name="inquiry_answered_has_answer",
                violation_error_message="Give the answer that was received (answer).",
            ),
        )

        indexes = (
            models.Index(fields=["-asked_on", "-id"], name="inquiry_asked"),
            models.Index(
                fields=["due_on"],
                condition=Q(outcome=Outcome.AWAITING, withdrawn_at=None, due_on__isnull=False),
                name="inquiry_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source}, {self.asked_on}: {self.question}"[:300]

    def clean(self) -> None:
        for later in ("due_on", "answered_on"):
            day = getattr(self, later)
            if day and self.asked_on and day < self.asked_on:
                raise ValidationError(
                    {later: ValidationError("This day is before the question was put.", code="order")}
                )
        if self.outcome == Outcome.SILENCE:
            self._check_silence()

    def _check_silence(self) -> None:
        if self.due_on is None:
            message = "Say by which day an answer was asked for (due_on): without it, silence is no answer."
            raise ValidationError({"due_on": ValidationError(message, code="required")})
        if self.due_on >= timezone.localdate():
            message = f"An answer may still come: it was asked for by {self.due_on}. Record the silence after that day."
            raise ValidationError({"outcome": ValidationError(message, code="not_due")})
