"""The claim on which the bearing of evidence depends."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When

from claims.choices import ClaimStatus, PremiseFate
from claims.models.claim import (
    Claim,
    ClaimChild,
    ClaimChildQuerySet,
    Withdrawable,
    readable_claims,
)
from claims.models.dispute import open_disputes
from claims.models.evidence import EvidenceLink
from claims.models.staleness import withdrawn_at
from claims.models.verdict import Verdict, VerdictQuerySet
from factcheck.audit.access import is_desk
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader


class PremiseQuerySet(ClaimChildQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A premise is read by whoever may read both the link and the claim on which it depends."""
        known = Q(link__evidence__dispute=None) | open_disputes(user, "link__evidence__dispute__")
        rows = super().visible_to(user).filter(readable_claims(user, "link__claim__"), known)
        return rows if is_desk(user) else rows.filter(link__withdrawn_at=None)

    def failing(self) -> Self:
        """The standing premises whose claim is withdrawn, or refuted by its current verdict.

        `claims.rules.counting` says the same of rows.
        """
        return self.standing().filter(Q(claim__status=ClaimStatus.WITHDRAWN) | Q(Exists(_refutals())))

    def with_fate(self) -> Self:
        """Adds why the claim does not hold, and since when, so that a page needs no query a row."""
        withdrawn = Q(claim__status=ClaimStatus.WITHDRAWN)
        return self.annotate(
            fell_at=Case(
                When(withdrawn, then=withdrawn_at("claim")), default=Subquery(_refutals().values("published_at")[:1])
            ),
            fate=Case(
                When(withdrawn, then=Value(PremiseFate.WITHDRAWN.value)),
                When(Exists(_refutals()), then=Value(PremiseFate.REFUTED.value)),
                default=Value(""),
                output_field=models.CharField(),
            ),
        )


def _refutals() -> VerdictQuerySet:
    """The current verdict on the claim of a premise, where it refutes that; at most one."""
    return Verdict.objects.current().refuting().filter(claim=OuterRef("claim")).order_by()


class Premise(Withdrawable):
    """A claim that must hold for the bearing of evidence to mean anything, such as: the video is genuine."""

    past_by = frozenset({"link"})

    link = models.ForeignKey(
        EvidenceLink,
        models.CASCADE,
        related_name="premises",
        help_text="The bearing of evidence that depends on the claim.",
    )
    claim = models.ForeignKey(
        Claim,
        models.CASCADE,
        related_name="premise_of",
        help_text="The claim on which this bearing depends, such as: the video is genuine.",
    )
    note = PlainTextField(blank=True, help_text="Why the bearing depends on the claim.")

    ends = frozenset({"link", "claim"})
    fate: str | None = None
    """Why the claim does not hold: a code of `PremiseFate` or empty, where that was loaded beside the row."""
    fell_at: datetime | None = None
    """When the claim was refuted or withdrawn; beside `fate`."""

    objects = PremiseQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["link", "claim"],
                condition=Q(withdrawn_at=None),
                name="premise_once",
                violation_error_message="This bearing of evidence already depends on the claim.",
            ),
        )
        indexes = (models.Index(fields=["updated_at"], name="premise_updated"),)

    def __str__(self) -> str:
        return f"depends on: {self.claim}"[:300]

    def audit_label(self) -> str:
        return f"evidence {self.link.evidence_id} on claim {self.link.claim_id} depends on claim {self.claim_id}"

    def clean(self) -> None:
        link = self.link if self.link_id or Premise.link.is_cached(self) else None
        if link is not None and self.claim_id is not None and link.claim_id == self.claim_id:
            message = "Evidence on a claim cannot depend on that claim itself: choose another one."
            raise ValidationError({"claim": ValidationError(message, code="own_premise")})

    def was_published(self) -> bool:
        return super().was_published() and self.link.claim.first_published_at is not None

    def scope_claim(self) -> Claim:
        return self.link.claim

    def other_disputes(self) -> tuple[int | None, ...]:
        return self.claim.dispute_id, self.link.evidence.dispute_id
