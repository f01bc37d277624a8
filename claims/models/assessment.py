"""One analyst's rating of one piece of evidence against one claim."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from claims.choices import Consistency
from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet
from claims.models.evidence import Evidence
from factcheck.audit.access import is_desk
from factcheck.audit.context import current
from factcheck.base.errors import Forbidden, Frozen
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader


class AssessmentQuerySet(ClaimChildQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Single ratings are the desk's own working papers, read by whoever may read claim and evidence."""
        if not is_desk(user):
            return self.none()
        return (
            super().visible_to(user).filter(Exists(Evidence.objects.visible_to(user).filter(pk=OuterRef("evidence"))))
        )


class Assessment(ClaimChild):
    """One analyst's answer to: were this claim true, how consistent would this evidence be with it?"""

    evidence = models.ForeignKey(
        Evidence, models.CASCADE, related_name="assessments", help_text="The evidence that is rated."
    )
    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="assessments", help_text="The claim against which it is rated."
    )
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="Who rates it; each analyst rates once."
    )
    rating = models.CharField(
        max_length=2, choices=Consistency, help_text="How consistent the evidence is with the claim."
    )
    note = PlainTextField(blank=True, help_text="Why the analyst rates it so.")

    objects = AssessmentQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["evidence", "claim", "analyst"],
                name="assessment_once",
                violation_error_message="This analyst has already rated this evidence against the claim.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.analyst}: {self.evidence} is {self.get_rating_display().lower()}"

    def clean(self) -> None:
        if self._state.adding:
            self._require_analyst()

    def guard_change(self, changes: set[str]) -> None:
        self._require_analyst()
        if "analyst" in changes:
            raise Frozen("A rating stays its analyst's own.", field="analyst")
        super().guard_change(changes)

    def guard_delete(self) -> None:
        super().guard_delete()
        self._require_analyst()

    def _require_analyst(self) -> None:
        user = current().user()
        if user is not None and user.pk != self.analyst_id:
            raise Forbidden("Rate in your own name only: each analyst's rating is theirs alone.")

    def other_disputes(self) -> tuple[int | None, ...]:
        return (self.evidence.dispute_id,)

    def audit_label(self) -> str:
        return f"evidence {self.evidence_id} against claim {self.claim_id}: {self.rating}"

    def was_published(self) -> bool:
        return False
