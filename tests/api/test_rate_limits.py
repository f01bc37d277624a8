"""How many requests a minute are answered, and what clients are told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from factcheck.accounts.models import RequestCount
from factcheck.accounts.quota import Policy, address_key
from factcheck.env import BASE_DIR, GENEROUS, RATES
from tests import factories as make
from tests.admin_page import DESK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

CLAIMS, LOGIN = "/api/v1/claims/", "/admin/login/"
OFF = {"anonymous": 0, "token": 0, "expensive": 0, "login": 0, "pages": 0}


@pytest.fixture(autouse=True)
def rates(settings: Any) -> Any:
    """Small quotas, and a minute that does not end."""
    settings.FACTCHECK_RATES = {"anonymous": 4, "token": 6, "expensive": 2, "login": 2, "pages": 5}
    with time_machine.travel("2026-11-29T12:00:18Z", tick=False) as clock:
        yield clock


def statuses(client: Client, path: str, times: int, **more: Any) -> list[int]:
    return [client.get(path, **more).status_code for _ in range(times)]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_of(role: str = "Reader") -> str:
    return str(AuthToken.objects.create(make.someone(role))[1])


def test_who_asks_too_often_is_told_when_to_come_back(rates: Any) -> None:
    client = Client()
    first = client.get(CLAIMS)
    assert (first["RateLimit-Policy"], first["RateLimit"]) == ('"anonymous";q=4;w=60', '"anonymous";r=3;t=42')
    assert statuses(client, CLAIMS, 3) == [200] * 3
    refused = client.get(CLAIMS, headers={"Origin": "https://elsewhere.example.org"})
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused.json()["code"] == "throttled"
    assert "4 requests a minute" in refused.json()["detail"]
    assert (refused["Retry-After"], refused["RateLimit"]) == ("42", '"anonymous";r=0;t=42')
    assert refused["Access-Control-Allow-Origin"] == "*"
    rates.shift(42)
    assert client.get(CLAIMS)["RateLimit"] == '"anonymous";r=3;t=60'


def test_answers_that_are_remembered_count_and_cost_no_statement_more(settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF | {"anonymous": 60}
    settings.FACTCHECK_REMEMBERED_MB = 8
    client = Client()
    client.get(CLAIMS)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(CLAIMS)["RateLimit"] == '"anonymous";r=58;t=42'
    assert len(queries) == 1, "the generation alone"
    assert not RequestCount.objects.exists()
    client.get(CLAIMS)
    assert RequestCount.objects.get().requests == Policy("anonymous", 60).block == 3


def test_two_processes_count_together() -> None:
    one, other = Client(), Client()
    assert statuses(one, CLAIMS, 2) + statuses(other, CLAIMS, 2) == [200] * 4
    # The second one learns with its next request what the first one told.
    assert statuses(one, CLAIMS, 2)[1:] + statuses(other, CLAIMS, 2)[1:] == [429, 429]
    assert RequestCount.objects.get().requests <= 4 + 2


def test_a_forged_address_gets_no_other_quota(settings: Any) -> None:
    client = Client()
    seen = [client.get(CLAIMS, headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(5)]
    assert seen == [200] * 4 + [429]
    # Behind a proxy of ours it is the last address, which that has seen.
    settings.FACTCHECK_BEHIND_PROXY = True
    client = Client()
    seen = [
        client.get(CLAIMS, headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.5"}).status_code for n in range(5)
    ]
    assert seen == [200] * 4 + [429]
    assert client.get(CLAIMS, headers={"X-Forwarded-For": "203.0.113.6"}).status_code == 200


def test_a_network_is_one_address() -> None:
    assert address_key("2001:db8::1") == address_key("2001:db8::ffff:1") != address_key("2001:db8:0:1::1")
    assert address_key("::ffff:203.0.113.5") == address_key("203.0.113.5")


def test_each_token_has_a_quota_of_its_own() -> None:
    client, tokens = Client(), [token_of(), token_of("Editor")]
    for token in tokens:
        assert statuses(client, CLAIMS, 7, headers=bearer(token)) == [200] * 6 + [429]
    assert client.get(CLAIMS).status_code == 200


def test_invented_tokens_get_no_quota_and_take_none_from_good_ones() -> None:
    client, good = Client(), token_of()
    assert client.get("/api/v1/me/", headers=bearer(good))["RateLimit"] == '"token";r=5;t=42'
    seen = [client.get(CLAIMS, headers=bearer(f"{n:064}")) for n in range(3)]
    assert [answer.status_code for answer in seen] == [401, 401, 429]
    assert "token that is not known" in seen[-1].json()["detail"]
    assert client.get("/api/v1/me/", headers=bearer(good)).status_code == 200
    # An address at which nobody asks for tokens lets none in.
    seen = [Client().get("/api/v1/nothing/", headers=bearer(f"{n:064}"))["RateLimit-Policy"] for n in range(2)]
    assert seen == ['"anonymous";q=4;w=60'] * 2


def test_every_address_that_answers_asks_for_tokens(settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF
    for path in (
        "/api/v1/",
        CLAIMS,
        "/api/v1/balance/",
        "/api/v1/changes/",
        "/api/v1/rules/",
        "/api/schema/",
        "/api/docs/",
    ):
        assert Client().get(path, headers=bearer("0" * 64)).status_code == 401, path


def test_a_revoked_token_is_strange_again() -> None:
    client, token = Client(), token_of()
    assert statuses(client, CLAIMS, 2, headers=bearer(token)) == [200, 200]
    AuthToken.objects.all().delete()
    assert statuses(client, CLAIMS, 4, headers=bearer(token)) == [401, 401, 401, 429]


def test_passwords_are_not_tried_without_end() -> None:
    client = Client()
    given = {"username": "ann", "password": "wrong"}
    seen = [client.post(LOGIN, given, headers=bearer(token_of())) for _ in range(3)]
    assert [answer.status_code for answer in seen] == [200, 200, 429]
    assert seen[-1]["Retry-After"] == "42"
    assert "text/html" in seen[-1]["Content-Type"]
    assert client.get(LOGIN).status_code == 200


@pytest.mark.parametrize(
    "path", ["disputes/{}/report/markdown/", "disputes/{}/matrix/", "claims/export/csv/", "balance/"]
)
def test_what_is_expensive_counts_twice(settings: Any, path: str) -> None:
    settings.FACTCHECK_RATES |= {"anonymous": 100}
    settings.FACTCHECK_REMEMBERED_MB = 0
    dispute = make.make_dispute()
    make.make_claim(dispute=dispute, published=True)
    address, client = f"/api/v1/{path.format(dispute.pk)}", Client()
    assert client.head(address)["RateLimit-Policy"] == '"anonymous";q=100;w=60, "expensive";q=2;w=60'
    assert statuses(client, address, 2) == [200, 429]
    assert client.get(CLAIMS).status_code == 200


def test_exports_are_expensive_and_looking_after_them_is_not() -> None:
    client, token = Client(), token_of("Editor")
    client.get("/api/v1/me/", headers=bearer(token))
    for code in (202, 202, 429):
        asked = {"kind": "list", "format": "csv", "query": CLAIMS}
        answer = client.post("/api/v1/exports/", asked, "application/json", headers=bearer(token))
        assert answer.status_code == code, answer.content
    assert client.get("/api/v1/exports/", headers=bearer(token)).status_code == 200


def test_the_guide_says_what_production_and_development_allow() -> None:
    guide = Path(BASE_DIR, "docs", "api.md").read_text(encoding="utf-8")
    assert f"{RATES['anonymous']} is what production allows" in guide
    assert f"a development server, such as that of the demo, allows {GENEROUS:,}." in guide


def test_limits_can_be_turned_off(settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF
    answer = Client().get(CLAIMS)
    assert not answer.has_header("RateLimit")
    settings.FACTCHECK_RATES = OFF | {"token": 1}
    assert statuses(Client(), CLAIMS, 9) == [200] * 9


def test_pages_are_counted_by_address_and_what_watches_over_the_register_is_not() -> None:
    client = Client()
    assert statuses(client, "/", 6) == [200] * 5 + [429]
    assert statuses(client, "/healthz", 9) == [200] * 9
    refused = client.get("/claims/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "42")
    assert refused["Content-Type"].startswith("text/html")
    assert "5 requests a minute" in refused.content.decode()
    # The API has a quota of its own.
    assert statuses(client, CLAIMS, 4) == [200] * 4


def test_each_session_of_the_desk_has_a_quota_of_its_own_and_an_invented_one_has_none() -> None:
    first, second, invented = Client(), Client(), Client()
    for client in (first, second):
        client.force_login(make.someone("Editor"))
    # The first time it is not known yet, and counts for the address.
    assert statuses(first, DESK, 7) == [200] * 6 + [429]
    assert statuses(second, DESK, 7) == [200] * 6 + [429]
    for number in range(3):
        invented.cookies["sessionid"] = f"invented-{number}"
        assert invented.get("/").status_code == 200
    assert invented.get("/").status_code == 429


def test_a_session_that_was_ended_counts_for_its_address() -> None:
    client = Client()
    client.force_login(make.someone("Editor"))
    assert statuses(client, DESK, 2) == [200] * 2
    Session.objects.all().delete()
    # Counted for the session still, and known for none from then on.
    assert statuses(client, DESK, 6) == [302] * 5 + [429]


def test_where_the_database_takes_nothing_each_process_counts_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off() -> None:
        raise DatabaseError

    monkeypatch.setattr("factcheck.accounts.quota.on_primary", break_off)
    assert statuses(Client(), CLAIMS, 5) == [200] * 4 + [429]
    assert not RequestCount.objects.exists()
