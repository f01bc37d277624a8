"""What is done with a webhook by hand: tests, messages sent again, owners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from standardwebhooks import Webhook as Standard

from claims.models import Dispute
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.webhooks.delivery import deliver
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall, WebhookCursor
from factcheck.webhooks.signing import secret_of
from tests.factories import make_claim, make_dispute, make_user, make_webhook, someone
from tests.webhooks.receiver import Receiver, receiving

LIST = "/api/v1/webhooks/"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.FACTCHECK_WEBHOOK_PRIVATE_TARGETS = True
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook(register: None, receiver: Receiver) -> Webhook:
    with acting(actor=someone("Editor")):
        return make_webhook(receiver.url, actions=["claim.*"])


def last_call() -> WebhookCall:
    return WebhookCall.objects.latest("id")


def delivered(webhook: Webhook, receiver: Receiver, **fields: Any) -> WebhookCall:
    """A call about a published claim that the receiver has."""
    make_claim(published=True, dispute=make_dispute(), **fields)
    deliver()
    receiver.forget()
    return last_call()


def test_a_test_is_signed_named_and_among_the_calls(
    webhook: Webhook, receiver: Receiver, api: Callable[..., Any]
) -> None:
    told = api(someone("Editor")).post(f"{LIST}{webhook.pk}/ping/")
    assert told.status_code == 200, told.content
    (body,), (headers,) = receiver.bodies, receiver.headers
    message = Standard(secret_of(webhook)).verify(body, headers)
    assert (message["type"], message["data"]) == ("webhook.ping", {"webhook": webhook.pk})
    call = told.json()
    assert (call["event"], call["entry_id"], call["status"], call["response_status"]) == (
        "webhook.ping",
        None,
        "delivered",
        204,
    )
    assert headers["webhook-id"] == f"ping-{call['id']}-{webhook.pk}"
    assert api(someone("Editor")).get(f"{LIST}{webhook.pk}/calls/").json()["results"] == [call]


def test_a_test_that_fails_is_not_sent_again(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    receiver.answer(500, body=b"Broken")
    for _twice in range(2):
        call = api(someone("Editor")).post(f"{LIST}{webhook.pk}/ping/").json()
        assert (call["status"], call["response_status"], call["response_excerpt"]) == ("given_up", 500, "Broken")
        assert call["next_attempt_at"] is None
    deliver()
    assert receiver.types == ["webhook.ping"] * 2


def test_what_is_not_active_is_tested_too(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    with acting(actor=someone("Editor")):
        webhook.active = False
        webhook.save()
    assert api(someone("Editor")).post(f"{LIST}{webhook.pk}/ping/").status_code == 200
    assert receiver.types == ["webhook.ping"]


def test_a_message_is_sent_again_with_its_id(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    call = delivered(webhook, receiver)
    told = api(someone("Editor")).post(f"{LIST}{webhook.pk}/calls/{call.pk}/resend/")
    assert told.status_code == 200, told.content
    assert receiver.headers[0]["webhook-id"] == f"entry-{call.entry_id}-{webhook.pk}"
    assert (told.json()["attempts"], told.json()["event"]) == (2, "claim.published")
    receiver.answer(500)
    again = api(someone("Editor")).post(f"{LIST}{webhook.pk}/calls/{call.pk}/resend/").json()
    assert (again["status"], again["response_status"]) == ("delivered", 500)


def test_what_was_given_up_or_waits_is_delivered_by_sending_it_again(
    webhook: Webhook, receiver: Receiver, api: Any
) -> None:
    receiver.answer(500)
    make_claim(published=True)
    deliver()
    for status in (CallStatus.FAILED, CallStatus.GIVEN_UP):
        WebhookCall.objects.update(status=status)
        call = last_call()
        receiver.answer(500)
        url = f"{LIST}{webhook.pk}/calls/{call.pk}/resend/"
        assert api(someone("Editor")).post(url).json()["status"] == status
        receiver.answer(204)
        assert api(someone("Editor")).post(url).json()["status"] == "delivered"
    receiver.forget()
    deliver()
    assert receiver.types == []


def test_what_is_not_public_any_more_is_not_sent_again(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    call = delivered(webhook, receiver)
    with acting(actor=someone("Editor"), reason="Closed."):
        dispute = Dispute.objects.get()
        dispute.visibility = "restricted"
        dispute.save()
    refused = api(someone("Editor")).post(f"{LIST}{webhook.pk}/calls/{call.pk}/resend/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_announced")
    assert receiver.bodies == []


def test_nothing_is_sent_again_while_a_delivery_is_under_way(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    call = delivered(webhook, receiver)
    cursor = WebhookCursor.take(webhook)
    assert cursor is not None
    url = f"{LIST}{webhook.pk}/calls/{call.pk}/resend/"
    refused = api(someone("Editor")).post(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "delivery_under_way")
    cursor.release()
    assert api(someone("Editor")).post(url).status_code == 200


def test_a_call_of_another_webhook_is_not_there(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    call, other = delivered(webhook, receiver), make_webhook(receiver.url)
    client = api(someone("Editor"))
    assert client.post(f"{LIST}{other.pk}/calls/{call.pk}/resend/").status_code == 404
    assert client.post(f"{LIST}{webhook.pk}/calls/{10**17}/resend/").status_code == 404


@pytest.mark.parametrize("role", ["", "Reader", "Researcher", "Reviewer"])
def test_others_send_nothing(webhook: Webhook, receiver: Receiver, api: Any, role: str) -> None:
    call = delivered(webhook, receiver)
    client = api(someone(role) if role else None)
    for act in ("ping", "take-over", f"calls/{call.pk}/resend"):
        assert client.post(f"{LIST}{webhook.pk}/{act}/").status_code == (403 if role else 401)
    if role:
        browser = Client()
        browser.force_login(someone(role))
        for page in (f"webhook/{webhook.pk}/ping/", f"webhookcall/{call.pk}/resend/"):
            assert browser.post(f"/admin/webhooks/{page}").status_code in {302, 403}
    assert receiver.bodies == []
    assert WebhookCall.objects.count() == 1


def test_sending_takes_no_key(webhook: Webhook, receiver: Receiver, api: Any) -> None:
    call = delivered(webhook, receiver)
    for act in ("ping", f"calls/{call.pk}/resend"):
        refused = api(someone("Editor")).post(f"{LIST}{webhook.pk}/{act}/", HTTP_IDEMPOTENCY_KEY="one")
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_header")
    assert receiver.bodies == []


def test_the_desk_tests_and_sends_again_on_its_pages(webhook: Webhook, receiver: Receiver) -> None:
    call = delivered(webhook, receiver)
    client = Client()
    client.force_login(someone("Editor"))
    for page, step in ((f"webhook/{webhook.pk}", "ping"), (f"webhookcall/{call.pk}", "resend")):
        assert f"/{step}/" in client.get(f"/admin/webhooks/{page}/change/").content.decode()
        assert client.get(f"/admin/webhooks/{page}/{step}/").status_code == 200
        sent = client.post(f"/admin/webhooks/{page}/{step}/")
        assert (sent.status_code, sent["Location"]) == (
            302,
            f"/admin/webhooks/webhookcall/{last_call().pk if step == 'ping' else call.pk}/change/",
        )
    assert receiver.types == ["webhook.ping", "claim.published"]


def test_a_webhook_is_its_makers(webhook: Webhook, api: Any) -> None:
    editor = someone("Editor")
    told = api(editor).get(f"{LIST}{webhook.pk}/").json()
    assert (told["owner"]["id"], told["stopped"]) == (editor.pk, "")
    made = api(editor).post(LIST, {"name": "New", "url": webhook.url, "actions": ["*"]}).json()
    assert made["owner"]["id"] == editor.pk
    refused = api(editor).patch(f"{LIST}{webhook.pk}/", {"owner": someone("Administrator").pk})
    assert refused.status_code == 400


@pytest.mark.parametrize("lost", ["account", "role"])
def test_it_stops_with_the_rights_of_its_owner_and_goes_on_with_anothers(
    register: None, receiver: Receiver, api: Any, lost: str
) -> None:
    owner = make_user("eve", "Editor")
    with acting(actor=owner):
        webhook = make_webhook(receiver.url, actions=["claim.*"])
    if lost == "account":
        owner.is_active = False
        owner.save()
    else:
        owner.groups.set([Group.objects.get(name="Researcher")])
    make_claim(published=True)
    assert deliver().stopped == 1
    assert receiver.bodies == []
    client = api(someone("Editor"))
    told = client.get(f"{LIST}{webhook.pk}/").json()
    assert ("not active" if lost == "account" else "may not") in told["stopped"]
    assert client.get(LIST).json()["results"][0]["stopped"] == told["stopped"]
    taken = client.post(f"{LIST}{webhook.pk}/take-over/").json()
    assert (taken["owner"]["id"], taken["stopped"]) == (someone("Editor").pk, "")
    entry = AuditEntry.objects.of(webhook).first()
    assert (entry.action, set(entry.changes)) == ("webhook.taken_over", {"owner"})
    assert deliver().delivered == 1
    assert receiver.types == ["claim.published"]
