"""The administrators' pages: users, groups and API tokens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from factcheck.accounts.models import TokenGrant
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
        ("token.created", token.token_key[:8], "Ada Adler"),
        ("token.revoked", token.token_key[:8], "Ada Adler"),
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


OWN, ADD = "admin:accounts_tokengrant_changelist", "admin:accounts_tokengrant_add"
SHOWN = re.compile(r"not shown again: ([0-9a-f]{64})")


def test_everybody_makes_and_revokes_tokens_of_their_own(ann: Any, rob: Any) -> None:
    client, other = client_of(ann), client_of(rob)
    made = send(client, reverse(ADD), {"name": "Nightly export", "scope": "read"})
    (token,) = SHOWN.findall(made.text)
    grant = TokenGrant.objects.get()
    assert (grant.token.user, grant.name, grant.scope) == (ann, "Nightly export", "read")
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).json()["username"] == "ann"
    page = client.get(reverse(OWN)).content.decode()
    assert "Nightly export" in page
    assert "My API tokens" in page
    assert grant.token.token_key[:8] in page
    assert token not in page
    assert grant.token.digest not in page
    # Nobody else sees it, or can revoke it.
    delete = reverse("admin:accounts_tokengrant_delete", args=[grant.pk])
    assert "Nightly export" not in other.get(reverse(OWN)).content.decode()
    assert other.post(delete, {"post": "yes"}).status_code == 302
    selected = {"action": "delete_selected", "_selected_action": grant.pk, "post": "yes"}
    other.post(reverse(OWN), selected)
    assert TokenGrant.objects.exists()
    client.post(delete, {"post": "yes"})
    assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    told = AuditEntry.objects.filter(actor=ann).order_by("id").values_list("action", "object_label")
    assert list(told) == [("token.created", "ann: Nightly export"), ("token.revoked", "ann: Nightly export")]


def test_a_token_of_ones_own_is_refused_next_to_the_field(ann: Any, monkeypatch: Any) -> None:
    client = client_of(ann)
    far = timezone.now() + timedelta(days=9_999)
    given = {"name": "x", "scope": "read", "expires_at_0": f"{far:%Y-%m-%d}", "expires_at_1": "12:00:00"}
    assert "Give a moment that is to come" in " ".join(send(client, reverse(ADD), given).errors)
    assert send(client, reverse(ADD), {"name": "", "scope": "read"}).errors
    monkeypatch.setattr("factcheck.accounts.tokens.MOST", 0)
    assert "Revoke one first" in " ".join(send(client, reverse(ADD), {"name": "x", "scope": "read"}).errors)
    assert not AuthToken.objects.exists()


def test_a_token_of_ones_own_is_not_changed(ann: Any) -> None:
    client = client_of(ann)
    send(client, reverse(ADD), {"name": "Nightly export", "scope": "read"})
    grant = TokenGrant.objects.get()
    page = reverse("admin:accounts_tokengrant_change", args=[grant.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"scope": "admin"}).status_code == 403
    grant.refresh_from_db()
    assert grant.scope == "read"
    assert Client().get(reverse(OWN)).status_code == 302
