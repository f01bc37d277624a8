"""Deliveries: signed, in order, at least once, again when they fail, and given up in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from standardwebhooks import Webhook as Standard

from claims.services import withdraw_claim
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.webhooks import sending
from factcheck.webhooks.delivery import PAUSES, Summary, deliver
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall, WebhookCursor
from factcheck.webhooks.signing import rotate_secret, secret_of
from tests.factories import make_claim, make_dispute, make_published, make_webhook, someone
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(register: None, receiver: Receiver) -> Webhook:
    return make_webhook(receiver.url, actions=["claim.*", "verdict.published"])


def calls() -> list[WebhookCall]:
    return list(WebhookCall.objects.order_by("id"))


def later() -> Summary:
    """A pass after all pauses are over."""
    WebhookCall.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=timezone.now())
    return deliver()


def test_message_is_signed_and_arrives(webhook: Webhook, receiver: Receiver) -> None:
    claim = make_claim(published=True, dispute=make_dispute())
    summary = deliver()
    assert (summary.delivered, summary.failed, summary.given_up, summary.busy) == (1, 0, 0, 0)
    (body,), (headers,) = receiver.bodies, receiver.headers
    assert Standard(secret_of(webhook)).verify(body, headers)["data"]["object_id"] == claim.pk
    assert headers["content-type"] == "application/json"
    (call,) = calls()
    assert headers["webhook-id"] == f"entry-{call.entry_id}-{webhook.pk}"
    assert (call.status, call.attempts, call.response_status, call.error) == (CallStatus.DELIVERED, 1, 204, "")
    assert call.next_attempt_at is None


def test_nothing_is_sent_twice(webhook: Webhook, receiver: Receiver) -> None:
    make_claim(published=True)
    deliver()
    assert deliver().delivered == 0
    assert len(receiver.bodies) == 1


def test_new_webhook_is_not_told_of_what_was_before(register: None, receiver: Receiver) -> None:
    make_claim(published=True)
    make_webhook(receiver.url)
    deliver()
    assert receiver.bodies == []


def test_actions_that_were_not_asked_for_are_passed_over(webhook: Webhook, receiver: Receiver) -> None:
    make_published()
    deliver()
    assert receiver.types == ["claim.published", "verdict.published"]
    last = AuditEntry.objects.order_by("-id").values_list("id", flat=True)[0]
    assert WebhookCursor.objects.get(webhook=webhook).after == last


def test_messages_come_in_the_order_of_the_trail(webhook: Webhook, receiver: Receiver) -> None:
    claims = [make_claim(published=True) for _ in range(3)]
    for claim in claims:
        withdraw_claim(actor=someone("Editor"), claim=claim, reason="Wrong.")
    deliver()
    # What is withdrawn meanwhile is no longer told as published.
    assert receiver.types == ["claim.withdrawn"] * 3
    assert [message["data"]["object_id"] for message in receiver.messages] == [claim.pk for claim in claims]


def test_failure_holds_back_what_comes_later(webhook: Webhook, receiver: Receiver) -> None:
    first, second = make_claim(published=True), make_claim(published=True)
    receiver.answer(500, body=b"out of order")
    assert deliver().failed == 1
    assert deliver().failed == 0, "the pause is not over"
    (call,) = calls()
    assert (call.status, call.response_status, call.response_excerpt) == (CallStatus.FAILED, 500, "out of order")
    receiver.answer(200)
    assert later().delivered == 2
    assert [m["data"]["object_id"] for m in receiver.messages] == [first.pk, first.pk, second.pk]
    assert len({headers["webhook-id"] for headers in receiver.headers}) == 2


def test_pauses_grow_until_it_is_given_up_and_the_next_follows(webhook: Webhook, receiver: Receiver) -> None:
    make_claim(published=True)
    receiver.answer(503)
    deliver()
    for pause in PAUSES:
        (call,) = calls()
        assert call.status == CallStatus.FAILED
        assert abs(call.next_attempt_at - call.sent_at - pause) < timedelta(seconds=5)
        later()
    (call,) = calls()
    assert (call.status, call.attempts, call.next_attempt_at) == (CallStatus.GIVEN_UP, 6, None)
    second = make_claim(published=True)
    receiver.answer(200)
    receiver.forget()
    assert later().delivered == 1
    assert receiver.messages[0]["data"]["object_id"] == second.pk


def test_receiver_that_fails_does_not_hold_back_others(webhook: Webhook, receiver: Receiver) -> None:
    with receiving() as other:
        make_webhook(other.url)
        receiver.answer(500)
        make_claim(published=True)
        summary = deliver()
        assert (summary.delivered, summary.failed) == (1, 1)
        assert other.types == ["claim.published"]


def test_redirect_is_a_failure(webhook: Webhook, receiver: Receiver) -> None:
    receiver.answer(307)
    make_claim(published=True)
    deliver()
    (call,) = calls()
    assert (call.status, call.response_status) == (CallStatus.FAILED, 307)
    assert "not followed" in call.error
    assert len(receiver.bodies) == 1


def test_receiver_that_is_gone_is_a_failure(webhook: Webhook) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(url="http://127.0.0.1:9/hook")
    make_claim(published=True)
    deliver()
    (call,) = calls()
    assert (call.status, call.response_status) == (CallStatus.FAILED, None)
    assert call.error.startswith("No connection")


def test_address_is_checked_again_when_it_is_sent(webhook: Webhook, receiver: Receiver, settings: Any) -> None:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = False
    make_claim(published=True)
    deliver()
    assert receiver.bodies == []
    assert calls()[0].status == CallStatus.FAILED


@pytest.mark.parametrize("body", [b"\x00\x1b[31m\xff\xed\xa0\x80" + b"x" * 5_000, "\u202eevil".encode() * 400])
def test_excerpt_is_short_and_clean_text(webhook: Webhook, receiver: Receiver, body: bytes) -> None:
    receiver.answer(200, body=body)
    make_claim(published=True)
    assert deliver().delivered == 1
    excerpt = calls()[0].response_excerpt
    assert len(excerpt) == 1_000
    assert not set(excerpt) & {"\x00", "\x1b", "\u202e"}


def test_inactive_webhook_waits_and_goes_on_where_it_stopped(webhook: Webhook, receiver: Receiver) -> None:
    webhook.active = False
    webhook.save()
    make_claim(published=True)
    deliver()
    assert receiver.bodies == []
    webhook.active = True
    webhook.save()
    assert deliver().delivered == 1


def test_what_is_closed_before_the_next_attempt_is_not_sent_again(webhook: Webhook, receiver: Receiver) -> None:
    dispute = make_dispute()
    make_claim(published=True, dispute=dispute)
    receiver.answer(500)
    deliver()
    with acting(actor=someone("Editor"), reason="Closed."):
        dispute.visibility = "internal"
        dispute.save()
    receiver.forget()
    assert later().delivered == 0
    assert receiver.bodies == []
    assert calls()[0].status == CallStatus.GIVEN_UP
    assert "no longer public" in calls()[0].error


def test_run_that_died_while_sending_sends_again(webhook: Webhook, receiver: Receiver, monkeypatch: Any) -> None:
    make_claim(published=True)

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("factcheck.webhooks.sending.post", die)
        patch.setattr(WebhookCursor, "release", lambda _self: None)  # a killed process releases nothing
        with pytest.raises(SystemExit):
            deliver()
    assert deliver().busy == 1
    WebhookCursor.objects.update(held_until=F("held_until") - timedelta(hours=1))
    assert deliver().delivered == 0, "it was counted as an attempt and has its pause"
    assert later().delivered == 1
    assert calls()[0].attempts == 2


def test_run_that_was_overtaken_stops(webhook: Webhook, receiver: Receiver, monkeypatch: Any) -> None:
    make_claim(published=True)
    make_claim(published=True)

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        WebhookCursor.objects.update(holder="another run", held_until=timezone.now() + timedelta(minutes=1))
        return real(*args, **kwargs)

    real = sending.post
    monkeypatch.setattr(sending, "post", overtaken)
    assert deliver().busy == 1
    assert len(receiver.bodies) == 1
    assert WebhookCursor.objects.get().holder == "another run"


def test_rotation_needs_no_pause_of_the_receiver(webhook: Webhook, receiver: Receiver) -> None:
    old = secret_of(webhook)
    editor = someone("Administrator")
    editor.is_superuser = True
    rotate_secret(actor=editor, webhook=webhook)
    make_claim(published=True)
    deliver()
    for secret in (old, secret_of(webhook)):
        assert Standard(secret).verify(receiver.bodies[0], receiver.headers[0])["type"] == "claim.published"


def test_delivery_leaves_no_trace_in_the_trail(webhook: Webhook, receiver: Receiver) -> None:
    make_claim(published=True)
    before = AuditEntry.objects.count()
    deliver()
    assert AuditEntry.objects.count() == before
    webhook.refresh_from_db()
    assert webhook.version == 1


def test_long_trail_is_walked_in_batches(webhook: Webhook, receiver: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr("factcheck.webhooks.delivery.BATCH", 2)
    for _ in range(4):
        make_claim(published=True)
    seen: list[int] = []
    assert deliver(watch=seen.append).delivered == 4
    assert sum(seen) == AuditEntry.objects.filter(id__gt=AuditEntry.objects.of(webhook).first().id).count()
