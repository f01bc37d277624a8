"""Passkeys as a second factor: added, shown after the password and taken once; what is refused, and what stays when
one is lost."""

from __future__ import annotations

import json
import random
from html import unescape
from re import search
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory

from factcheck.accounts.factor import new_nonce, set_up
from factcheck.accounts.models import Passkey, SecondFactor
from factcheck.accounts.passkey import add_passkey, ask, place
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import RuleViolation
from tests.accounts.authenticator import Authenticator
from tests.accounts.test_second_factor import LOGIN, PAGE, PASSWORD, code_of, first_step, is_in
from tests.admin_page import get, send
from tests.claims.test_dispute_admin import client_of

ORIGIN, HOST, AGAIN = "https://register.example.org", "register.example.org", "/admin/again/"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Any:
    settings.FACTCHECK_BASE_URL = f"{ORIGIN}/"
    with time_machine.travel("2026-11-30T12:00:18Z", tick=False) as clock:
        yield clock


@pytest.fixture
def password(ann: Any) -> Any:
    ann.set_password(PASSWORD)
    ann.save()
    return ann


def options(page: Any, kind: str = "get") -> str:
    """What the script of a page asks the browser with."""
    found = search(f'data-passkey-{kind}="([^"]+)"', page.content.decode())
    return unescape(found[1]) if found else ""


def words(answer: Any) -> str:
    return unescape(answer.content.decode())


def add(client: Client, key: Authenticator, name: str = "blue key", **said: Any) -> Any:
    asked = options(client.get(PAGE), "create")
    return client.post(PAGE, {"name": name, "passkey": key.create(asked, **said)})


@pytest.fixture
def blue(password: Any) -> Authenticator:
    """Ann has a key that counts, and no app."""
    key = Authenticator(ORIGIN, HOST)
    assert "not shown again" in words(add(client_of(password), key))
    return key


def log_in(key: Authenticator, **said: Any) -> tuple[Client, Any]:
    client = Client()
    asked = options(first_step(client))
    return client, client.post(LOGIN, {"code": "", "passkey": key.get(asked, **said)})


def acts() -> list[str]:
    return list(AuditEntry.objects.filter(object_type="user").order_by("-pk").values_list("action", flat=True))


def test_a_key_is_added_and_shown_after_the_password(ann: Any, blue: Authenticator) -> None:
    assert acts() == ["user.passkey_added"]
    row = Passkey.objects.get()
    assert (row.name, row.sign_count, row.transports, row.used_at) == ("blue key", 1, ["usb", "nfc"], None)
    client = Client()
    step = first_step(client)
    assert not is_in(client)
    asked = json.loads(options(step))
    assert (asked["rpId"], asked["userVerification"]) == (HOST, "preferred")
    assert [one["transports"] for one in asked["allowCredentials"]] == [["usb", "nfc"]]
    answer = client.post(f"{LOGIN}?next=/admin/find/", {"code": "", "passkey": blue.get(options(step))})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/find/")
    assert is_in(client)
    row.refresh_from_db()
    assert row.sign_count == 2
    assert row.used_at is not None
    excluded = json.loads(options(client.get(PAGE), "create"))["excludeCredentials"]
    assert [one["id"] for one in excluded] == [row.credential]
    assert "a passkey is asked after your password. 10 recovery codes" in get(client, PAGE).text
    assert "1 passkey, since 30 November 2026" in get(client, "/admin/account/").text


def test_who_needs_one_adds_a_key_before_the_first_session(password: Any, settings: Any) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    client, key = Client(), Authenticator(ORIGIN, HOST, count=0)
    asked = options(first_step(client), "create")
    assert "Your browser added none" in words(client.post(LOGIN, {"name": "blue key", "passkey": ""}))
    assert client.post(LOGIN, {"name": "blue key", "passkey": "x" * 30_000}).status_code == 200
    assert not Passkey.objects.exists()
    answer = client.post(LOGIN, {"name": "blue key", "passkey": key.create(asked)})
    assert "cannot be added" in words(answer), "another challenge was given out with the refusal"
    answer = client.post(LOGIN, {"name": "blue key", "passkey": key.create(options(answer, "create"))})
    assert "not shown again" in words(answer)
    assert is_in(client)
    client, answer = log_in(key)
    assert answer.status_code == 302
    assert is_in(client)


