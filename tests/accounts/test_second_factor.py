"""Codes of an app: who is asked for one, what opens without, and how somebody gets in again who lost it."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from claims.services.token import is_token_of_desk
from factcheck.accounts.factor import STEP, _totp, new_nonce, secret_of, set_up
from factcheck.accounts.invitation import password_link
from factcheck.accounts.models import SecondFactor
from factcheck.audit.models import AuditEntry
from factcheck.checks import check_roles
from tests.admin_page import DESK, get, send
from tests.claims.test_dispute_admin import client_of

LOGIN, HOME, PAGE, PASSWORD = "/admin/login/", "/admin/", "/admin/second-factor/", "right-password-of-ann"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def password(ann: Any) -> None:
    ann.set_password(PASSWORD)
    ann.save()


@pytest.fixture
def required(settings: Any) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher", "Administrator"]


def code_of(user: User, nonce: str = "", later: int = 0) -> str:
    nonce = nonce or SecondFactor.objects.get(user=user).nonce
    return _totp(user, nonce).generate((int(time.time()) // STEP + later) * STEP).decode()


@pytest.fixture
def codes(ann: Any, clock: Any) -> list[str]:
    """Ann has an app; her recovery codes. Its first code was used."""
    nonce = new_nonce()
    codes = set_up(ann, nonce, code_of(ann, nonce))
    clock.shift(60)
    return codes


def first_step(client: Client, **more: str) -> Any:
    return client.post(LOGIN, {"username": "ann", "password": PASSWORD, **more})


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200 and client.get("/api/v1/me/").status_code == 200


def test_a_code_is_asked_after_the_password_and_taken_once(ann: Any, codes: list[str]) -> None:
    client, other = Client(), Client()
    assert "six digits" in first_step(client).content.decode()
    assert not is_in(client)
    # As a page in another tab asks, whose session has ended.
    client.get("/admin/near/", follow=True)
    code = code_of(ann)
    answer = client.post(f"{LOGIN}?next=/admin/find/", {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/find/")
    assert is_in(client)
    first_step(other)
    assert "not the code" in other.post(LOGIN, {"code": code}).content.decode()
    assert not is_in(other)


def test_a_code_without_a_password_opens_nothing(ann: Any, codes: list[str], clock: Any) -> None:
    client = Client()
    client.post(LOGIN, {"code": code_of(ann)})
    assert not is_in(client)
    first_step(client)
    clock.shift(601)
    assert "ten minutes" in client.post(LOGIN, {"code": code_of(ann)}).content.decode()
    assert not is_in(client)
    first_step(client)
    # The password was changed elsewhere meanwhile.
    ann.set_password("another-right-password")
    ann.save()
    client.post(LOGIN, {"code": code_of(ann)})
    assert not is_in(client)


def test_five_wrong_codes_lock(ann: Any, codes: list[str], clock: Any) -> None:
    client = Client()
    first_step(client)
    answers = [client.post(LOGIN, {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "900"
    assert client.post(LOGIN, {"code": code_of(ann)}).status_code == 429
    clock.shift(901)
    first_step(client)
    assert client.post(LOGIN, {"code": code_of(ann)}).status_code == 302


def test_a_recovery_code_gets_in_once(ann: Any, codes: list[str]) -> None:
    for expected in (302, 200):
        client = Client()
        first_step(client)
        assert client.post(LOGIN, {"code": codes[3].upper()}).status_code == expected
    factor = SecondFactor.objects.get(user=ann)
    assert len(factor.recovery) == 9
    stored = str(SecondFactor.objects.values())
    assert not any(code.replace("-", "") in stored for code in codes)
    # 26 of 32 letters and digits: 128 bits.
    assert {len(code.replace("-", "")) for code in codes} == {26}
    assert secret_of(ann, factor.nonce) not in stored


def test_who_needs_one_sets_it_up_before_the_first_session(ann: Any, required: None) -> None:
    client = Client()
    page = first_step(client).content.decode()
    pending = client.session["log-in"]["nonce"]
    assert secret_of(ann, pending) in page
    assert "<svg" in page
    assert not is_in(client)
    assert not SecondFactor.objects.exists()
    shown = client.post(LOGIN, {"code": code_of(ann, pending)})
    assert "not shown again" in shown.content.decode()
    assert is_in(client)
    actions = AuditEntry.objects.filter(object_type="user").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["user.second_factor_set", "user.logged_in"]


def test_no_session_opens_anything_without_what_is_needed(ann: Any, administrator: Any, settings: Any) -> None:
    before = client_of(ann)
    assert is_in(before)
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    assert not is_in(before)
    root = client_of(administrator)
    assert is_in(root)
    administrator.is_superuser = True
    administrator.save()
    assert not is_in(root)


def test_a_new_password_by_mail_does_not_replace_the_code(ann: Any, required: None, codes: list[str]) -> None:
    client, link = Client(), password_link(ann)
    page = client.get(link[link.index("/admin/") :], follow=True)
    given = {"new_password1": "quite-another-one-7", "new_password2": "quite-another-one-7"}
    assert client.post(page.request["PATH_INFO"], given).status_code == 302
    assert not is_in(client)
    assert "six digits" in client.post(LOGIN, {"username": "ann", "password": "quite-another-one-7"}).content.decode()


def test_tokens_from_before_open_nothing(ann: Any, required: None, clock: Any) -> None:
    def opened(token: str) -> bool:
        by_view = Client().get("/api/v1/me/", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert is_token_of_desk(f"Bearer {token}", "127.0.0.1") == by_view
        return by_view

    _row, old = AuthToken.objects.create(ann)
    assert not opened(old)
    refused = Client().get("/api/v1/claims/", headers={"Authorization": f"Bearer {old}"})
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_needed")
    with pytest.raises(CommandError, match="needs a second factor"):
        call_command("create_token", "ann", stderr=StringIO())
    clock.shift(timedelta(hours=1))
    nonce = new_nonce()
    set_up(ann, nonce, code_of(ann, nonce))
    assert not opened(old)
    told = StringIO()
    call_command("create_token", "ann", stdout=told, stderr=StringIO())
    assert opened(told.getvalue().strip())


def test_ones_own_page_sets_up_renews_and_removes(ann: Any, clock: Any) -> None:
    client, before = client_of(ann), client_of(ann)
    assert "reads no pictures" in get(client, PAGE).text
    nonce = client.session["app"]
    assert "not the code" in client.post(PAGE, {"code": "000000"}).content.decode()
    assert "not shown again" in client.post(PAGE, {"code": code_of(ann, nonce)}).content.decode()
    clock.shift(60)
    assert not is_in(before)
    assert "10 recovery codes are left" in get(client, PAGE).text
    assert "not shown again" in client.post(PAGE, {"code": code_of(ann)}).content.decode()
    clock.shift(60)
    assert client.post(PAGE, {"code": code_of(ann), "remove": "app"}).status_code == 302
    assert not SecondFactor.objects.exists()


def test_who_needs_it_cannot_remove_it(ann: Any, required: None, codes: list[str]) -> None:
    client = Client()
    first_step(client)
    client.post(LOGIN, {"code": codes[0]})
    assert 'name="remove"' not in client.get(PAGE).content.decode()
    assert "needs a second factor" in client.post(PAGE, {"code": codes[1], "remove": "app"}).content.decode()
    assert SecondFactor.objects.exists()


def test_an_administrator_resets_it(administrator: Any, ann: Any, codes: list[str], settings: Any) -> None:
    send(client_of(administrator), reverse("admin:auth_user_reset-factor", args=[ann.pk]), {})
    assert AuditEntry.objects.first().action == "user.second_factor_reset"
    assert first_step(Client()).status_code == 302
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    assert "reads no pictures" in first_step(Client()).content.decode()


def test_a_command_resets_it_for_who_has_no_administrator_left(codes: list[str]) -> None:
    call_command("reset_second_factor", "ann", stdout=StringIO())
    assert not SecondFactor.objects.exists()


def test_a_role_that_is_none_is_warned_of(settings: Any, register: None) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Editor", "Editors"]
    (warning,) = check_roles(None, databases=["default"])
    assert "“Editors”" in warning.msg


def test_a_new_key_takes_what_the_one_before_made_as_long_as_that_is_named(
    ann: Any, codes: list[str], clock: Any, settings: Any
) -> None:
    before, (recovery, other, *_more) = settings.SECRET_KEY, codes
    shown, later = code_of(ann), code_of(ann, later=2)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key, of fifty letters or more" * 2, [before]
    for proof, told in ((shown, True), (recovery, False)):
        client = Client()
        first_step(client)
        page = client.post(LOGIN, {"code": proof}, follow=True).content.decode()
        assert ("set up with an older key" in page) is told
        assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    clock.shift(2 * STEP)
    for proof in (later, other):
        client = Client()
        first_step(client)
        client.post(LOGIN, {"code": proof})
        assert not is_in(client)
    settings.SECRET_KEY_FALLBACKS = [before]
    first_step(client)
    client.post(LOGIN, {"code": later})
    assert is_in(client)
