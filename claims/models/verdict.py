"""One decision on one claim: drafted by one person, published by another, then frozen."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from claims.choices import ClaimStatus, Confidence, Leaning, Likelihood, Severity, VerdictStatus
from claims.models.claim import Claim, ClaimChild, ClaimChildQuerySet
from claims.models.rating import Rating
from claims.models.rewording import short_wording
from claims.models.staleness import asked_otherwise, changed_since_looked_at, due, looked_at, reworded, touched_since
from factcheck.audit.access import is_desk
from factcheck.audit.context import current
from factcheck.base.errors import Forbidden, Frozen
from factcheck.base.fields import PlainTextField
from factcheck.base.people import Reader
from factcheck.models.statements import Statement, ask_among, statement_of

PUBLISHED = Q(status=VerdictStatus.PUBLISHED)
WRITING = {None, "drafted", "correction_drafted"}
"""The acts that write the content of a draft; the steps that follow take it as it is."""
FIRST_VERDICT = (
    "A first verdict judges the claim in its own words: change the claim while nothing is published on it. "
    "Only a correction carries another wording."
)


class VerdictQuerySet(ClaimChildQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The verdicts on claims that `user` may read; outside the desk only published ones."""
        verdicts = super().visible_to(user)
        return verdicts if is_desk(user) else verdicts.published()

    def published(self) -> Self:
        return self.filter(PUBLISHED)

    def current(self) -> Self:
        """The published verdicts that no published verdict supersedes: at most one a claim.

        `claims.rules.current_verdict` says the same of rows.
        """
        return self.published().filter(~self._superseded())

    def awaiting(self, user: Reader) -> Self:
        """The verdicts in review that `user` may publish or return: on claims that they may read, written by somebody
        else. The one that has waited longest comes first."""
        if not user.has_perm("claims.publish_verdict"):
            return self.none()
        waiting = self.visible_to(user).filter(status=VerdictStatus.IN_REVIEW).exclude(author=user.pk)
        return waiting.order_by("submitted_at", "pk")

    def due_within(self, days: int) -> Self:
        """The current verdicts that have to be looked at again after today and in so many days."""
        today = timezone.localdate()
        return self.current().filter(review_by__gt=today, review_by__lte=today + timedelta(days=days))

    def not_current(self) -> Self:
        """Drafts, and published verdicts that another one superseded."""
        return self.filter(~PUBLISHED | self._superseded())

    def refuting(self) -> Self:
        """The verdicts that refute their claim without reserve: more than a leaning.

        `claims.rules.counting` says the same of rows.
        """
        return self.filter(rating__leaning=Leaning.REFUTED, rating__claimreview_value=1)

    def corrections(self) -> Self:
        """The published verdicts that replaced an earlier one."""
        return self.published().filter(supersedes__isnull=False)

    def stale(self, user: Reader | None = None) -> Self:
        """The current verdicts on published claims of which something that they rest on has changed since they were
        published or last confirmed, as far as a user may know of it where one is given; those whose day has come;
        those on claims that say something else now; and those whose claim answers a question that says something else
        since."""
        confirmations: Any = Verdict._meta.get_field("confirmations").related_model
        verdicts = self.current().filter(claim__status=ClaimStatus.PUBLISHED)
        return verdicts.alias(looked_at=looked_at(confirmations._base_manager.all())).filter(
            changed_since_looked_at(user) | due() | reworded() | asked_otherwise()
        )

    def lately_stale(self, user: Reader, days: int) -> Self:
        """Those of the stale verdicts for which something is among the latest changes of its kind (`touched_since`),
        within so many days.

        What is found so far is asked for at once, by statements that are put together once a day: that takes Django
        longer than the database to answer them.

        To know that no other has become stale takes a look at every verdict, which a front page cannot afford: two to
        three seconds for 60,000.
        """
        today = timezone.localdate()
        claims = touched_since(today - timedelta(days=days))
        return self.filter(pk__in=ask_among(_stale(user, is_desk(user), today), "id", "claim", claims))

    def _superseded(self) -> Exists:
        return Exists(Verdict._base_manager.filter(PUBLISHED, supersedes=OuterRef("pk")))


@lru_cache(maxsize=100)
def _stale(user: Reader, _desk: bool, _today: date) -> Statement:
    return statement_of(Verdict.objects.stale(user), "id", "claim")


