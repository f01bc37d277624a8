"""The administrators' pages: users, groups and API tokens."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from knox.models import AuthToken

from factcheck.audit.models import AuditEntry
from tests.admin_page import send
from tests.claims.test_dispute_admin import client_of


def test_accounts_leave_a_trace_in_the_trail(administrator: Any, ann: Any) -> None:
    client = client_of(administrator)
    page = send(client, reverse("admin:auth_user_change", args=[ann.pk]), {"first_name": "Anna"})
    assert page.errors == []
    send(client, reverse("admin:knox_authtoken_add"), {"user": ann.pk})
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
    page = send(client, reverse("admin:knox_authtoken_add"), {"user": ann.pk})
    assert "Copy the token now" in page.text
