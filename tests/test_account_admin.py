"""The administrators' pages: users, groups and API tokens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from factcheck.accounts.models import TokenGrant
from factcheck.audit.models import AuditEntry
from factcheck.base.http.request_log import line_of
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of

OWN, ADD = "admin:accounts_tokengrant_changelist", "admin:accounts_tokengrant_add"
SHOWN = re.compile(r"not shown again: ([0-9a-f]{64})")


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


PASSWORD = "a-long-password-for-tests"
LINK = re.compile(r"https?://[^/\s]+(/admin/password/\S+/\S+/)")


def role(name: str) -> str:
    return str(Group.objects.get(name=name).pk)


def nina(**given: Any) -> dict[str, Any]:
    return {
        "username": "nina",
        "first_name": "Nina",
        "last_name": "Novak",
        "email": "nina@example.org",
        "role": role("Reviewer"),
        "by": "invitation",
        "password": "",
        **given,
    }


def test_an_administrator_adds_a_user_who_can_log_in(administrator: Any) -> None:
    page = send(
        client_of(administrator), reverse("admin:auth_user_add"), nina(by="password", password=PASSWORD, email="")
    )
    assert (page.errors, page.fields["username"], page.fields["role"]) == ([], "nina", role("Reviewer"))
    user = User.objects.get(username="nina")
    assert (user.is_staff, user.get_full_name(), [group.name for group in user.groups.all()]) == (
        True,
        "Nina Novak",
        ["Reviewer"],
    )
    assert Client().login(username="nina", password=PASSWORD)
    assert AuditEntry.objects.filter(action="user.created", object_label="nina").exists()
    assert mail.outbox == []


def choose_password(link: str, password: str) -> Any:
    """What somebody with this link and no account does."""
    client = Client()
    shown = client.get(link, follow=True)
    given = {"new_password1": password, "new_password2": password}
    return client.post(shown.redirect_chain[-1][0], given, follow=True) if shown.redirect_chain else shown


def test_an_invited_person_chooses_the_password_once(administrator: Any) -> None:
    client = client_of(administrator)
    page = send(client, reverse("admin:auth_user_add"), nina())
    (invitation,) = mail.outbox
    assert (page.errors, invitation.to) == ([], ["nina@example.org"])
    assert "was sent to nina@example.org" in page.text
    assert not Client().login(username="nina", password="")
    assert "No password yet" in client.get(reverse("admin:auth_user_changelist")).content.decode()
    (link,) = LINK.findall(invitation.body)
    assert "too common" in choose_password(link, "password1234").content.decode()
    assert "Your password is set" in choose_password(link, PASSWORD).content.decode()
    assert Client().login(username="nina", password=PASSWORD)
    assert "was used already" in choose_password(link, PASSWORD).content.decode()
    acts = AuditEntry.objects.filter(object_label="nina").order_by("id").values_list("action", "actor_name")
    assert list(acts) == [
        ("user.role_changed", "Ada Adler"),
        ("user.created", "Ada Adler"),
        ("user.invited", "Ada Adler"),
        ("user.login_failed", "system"),
        ("user.password_chosen", "Nina Novak"),
    ]
    page = send(client, reverse("admin:auth_user_add"), nina(username="nils", email="NINA@example.org"))
    assert "Another account has this address" in " ".join(page.errors)


def test_the_log_of_requests_has_no_link_to_a_password() -> None:
    path = reverse("set-password", args=["MQ", "d4x-0123456789abcdef"])
    assert line_of(RequestFactory().get(path)) == "GET /admin/password/…/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"by": "password"}, "Give a password"),
        ({"password": PASSWORD}, "Empty this"),
        ({"email": ""}, "Where shall the link go?"),
        ({"by": "password", "password": "short"}, "too short"),
        ({"by": "password", "password": "nina@example.org"}, "too similar to the email"),
        ({"role": ""}, "required"),
        ({"role": "99999"}, "not one of the available choices"),
    ],
)
def test_a_new_account_is_refused_next_to_the_field(administrator: Any, given: dict[str, Any], said: str) -> None:
    page = send(client_of(administrator), reverse("admin:auth_user_add"), nina(**given))
    assert said in " ".join(page.errors)
    assert not User.objects.filter(username="nina").exists()
    assert mail.outbox == []


def test_without_mail_the_link_is_shown_to_who_asks(administrator: Any, ann: Any, settings: Any) -> None:
    settings.FACTCHECK_SENDS_MAIL = False
    client = client_of(administrator)
    page = send(client, reverse("admin:auth_user_add"), nina(email=""))
    for text in (page.text, send(client, reverse("admin:auth_user_invite", args=[ann.pk])).text):
        (link,) = LINK.findall(text)
        assert "Your password is set" in choose_password(link, PASSWORD).content.decode()
    assert Client().login(username="ann", password=PASSWORD)
    assert "Ask an administrator" in Client().get(reverse("admin_password_reset")).content.decode()
    assert AuditEntry.objects.filter(action="user.invited").count() == 2


def test_who_forgot_a_password_is_sent_a_link_and_strangers_learn_nothing(ann: Any) -> None:
    User.objects.filter(pk=ann.pk).update(email="ann@example.org")
    assert reverse("admin_password_reset") in Client().get(reverse("admin:login")).content.decode()
    answers = [
        Client().post(reverse("admin_password_reset"), {"email": email}, follow=True).content
        for email in ("Ann@example.org", "nobody@example.org")
    ]
    assert answers[0] == answers[1]
    (sent,) = mail.outbox
    (link,) = LINK.findall(sent.body)
    assert "Your password is set" in choose_password(link, PASSWORD).content.decode()
    assert Client().login(username="ann", password=PASSWORD)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("admin_password_reset"), {"email": "ann@example.org"}).status_code == 403


def test_who_is_deactivated_is_out_at_once_with_all_tokens(administrator: Any, ann: Any, editor: Any) -> None:
    client, theirs = client_of(administrator), client_of(ann)
    made = send(theirs, reverse(ADD), {"name": "Nightly export", "scope": "read"})
    (token,) = SHOWN.findall(made.text)
    page = get(client, reverse("admin:auth_user_change", args=[ann.pk]))
    assert "Nightly export" in page.text
    assert reverse("admin:knox_authtoken_delete", args=[AuthToken.objects.get().pk]) in page.links
    deactivate, activate = (reverse(f"admin:auth_user_{act}", args=[ann.pk]) for act in ("deactivate", "activate"))
    me = {"path": "/api/v1/me/", "headers": {"Authorization": f"Bearer {token}"}}
    assert client_of(editor).post(deactivate).status_code == 403
    assert "Deactivated: ann" in send(client, deactivate).text
    assert (Client().get(**me).status_code, theirs.get("/admin/").status_code) == (401, 302)
    assert "Activated: ann" in send(client, activate).text
    assert Client().get(**me).status_code == 200
    own = send(client, reverse("admin:auth_user_deactivate", args=[administrator.pk]))
    assert "your own account" in own.text
    acts = AuditEntry.objects.filter(object_label="ann").order_by("id").values_list("action", flat=True)
    assert list(acts) == ["user.deactivated", "user.activated"]


def test_a_role_is_chosen_by_its_name(administrator: Any, ann: Any) -> None:
    url, client = reverse("admin:auth_user_change", args=[ann.pk]), client_of(administrator)
    assert "Researcher: enters disputes" in client.get(url).content.decode()
    assert send(client, url, {"role": role("Reader")}).errors == []
    ann = User.objects.get(pk=ann.pk)
    assert ([group.name for group in ann.groups.all()], ann.is_staff) == (["Reader"], False)
    # Several, from before, stay until somebody chooses one.
    ann.groups.set(Group.objects.filter(name__in=["Reader", "Editor"]))
    assert send(client, url, {"first_name": "Anna"}).errors == []
    assert ann.groups.count() == 2


def test_an_administrator_gives_a_user_a_new_password(administrator: Any, ann: Any) -> None:
    password = "another-password-for-tests"
    url = reverse("admin:auth_user_password_change", args=[ann.pk])
    send(client_of(administrator), url, {"usable_password": "true", "password1": password, "password2": password})
    assert Client().login(username="ann", password=password)


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
