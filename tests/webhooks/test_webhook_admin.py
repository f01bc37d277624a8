"""Webhooks in the admin: for those who look after them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from factcheck.webhooks.models import Webhook, WebhookCall
from tests.factories import make_webhook

ADD = {
    "name": "Partner",
    "url": "https://receiver.example.org/hook",
    "actions": "claim.published, verdict.*",
    "active": "on",
}


@pytest.fixture
def client(editor: Any) -> Client:
    permissions = Permission.objects.filter(content_type__app_label="webhooks", content_type__model="webhook")
    editor.user_permissions.add(*permissions)
    client = Client()
    client.force_login(editor)
    return client


def test_webhook_is_added(client: Client) -> None:
    response = client.post("/admin/webhooks/webhook/add/", ADD)
    assert response.status_code == 302, response.content.decode()[:2_000]
    assert Webhook.objects.get().actions == ["claim.published", "verdict.*"]


def test_form_says_what_is_refused(client: Client) -> None:
    response = client.post("/admin/webhooks/webhook/add/", {**ADD, "url": "http://127.0.0.1/", "actions": "fact.*"})
    assert response.status_code == 200
    assert "public internet" in response.content.decode()
    assert "There is no action fact.*" in response.content.decode()


def test_secret_is_rotated_and_never_shown(client: Client) -> None:
    webhook = make_webhook()
    assert client.post(f"/admin/webhooks/webhook/{webhook.pk}/rotate/").status_code == 302
    webhook.refresh_from_db()
    assert webhook.secret_generation == 2
    page = client.get(f"/admin/webhooks/webhook/{webhook.pk}/change/")
    assert page.status_code == 200
    assert "whsec_" not in page.content.decode()


def test_calls_are_read_only(client: Client) -> None:
    call = WebhookCall.objects.create(webhook=make_webhook(), entry_id=1, error="No.")
    assert client.get("/admin/webhooks/webhook/").status_code == 200
    assert client.get("/admin/webhooks/webhookcall/").status_code == 200
    assert client.get(f"/admin/webhooks/webhookcall/{call.pk}/change/").status_code == 200
    assert client.post(f"/admin/webhooks/webhookcall/{call.pk}/delete/").status_code == 403


@pytest.mark.parametrize("page", ["webhook/", "webhook/add/", "webhookcall/"])
def test_researcher_sees_none_of_it(ann: Any, page: str) -> None:
    client = Client()
    client.force_login(ann)
    assert client.get(f"/admin/webhooks/{page}").status_code == 403
