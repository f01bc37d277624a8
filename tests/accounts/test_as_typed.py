"""Passwords count as they are typed, and a session is made anew at each log-in and is nothing after the log-out."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.conf import global_settings, settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from factcheck import settings as ours
from tests.claims.test_dispute_admin import client_of

LOGIN, HOME = "/admin/login/", "/admin/"
LONG = "  Kupferdach über dem Hafen, " + "sieben graue Möwen, " * 3
FIELD = re.compile(r'<input[^>]*type="password"[^>]*>')


@pytest.fixture
def typed(ann: Any) -> Any:
    ann.set_password(LONG)
    ann.save()
    return ann


def log_in(client: Client, password: str) -> Any:
    return client.post(LOGIN, {"username": "ann", "password": password})


@pytest.mark.django_db
def test_a_password_is_taken_as_it_is_typed(typed: Any) -> None:
    assert len(LONG) > 64
    validate_password(LONG, typed)
    for other in (LONG.strip(), LONG.lower(), LONG[:64], LONG[:72]):
        assert log_in(Client(), other).status_code == 200, other
    assert log_in(Client(), LONG).status_code == 302


@pytest.mark.django_db
def test_a_password_is_long_and_need_not_mix_kinds_of_characters(ann: Any) -> None:
    for good in ("kupferdach hafen graue möwen", "KUPFERDACHHAFENGRAUE", "鋼屋根港灰色七羽海鴎東西南"):
        validate_password(good, ann)
    with pytest.raises(ValidationError, match="12"):
        validate_password("kupferdach!", ann)


@pytest.mark.django_db
def test_a_password_does_not_grow_old(typed: Any) -> None:
    with time_machine.travel("2046-11-29T12:00:18Z"):
        assert log_in(Client(), LONG).status_code == 302


@pytest.mark.django_db
def test_fields_for_passwords_are_masked_and_helped_by_password_managers(ann: Any) -> None:
    page = Client().get(LOGIN).content.decode()
    assert {
        name for name in re.findall(r'name="(\w+)"', page) if name in {"username", "password", "hint", "answer"}
    } == {
        "username",
        "password",
    }
    change = client_of(ann).get(reverse("admin:password_change")).content.decode()
    asked = [(page, ["password"]), (change, ["old_password", "new_password1", "new_password2"])]
    for html, names in asked:
        fields = FIELD.findall(html)
        assert [re.search(r'name="(\w+)"', field)[1] for field in fields] == names  # type: ignore[index]
        for field in fields:
            assert re.search(r'autocomplete="(current|new)-password"', field), field
            assert "maxlength" not in field
            assert "onpaste" not in field


@pytest.mark.django_db
def test_a_new_password_takes_the_old_one(typed: Any) -> None:
    client, url = client_of(typed), reverse("admin:password_change")
    new = dict.fromkeys(["new_password1", "new_password2"], "kupferdach hafen graue möwen")
    assert client.post(url, {"old_password": "another one entirely", **new}).status_code == 200
    assert client.post(url, {"old_password": LONG, **new}).status_code == 302
    assert log_in(Client(), new["new_password1"]).status_code == 302


def test_passwords_are_stored_by_a_slow_digest() -> None:
    assert not hasattr(ours, "PASSWORD_HASHERS")
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        hasher: Any = get_hasher()
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.iterations >= 600_000


@pytest.mark.django_db
def test_a_session_is_new_at_the_log_in_and_nothing_after_the_log_out(typed: Any) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = "a" * 32
    log_in(client, LONG)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    first = cookie.value
    assert first != planted
    assert len(first) >= 32
    assert (cookie["httponly"], cookie["samesite"], client.cookies["csrftoken"]["samesite"]) == (True, "Lax", "Lax")
    assert 'id="logout-form"' in client.get(HOME).content.decode()
    client.post("/admin/logout/")
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = first
    assert stolen.get(HOME).status_code == 302
    log_in(client, LONG)
    second = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert second != first
    # Again in a session that is open.
    log_in(client, LONG)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != second
    stolen.cookies[settings.SESSION_COOKIE_NAME] = second
    assert stolen.get(HOME).status_code == 302


@pytest.mark.django_db
def test_no_folder_is_listed_and_no_request_is_sent_back() -> None:
    client = Client(headers={"Cookie": "sessionid=very-secret"})
    assert client.get("/static/").status_code == 404
    for path in ("/", LOGIN, "/static/", "/healthz", "/api/v1/claims/"):
        assert b"very-secret" not in client.generic("TRACE", path).content