class Verdict(ClaimChild):
    """One decision on one claim; once published it never changes, and a correction is a new verdict."""

    step_fields = frozenset({"status", "reviewer", "submitted_at", "published_at", "review_note"})

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="verdicts", help_text="The claim that is decided.")
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="verdicts", help_text="The decision in one word.")
    summary = PlainTextField(
        max_length=1_000, blank=True, help_text="The decision in one or two sentences, as a reader sees it first."
    )
    rationale = PlainTextField(
        max_length=50_000, blank=True, help_text="Why the desk decides so; needed before the verdict is published."
    )
    likelihood = models.CharField(
        max_length=20,
        choices=Likelihood,
        blank=True,
        help_text="How likely the claim is to be true (ICD 203); empty where no estimate is honest.",
    )
    confidence = models.CharField(
        max_length=10, choices=Confidence, blank=True, help_text="How well founded that judgement is."
    )
    status = models.CharField(
        max_length=10,
        choices=VerdictStatus,
        default=VerdictStatus.DRAFT,
        editable=False,
        help_text="How far the verdict is; changed by its actions submit, return and publish.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, help_text="Who drafted it."
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        help_text="Who published it; never its author.",
    )
    review_note = PlainTextField(blank=True, editable=False, help_text="What the reviewer asked for on returning it.")
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it went into review.")
    published_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was published.")
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="superseded_by",
        help_text="The published verdict that this one replaces.",
    )
    claim_text = PlainTextField(
        blank=True,
        help_text="The wording that it judges: that of the claim on publication. The draft of a correction may carry "
        "another one, which the claim takes on once the correction is published.",
    )
    review_by = models.DateField(
        null=True,
        blank=True,
        help_text="The day from which it has to be looked at again, such as 2027-01-01; it is stale from then on.",
    )
    correction_reason = PlainTextField(blank=True, help_text="Why the earlier verdict is replaced.")
    correction_severity = models.CharField(
        max_length=15, choices=Severity, blank=True, help_text="How grave the correction is."
    )

    objects = VerdictQuerySet.as_manager()

    class Meta(ClaimChild.Meta):
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewer=None) | ~Q(reviewer=F("author")),
                name="verdict_takes_two_people",
                violation_error_message="A verdict takes two people: its author cannot review it.",
            ),
            models.CheckConstraint(
                condition=~PUBLISHED | (Q(reviewer__isnull=False, published_at__isnull=False) & ~Q(rationale="")),
                name="verdict_published_is_complete",
                violation_error_message="A published verdict has a reviewer, a date and a rationale.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | (~Q(correction_reason="") & ~Q(correction_severity="")),
                name="verdict_correction_has_reason",
                violation_error_message="A correction says why (correction_reason) and how grave it is "
                "(correction_severity).",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=PUBLISHED & Q(supersedes=None),
                name="verdict_one_first",
                violation_error_message="The claim already has a published verdict: correct that one.",
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=PUBLISHED,
                name="verdict_superseded_once",
                violation_error_message="Another correction of that verdict was published first.",
            ),
        )
        indexes = (
            # What its author has in hand, apart by whether it came back from review.
            models.Index(fields=["author", "status", "submitted_at", "updated_at"], name="verdict_author_status"),
            models.Index(fields=["review_by", "id"], condition=Q(review_by__isnull=False), name="verdict_review_by"),
            models.Index(fields=["status", "-id"], name="verdict_status"),
            models.Index(fields=["status", "published_at", "id"], name="verdict_status_published"),
            models.Index(fields=["status", "updated_at", "id"], name="verdict_status_updated"),
            models.Index(fields=["status", "created_at", "id"], name="verdict_status_created"),
            models.Index(fields=["updated_at", "id"], name="verdict_updated"),
            models.Index(fields=["created_at", "id"], name="verdict_created"),
            models.Index(fields=["rating", "claim"], name="verdict_rating_claim"),
            # Without the many that supersede nothing: counting them, a planner takes the index for useless.
            models.Index(fields=["supersedes"], condition=Q(supersedes__isnull=False), name="verdict_supersedes"),
            models.Index(fields=["-published_at"], name="verdict_published"),
            models.Index(
                fields=["-published_at"], condition=PUBLISHED & Q(supersedes__isnull=False), name="verdict_corrections"
            ),
        )
        permissions = (("publish_verdict", "Can publish and return verdicts"),)

    def __str__(self) -> str:
        return f"{self.rating}: {short_wording(self.wording)}"[:300]

    @property
    def wording(self) -> str:
        """The words that it judges; until it is submitted, those of the claim unless the draft carries others."""
        return self.claim_text or self.claim.text

    def clean(self) -> None:
        user = current().user()
        if self._state.adding and user is not None and self.author_id != user.pk:
            raise Forbidden("Draft verdicts in your own name: whoever writes one cannot be the one to publish it.")
        if self.status != VerdictStatus.DRAFT or self._past_tense not in WRITING:
            return
        if self.claim_text and not self.supersedes_id:
            raise ValidationError({"claim_text": ValidationError(FIRST_VERDICT, code="not_a_correction")})
        if self.claim_text and not self.claim_text.strip():
            raise ValidationError({"claim_text": ValidationError("Write the new wording.", code="blank")})
        if self.review_by is not None and self.review_by <= timezone.localdate():
            raise ValidationError({"review_by": ValidationError("Choose a day that is still to come.", code="past")})

    def prepare_raw(self) -> None:
        # A fixture that does not say so: it judged what the claim says there, which stands before it.
        if self.status == VerdictStatus.PUBLISHED and not self.claim_text:
            self.claim_text = Claim._base_manager.filter(pk=self.claim_id).values_list("text", flat=True).first() or ""
        super().prepare_raw()

    def guard_change(self, changes: set[str]) -> None:
        if self.status == VerdictStatus.PUBLISHED:
            raise Frozen("A published verdict never changes. Correct it: that makes a new verdict which supersedes it.")
        if "author" in changes:
            raise Frozen("The author of a verdict never changes: who wrote it could publish it under another name.")
        content = changes - self.step_fields
        if "status" in changes:
            content -= {"claim_text"}  # a step says which wording goes into review, and is judged
        if content and self.status == VerdictStatus.IN_REVIEW:
            raise Frozen("This verdict is in review. The reviewer must return it before it can change.")
        user = current().user()
        if content and user is not None and user.pk != self.author_id:
            raise Forbidden(
                "Only its author changes a draft verdict: otherwise one person could write and publish it. "
                "Return it with a note, or draft your own."
            )

    def guard_delete(self) -> None:
        super().guard_delete()
        user = current().user()
        if user is not None and user.pk != self.author_id and not user.has_perm("claims.publish_verdict"):
            raise Forbidden("Only its author or a reviewer deletes a draft verdict.")

    def was_published(self) -> bool:
        return self.status == VerdictStatus.PUBLISHED
