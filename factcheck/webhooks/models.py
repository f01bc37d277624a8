"""Subscriptions to what happens in the register, and each delivery with its answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from factcheck.audit.access import people_who_may
from factcheck.audit.context import current
from factcheck.audit.differences import recorded_models
from factcheck.audit.models.entry import AuditEntry
from factcheck.base.fields import HttpURLField, LabelsField, LineField, NumbersField, PlainTextField
from factcheck.models.recorded import RecordedModel, RecordedQuerySet
from factcheck.webhooks.subjects import SUBJECTS
from factcheck.webhooks.target import refused_target

VIEW = "webhooks.view_webhook"
ACTS = frozenset({"created", "changed", "deleted", "published", "withdrawn", "corrected"})
"""What can be subscribed to; the steps before publication never leave."""
LEASE = timedelta(seconds=90)
"""How long a run may be silent before another may go on in its place: well above one delivery."""
EXCERPT = 1_000


def may_view(user: Any) -> bool:
    """Whether `user` may read about webhooks."""
    return bool(user is not None and user.is_active and user.has_perm(VIEW))


def caretakers() -> set[int]:
    """The numbers of all who may look after webhooks."""
    return set(people_who_may(VIEW).values_list("pk", flat=True))


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

    created_alone: ClassVar[bool] = True
    changed_alone: ClassVar[bool] = True
    step_fields: ClassVar[frozenset[str]] = frozenset({"secret_generation", "secret_shown_at", "secret_rotated_at"})

    name = LineField(max_length=200, help_text="Who receives it, as the desk knows them.")
    url = HttpURLField(
        help_text="Where it is sent (POST). Put no password or token into it: messages are signed, and the desk "
        "reads the address in the audit trail."
    )
    actions = LabelsField(
        help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
    )
    disputes = NumbersField(
        help_text="Only what belongs to these disputes, by their ids; empty for all. Anybody has to be able to read "
        "them."
    )
    sources = NumbersField(
        help_text="Only what these sources said or published, and what is decided on claims that they speak about, by "
        "their ids; empty for all. Anybody has to be able to read them and to know their names."
    )
    active = models.BooleanField(
        default=True, help_text="Whether anything is sent; turned on again, it goes on where it stopped."
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Who answers for it: who set it up or took it over. Where they have not the right to look after "
        "webhooks any more, nothing is sent.",
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.owner_id is None:
            self.owner = current().user()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        stored = Webhook._base_manager.filter(pk=self.pk).first() if self.pk else None
        errors: dict[str, ValidationError] = {}
        if refusal := refused_target(self.url, known=stored is not None and stored.url == self.url):
            errors["url"] = ValidationError(refusal, code="target_refused")
        for name, subject in SUBJECTS.items():
            kept = getattr(stored, name, ())
            # What was closed since it was entered falls silent, and hinders no other change. What is no id, the field
            # refuses itself.
            new = {number for number in getattr(self, name) or () if type(number) is int and number not in kept}
            if hidden := new - subject.public(new):
                errors[name] = ValidationError(
                    "Not among the %(name)s that anybody can read: %(unknown)s. Leave it out, or publish it first.",
                    code="not_public",
                    params={"name": name, "unknown": ", ".join(map(str, sorted(hidden)))},
                )
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

    def wants(self, entry: AuditEntry) -> bool:
        """Whether the receiver asked for this action, of these disputes and sources."""
        action = entry.action
        if not {action, f"{action.partition('.')[0]}.*", "*"} & set(self.actions):
            return False
        return all(
            not (wanted := getattr(self, name)) or bool(subject.of(entry) & set(wanted))
            for name, subject in SUBJECTS.items()
        )

    def stopped(self, holders: Collection[int] | None = None) -> str:
        """Why nothing is sent although it is active, or ""; `holders` are those who may look after webhooks."""
        owner = self.owner
        if not self.active or owner is None:
            return ""
        if not owner.is_active:
            return "The account of its owner is not active."
        may = owner.pk in holders if holders is not None else may_view(owner)
        return "" if may else "Its owner may not look after webhooks any more."


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
    """The delivery of one entry, or of a test, to one receiver, with the answer to its last attempt."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls", help_text="Whom it was sent to.")
    event = models.CharField(
        max_length=60, blank=True, help_text="The action that it tells, or webhook.ping for a test."
    )
    entry_id = models.BigIntegerField(
        null=True, blank=True, help_text="The entry of the audit trail that it tells of; empty for a test."
    )
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
        return f"{self.event or self.entry_id} to webhook {self.webhook_id}: {self.status}"

    @property
    def message_id(self) -> str:
        """By which the receiver knows a message that it has had already: the same for every attempt."""
        what = f"ping-{self.pk}" if self.entry_id is None else f"entry-{self.entry_id}"
        return f"{what}-{self.webhook_id}"

    @property
    def is_done(self) -> bool:
        """Whether it will not be sent again."""
        return self.status in {CallStatus.DELIVERED, CallStatus.GIVEN_UP}