def test_what_is_no_answer_to_what_was_asked_is_refused(ann: Any, blue: Authenticator, clock: Any, rob: Any) -> None:
    other = Authenticator(ORIGIN, HOST)
    add(client_of(rob), other, "key of Rob")
    lies: list[tuple[str, Any]] = [
        ("of another site", lambda asked: blue.get(asked, origin="https://register.example.com")),
        ("in the clear", lambda asked: blue.get(asked, origin="http://register.example.org")),
        ("to another challenge", lambda asked: blue.get(asked, challenge="A" * 86)),
        ("of a key that is made", lambda asked: blue.get(asked, type="webauthn.create")),
        ("for another host", lambda asked: _for_host(blue, "example.org", asked)),
        ("of a key of somebody else", other.get),
        ("of a key of somebody else, by her name", lambda asked: _named(other, blue, asked)),
    ]
    for what, lie in lies:
        client = Client()
        answer = client.post(LOGIN, {"code": "", "passkey": lie(options(first_step(client)))})
        assert "not one of yours here, or what it answered is not valid" in words(answer), what
        assert not is_in(client), what
        assert acts()[0] == "user.login_failed", what
        assert AuditEntry.objects.first().reason == "Wrong passkey. From 127.0.0.1."
        # Each was held against her.
        log_in(blue)
    client = Client()
    asked = options(first_step(client))
    clock.shift(601)
    assert client.post(LOGIN, {"code": "", "passkey": blue.get(asked)}).status_code == 200
    assert not is_in(client)


def _for_host(key: Authenticator, host: str, asked: str) -> str:
    key.host = host
    try:
        return key.get(asked)
    finally:
        key.host = HOST


def _named(key: Authenticator, name: Authenticator, asked: str) -> str:
    mine, key.id = key.id, name.id
    try:
        return key.get(asked)
    finally:
        key.id = mine


def test_an_answer_is_taken_once(ann: Any, blue: Authenticator) -> None:
    blue.count = 0
    Passkey.objects.update(sign_count=0)
    client = Client()
    asked = options(first_step(client))
    answer, before = blue.get(asked), dict(client.session)
    assert client.post(LOGIN, {"code": "", "passkey": answer}).status_code == 302
    # The same in the session of that moment, as where two come at once.
    other = Client()
    first_step(other)
    session = other.session
    session.update(before)
    session.save()
    assert "was sent twice" in words(other.post(LOGIN, {"code": "", "passkey": answer}))
    assert not is_in(other)
    first_step(other)
    assert "not valid" in words(other.post(LOGIN, {"code": "", "passkey": answer}))


