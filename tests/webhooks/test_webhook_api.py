"""Webhooks over REST: for editors and administrators alone, and a secret that is shown once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factcheck.audit.models import AuditEntry
from factcheck.audit.models.idempotency import IdempotencyKey
from factcheck.webhooks.models import CallStatus, WebhookCall, WebhookCursor
from factcheck.webhooks.signing import secret_of
from tests.factories import make_webhook, someone

LIST = "/api/v1/webhooks/"
NEW = {"name": "Partner", "url": "https://receiver.example.org/hook", "actions": ["verdict.published"]}


@pytest.fixture(autouse=True)
def _roles(register: None) -> None:
    """Editors and administrators look after webhooks."""
    permissions = Permission.objects.filter(content_type__app_label="webhooks", content_type__model="webhook")
    for group in Group.objects.filter(name__in=["Editor", "Administrator"]):
        group.permissions.add(*permissions)


ROLES = ["", "Reader", "Researcher", "Reviewer", "Editor", "Administrator"]
MAY = {"Editor", "Administrator"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", ""),
        ("get", "{pk}/"),
        ("patch", "{pk}/"),
        ("delete", "{pk}/"),
        ("get", "{pk}/calls/"),
        ("get", "{pk}/history/"),
        ("post", "{pk}/secret/"),
        ("post", "{pk}/rotate/"),
        ("post", "{pk}/take-over/"),
    ],
)
def test_who_may_what(api: Callable[..., Any], role: str, method: str, path: str) -> None:
    webhook = make_webhook()
    body = NEW if method == "post" and not path else {"name": "Partner"} if method == "patch" else None
    client = api(someone(role) if role else None)
    response = getattr(client, method)(LIST + path.format(pk=webhook.pk), body)
    assert (response.status_code < 300) == (role in MAY), response.content
    if role not in MAY:
        assert response.status_code == (403 if role else 401)
        assert b"receiver.example.org" not in response.content


def test_webhook_is_created(api: Callable[..., Any]) -> None:
    response = api(someone("Editor")).post(LIST, NEW)
    assert response.status_code == 201, response.content
    made = response.json()
    assert {
        name: made[name] for name in (*NEW, "active", "after", "secret_generation", "secret_shown_at", "version")
    } == {
        **NEW,
        "active": True,
        "after": None,
        "secret_generation": 1,
        "secret_shown_at": None,
        "version": 1,
    }
    assert "whsec_" not in response.content.decode()
    assert response["Location"].endswith(f"{LIST}{made['id']}/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://127.0.0.1/hook"),
        ("url", "http://169.254.169.254/"),
        ("url", "https://receiver.example.org:6379/"),
        ("url", "ftp://receiver.example.org/"),
        ("actions", []),
        ("actions", ["verdict.publshed"]),
        ("actions", ["fact.*"]),
        ("actions", [["claim.published"]]),
        ("actions", "claim.published"),
        ("name", ""),
        ("secret_generation_", 5),
    ],
)
def test_bad_input_is_named(api: Callable[..., Any], field: str, value: Any) -> None:
    response = api(someone("Editor")).post(LIST, {**NEW, field: value})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].split(".")[0] == field


def test_secret_is_shown_once_and_that_is_recorded(api: Callable[..., Any]) -> None:
    webhook, client = make_webhook(), api(someone("Editor"))
    response = client.post(f"{LIST}{webhook.pk}/secret/")
    assert response.json() == {"secret": secret_of(webhook), "secret_generation": 1}
    assert response["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.of(webhook).first()
    assert (entry.action, entry.actor) == ("webhook.secret_shown", someone("Editor"))
    again = client.post(f"{LIST}{webhook.pk}/secret/")
    assert (again.status_code, again.json()["code"]) == (409, "secret_shown")
    assert "whsec_" not in again.content.decode()


def test_rotation_gives_a_new_secret_to_show(api: Callable[..., Any]) -> None:
    webhook, client = make_webhook(), api(someone("Editor"))
    first = client.post(f"{LIST}{webhook.pk}/secret/").json()["secret"]
    rotated = client.post(f"{LIST}{webhook.pk}/rotate/")
    assert rotated.status_code == 200, rotated.content
    assert (rotated.json()["secret_generation"], rotated.json()["secret_shown_at"]) == (2, None)
    second = client.post(f"{LIST}{webhook.pk}/secret/").json()["secret"]
    assert second != first


def test_secret_is_not_kept_for_an_idempotency_key(api: Callable[..., Any]) -> None:
    webhook = make_webhook()
    response = api(someone("Editor")).post(f"{LIST}{webhook.pk}/secret/", HTTP_IDEMPOTENCY_KEY="one")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_header")
    assert not IdempotencyKey.objects.exists()


def test_secret_cannot_be_set(api: Callable[..., Any]) -> None:
    webhook = make_webhook()
    body = {"secret_generation": 7, "secret_shown_at": None, "after": 0}
    refused = api(someone("Editor")).patch(f"{LIST}{webhook.pk}/", body)
    assert [error["field"] for error in refused.json()["errors"]] == ["secret_generation"]
    assert refused.status_code == 400
    webhook.refresh_from_db()
    assert webhook.secret_generation == 1


def test_calls_are_listed_newest_first(api: Callable[..., Any]) -> None:
    webhook, other = make_webhook(), make_webhook()
    for number in (1, 2, 3):
        WebhookCall.objects.create(
            webhook=webhook, entry_id=number, status=CallStatus.FAILED, attempts=1, response_status=500, error="No."
        )
    WebhookCall.objects.create(webhook=other, entry_id=1)
    client = api(someone("Editor"))
    page = client.get(f"{LIST}{webhook.pk}/calls/?page_size=2").json()
    assert [call["entry_id"] for call in page["results"]] == [3, 2]
    assert [call["entry_id"] for call in client.get(page["next"]).json()["results"]] == [1]
    assert set(page["results"][0]) == {
        "id",
        "event",
        "entry_id",
        "status",
        "attempts",
        "sent_at",
        "next_attempt_at",
        "response_status",
        "response_excerpt",
        "error",
    }


def test_cursor_is_shown(api: Callable[..., Any]) -> None:
    webhook = make_webhook()
    WebhookCursor.objects.create(webhook=webhook, after=41)
    assert api(someone("Editor")).get(f"{LIST}{webhook.pk}/").json()["after"] == 41


def test_list_asks_as_often_for_ten_as_for_one(api: Callable[..., Any]) -> None:
    client = api(someone("Editor"))
    client.get(LIST)  # what a user may do is asked once
    counts = []
    for more in (1, 9):
        for _ in range(more):
            WebhookCursor.objects.create(webhook=make_webhook(), after=1)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_webhook_is_deleted_with_its_calls_and_its_history_stays(api: Callable[..., Any]) -> None:
    webhook = make_webhook()
    WebhookCall.objects.create(webhook=webhook, entry_id=1)
    assert api(someone("Editor")).delete(f"{LIST}{webhook.pk}/").status_code == 204
    assert not WebhookCall.objects.exists()
    assert AuditEntry.objects.filter(object_type="webhook", action="webhook.deleted").exists()
