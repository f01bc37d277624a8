"""How long somebody is logged in, what ends it, and which passwords nobody may choose."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from factcheck import env
from factcheck.accounts.passwords import is_repetition
from factcheck.audit.models import AuditEntry
from tests.admin_page import DESK, send
from tests.claims.test_dispute_admin import client_of

HOME, PASSWORD = "/admin/", "right-password-of-ann"


@pytest.fixture
def clock(settings: Any) -> Any:
    settings.FACTCHECK_SESSION_HOURS, settings.FACTCHECK_SESSION_IDLE_MINUTES = 24, 60
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


def test_a_session_that_is_left_alone_ends(ann: Any, clock: Any) -> None:
    client = client_of(ann)
    for _ in range(3):
        clock.shift(timedelta(minutes=59))
        assert is_in(client)
    clock.shift(timedelta(minutes=60))
    assert client.get("/api/v1/me/").status_code == 401
    assert not is_in(client)


def test_a_page_that_asks_by_itself_keeps_no_session(ann: Any, clock: Any) -> None:
    client = client_of(ann)
    for _ in range(2):
        clock.shift(timedelta(minutes=40))
        client.post("/admin/together/claim/1/here/")
    assert not is_in(client)


def test_a_page_is_read_where_the_database_takes_no_write(ann: Any, clock: Any) -> None:
    client = client_of(ann)
    clock.shift(timedelta(minutes=30))
    with patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=DatabaseError("full")):
        assert is_in(client)
    clock.shift(timedelta(minutes=30))
    with patch("django.contrib.sessions.backends.db.SessionStore.delete", side_effect=DatabaseError("full")):
        assert client.get("/api/v1/me/").status_code == 401


def test_no_session_lasts_longer_than_allowed(ann: Any, clock: Any) -> None:
    client = client_of(ann)
    for _ in range(24):
        assert is_in(client)
        clock.shift(timedelta(hours=1) - timedelta(seconds=1))
    assert is_in(client)
    clock.shift(30)
    assert not is_in(client)


def test_an_administrator_and_a_command_end_all_that_is_open(administrator: Any, ann: Any) -> None:
    for end in (
        lambda: send(client_of(administrator), reverse("admin:auth_user_end-sessions", args=[ann.pk]), {}),
        lambda: call_command("end_sessions", "ann", stdout=StringIO()),
    ):
        client, other = client_of(ann), client_of(ann)
        _row, token = AuthToken.objects.create(ann)
        end()
        assert not is_in(client)
        assert not is_in(other)
        assert Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
        entry = AuditEntry.objects.filter(action="user.sessions_ended").first()
        assert entry.reason.startswith("2 sessions, 1 token.")


def test_a_new_password_ends_tokens_and_other_sessions(ann: Any, administrator: Any) -> None:
    ann.set_password(PASSWORD)
    ann.save()
    here, elsewhere = client_of(ann), client_of(ann)
    AuthToken.objects.create(ann)
    new = {"new_password1": "quite-another-one-7", "new_password2": "quite-another-one-7"}
    assert here.post("/admin/password_change/", {"old_password": PASSWORD, **new}).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert not AuthToken.objects.exists()
    told = AuditEntry.objects.filter(object_type="user").order_by("id").values_list("action", "reason")
    assert list(told) == [
        ("user.tokens_ended", "1 token. The password was changed."),
        ("user.password_changed", "From 127.0.0.1."),
    ]
    # By any other door as well.
    AuthToken.objects.create(ann)
    ann.set_password("a-third-right-password")
    ann.save()
    assert not AuthToken.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        *("aaaaaaaaaaaa", "registerregister", "letmeinletmein", "abababababab", "Anna2019Anna", "abcdefghijklmn"),
        *("98765432109876543", "Summer2025!!!", "Register-2026!", "exampledesk12", "Ann.Archer.77", "passwordpasswor"),
    ],
)
def test_what_is_guessed_early_is_refused(password: str, settings: Any) -> None:
    settings.FACTCHECK_NEWSROOM = "Example Desk"
    user = User(username="ann", first_name="Ann", last_name="Archer")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password", ["correct-horse-battery", "x7$kQ9!2mZ4pL", "Vier Esel im Regen", "quite-another-one-7", PASSWORD]
)
def test_what_is_not_is_taken(password: str) -> None:
    validate_password(password, User(username="bob", first_name="Bob", last_name="Barn"))


def test_a_repetition_may_break_off() -> None:
    assert is_repetition("registerregist")
    assert not is_repetition("registergerister")


def test_browsers_keep_subdomains_to_https_only_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not env.read().hsts_subdomains
    monkeypatch.setenv("FACTCHECK_HSTS_PRELOAD", "yes")
    with pytest.raises(ImproperlyConfigured, match="FACTCHECK_HSTS_SUBDOMAINS=yes"):
        env.read()
    monkeypatch.setenv("FACTCHECK_HSTS_SUBDOMAINS", "yes")
    assert env.read().hsts_preload
