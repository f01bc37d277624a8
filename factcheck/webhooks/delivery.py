"""Telling the receivers of webhooks what happened: in the order of commits, at least once, again when it failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from factcheck.audit.models import AuditEntry
from factcheck.base.fetch import Answer, FetchError, post
from factcheck.base.text import forbidden_character
from factcheck.webhooks.announcement import announcement
from factcheck.webhooks.models import EXCERPT, CallStatus, Webhook, WebhookCall, WebhookCursor
from factcheck.webhooks.signing import signed_headers

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60))
"""How long after each failed attempt the next one comes; after the last it is given up."""
BATCH = 200


@dataclass(slots=True)
class Summary:
    """What one pass did: calls by their outcome, entries that were not asked for or not public, webhooks left out."""

    delivered: int = 0
    failed: int = 0
    given_up: int = 0
    passed_over: int = 0
    busy: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{getattr(self, field.name)} {field.name.replace('_', ' ')}" for field in fields(self))


class HeldElsewhere(Exception):
    """This run was silent for so long that another has gone on in its place."""


def deliver(*, watch: Callable[[int], object] | None = None) -> Summary:
    """Every active receiver has been told what is due; `watch` is called with the number of entries dealt with.

    A receiver that fails keeps its place in the trail, and nothing later is sent to it before; the others go on. A
    webhook that another run is at is left to it.
    """
    summary = Summary()
    for webhook in Webhook.objects.filter(active=True).order_by("id"):
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
    message = announcement(entry) if webhook.wants(entry.action) else None
    if message is None:
        summary.passed_over += 1
        # One that failed before and has since been closed to the public is not sent again.
        WebhookCall.objects.filter(webhook=webhook, entry_id=entry.id).exclude(status=CallStatus.DELIVERED).update(
            status=CallStatus.GIVEN_UP, next_attempt_at=None, error="It is no longer public, or no longer asked for."
        )
        return True
    with transaction.atomic():
        call, _new = WebhookCall.objects.get_or_create(webhook=webhook, entry_id=entry.id)
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
    _send(webhook, call, message, now)
    with transaction.atomic():
        done = call.is_done
        _move(cursor, entry.id if done else entry.id - 1)
        call.save()
    setattr(summary, call.status, getattr(summary, call.status) + 1)
    return done


def _send(webhook: Webhook, call: WebhookCall, message: dict[str, object], now: datetime) -> None:
    """POST the message and note in `call` what came of it."""
    body = json.dumps(message, separators=(",", ":"))
    # The same for every attempt: by it the receiver knows what it has had already.
    headers = signed_headers(webhook, f"entry-{call.entry_id}-{webhook.pk}", body, now)
    answer: Answer | None = None
    call.error = ""
    try:
        answer = post(
            webhook.url,
            content=body.encode(),
            headers={"Content-Type": "application/json", "User-Agent": "factcheck-webhooks/1", **headers},
            private=settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS,
        )
    except FetchError as failure:
        call.error = _clean(str(failure))
    call.response_status = answer.status if answer else None
    call.response_excerpt = _clean(answer.body.decode("utf-8", "replace")) if answer else ""
    if answer and 200 <= answer.status < 300:
        call.status, call.next_attempt_at = CallStatus.DELIVERED, None
        return
    if answer:
        redirect = " A redirect is not followed: give the address it leads to." if 300 <= answer.status < 400 else ""
        call.error = f"The receiver answered {answer.status}.{redirect}"
    if call.attempts > len(PAUSES):
        call.status, call.next_attempt_at = CallStatus.GIVEN_UP, None
    else:
        call.status, call.next_attempt_at = CallStatus.FAILED, timezone.now() + _pause(call.attempts)


def _move(cursor: WebhookCursor, after: int) -> None:
    if not cursor.move(after):
        raise HeldElsewhere


def _pause(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _clean(text: str) -> str:
    """At most 1,000 characters, without those that no text of the register may hold."""
    return "".join("\ufffd" if forbidden_character(character) else character for character in text[:EXCERPT])
