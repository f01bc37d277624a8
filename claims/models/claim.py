"""One checkable statement, and the rows that hang on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from claims.choices import ClaimStatus, VerdictStatus
from claims.models.dispute import Dispute, open_disputes, restricted_among
from claims.models.elsewhere import EXTERNAL_ID_ONCE, KnownElsewhere
from claims.models.parts import ClaimParts
from claims.models.rewording import Reworded, RewordingQuerySet, refusal, short_wording
from factcheck.audit.access import is_desk
from factcheck.base.errors import Frozen
from factcheck.base.fields import LabelsField, LineField, PlainTextField, check_exact
from factcheck.base.people import Reader
from factcheck.base.places import validate_language
from factcheck.models.choosing import has_any
from factcheck.models.merged import Mergeable
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope


def readable_claims(user: Reader, path: str = "") -> Q:
    """The condition that `user` may read the claim at `path` (such as `claim__`): of disputes open to them, and outside
    the desk only published ones."""
    readable = Q(**{f"{path}dispute__isnull": True}) | open_disputes(user, f"{path}dispute__")
    return readable if is_desk(user) else readable & Q(**{f"{path}status": ClaimStatus.PUBLISHED})


JUDGED = frozenset({"text", "language", "quantity_min", "quantity_max", "quantity_unit", "dispute", "question"})
"""What a verdict judges, and beside which rivals: it does not change under a verdict in force."""


class ClaimQuerySet(RewordingQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The claims that `user` may read."""
        return self.filter(readable_claims(user))

    def published(self) -> Self:
        return self.filter(status=ClaimStatus.PUBLISHED)

    def stale(self, user: Reader | None = None) -> Self:
        """The claims whose current verdict is stale; with a user, as far as they may know of it."""
        verdicts: Any = Claim._meta.get_field("verdicts").related_model
        return self.filter(Exists(verdicts.objects.stale(user).filter(claim=OuterRef("pk"))))


class Claim(KnownElsewhere, Mergeable, Reworded):
    """One checkable statement in our own neutral wording."""

    past_by = frozenset({"dispute", "question"})

    step_fields = frozenset({"status", "first_published_at", "withdrawn_reason", "reworded_at", "merged_into"})

    dispute = models.ForeignKey(
        Dispute,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text="The dispute to which it belongs; empty for a claim that stands alone.",
    )
    question = models.ForeignKey(
        "claims.Question",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        help_text="The question of its dispute that it answers; empty for a circumstance, which answers none.",
    )
    text = PlainTextField(help_text="The statement as one neutral sentence that can be checked.")
    context = PlainTextField(blank=True, help_text="What a reader must know to understand the statement.")
    language = models.CharField(
        max_length=35,
        default="en",
        validators=[validate_language],
        help_text="The language of our wording (BCP 47), such as en.",
    )
    status = models.CharField(
        max_length=10,
        choices=ClaimStatus,
        default=ClaimStatus.DRAFT,
        editable=False,
        help_text="How far the claim is; changed by its actions submit, return, publish and withdraw.",
    )
    tags = LabelsField(help_text="Topics under which the claim is filed.")
    quantity_min = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="The least number that the claim states, if it states one.",
    )
    quantity_max = models.DecimalField(
        max_digits=20,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="The greatest number that the claim states; the same as the least where it is exact.",
    )
    quantity_unit = LineField(max_length=100, blank=True, help_text="What is counted, such as deaths or people.")
    check_reason = PlainTextField(blank=True, help_text="Why we check it.")
    first_published_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the public could first read it; it then stays on record."
    )
    withdrawn_reason = PlainTextField(blank=True, editable=False, help_text="Why the claim was withdrawn.")

    parts: ClaimParts | None = None
    """What a reader may know of what hangs on it, where that was loaded beside the row."""

    named_by: ClassVar[str] = "text"
    chosen_at_desk = frozenset({"language"})
    objects = ClaimQuerySet.as_manager()

    class Meta(Reworded.Meta):
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity_min=None) | Q(quantity_max=None) | Q(quantity_min__lte=F("quantity_max")),
                name="claim_quantity_in_order",
                violation_error_message="The least number (quantity_min) is above the greatest (quantity_max).",
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.PUBLISHED) | Q(first_published_at__isnull=False),
                name="claim_published_has_date",
                violation_error_message="A published claim has the date of its publication.",
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.WITHDRAWN) | ~Q(withdrawn_reason=""),
                name="claim_withdrawn_has_reason",
                violation_error_message="Say why the claim is withdrawn.",
            ),
            *EXTERNAL_ID_ONCE,
        )
        indexes = (
            models.Index(fields=["language", "-id"], name="claim_language"),
            models.Index(fields=["dispute", "status", "-id"], name="claim_dispute_status"),
            models.Index(fields=["status", "-id"], name="claim_status"),
            # The orders of the lists, of what is published and of all.
            models.Index(fields=["status", "updated_at", "id"], name="claim_status_updated"),
            models.Index(fields=["status", "created_at", "id"], name="claim_status_created"),
            models.Index(fields=["updated_at", "id"], name="claim_updated"),
            models.Index(fields=["created_at", "id"], name="claim_created"),
            models.Index(fields=["status", "language", "-id"], name="claim_status_language"),
        )
        permissions = (
            ("publish_claim", "Can publish and return claims"),
            ("withdraw_claim", "Can withdraw claims and what hangs on them"),
        )

    def __str__(self) -> str:
        return short_wording(self.text)

    def clean(self) -> None:
        super().clean()
        check_exact(self, "quantity_min", "quantity_max")

    def was_published(self) -> bool:
        return self.first_published_at is not None

    def guard_change(self, changes: set[str]) -> None:
        super().guard_change(changes)
        # A claim that answered no question may be given one: that says where it stands, not what was judged.
        judged = changes & (JUDGED if getattr(self, "question_id", None) is not None else JUDGED - {"question"})
        if not judged:
            return
        verdicts: Any = self._meta.get_field("verdicts").related_model
        verdict = verdicts.objects.current().filter(claim=self.pk).first()
        if verdict is None:
            # A new wording is noticed when the verdict is published; of the rest nobody would be told.
            waiting = verdicts._base_manager.filter(claim=self.pk, status=VerdictStatus.IN_REVIEW).first()
            if waiting is not None and (rest := judged - {"text"}):
                raise Frozen(
                    f"Verdict {waiting.pk}, which is in review, judges the claim as it stands, {min(rest)} included. "
                    "Have it returned first, so that its author looks at the claim again.",
                    code="judged",
                    field=min(rest),
                )
            return
        # Where the verdict in force judges another wording, the claim is on its way there, or the verdict is stale.
        if judged == {"text"} and verdict.claim_text not in {"", self.text}:
            return
        field = "text" if "text" in judged else min(judged)
        raise Frozen(refusal(field, verdict.pk), code="judged", field=field)

    def audit_scope(self) -> Scope:
        return Scope(self.dispute_id, self.pk)


class ClaimChildQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """What hangs on a claim is read by whoever may read the claim; outside the desk, only what stands."""
        # No join: SQLite would begin with the claims, and sort all rows of the register by their ids.
        rows = self.filter(has_any(Claim.objects.visible_to(user).filter(pk=OuterRef("claim"))))
        return rows if is_desk(user) else rows.standing()

    def standing(self) -> Self:
        """The rows that were not withdrawn."""
        return self.filter(withdrawn_at=None) if issubclass(self.model, Withdrawable) else self


class ClaimChild(RecordedModel):
    """A row that belongs to one claim and shares its visibility and its fate."""

    past_by = frozenset({"claim"})

    claim: models.ForeignKey[Claim, Claim]
    claim_id: int
    ends: ClassVar[frozenset[str]] = frozenset({"claim"})
    """What the row joins. Once published it stays there: moved to a draft, it could be deleted with that."""

    class Meta(RecordedModel.Meta):
        abstract = True

    def guard_change(self, changes: set[str]) -> None:
        if (moved := changes & self.ends) and self.was_published():
            raise Frozen(
                f"This {self._meta.verbose_name} was published and stays where it is. "
                "Withdraw it with a reason and enter another one.",
                field=min(moved),
            )

    def is_confirmed_unchanged(self) -> bool:
        # Who holds it against words that are newer than it says so by saving it as it is.
        found = [getattr(self, end) for end in self.ends]
        words = [one.reworded_at for one in found if isinstance(one, Claim)]
        return any(since is not None and self.updated_at < since for since in words)

    def was_published(self) -> bool:
        return self.claim.first_published_at is not None

    def audit_scope(self) -> Scope:
        [scope] = self.audit_scopes([self])
        return scope

    @classmethod
    def audit_scopes(cls, rows: Sequence[Self]) -> Sequence[Scope]:
        # Who may not know of a restricted dispute to which the other end of a row belongs does not read of the row in
        # the trail either.
        # Those of the claim itself are its scope either way.
        apart = [{*row.other_disputes()} - {row.scope_claim().dispute_id} for row in rows]
        asked = (pk for row, others in zip(rows, apart, strict=True) if others for pk in row.other_disputes())
        closed = restricted_among(asked)
        others = [min(closed.intersection(row.other_disputes()), default=None) for row in rows]
        return [
            Scope(other or claim.dispute_id, claim.pk)
            for other, claim in zip(others, (row.scope_claim() for row in rows), strict=True)
        ]

    def scope_claim(self) -> Claim:
        """The claim under which the trail files this row."""
        return self.claim

    def other_disputes(self) -> tuple[int | None, ...]:
        """The disputes to which the other ends of this row belong."""
        return ()


class Withdrawable(ClaimChild):
    """A row that, once published, is withdrawn with a reason instead of deleted."""

    step_fields = frozenset({"withdrawn_at", "withdrawn_reason"})

    withdrawn_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was withdrawn; empty while it stands."
    )
    withdrawn_reason = PlainTextField(blank=True, editable=False, help_text="Why it was withdrawn.")

    class Meta(ClaimChild.Meta):
        abstract = True