def test_a_key_that_counts_back_is_refused_and_told(
    ann: Any, blue: Authenticator, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    ann.email = "ann@example.org"
    ann.save()
    log_in(blue)
    log_in(blue)
    for count in (1, 2, 0):
        blue.count = count
        with django_capture_on_commit_callbacks(execute=True):
            client, answer = log_in(blue)
        assert "counted back" in words(answer)
        assert not is_in(client)
        assert acts()[0] == "user.passkey_refused"
        assert "counted back" in mailoutbox[-1].body
    # Who only says so has not signed it.
    blue.count = 0
    blue.key = Authenticator(ORIGIN, HOST).key
    _client, answer = log_in(blue)
    assert "not valid" in words(answer)
    assert acts()[0] == "user.login_failed"


def test_wrong_keys_lock_as_wrong_codes_do_and_who_is_deactivated_stays_out(ann: Any, blue: Authenticator) -> None:
    client = Client()
    answer, statuses = first_step(client), []
    for _ in range(6):
        answer = client.post(LOGIN, {"code": "", "passkey": blue.get(options(answer), origin="https://evil.example")})
        statuses.append(answer.status_code)
    assert statuses == [200] * 5 + [429]
    assert client.post(LOGIN, {"code": "", "passkey": blue.get(options(answer))}).status_code == 429
    ann.is_active = False
    ann.save()
    late = client.post(LOGIN, {"code": "", "passkey": blue.get(options(answer))})
    assert "Give your name and password again" in words(late)
    assert not is_in(client)


def test_no_odd_answer_is_more_than_refused(ann: Any, settings: Any) -> None:
    settings.FACTCHECK_LOGIN_FAILURES = 10_000
    chance, key, request = random.Random(14), Authenticator(ORIGIN, HOST), RequestFactory().get(PAGE)
    request.session = {}
    refused = []
    for odd in [*("{}", "[]", "null", "1", "[" * 9_000, '{"id":' * 3_000, '{"id": 1, "rawId": 2}', "é"), *[""] * 60]:
        answer = json.loads(key.create(ask(request, ann)["create"], more=chance.random()))
        part = chance.choice(["clientDataJSON", "attestationObject"])
        told = answer["response"][part]
        at = chance.randrange(len(told))
        answer["response"][part] = told[:at] + chance.choice(["", "A", "_", "é"]) + told[at + 1 :]
        try:
            add_passkey(request, ann, "odd", odd or json.dumps(answer), seen=None, nonce=new_nonce())
        except RuleViolation as error:
            refused.append(error.code)
        else:
            # What was changed means nothing, such as which make it is.
            SecondFactor.objects.all().delete()
    key.id = bytes(1_024)
    with pytest.raises(RuleViolation, match="cannot be added"):
        add_passkey(request, ann, "long", key.create(ask(request, ann)["create"]), seen=None, nonce=new_nonce())
    assert set(refused) == {"wrong_passkey"}
    assert len(refused) > 40


def test_keys_and_an_app_stand_beside_each_other(ann: Any, blue: Authenticator, clock: Any) -> None:
    client, answer = log_in(blue)
    assert answer.status_code == 302
    codes, since = SecondFactor.objects.values_list("recovery", "since").get()
    clock.shift(60)
    assert "set up already" in words(add(client, blue))
    assert add(client, Authenticator(ORIGIN, HOST, count=0), "phone").status_code == 302
    get(client, PAGE)
    assert client.post(PAGE, {"app": "yes", "code": code_of(ann, client.session["app"])}).status_code == 302
    assert is_in(client)
    # The codes and tokens from before go on.
    assert SecondFactor.objects.values_list("recovery", "since").get() == (codes, since)
    clock.shift(60)
    other = Client()
    assert "or give the six digits" in words(first_step(other))
    assert other.post(LOGIN, {"code": code_of(ann)}).status_code == 302
    clock.shift(60)
    (phone,) = Passkey.objects.filter(name="phone")
    for remove, said in ((phone.pk, "Removed"), ("app", "Removed"), (phone.pk, "removed already")):
        given = {"code": "", "passkey": blue.get(options(client.get(PAGE))), "remove": remove}
        assert said in words(client.post(PAGE, given, follow=True))
    assert acts()[:2] == ["user.authenticator_removed", "user.authenticator_removed"]
    # A code of an app that is gone is none.
    assert "none of your recovery codes" in words(client.post(PAGE, {"code": code_of(ann), "remove": "app"}))
    given = {"code": "", "passkey": blue.get(options(client.get(PAGE))), "remove": Passkey.objects.get().pk}
    assert "password alone" in words(client.post(PAGE, given, follow=True))
    assert acts()[0] == "user.second_factor_removed"
    assert not SecondFactor.objects.exists()


def test_the_last_stays_where_the_role_needs_one_and_an_administrator_takes_all(
    ann: Any, administrator: Any, blue: Authenticator, settings: Any
) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    client, _answer = log_in(blue)
    page = client.get(PAGE)
    assert 'name="remove"' not in words(page)
    given = {"code": "", "passkey": blue.get(options(page)), "remove": Passkey.objects.get().pk}
    assert "this is the last of yours" in words(client.post(PAGE, given))
    assert is_in(client)
    send(client_of(administrator), f"/admin/auth/user/{ann.pk}/reset-factor/", {})
    assert not Passkey.objects.exists()
    assert not is_in(client)


def test_a_key_is_proof_before_changes_and_is_added_after_one_alone(ann: Any, blue: Authenticator, clock: Any) -> None:
    client, _answer = log_in(blue)
    clock.shift(4_000)
    refused = add(client, Authenticator(ORIGIN, HOST), "red key")
    assert refused["Location"].startswith(AGAIN)
    page = client.get(AGAIN)
    assert 'type="password"' not in words(page)
    assert client.post(AGAIN, {"code": "", "passkey": blue.get(options(page)), "next": PAGE})["Location"] == PAGE
    assert add(client, Authenticator(ORIGIN, HOST), "red key").status_code == 302


def test_nobody_adds_a_key_to_what_another_set_up_meanwhile(password: Any, settings: Any) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    client, nonce = Client(), new_nonce()
    asked = options(first_step(client), "create")
    set_up(password, nonce, code_of(password, nonce))
    client.post(LOGIN, {"name": "blue key", "passkey": Authenticator(ORIGIN, HOST).create(asked)})
    assert not Passkey.objects.exists()
    assert not is_in(client)


def test_where_a_key_is_shown_is_told_by_the_setting(ann: Any, settings: Any) -> None:
    told = {
        "https://Register.Example.org:443/desk/": (ORIGIN, HOST),
        "https://register.example.org:8443": (f"{ORIGIN}:8443", HOST),
        "https://bücher.example": ("https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        "http://localhost:8000": ("http://localhost:8000", "localhost"),
        "http://register.example.org": None,
        "https://192.0.2.7": None,
        "http://127.0.0.1:8000": None,
        "https://[2001:db8::1]": None,
    }
    for address, expected in told.items():
        settings.FACTCHECK_BASE_URL = address
        assert place() == expected, address
    assert "browsers take them only at an address with a name" in words(client_of(ann).get(PAGE))
    settings.FACTCHECK_BASE_URL = ORIGIN
    asked = options(client_of(ann).get(PAGE, headers={"host": "localhost"}), "create")
    assert json.loads(asked)["rp"]["id"] == HOST
