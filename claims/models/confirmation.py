"""A reviewer's word that a published verdict still holds, although something it rests on has changed."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from claims.choices import VerdictStatus
from claims.models.claim import readable_claims
from claims.models.verdict import Verdict
from factcheck.audit.access import is_desk
from factcheck.base.errors import Frozen
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope


class ConfirmationQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A confirmation is read by whoever may read its verdict."""
        rows = self.filter(readable_claims(user, "verdict__claim__"))
        return rows if is_desk(user) else rows.filter(verdict__status=VerdictStatus.PUBLISHED)


class Confirmation(RecordedModel):
    """One reviewer's statement that a published verdict still holds, with the reason; it never changes."""

    past_by = frozenset({"verdict"})

    verdict = models.ForeignKey(
        Verdict, models.PROTECT, related_name="confirmations", help_text="The published verdict that still holds."
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        help_text="Who looked at it again; never the author of the verdict.",
    )
    reason = PlainTextField(max_length=2_000, help_text="Why the verdict holds in spite of what has changed.")

    objects = ConfirmationQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="confirmation_has_reason",
                violation_error_message="Say why the verdict still holds (reason).",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reviewer} confirms: {self.verdict}"[:300]

    def guard_change(self, changes: set[str]) -> None:
        raise Frozen("A confirmation never changes: confirm the verdict once more instead.")

    def was_published(self) -> bool:
        return True

    def audit_scope(self) -> Scope:
        return self.verdict.audit_scope()
