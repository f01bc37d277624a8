"""Since when a claim has its present wording: what was said before was said of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from factcheck.base.fields import PlainTextField
from factcheck.models.recorded import RecordedModel, RecordedQuerySet

SAID = ("text", "quantity_min", "quantity_max", "quantity_unit")
"""The wording of a claim: what whoever says or denies it says or denies."""


def short_wording(text: str) -> str:
    """The words of a claim as its label gives them."""
    return text if len(text) <= 160 else f"{text[:157]}..."


class RewordingQuerySet(RecordedQuerySet):
    def update(self, **kwargs: Any) -> int:
        if given := {name: kwargs[name] for name in SAID if name in kwargs}:
            # The statement still sees what is stored: whoever keeps that rewords nothing.
            reworded = Q(first_published_at__isnull=False) & ~Q(**given)
            now = Value(timezone.now(), output_field=models.DateTimeField())
            kwargs["reworded_at"] = Case(When(reworded, then=now), default=F("reworded_at"))
        return super().update(**kwargs)


class Reworded(RecordedModel):
    """A row whose words are in the making until it is published, and noted from then on when they change."""

    text: PlainTextField
    first_published_at: models.DateTimeField[Any, Any]

    reworded_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when it has its present wording, where it was given that after it had been published; older "
        "statements were made of an earlier wording.",
    )

    class Meta(RecordedModel.Meta):
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if {*SAID} & {*(names := kwargs.get("update_fields") or ())}:
            kwargs["update_fields"] = {*names, "reworded_at"}
        super().save(*args, **kwargs)

    def prepare_raw(self) -> None:
        super().prepare_raw()
        # A fixture may say itself when it was.
        if self._before is not None and self._before.reworded_at == self.reworded_at:
            self._note_wording(self._before)

    @classmethod
    def guard_step(cls, changes: set[str], past_tense: str | None) -> None:
        # It is set with the words, by whoever may change those.
        super().guard_step(changes - {"reworded_at"} if changes.intersection(SAID) else changes, past_tense)

    def guard_against(self, stored: Self, past_tense: str | None, update_fields: Iterable[str] | None) -> set[str]:
        changes = super().guard_against(stored, past_tense, update_fields)
        self._note_wording(stored)
        return changes

    def _note_wording(self, stored: Self) -> None:
        if any(getattr(stored, name) != getattr(self, name) for name in SAID):
            self.reworded_at = timezone.now() if stored.first_published_at is not None else None


def refusal(field: str, verdict: int) -> str:
    """Why a column of a claim does not change under this verdict, and what to do instead."""
    if field == "text":
        return (
            f"Verdict {verdict} judges these very words. Draft a correction of verdict {verdict} that carries the new "
            "wording (claim_text): the claim takes it on when a second person publishes the correction."
        )
    return (
        f"Verdict {verdict} judges the claim as it stands, {field} included. Enter a new claim, and withdraw this one "
        "with a reason."
    )
