"""Telling the receivers of webhooks what happened: in the order of commits, at least once, again when it failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from factcheck.audit.models import AuditEntry
from factcheck.webhooks.announcement import announcement
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall, WebhookCursor
from factcheck.webhooks.sending import send

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60))
"""How long after each failed attempt the next one comes; after the last it is given up."""
BATCH = 200


@dataclass(slots=True)
class Summary:
    """What one pass did: calls by their outcome, entries that were not asked for or not public, webhooks left out
    because another run is at them, or because of their owner."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0
    passed_over: int = 0
    busy: int = 0
    stopped: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, field.name)} {field.name.replace('_', ' ')}" for field in fields(self))


class HeldElsewhere(Exception):
    """This run was silent for so long that another has gone on in its place."""


def deliver(*, watch: Callable[[int], object] | None = None) -> Summary:
    """Every active receiver has been told what is due; `watch` is called with the number of entries dealt with.

    One whose owner may not look after webhooks any more is told nothing, and goes on where it stopped when somebody
    takes it over. A receiver that fails keeps its place in the trail, and nothing later is sent to it before; the
    others go on. A webhook that another run is at is left to it.
    """
    summary = Summary()
    for webhook in Webhook.objects.filter(active=True).select_related("owner").order_by("id"):
        if webhook.stopped():
            summary.stopped += 1
            continue
        cursor = WebhookCursor.take(webhook)
        if cursor is None:
            summary.busy += 1
            continue
        try:
            _walk(webhook, cursor, summary, watch)
        except HeldElsewhere:
            summary.busy += 1
        finally:
            cursor.release()
    return summary


def waiting() -> int:
    """How many entries the active receivers have still to be told of, those included that will be passed over."""
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    places = WebhookCursor.objects.filter(webhook__active=True).values_list("after", flat=True)
    return sum(last - after for after in places)


def _walk(webhook: Webhook, cursor: WebhookCursor, summary: Summary, watch: Callable[[int], object] | None) -> None:
    while entries := list(AuditEntry.objects.filter(id__gt=cursor.after).order_by("id")[:BATCH]):
        for entry in entries:
            if not _deal_with(webhook, entry, cursor, summary):
                return
            if watch is not None:
                watch(1)
        _move(cursor, entries[-1].id)


def _deal_with(webhook: Webhook, entry: AuditEntry, cursor: WebhookCursor, summary: Summary) -> bool:
    """Whether the entry is done with, so that the next may follow."""
    message = announcement(entry) if webhook.wants(entry) else None
    if message is None:
        summary.passed_over += 1
        # One that failed before and has since been closed to the public is not sent again.
        WebhookCall.objects.filter(webhook=webhook, entry_id=entry.id).exclude(status=CallStatus.DELIVERED).update(
            status=CallStatus.GIVEN_UP, next_attempt_at=None, error="It is no longer public, or no longer asked for."
        )
        return True
    with transaction.atomic():
        call, _new = WebhookCall.objects.get_or_create(
            webhook=webhook, entry_id=entry.id, defaults={"event": entry.action}
        )
        if call.is_done:
            return True
        now = timezone.now()
        if call.next_attempt_at is not None and now < call.next_attempt_at:
            return False
        # Counted before it is sent: a run that dies on the way must not try again without a pause.
        call.attempts += 1
        call.status, call.sent_at, call.next_attempt_at = CallStatus.WAITING, now, now + _pause(call.attempts)
        call.save()
        # The place in front of this entry; it also holds the cursor for the time that the delivery takes.
        _move(cursor, entry.id - 1)
    if send(call, message, now):
        call.status, call.next_attempt_at = CallStatus.DELIVERED, None
    elif call.attempts > len(PAUSES):
        call.status, call.next_attempt_at = CallStatus.GIVEN_UP, None
    else:
        call.status, call.next_attempt_at = CallStatus.FAILED, timezone.now() + _pause(call.attempts)
    with transaction.atomic():
        done = call.is_done
        _move(cursor, entry.id if done else entry.id - 1)
        call.save()
    setattr(summary, call.status, getattr(summary, call.status) + 1)
    return done


def _move(cursor: WebhookCursor, after: int) -> None:
    if not cursor.move(after):
        raise HeldElsewhere


def _pause(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1]
