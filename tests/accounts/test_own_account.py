"""One's own page: where one is logged in, and ending that, for oneself alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from factcheck.accounts.browser import browser_of
from factcheck.accounts.own import sessions_of
from factcheck.audit.models import AuditEntry
from tests.admin_page import DESK, get
from tests.claims.test_dispute_admin import client_of

PAGE, HOME, PASSWORD = "/admin/account/", "/admin/", "right-password-of-ann"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Version/26.0 Safari/604"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Any:
    settings.FACTCHECK_SESSION_HOURS, settings.FACTCHECK_SESSION_IDLE_MINUTES = 24, 600
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


@pytest.fixture
def ann(ann: Any) -> Any:
    ann.set_password(PASSWORD)
    ann.save()
    return ann


def log_in(browser: str, address: str = "203.0.113.7") -> Client:
    client = Client(headers={"User-Agent": browser}, REMOTE_ADDR=address)
    assert client.post("/admin/login/", {"username": "ann", "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


def test_a_person_sees_where_they_are_logged_in_and_ends_one(ann: Any, rob: Any, clock: Any) -> None:
    phone, other = log_in(PHONE, "198.51.100.9"), client_of(rob)
    clock.shift(timedelta(hours=2))
    here = log_in(FIREFOX)
    clock.shift(timedelta(minutes=5))
    page = get(here, PAGE)
    assert "Firefox on Windows (this one) – 203.0.113.7 29 November 2026, 14:05 29 November 2026, 14:00" in page.text
    assert "an iPhone 198.51.100.9 29 November 2026, 12:00 29 November 2026, 12:00" in page.text
    text = here.get(PAGE).content.decode()
    assert not any(key in text for key in Session.objects.values_list("session_key", flat=True))
    (one,) = [found for found in sessions_of(ann) if "iPhone" in found.browser]
    # Of nobody else, and not by a name that is none.
    for mark in (sessions_of(rob)[0].mark, "nothing", ""):
        here.post(PAGE, {"end": mark})
    assert (is_in(phone), is_in(other)) == (True, True)
    assert here.post(PAGE, {"end": one.mark}, follow=True).content.decode().count("Ended: 1 session.") == 1
    assert (is_in(here), is_in(phone), is_in(other)) == (True, False, True)
    entry = AuditEntry.objects.get(action="user.some_sessions_ended")
    assert (entry.object_label, entry.reason) == ("ann", "1 session. From 203.0.113.7.")


def test_a_person_ends_all_others(ann: Any) -> None:
    others, here = [log_in(PHONE), log_in(FIREFOX)], log_in(FIREFOX)
    assert "Ended: 2 sessions." in here.post(PAGE, {"end": "others"}, follow=True).content.decode()
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert "There was none" in here.post(PAGE, {"end": "others"}, follow=True).content.decode()


def test_what_opens_nothing_any_more_is_not_shown(ann: Any, clock: Any, settings: Any) -> None:
    log_in(PHONE)
    clock.shift(timedelta(hours=11))
    log_in(FIREFOX)
    assert [one.browser for one in sessions_of(ann)] == ["Firefox on Windows"]
    # Begun with the password of before.
    ann.set_password("another-right-password")
    ann.save()
    assert not sessions_of(ann)


def test_the_address_is_that_of_the_last_visit(ann: Any, clock: Any) -> None:
    client = log_in(FIREFOX)
    clock.shift(timedelta(minutes=2))
    client.get(HOME, REMOTE_ADDR="198.51.100.77")
    assert sessions_of(ann)[0].address == "198.51.100.77"


def test_administrators_see_the_sessions_of_others(ann: Any, administrator: Any, rob: Any) -> None:
    log_in(PHONE)
    url = reverse("admin:auth_user_change", args=[ann.pk])
    page = client_of(administrator).get(url).content.decode()
    assert "Safari on an iPhone" in page
    assert 'name="end"' not in page
    assert client_of(rob).get(url).status_code in (302, 403)


def test_the_page_tells_how_one_logs_in(ann: Any, settings: Any) -> None:
    client = log_in(FIREFOX)
    page = get(client, PAGE)
    assert "Second factor none. Set one up" in page.text
    assert "0 tokens. My API tokens" in page.text
    assert reverse("account") in client.get(HOME).content.decode()
    assert Client().get(PAGE).status_code == 302


def test_no_other_site_ends_a_session(ann: Any) -> None:
    log_in(PHONE)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert client.post(PAGE, {"end": "others"}).status_code == 403
    assert len(sessions_of(ann)) == 2


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on a Mac"),
        (
            "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8.5.0", "a browser that does not say which"),
        ("", "a browser that does not say which"),
    ],
)
def test_browsers_are_told_in_plain_words(user_agent: str, words: str) -> None:
    assert browser_of(user_agent) == words
