"""Single sign-on against a real provider on this machine: whom it lets in, as whom, and what it does not believe."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from factcheck.accounts.models import Identity, LoginCount, SecondFactor
from factcheck.audit.models import AuditEntry
from factcheck.checks import check_roles
from factcheck.env_oidc import SingleSignOn
from tests.accounts.provider import CLIENT, SECRET, Provider, running
from tests.accounts.test_second_factor import code_of
from tests.admin_page import DESK, send
from tests.certificate import untrusted_context
from tests.claims.test_dispute_admin import client_of

GO, BACK, LOGIN, HOME = "/admin/sso/", "/admin/sso/return/", "/admin/login/", "/admin/"


@pytest.fixture
def provider(settings: Any, ann: Any) -> Iterator[Provider]:
    """A provider, where Ann is known by her address; no other is verified."""
    ann.email = "Ann@example.org"
    ann.save()
    with running() as provider:
        settings.FACTCHECK_OIDC = SingleSignOn(provider.address, CLIENT, SECRET, name="Desk ID")
        yield provider


def given(settings: Any, **more: Any) -> None:
    settings.FACTCHECK_OIDC = replace(settings.FACTCHECK_OIDC, **more)


def sent(client: Client, onward: str = "") -> str:
    """Where the register sends this browser."""
    answer = client.get(f"{GO}?{urlencode({'next': onward})}" if onward else GO)
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:8000"
    return f"{parts.path}?{parts.query}"


def log_in(provider: Provider, client: Client, onward: str = "") -> Any:
    return client.get(path_of(provider.come_back(sent(client, onward))))


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200 and client.get("/api/v1/me/").status_code == 200


def words_of(answer: Any) -> str:
    """What the log-in page says, to which this answer leads back."""
    assert answer["Location"] == LOGIN, answer["Location"]
    return " ".join(str(one) for one in get_messages(answer.wsgi_request))


def entered() -> list[tuple[str, str, str]]:
    found = AuditEntry.objects.filter(object_type="user").order_by("id")
    return list(found.values_list("action", "object_label", "reason"))


def test_a_person_gets_in_by_the_provider_and_is_known_again(provider: Provider, ann: Any) -> None:
    page = Client().get(f"{LOGIN}?next=/admin/find/").content.decode()
    assert "Log in with Desk ID" in page
    assert "/admin/sso/?next=%2Fadmin%2Ffind%2F" in page
    client = Client()
    assert log_in(provider, client, "/admin/find/")["Location"] == "/admin/find/"
    assert is_in(client)
    assert client.get("/api/v1/me/").json()["username"] == "ann"
    # Found by the subject from now on, whatever the address.
    provider.claims = {"sub": "s-ann", "email": "another@example.org", "email_verified": False}
    assert log_in(provider, Client())["Location"] == HOME
    assert Identity.objects.count() == 1
    assert entered() == [
        ("user.identity_connected", "ann", "With Desk ID. From 127.0.0.1."),
        ("user.logged_in", "ann", "With Desk ID. From 127.0.0.1."),
        ("user.logged_in", "ann", "With Desk ID. From 127.0.0.1."),
    ]
    assert not LoginCount.objects.exclude(failures=0).exists()


def test_what_is_asked_of_the_provider_is_bound_to_this_browser(provider: Provider) -> None:
    client = Client()
    there = urlsplit(sent(client))
    asked = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/admin/sso/return/"
    assert asked["scope"] == "openid email profile"
    assert all(len(asked[name]) >= 20 for name in ("state", "nonce", "code_challenge"))
    again = parse_qs(urlsplit(sent(client)).query)
    assert all(again[name][0] != asked[name] for name in ("state", "nonce", "code_challenge"))


def test_signatures_of_elliptic_curves_are_taken(provider: Provider) -> None:
    provider.sign = provider.es256
    client = Client()
    log_in(provider, client)
    assert is_in(client)


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x" * 20},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "another-client"},
    "another audience, told to be for us": {"aud": "another-client", "azp": CLIENT},
    "for several, and made for another": {"aud": [CLIENT, "another-client"], "azp": "another-client"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://id.example.com"},
    "no issuer": {"iss": None},
    "over": {"exp": 1_700_000_000},
    "never over": {"exp": None},
    "an end that is none": {"exp": "tomorrow"},
    "made tomorrow": {"iat": 4_000_000_000},
    "not yet": {"nbf": 4_000_000_000},
    "no subject": {"sub": None},
    "a subject that is a number": {"sub": 17},
    "a subject that no column takes": {"sub": "s-\x00ann"},
    "a long subject": {"sub": "s" * 256},
    "methods that are no list": {"amr": {"mfa": True}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_false_claim_lets_nobody_in(provider: Provider, lie: str) -> None:
    provider.claims |= LIES[lie]
    client = Client()
    assert "not what it should be" in words_of(log_in(provider, client))
    assert not is_in(client)
    assert not Identity.objects.exists()
    ((action, label, reason),) = entered()
    assert (action, label) == ("user.sso_refused", "somebody of the identity provider")
    assert reason.startswith("The answer was not valid (")


@pytest.mark.parametrize("sign", ["foreign", "bringing_its_key", "unsigned", "hs256", "hs256_with_secret", "altered"])
def test_what_the_provider_did_not_sign_lets_nobody_in(provider: Provider, sign: str) -> None:
    provider.sign = getattr(provider, sign)
    client = Client()
    assert "not what it should be" in words_of(log_in(provider, client))
    assert not is_in(client)


def test_a_clock_may_be_wrong_by_a_minute(provider: Provider) -> None:
    provider.claims |= {"exp": int(time.time()) - 30}
    client = Client()
    log_in(provider, client)
    assert is_in(client)
    provider.claims |= {"exp": int(time.time()) - 90}
    assert words_of(log_in(provider, Client()))


def test_an_answer_counts_once_and_in_its_own_browser(provider: Provider) -> None:
    client, thief = Client(), Client()
    back = path_of(provider.come_back(sent(client)))
    # The code of somebody else, in a browser that began nothing, or something else.
    assert "not begun in this browser" in words_of(thief.get(back))
    sent(thief)
    assert "not what it should be" in words_of(thief.get(back))
    assert not is_in(thief)
    state = parse_qs(urlsplit(back).query)["state"][0]
    client.get(back)
    assert is_in(client)
    # Again, by whoever saw the address; and a code of another log-in under the old state.
    assert words_of(Client().get(back))
    late = Client()
    fresh = parse_qs(urlsplit(provider.come_back(sent(late))).query)["code"][0]
    assert words_of(late.get(f"{BACK}?{urlencode({'state': state, 'code': fresh})}"))
    assert not is_in(late)
    # A session that is open stays open.
    assert client.get(back)["Location"] == LOGIN
    assert is_in(client)


def test_a_code_that_somebody_slips_in_is_worth_nothing_here(provider: Provider) -> None:
    """PKCE: the code was given for another challenge than the one that this browser holds."""
    victim, attacker = Client(), Client()
    stolen = parse_qs(urlsplit(provider.come_back(sent(victim))).query)["code"][0]
    state = parse_qs(urlsplit(sent(attacker)).query)["state"][0]
    assert words_of(attacker.get(f"{BACK}?{urlencode({'state': state, 'code': stolen})}"))
    assert not is_in(attacker)


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "yes"},
        {"email_verified": 1.5},
        {"email": ["ann@example.org"]},
        {"email": "ann@example.org, other@example.org"},
        {"email": ""},
    ],
)
def test_an_address_that_is_not_verified_takes_no_account_over(provider: Provider, settings: Any, claims: Any) -> None:
    provider.claims |= {"sub": "s-stranger", **claims}
    client = Client()
    assert "names no address of yours that it has verified" in words_of(log_in(provider, client))
    given(settings, new_people=True)
    assert "no role" in words_of(log_in(provider, client))
    assert not is_in(client)
    assert Identity.objects.get().user.username != "ann"
    assert not User.objects.filter(email__iexact="ann@example.org").exclude(username="ann").exists()


def test_an_account_belongs_to_one_person_of_the_provider(provider: Provider, administrator: Any, ann: Any) -> None:
    log_in(provider, Client())
    provider.claims |= {"sub": "s-second"}
    client = Client()
    assert "belongs to somebody else" in words_of(log_in(provider, client))
    assert not is_in(client)
    send(client_of(administrator), reverse("admin:auth_user_disconnect", args=[ann.pk]), {})
    log_in(provider, client)
    assert is_in(client)
    assert Identity.objects.get().subject == "s-second"
    assert "user.identity_removed" in {action for action, *_ in entered()}


def test_two_accounts_with_one_address_are_nobodys(provider: Provider, rob: Any) -> None:
    rob.email = "ann@example.org"
    rob.save()
    assert "Several accounts" in words_of(log_in(provider, Client()))


def test_a_stranger_is_refused_or_made_an_account_without_a_role(provider: Provider, settings: Any) -> None:
    provider.claims = {
        "sub": "s-new",
        "email": "new@example.org",
        "email_verified": True,
        "preferred_username": "ann",
        "given_name": "Nora\u202e",
        "family_name": "New",
    }
    assert "No account with the address new@example.org" in words_of(log_in(provider, Client()))
    assert not User.objects.filter(email="new@example.org").exists()
    given(settings, new_people=True)
    client = Client()
    assert "“ann-2”, but no role" in words_of(log_in(provider, client))
    assert not is_in(client)
    made = User.objects.get(email="new@example.org")
    assert (made.username, made.first_name, made.last_name) == ("ann-2", "", "New")
    assert not made.has_usable_password()
    assert not made.groups.exists()
    assert not made.is_staff
    assert [action for action, *_ in entered()] == [
        "user.sso_refused",
        "user.created",
        "user.identity_connected",
        "user.sso_refused",
    ]


def test_who_is_deactivated_stays_out(provider: Provider, ann: Any) -> None:
    log_in(provider, Client())
    for _ in range(2):
        User.objects.filter(pk=ann.pk).update(is_active=False)
        assert "deactivated" in words_of(log_in(provider, Client()))
        # The first time as well.
        Identity.objects.all().delete()
    assert not Identity.objects.exists()
    assert entered()[-1] == ("user.sso_refused", "ann", "It is deactivated. From 127.0.0.1.")


def test_groups_of_the_provider_give_and_take_the_role(provider: Provider, settings: Any, ann: Any) -> None:
    given(settings, roles=(("desk-editors", "Editor"), ("desk", "Researcher")))
    client = Client()
    assert "in which groups" in words_of(log_in(provider, client))
    assert ann.groups.get().name == "Researcher"
    provider.claims["groups"] = ["desk", "desk-editors", "others"]
    log_in(provider, client)
    assert is_in(client)
    assert ann.groups.get().name == "Editor"
    provider.claims["groups"] = "others"
    assert "no role" in words_of(log_in(provider, Client()))
    assert not ann.groups.exists()
    assert not is_in(client)
    changes = [reason for action, _label, reason in entered() if action == "user.role_changed"]
    assert changes == ["Researcher → Editor.", "Editor → none."]


def test_groups_may_lie_within_a_claim_or_at_the_userinfo(provider: Provider, settings: Any, ann: Any) -> None:
    given(settings, roles=(("desk-editors", "Editor"),), roles_claim="realm_access.roles")
    provider.claims["realm_access"] = {"roles": ["desk-editors"]}
    log_in(provider, Client())
    assert ann.groups.get().name == "Editor"
    del provider.claims["realm_access"]
    provider.userinfo = {"realm_access": {"roles": ["others"]}}
    assert "no role" in words_of(log_in(provider, Client()))
    provider.userinfo = {"sub": "s-somebody", "realm_access": {"roles": ["desk-editors"]}}
    assert "not what it should be" in words_of(log_in(provider, Client()))


def test_a_superuser_stays_one_whatever_the_groups(provider: Provider, settings: Any, ann: Any) -> None:
    given(settings, roles=(("desk-editors", "Editor"),))
    User.objects.filter(pk=ann.pk).update(is_superuser=True)
    client = Client()
    log_in(provider, client)
    assert is_in(client)


def test_the_register_asks_for_its_own_code_unless_the_provider_is_trusted(
    provider: Provider, settings: Any, ann: Any
) -> None:
    settings.FACTCHECK_SECOND_FACTOR_FOR = ["Researcher"]
    client = Client()
    provider.claims["amr"] = ["pwd", "mfa"]
    answer = log_in(provider, client, "/admin/find/")
    assert answer["Location"] == "/admin/login/?step=code&next=%2Fadmin%2Ffind%2F"
    assert not is_in(client)
    page = client.get(answer["Location"]).content.decode()
    assert "reads no pictures" in page
    nonce = client.session["log-in"]["nonce"]
    assert "not shown again" in client.post(answer["Location"], {"code": code_of(ann, nonce)}).content.decode()
    assert is_in(client)
    assert entered()[-1] == ("user.logged_in", "ann", "With Desk ID. From 127.0.0.1.")
    SecondFactor.objects.all().delete()
    assert not is_in(client)
    # Trusted: no code. For as long as the setting says so.
    given(settings, second_factor=frozenset({"mfa", "gold"}))
    trusted = Client()
    assert log_in(provider, trusted)["Location"] == HOME
    assert is_in(trusted)
    provider.claims |= {"amr": ["pwd"], "acr": "gold"}
    assert log_in(provider, Client())["Location"] == HOME
    provider.claims["acr"] = "silver"
    assert "step=code" in log_in(provider, Client())["Location"]
    given(settings, second_factor=frozenset())
    assert not is_in(trusted)


def test_the_way_on_leads_to_no_other_host(provider: Provider) -> None:
    for onward in ("https://evil.example", "//evil.example/admin/", "/\\evil.example", "javascript:alert(1)"):
        assert log_in(provider, Client(), onward)["Location"] == HOME


def test_who_logs_out_is_told_of_the_other_session(provider: Provider, ann: Any) -> None:
    client = Client()
    log_in(provider, client)
    page = client.post("/admin/logout/").content.decode()
    assert f"{provider.address}/logout?client_id=register&amp;post_logout_redirect_uri=" in page
    assert not is_in(client)
    assert "Log out of Desk ID" not in client_of(ann).post("/admin/logout/").content.decode()


def test_a_provider_that_is_silent_or_another_is_told_of_and_held_against_nobody(
    provider: Provider, settings: Any
) -> None:
    provider.is_up = False
    client = Client()
    assert "cannot be reached" in words_of(client.get(GO))
    provider.is_up = True
    for described in ({"issuer": "https://id.example.com"}, {"token_endpoint": "ftp://x"}, {"jwks_uri": None}):
        provider.described = described
        # Another name, so that what it says of itself is asked anew.
        given(settings, name=f"Desk ID {described}")
        assert "not set up as this register expects" in words_of(client.get(GO))
    provider.described = {}
    given(settings, name="Desk ID")
    back = path_of(provider.come_back(sent(client)))
    provider.is_up = False
    assert "cannot be reached" in words_of(client.get(back))
    assert not entered()
    provider.is_up = True
    sent(client)
    told = words_of(client.get(f"{BACK}?error=access_denied&error_description=Send+your+password+to+evil.example"))
    assert told.endswith("Desk ID let nobody in, or you broke it off. Try again.")
    assert entered() == [
        ("user.sso_refused", "somebody of the identity provider", "The provider said no. From 127.0.0.1.")
    ]


def test_a_provider_with_a_certificate_that_nobody_trusts_is_not_asked(
    provider: Provider, settings: Any, tmp_path: Path
) -> None:
    with running(untrusted_context(tmp_path)) as other:
        given(settings, issuer=other.address)
        assert other.address.startswith("https:")
        assert "cannot be reached" in words_of(Client().get(GO))


def test_who_is_in_proves_it_at_the_provider(provider: Provider, ann: Any) -> None:
    client = Client()
    log_in(provider, client)
    before = client.session.session_key
    assert client.get(GO)["Location"] == HOME
    there = client.get(f"{GO}?again=yes&next=/admin/second-factor/")["Location"]
    assert parse_qs(urlsplit(there).query)["prompt"] == ["login"]
    assert client.get(path_of(provider.come_back(there)))["Location"] == "/admin/second-factor/"
    assert client.session.session_key != before
    assert client.get("/admin/second-factor/").status_code == 200


def test_answers_that_are_not_valid_are_counted_by_the_address(provider: Provider, settings: Any) -> None:
    settings.FACTCHECK_LOGIN_FAILURES_ADDRESS = 3
    provider.sign = provider.foreign
    for _ in range(3):
        assert "not what it should be" in words_of(log_in(provider, Client()))
    provider.sign = provider.rs256
    client = Client()
    assert "Too many attempts" in words_of(log_in(provider, client))
    assert not is_in(client)
    actions = [action for action, *_ in entered()]
    assert actions == ["user.sso_refused"] * 3 + ["user.locked", "user.login_refused"]
    # Whoever is led here from another page is not counted.
    LoginCount.objects.all().delete()
    for _ in range(5):
        Client().get(BACK)
    assert not LoginCount.objects.exists()


def test_a_lock_of_the_password_does_not_shut_this_door_nor_is_it_taken_back(
    provider: Provider, settings: Any, ann: Any
) -> None:
    for _ in range(6):
        Client().post(LOGIN, {"username": "ann", "password": "wrong"})
    client = Client()
    log_in(provider, client)
    assert is_in(client)
    assert Client().post(LOGIN, {"username": "ann", "password": "wrong"}).status_code == 429


def test_passwords_may_be_closed(provider: Provider, settings: Any, ann: Any) -> None:
    ann.set_password("right-password-of-ann")
    ann.save()
    settings.FACTCHECK_PASSWORD_LOGIN = False
    client = Client()
    page = client.get(LOGIN).content.decode()
    assert 'type="password"' not in page
    assert "Log in with Desk ID" in page
    told = client.post(LOGIN, {"username": "ann", "password": "right-password-of-ann"}).content.decode()
    assert "Passwords open nothing here" in told
    assert not is_in(client)
    assert not client.login(username="ann", password="right-password-of-ann")
    assert client.get("/admin/password/").status_code == 404
    log_in(provider, client)
    assert is_in(client)


def test_without_passwords_an_account_is_made_for_the_provider(
    provider: Provider, settings: Any, administrator: Any, mailoutbox: list[Any]
) -> None:
    settings.FACTCHECK_PASSWORD_LOGIN = False
    client, url = client_of(administrator), reverse("admin:auth_user_add")
    assert "no password opens anything here" in client.get(url).content.decode()
    role = Group.objects.get(name="Researcher")
    filled = {"username": "nora", "email": "nora@example.org", "role": role.pk, "by": "invitation"}
    assert send(client, url, filled).status == 200
    (mail,) = mailoutbox
    assert "Log in with Desk ID here" in mail.body
    assert "http://127.0.0.1:8000/admin/login/" in mail.body
    assert "/admin/password/" not in mail.body
    provider.claims = {"sub": "s-nora", "email": "nora@example.org", "email_verified": True}
    nora = Client()
    log_in(provider, nora)
    assert is_in(nora)


def test_without_its_settings_there_is_no_such_door(ann: Any) -> None:
    assert "/admin/sso/" not in Client().get(LOGIN).content.decode()
    for path in (GO, BACK):
        assert Client().get(path).status_code == 404


def test_a_role_that_is_none_is_warned_of(provider: Provider, settings: Any) -> None:
    given(settings, roles=(("a", "Editor"), ("b", "Boss")))
    (warning,) = check_roles(None, databases=["default"])
    assert (warning.id, "“Boss”" in warning.msg) == ("factcheck.W006", True)
