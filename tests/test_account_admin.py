"""The administrators' pages: users, groups and API tokens."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from factcheck.audit.models import AuditEntry
from tests.admin_page import send
from tests.claims.test_dispute_admin import client_of


def test_accounts_leave_a_trace_in_the_trail(administrator: Any, ann: Any) -> None:
    client = client_of(administrator)
    page = send(client, reverse("admin:auth_user_change", args=[ann.pk]), {"first_name": "Anna"})
    assert page.errors == []
    send(client, reverse("admin:knox_authtoken_add"), {"user": ann.pk, "name": "Nightly export", "scope": "read"})
    token = AuthToken.objects.get()
    client.post(reverse("admin:knox_authtoken_delete", args=[token.pk]), {"post": "yes"})
    entries = list(
        AuditEntry.objects.filter(actor=administrator).order_by("id").values_list("action", "object_id", "actor_name")
    )
    assert entries == [
        ("user.changed", str(ann.pk), "Ada Adler"),
        ("authtoken.created", token.token_key[:8], "Ada Adler"),
        ("authtoken.deleted", token.token_key[:8], "Ada Adler"),
    ]
    assert not AuthToken.objects.exists()


def test_users_and_tokens_are_the_administrators(administrator: Any, editor: Any, ann: Any) -> None:
    client = client_of(administrator)
    for url in ("auth_user", "auth_group", "knox_authtoken"):
        assert client.get(reverse(f"admin:{url}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:{url}_add")).status_code == 200
        assert client_of(editor).get(reverse(f"admin:{url}_changelist")).status_code == 403
    assert client.get(reverse("admin:auth_user_change", args=[ann.pk])).status_code == 200
    page = send(
        client, reverse("admin:knox_authtoken_add"), {"user": ann.pk, "name": "Nightly export", "scope": "read"}
    )
    assert "Copy the token now" in page.text


def test_an_administrator_adds_a_user_who_can_log_in(administrator: Any) -> None:
    password = "a-long-password-for-tests"
    page = send(
        client_of(administrator),
        reverse("admin:auth_user_add"),
        {"username": "nina", "usable_password": "true", "password1": password, "password2": password},
    )
    assert (page.errors, page.fields["username"]) == ([], "nina")
    assert Client().login(username="nina", password=password)
    assert AuditEntry.objects.filter(action="user.created", object_label="nina").exists()


def test_an_administrator_gives_a_user_a_new_password(administrator: Any, ann: Any) -> None:
    password = "another-password-for-tests"
    url = reverse("admin:auth_user_password_change", args=[ann.pk])
    send(client_of(administrator), url, {"usable_password": "true", "password1": password, "password2": password})
    assert Client().login(username="ann", password=password)
