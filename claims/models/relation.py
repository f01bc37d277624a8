"""How one claim bears on another."""

from __future__ import annotations

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from claims.choices import RIVALRY, ConflictPoint, RelationKind
from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet, Withdrawable, readable_claims
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader


class ClaimRelationQuerySet(ClaimChildQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """A relation is read by whoever may read both of its claims."""
        return super().visible_to(user).filter(readable_claims(user, "other__"))

    def rivalries(self) -> Self:
        """The standing relations that make two claims rivals."""
        return self.standing().filter(kind__in=RIVALRY)

    def touching(self, claim: Claim) -> Self:
        """The relations on either side of `claim`."""
        return self.filter(Q(claim=claim) | Q(other=claim))


class ClaimRelation(Withdrawable):
    """How one claim bears on another; for all kinds but “refines” and “supports” both directions mean the same."""

    past_by = frozenset({"claim", "other"})

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="relations", help_text="The claim from which the relation is told."
    )
    other = models.ForeignKey(
        Claim, models.CASCADE, related_name="relations_to", help_text="The claim that it contradicts, refines, repeats."
    )
    kind = models.CharField(max_length=12, choices=RelationKind, help_text="How the claim bears on the other.")
    point = models.CharField(
        max_length=10,
        choices=ConflictPoint,
        blank=True,
        help_text="The point on which the two conflict: cause, number, agent, time, place, legality or motive.",
    )
    note = PlainTextField(blank=True, help_text="What exactly the two agree or conflict on.")

    ends = frozenset({"claim", "other"})

    objects = ClaimRelationQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("id",)
        verbose_name = "relation"
        constraints = (
            models.CheckConstraint(
                condition=~Q(claim=F("other")),
                name="relation_joins_two_claims",
                violation_error_message="A claim has no relation to itself: choose another claim (other).",
            ),
            models.UniqueConstraint(
                Least("claim", "other"),
                Greatest("claim", "other"),
                "kind",
                condition=Q(withdrawn_at=None),
                name="relation_once",
                violation_error_message="These two claims already have this relation.",
            ),
        )
        indexes = (
            models.Index(fields=["other", "kind"], name="relation_other"),
            models.Index(fields=["updated_at"], name="relation_updated"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display().split(':')[0].lower()}: {self.claim} / {self.other}"

    def audit_label(self) -> str:
        return f"claim {self.claim_id} {self.kind} claim {self.other_id}"

    def clean(self) -> None:
        if self.point and self.kind not in RIVALRY:
            raise ValidationError(
                {
                    "point": ValidationError(
                        "Only claims that contradict or exclude each other conflict on a point.", code="no_conflict"
                    )
                }
            )

    def other_disputes(self) -> tuple[int | None, ...]:
        return (self.other.dispute_id,)

    def was_published(self) -> bool:
        return super().was_published() and self.other.first_published_at is not None
