"""What is done with a webhook by hand: a test, a message sent again, another owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict
from factcheck.webhooks.announcement import announcement
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall, WebhookCursor

CHANGE = "webhooks.change_webhook"
PING = "webhook.ping"
"""The event of a test; no action of the trail has this name."""


def _send(call: WebhookCall, message: dict[str, object], now: datetime) -> bool:
    from factcheck.webhooks.sending import send  # noqa: PLC0415 - it reads a client of HTTP, for few

    return send(call, message, now)


def send_ping(*, actor: Any, webhook: Webhook) -> WebhookCall:
    """A test was sent at once, signed like every message; its call says what came of it, and it is sent once.

    Also to one that is not active: that is when it is tested. Call it outside of transactions. Raises Forbidden.
    """
    require(actor, CHANGE, "send tests to webhooks")
    now = timezone.now()
    call = WebhookCall.objects.create(webhook=webhook, event=PING, attempts=1, sent_at=now)
    call.status = CallStatus.DELIVERED if _send(call, _ping_message(call, now), now) else CallStatus.GIVEN_UP
    call.save()
    return call


def resend_call(*, actor: Any, call: WebhookCall) -> WebhookCall:
    """The message of the call was sent once more, at once, with the id that it had; what came of it is noted.

    What was delivered stays so, and what waits for its next attempt keeps waiting, unless it is taken now. Call it
    outside of transactions. Raises Forbidden, and Conflict where it may not leave any more or a delivery is under way.
    """
    require(actor, CHANGE, "send messages of webhooks again")
    webhook, now = call.webhook, timezone.now()
    if call.entry_id is None:
        message: dict[str, object] | None = _ping_message(call, now)
    else:
        entry = AuditEntry.objects.filter(id=call.entry_id).first()
        message = announcement(entry) if entry is not None and webhook.wants(entry) else None
    if message is None:
        raise Conflict("What it told is no longer public, or no longer asked for.", code="not_announced")
    if why := webhook.stopped():
        raise Conflict(f"{why} Take it over first.", code="webhook_stopped")
    cursor = WebhookCursor.take(webhook)
    if cursor is None:
        raise Conflict("Messages are on their way to this receiver. Try again in a moment.", code="delivery_under_way")
    try:
        call.refresh_from_db()
        call.attempts, call.sent_at = call.attempts + 1, now
        call.save()
        if _send(call, message, now):
            call.status, call.next_attempt_at = CallStatus.DELIVERED, None
        call.save()
    finally:
        cursor.release()
    return call


def take_over(*, actor: Any, webhook: Webhook) -> Webhook:
    """The webhook is `actor`'s, who answers for it from now on, as the trail records. Raises Forbidden."""
    user = require(actor, CHANGE, "take over webhooks")
    with recording(actor=actor):
        webhook.refresh_from_db()
        if webhook.owner_id != user.pk:
            webhook.owner = user
            webhook.save(past_tense="taken_over")
        return webhook


def _ping_message(call: WebhookCall, now: datetime) -> dict[str, object]:
    return {"type": PING, "timestamp": now.isoformat(), "data": {"webhook": call.webhook_id}}
