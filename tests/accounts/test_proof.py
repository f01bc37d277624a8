"""Who changes what somebody logs in with shows that it is still them, and the owner of an account is told by mail."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse

from factcheck import env
from factcheck.accounts.factor import new_nonce, set_up
from factcheck.accounts.invitation import password_link
from factcheck.audit.models import AuditEntry
from tests.accounts.test_second_factor import code_of
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of

AGAIN, FACTOR, PASSWORD = "/admin/again/", "/admin/second-factor/", "right-password-of-ann"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


@pytest.fixture
def root(administrator: Any) -> Any:
    administrator.set_password(PASSWORD)
    administrator.save()
    return administrator


def test_an_administrator_proves_who_they_are_before_accounts_are_changed(root: Any, ann: Any, clock: Any) -> None:
    client = client_of(root)
    pages = [
        reverse("admin:auth_user_change", args=[ann.pk]),
        reverse("admin:auth_user_password_change", args=[ann.pk]),
        reverse("admin:auth_user_add"),
        *(reverse(f"admin:auth_user_{step}", args=[ann.pk]) for step in ("reset-factor", "disconnect", "invite")),
    ]
    assert {client.get(url).status_code for url in pages} == {200}
    clock.shift(timedelta(minutes=16))
    for url in pages:
        assert client.get(url)["Location"].startswith(f"{AGAIN}?next=")
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 200
    told = client.get(pages[0])["Location"]
    assert "That is not your password" in client.post(told, {"password": "wrong"}).content.decode()
    assert client.get(pages[0]).status_code == 302
    answer = client.post(told, {"password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, pages[0])
    assert {client.get(url).status_code for url in pages} == {200}


def test_a_form_that_is_open_may_take_longer(root: Any, ann: Any, clock: Any) -> None:
    client, url = client_of(root), reverse("admin:auth_user_change", args=[ann.pk])
    page = get(client, url)
    clock.shift(timedelta(minutes=40))
    send(client, url, {"email": "ann@example.net"}, page)
    ann.refresh_from_db()
    assert ann.email == "ann@example.net"
    clock.shift(timedelta(minutes=40))
    answer = client.post(url, {**page.fields, "email": "other@example.net"})
    assert answer["Location"].startswith(AGAIN)
    ann.refresh_from_db()
    assert ann.email == "ann@example.net"


def test_a_first_second_factor_takes_the_password(root: Any, clock: Any) -> None:
    client = client_of(root)
    clock.shift(timedelta(minutes=16))
    assert client.get(FACTOR)["Location"].startswith(AGAIN)
    assert client.post(AGAIN, {"password": PASSWORD, "next": FACTOR})["Location"] == FACTOR
    assert client.get(FACTOR).status_code == 200


def test_who_has_an_app_proves_it_by_a_code(root: Any, clock: Any) -> None:
    nonce = new_nonce()
    set_up(root, nonce, code_of(root, nonce))
    client = client_of(root)
    clock.shift(timedelta(minutes=16))
    assert 'name="password"' not in client.get(AGAIN).content.decode()
    client.post(AGAIN, {"password": PASSWORD})
    url = reverse("admin:auth_user_add")
    assert client.get(url).status_code == 302
    assert client.post(AGAIN, {"code": code_of(root)}).status_code == 302
    assert client.get(url).status_code == 200


def test_proofs_are_counted_as_log_ins_are_and_lead_to_no_other_host(root: Any, clock: Any) -> None:
    client = client_of(root)
    assert client.post(AGAIN, {"password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/admin/"
    statuses = [client.post(AGAIN, {"password": "wrong"}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 429
    assert AuditEntry.objects.filter(action="user.login_failed").count() == 5
    assert Client().get(AGAIN).status_code == 302


@pytest.fixture
def told(mailoutbox: list[Any], django_capture_on_commit_callbacks: Any) -> Any:
    def run(act: Any) -> list[tuple[str, str]]:
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return [(mail.to[0], mail.body.splitlines()[2]) for mail in mailoutbox]

    return run


def test_owners_are_told_of_what_they_log_in_with(ann: Any, administrator: Any, clock: Any, told: Any) -> None:
    ann.email = "ann@example.org"
    ann.set_password(PASSWORD)
    ann.save()
    client, root = client_of(ann), client_of(administrator)
    new = dict.fromkeys(["new_password1", "new_password2"], "quite-another-one-7")
    changed = told(lambda: client.post("/admin/password_change/", {"old_password": PASSWORD, **new}))
    assert changed == [("ann@example.org", "Your password was changed.")]
    nonce = new_nonce()
    ((_to, words),) = told(lambda: set_up(ann, nonce, code_of(ann, nonce)))
    assert words.startswith("A second factor was set up")
    clock.shift(60)
    ((_to, words),) = told(lambda: client.post(FACTOR, {"code": code_of(ann), "remove": "app"}))
    assert words.startswith("Your second factor was removed")
    url = reverse("admin:auth_user_password_change", args=[ann.pk])
    given = {"password1": "a-third-right-password", "password2": "a-third-right-password", "usable_password": "true"}
    ((to, words),) = told(lambda: root.post(url, given))
    assert (to, words[:24]) == ("ann@example.org", "A password was chosen fo")
    mails = told(lambda: send(root, reverse("admin:auth_user_change", args=[ann.pk]), {"email": "new@example.org"}))
    assert [to for to, _words in mails] == ["ann@example.org", "new@example.org"]
    assert all("changed your e-mail address" in words for _to, words in mails)
    assert told(lambda: send(root, reverse("admin:auth_user_change", args=[ann.pk]), {"first_name": "Anna"})) == []
    ann.refresh_from_db()
    link, place = password_link(ann), Client()
    page = place.get(link[link.index("/admin/") :], follow=True).request["PATH_INFO"]
    ((to, words),) = told(lambda: place.post(page, new))
    assert (to, words[:24]) == ("new@example.org", "A password was chosen fo")


def test_a_password_from_a_breach_is_refused(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [f"vier esel im regen {number}" for number in range(500)]
    lines = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in known)
    for text in ("\r\n".join(f"{line}:{at}" for at, line in enumerate(lines)), "\n".join(lines) + "\n"):
        file = tmp_path / "breached.txt"
        file.write_bytes(text.encode())
        settings.FACTCHECK_BREACHED_PASSWORDS = file
        for one in known:
            with pytest.raises(ValidationError, match="found in a breach"):
                validate_password(one)
        for number in range(500):
            validate_password(f"kupferdach hafen {number}")
    monkeypatch.setenv("FACTCHECK_BREACHED_PASSWORDS", str(file))
    assert env.read().breached_passwords == file
    file.write_text("password\n")
    for path in (file, tmp_path / "nothing", tmp_path):
        monkeypatch.setenv("FACTCHECK_BREACHED_PASSWORDS", str(path))
        with pytest.raises(ImproperlyConfigured, match="lines begin with SHA-1"):
            env.read()
