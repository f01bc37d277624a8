"""How many wrong passwords are tried, and who gets in again."""

from __future__ import annotations

from base64 import b64encode
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from factcheck.accounts.models import LoginCount
from factcheck.audit.models import AuditEntry
from tests.admin_page import send
from tests.audit.conftest import breaks
from tests.claims.test_dispute_admin import client_of

LOGIN, RIGHT = "/admin/login/", "right-password-of-ann"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def password(ann: Any) -> None:
    ann.set_password(RIGHT)
    ann.save()


@pytest.fixture
def tried() -> Any:
    """Each password that was held against a hash."""
    with patch.object(User, "check_password", autospec=True, side_effect=User.check_password) as check:
        yield check


def log_in(name: str, password: str, address: str = "203.0.113.7", **headers: str) -> Any:
    given = {"username": name, "password": password}
    return Client().post(LOGIN, given, REMOTE_ADDR=address, headers=headers)


def entered() -> list[tuple[str, str, str]]:
    return list(
        AuditEntry.objects.filter(object_type="user").order_by("id").values_list("action", "object_label", "reason")
    )


def test_thirty_forged_addresses_try_five_passwords(tried: Any, clock: Any) -> None:
    answers = [
        log_in("ann", f"wrong-{i}", **{"X-Forwarded-For": f"198.51.100.{i}", "X-Real-IP": f"198.51.100.{i}"})
        for i in range(15)
    ]
    assert tried.call_count == 5
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 10
    assert answers[5]["Retry-After"] == "900"
    assert "Try again in 15 minutes" in answers[5].content.decode()
    # The right one as well, from wherever.
    assert log_in("ann", RIGHT, "203.0.113.99").status_code == 429
    actions = [action for action, _label, _reason in entered()]
    assert actions == ["user.login_failed"] * 5 + ["user.locked"] + ["user.login_refused"] * 11
    clock.shift(901)
    assert log_in("ann", RIGHT).status_code == 302
    assert entered()[-1] == ("user.logged_in", "ann", "From 203.0.113.7.")
    assert not LoginCount.objects.filter(who__startswith="password").exists()
    assert not breaks()


def test_no_door_of_the_api_tries_a_password(tried: Any) -> None:
    basic = {"Authorization": "Basic " + b64encode(f"ann:{RIGHT}".encode()).decode()}
    for path in ("/api/v1/me/", "/api/v1/tokens/", "/api/v1/claims/"):
        assert Client().get(path, headers=basic).status_code == 401
    given = {"username": "ann", "password": RIGHT, "name": "x", "scope": "read"}
    assert Client().post("/api/v1/tokens/", given, "application/json", headers=basic).status_code == 401
    assert Client().post("/api/v1/tokens/", given, "application/json").status_code == 401
    assert tried.call_count == 0
    assert not AuthToken.objects.exists()


def test_a_name_that_nobody_has_is_answered_alike_and_stored_nowhere(ann: Any) -> None:
    typed = "my-secret-password"
    known, unknown = (
        [log_in(name, "wrong", place) for _ in range(6)]
        for name, place in (("ann", "203.0.113.1"), (typed, "203.0.113.2"))
    )
    for one, other in zip(known, unknown, strict=True):
        assert (one.status_code, one.headers.get("Retry-After")) == (
            other.status_code,
            other.headers.get("Retry-After"),
        )
        assert one.context["form"].non_field_errors() == other.context["form"].non_field_errors()
    labels = {label for _action, label, _reason in entered()}
    assert labels == {"ann", "a name that no account has"}
    assert not any(typed in str(row) for row in (*entered(), *LoginCount.objects.values_list()))


def test_one_address_tries_few_names_and_locks_no_more_of_them(tried: Any) -> None:
    answers = [log_in(f"name{i}", "wrong") for i in range(25)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 5
    assert "from this address" in answers[-1].content.decode()
    assert log_in("ann", RIGHT, "203.0.113.99").status_code == 302
    assert log_in("ann", RIGHT).status_code == 429
    told = StringIO()
    call_command("unlock_account", address="203.0.113.7", stdout=told)
    call_command("unlock_account", address="203.0.113.7", stdout=told)
    assert told.getvalue().splitlines() == [
        "People can log in from 203.0.113.7 again.",
        "203.0.113.7 was not locked.",
    ]
    assert log_in("ann", RIGHT).status_code == 302


def test_the_proxy_says_who_asks_where_there_is_one(settings: Any) -> None:
    settings.FACTCHECK_BEHIND_PROXY, settings.FACTCHECK_LOGIN_FAILURES_ADDRESS = True, 2
    forged = [log_in(f"name{i}", "wrong", **{"X-Forwarded-For": f"10.0.0.{i}, 203.0.113.7"}) for i in range(3)]
    assert [answer.status_code for answer in forged] == [200, 200, 429]
    assert log_in("ann", RIGHT, **{"X-Forwarded-For": "203.0.113.8"}).status_code == 302


def test_who_has_no_place_at_the_desk_is_answered_like_a_stranger(ann: Any) -> None:
    User.objects.filter(pk=ann.pk).update(is_staff=False)
    right, wrong = log_in("ann", RIGHT), log_in("ann", "wrong")
    assert right.context["form"].errors == wrong.context["form"].errors
    assert [log_in("ann", RIGHT).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_old_password_is_tried_no_more_often(ann: Any) -> None:
    client = client_of(ann)
    new = {"new_password1": "quite-another-one-7", "new_password2": "quite-another-one-7"}
    answers = [client.post("/admin/password_change/", {"old_password": "wrong", **new}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert log_in("ann", RIGHT).status_code == 429


def test_an_administrator_unlocks(administrator: Any, ann: Any) -> None:
    client, page = client_of(administrator), reverse("admin:auth_user_change", args=[ann.pk])
    assert "Unlock" not in client.get(page).content.decode()
    for _ in range(6):
        log_in("ann", "wrong")
    assert "Unlock" in client.get(page).content.decode()
    send(client, reverse("admin:auth_user_unlock", args=[ann.pk]), {})
    assert entered()[-1][0] == "user.unlocked"
    assert log_in("ann", RIGHT).status_code == 302


def test_a_command_unlocks_for_who_has_no_administrator_left() -> None:
    for _ in range(5):
        log_in("ann", "wrong")
    told = StringIO()
    call_command("unlock_account", "ann", stdout=told)
    call_command("unlock_account", "ann", stdout=told)
    assert "can log in again" in told.getvalue()
    assert "was not locked" in told.getvalue()
    assert log_in("ann", RIGHT).status_code == 302


def test_who_came_in_is_told_to_administrators(administrator: Any, ann: Any) -> None:
    log_in("ann", "wrong")
    client = Client()
    client.post(LOGIN, {"username": "ann", "password": RIGHT})
    client.post("/admin/logout/")
    assert [action for action, *_ in entered()] == ["user.login_failed", "user.logged_in", "user.logged_out"]
    own, theirs = (client_of(user).get("/admin/audit/auditentry/").content.decode() for user in (ann, administrator))
    assert "user.logged_in" in theirs
    assert "user.logged_in" not in own
