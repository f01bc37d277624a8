"""Subscriptions to what happens in the register, and each delivery with its answer."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from factcheck.audit.differences import recorded_models
from factcheck.audit.models.entry import AuditEntry
from factcheck.base.fields import HttpURLField, LabelsField, LineField, PlainTextField
from factcheck.models.recorded import RecordedModel, RecordedQuerySet

VIEW = "webhooks.view_webhook"
ACTS = frozenset({"created", "changed", "deleted", "published", "withdrawn", "corrected"})
"""What can be subscribed to; the steps before publication never leave."""
LEASE = timedelta(seconds=90)
"""How long a run may be silent before another may go on in its place: well above one delivery."""
EXCERPT = 1_000


def may_view(user: Any) -> bool:
    """Whether `user` may read about webhooks."""
    return bool(user is not None and user.is_active and user.has_perm(VIEW))


class CallStatus(models.TextChoices):
    WAITING = "waiting", "Waiting: it is about to be sent"
    DELIVERED = "delivered", "Delivered: the receiver took it"
    FAILED = "failed", "Failed: it will be sent again"
    GIVEN_UP = "given_up", "Given up: it will not be sent again"


class WebhookQuerySet(RecordedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Where news goes is for those to know who look after it."""
        return self if may_view(user) else self.none()


class Webhook(RecordedModel):
    """One receiver that is told what happened, by number alone; it reads the rest like everybody else."""

    step_fields: ClassVar[frozenset[str]] = frozenset({"secret_generation", "secret_shown_at", "secret_rotated_at"})

    name = LineField(max_length=200, help_text="Who receives it, as the desk knows them.")
    url = HttpURLField(
        help_text="Where it is sent (POST). Put no password or token into it: messages are signed, and the desk "
        "reads the address in the audit trail."
    )
    actions = LabelsField(
        help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
    )
    active = models.BooleanField(
        default=True, help_text="Whether anything is sent; turned on again, it goes on where it stopped."
    )
    secret_generation = models.PositiveIntegerField(
        default=1, editable=False, help_text="Which secret signs the messages; each rotation makes a new one."
    )
    secret_shown_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When this secret was shown; it is shown once."
    )
    secret_rotated_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the secret was last replaced by a new one."
    )

    objects = WebhookQuerySet.as_manager()

    class Meta(RecordedModel.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        # Only now: a model is imported by every command, and few of them ever send anything.
        from factcheck.base.fetch import TargetRefused, check_target  # noqa: PLC0415

        errors: dict[str, ValidationError] = {}
        try:
            check_target(self.url, private=settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS)
        except TargetRefused as refusal:
            errors["url"] = ValidationError(str(refusal), code="target_refused")
        if not self.actions:
            errors["actions"] = ValidationError("Name at least one action, or * for all.", code="blank")
        elif isinstance(self.actions, list) and (unknown := [a for a in self.actions if not is_known(a)]):
            errors["actions"] = ValidationError(
                "There is no action %(action)s. Write noun.act, noun.* or *; the acts are %(acts)s.",
                code="unknown_action",
                params={"action": unknown[0], "acts": ", ".join(sorted(ACTS))},
            )
        if errors:
            raise ValidationError(errors)

    def wants(self, action: str) -> bool:
        """Whether the receiver asked for this action."""
        return bool({action, f"{action.partition('.')[0]}.*", "*"} & set(self.actions))


def is_known(action: Any) -> bool:
    """Whether `action` can be subscribed to."""
    found = isinstance(action, str) and re.fullmatch(r"([a-z]+)\.([a-z]+|\*)", action)
    return action == "*" or bool(found and found[1] in recorded_models() and found[2] in {*ACTS, "*"})


class WebhookCursor(models.Model):
    """How far a receiver has been told, and which run tells it now; apart from the webhook, whose changes are kept."""

    webhook = models.OneToOneField(
        Webhook, models.CASCADE, primary_key=True, related_name="cursor", help_text="The webhook that is told."
    )
    after = models.BigIntegerField(help_text="The last entry of the audit trail that was dealt with.")
    holder = models.CharField(max_length=32, blank=True, help_text="The run that delivers now; empty when none does.")
    held_until = models.DateTimeField(null=True, blank=True, help_text="When another run may go on in its place.")

    class Meta:
        verbose_name = "webhook cursor"

    def __str__(self) -> str:
        return f"{self.webhook_id} after {self.after}"

    @classmethod
    def take(cls, webhook: Webhook) -> WebhookCursor | None:
        """The cursor, held by this run alone, or None while another run holds it."""
        first = AuditEntry.objects.of(webhook).filter(action="webhook.created").values_list("id", flat=True).first()
        cls._default_manager.get_or_create(webhook=webhook, defaults={"after": first or 0})
        holder, now = get_random_string(32), timezone.now()
        free = Q(holder="") | Q(held_until__lt=now)
        taken = cls._default_manager.filter(free, webhook=webhook).update(holder=holder, held_until=now + LEASE)
        return cls._default_manager.get(webhook=webhook) if taken else None

    def move(self, after: int) -> bool:
        """Store how far this run has come and hold the cursor on; False when another run has gone on in its place."""
        self.after = after
        return bool(self._mine().update(after=after, held_until=timezone.now() + LEASE))

    def release(self) -> None:
        """Let another run take the cursor at once."""
        self._mine().update(holder="", held_until=None)

    def _mine(self) -> models.QuerySet:
        return type(self)._default_manager.filter(pk=self.pk, holder=self.holder)


class WebhookCallQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        return self if may_view(user) else self.none()


class WebhookCall(models.Model):
    """The delivery of one entry to one receiver, with the answer to its last attempt."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls", help_text="Whom it was sent to.")
    entry_id = models.BigIntegerField(help_text="The entry of the audit trail that it tells of.")
    status = models.CharField(
        max_length=10, choices=CallStatus, default=CallStatus.WAITING, help_text="How far the delivery is."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often it was sent.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was last sent.")
    next_attempt_at = models.DateTimeField(null=True, blank=True, help_text="When it will be sent again, if so.")
    response_status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The HTTP status of the last answer; empty without an answer."
    )
    response_excerpt = PlainTextField(
        max_length=EXCERPT, blank=True, help_text="The beginning of the last answer, at most 1,000 characters."
    )
    error = PlainTextField(max_length=EXCERPT, blank=True, help_text="Why the last attempt failed.")

    objects = WebhookCallQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = "webhook call"
        constraints = (
            models.UniqueConstraint(
                fields=["webhook", "entry_id"],
                name="webhook_call_once",
                violation_error_message="This entry already has its call to this webhook.",
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.entry_id} to webhook {self.webhook_id}: {self.status}"

    @property
    def is_done(self) -> bool:
        """Whether it will not be sent again."""
        return self.status in {CallStatus.DELIVERED, CallStatus.GIVEN_UP}
