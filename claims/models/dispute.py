"""The contested question, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from claims.choices import ClaimStatus, Visibility
from claims.models.parts import DisputeParts
from factcheck.audit.access import is_desk
from factcheck.audit.context import current, recording
from factcheck.base.errors import Frozen
from factcheck.base.fields import EdtfDateField, LineField, PlainTextField
from factcheck.base.people import Reader
from factcheck.base.slug import free_slug, is_secret, refuse_number, secret_slug
from factcheck.models.recorded import RecordedModel, RecordedQuerySet, Scope


def open_disputes(user: Reader | None, path: str = "") -> Q:
    """The condition that `user` may know of the dispute at `path` (such as `claim__dispute__`).

    A restricted one is its members' alone, whatever their role. A condition over joins, not a list of ids: a page of
    rows then costs its own rows only, however large the register is.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Q(**{f"{path}visibility": Visibility.PUBLIC})
    own = DisputeMember.objects.filter(user_id=user.pk).values("dispute")
    return Q(**{f"{path}visibility__in": [Visibility.PUBLIC, Visibility.INTERNAL]}) | Q(**{f"{path}id__in": own})


class DisputeQuerySet(RecordedQuerySet):
    def update(self, **kwargs: Any) -> int:
        with recording():
            restricted = self._rows() if kwargs.get("visibility") == Visibility.RESTRICTED else []
            count = super().update(**kwargs)
            for dispute in restricted:
                dispute.keep_open_to(current().user())
                if not is_secret(dispute.slug):
                    dispute.refresh_from_db()
                    dispute.save()
            return count

    def open_to(self, user: Reader) -> Self:
        """The disputes of which `user` may know."""
        return self.filter(open_disputes(user))

    def abandoned(self) -> Self:
        """The restricted disputes none of whose members has an active account any more: nobody can read them."""
        active = DisputeMember.objects.filter(dispute=OuterRef("pk"), user__is_active=True)
        return self.filter(~Exists(active), visibility=Visibility.RESTRICTED)

    def visible_to(self, user: Reader) -> Self:
        """The disputes that `user` may read: outside the desk, only those with something published in them."""
        disputes = self.open_to(user)
        if is_desk(user):
            return disputes
        claims: Any = self.model._meta.get_field("claims").related_model
        published = claims._base_manager.filter(dispute=OuterRef("pk"), status=ClaimStatus.PUBLISHED)
        return disputes.filter(Exists(published))


class Dispute(RecordedModel):
    """A contested question on which claims compete."""

    title = LineField(max_length=300, help_text="A short neutral title.")
    slug = models.SlugField(
        max_length=120,
        unique=True,
        blank=True,
        help_text="The short name in web addresses; made from the title when left empty, and lasting. That of a "
        "restricted dispute gets a random ending.",
    )
    question = LineField(
        max_length=1_000,
        help_text="What the dispute is about, as one sentence; what its claims answer are its questions.",
    )
    summary = PlainTextField(blank=True, help_text="What happened and who holds what, in neutral words.")
    occurred_on = EdtfDateField(
        blank=True, help_text="When the event took place, as exactly as known: 2025, 2025-06, 2025-06-27."
    )
    place = LineField(max_length=300, blank=True, help_text="Where the event took place.")
    exclusive = models.BooleanField(
        default=False,
        editable=False,
        help_text="What older releases knew of all its claims: that at most one can hold. Its questions say it now.",
    )
    visibility = models.CharField(
        max_length=12,
        choices=Visibility,
        default=Visibility.PUBLIC,
        help_text="Who may read it and all that belongs to it.",
    )

    created_alone = changed_alone = True

    state: str | None = None
    """How far its questions are decided (`claims.rules.question_state`), where that was loaded beside the row."""
    parts: DisputeParts | None = None
    """What a reader may know of what belongs to it, where that was loaded beside the row."""

    named_by: ClassVar[str] = "title"
    reference_fields: ClassVar[tuple[str, ...]] = ("slug",)
    short_name: ClassVar[str] = "slug"
    objects = DisputeQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["updated_at", "id"], name="dispute_updated"),
            models.Index(fields=["created_at", "id"], name="dispute_created"),
            models.Index(fields=["title", "id"], name="dispute_title"),
            models.Index(fields=["occurred_on", "id"], name="dispute_occurred"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        with recording():
            super().save(*args, **kwargs)
            was_restricted = self._before is not None and self._before.visibility == Visibility.RESTRICTED
            if self.visibility == Visibility.RESTRICTED and not was_restricted:
                self.keep_open_to(current().user())

    def clean(self) -> None:
        refuse_number(self.slug)
        if self.visibility == Visibility.RESTRICTED and not is_secret(self.slug):
            # Who is refused a short name, or given another number, would else learn that somebody has it.
            self.slug = secret_slug(self.slug or self.title)
        if not self.slug and self.title:
            self.slug = free_slug(Dispute, self.title)

    def guard_change(self, changes: set[str]) -> None:
        if "question" not in changes:
            return
        asked: Any = self._meta.get_field("questions").related_model
        # Where it says what a question says, it is told as that one's words, beside how far it is decided.
        for question in asked._base_manager.filter(dispute=self.pk, text=self.question).order_by("pk"):
            if judged := question.judged_by():
                raise Frozen(f"{judged} {question.remedy()}", code="judged", field="question")

    def keep_open_to(self, user: Reader | None) -> None:
        """Whoever restricts a dispute stays in it: otherwise nobody could open it again."""
        if user is not None and not DisputeMember.objects.filter(dispute=self, user_id=user.pk).exists():
            DisputeMember(dispute=self, user_id=user.pk).save()

    def was_published(self) -> bool:
        # The history knows it too when the published claim has since been moved to another dispute.
        claims: Any = self._meta.get_field("claims").related_model
        return self.pk is not None and claims.history.filter(dispute=self.pk, status=ClaimStatus.PUBLISHED).exists()

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The small object that stands for the dispute where another row refers to it."""
        return self.reference_as(self.title)

    def audit_scope(self) -> Scope:
        return Scope(dispute_id=self.pk)


class DisputeMemberQuerySet(RecordedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """The desk reads who is a member of the disputes it may see."""
        return self.filter(open_disputes(user, "dispute__")) if is_desk(user) else self.none()


class DisputeMember(RecordedModel):
    """One person who may see a restricted dispute."""

    past_by = frozenset({"dispute"})

    dispute = models.ForeignKey(
        Dispute, models.CASCADE, related_name="members", help_text="The dispute that the person may see."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="The person who may see it."
    )

    objects = DisputeMemberQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("id",)
        verbose_name = "member of a dispute"
        verbose_name_plural = "members of a dispute"
        constraints = (
            models.UniqueConstraint(
                fields=["dispute", "user"],
                name="dispute_member_once",
                violation_error_message="This person is already a member of the dispute.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} in {self.dispute}"

    def was_published(self) -> bool:
        return False

    def audit_scope(self) -> Scope:
        return Scope(dispute_id=self.dispute_id)


def restricted_among(disputes: Iterable[int | None]) -> set[int]:
    """Those of these disputes that are restricted."""
    ids = {pk for pk in disputes if pk is not None}
    closed = Dispute._base_manager.filter(pk__in=ids, visibility=Visibility.RESTRICTED)
    return {*closed.values_list("pk", flat=True)} if ids else set()
