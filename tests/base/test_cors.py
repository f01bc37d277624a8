"""Which answers pages of other origins may read, and what they may send."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from tests import factories as make

pytestmark = pytest.mark.django_db

NAMED, OTHER = "https://notebook.example.org", "https://elsewhere.example.org"
ALLOWED = "Access-Control-Allow-Origin"
CLAIMS = "/api/v1/claims/"


@pytest.fixture(autouse=True)
def named(settings: Any) -> None:
    settings.FACTCHECK_CORS_ORIGINS = frozenset([NAMED])


@pytest.fixture
def token() -> str:
    return f"Bearer {AuthToken.objects.create(make.someone('Researcher'))[1]}"


def test_every_page_reads_what_the_public_reads() -> None:
    for headers in ({}, {"Origin": OTHER}, {"Origin": NAMED}, {"Origin": "null"}):
        answer = Client().get(CLAIMS, headers=headers)
        assert answer[ALLOWED] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not answer.has_header("Access-Control-Allow-Credentials")


def test_a_refusal_can_be_read_as_well() -> None:
    assert Client().get(f"{CLAIMS}?nonsense=1", headers={"Origin": OTHER})[ALLOWED] == "*"
    assert Client().get("/api/v1/nothing/", headers={"Origin": OTHER})[ALLOWED] == "*"


def test_only_pages_of_named_origins_read_with_a_token(token: str) -> None:
    told = {
        origin: Client().get(CLAIMS, headers={"Authorization": token, **({"Origin": origin} if origin else {})})
        for origin in (NAMED, OTHER, "null", "")
    }
    assert {origin: answer.get(ALLOWED) for origin, answer in told.items()} == {
        NAMED: NAMED, OTHER: None, "null": None, "": None,
    }  # fmt: skip
    assert all("Origin" in answer["Vary"] for answer in told.values())
    assert told[OTHER]["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_page_reads_what_a_cookie_would_show(client: Client) -> None:
    client.force_login(make.someone("Researcher"))
    for origin in (NAMED, OTHER):
        assert not client.get(CLAIMS, headers={"Origin": origin}).has_header(ALLOWED)


@pytest.mark.parametrize("path", ["/", "/disputes/", "/admin/login/", "/static/nothing.css"])
def test_nothing_outside_the_api_is_for_other_pages(path: str) -> None:
    answer = Client().get(path, headers={"Origin": NAMED})
    assert not answer.has_header(ALLOWED)
    assert answer.get("Cross-Origin-Resource-Policy", "same-origin") == "same-origin"


@pytest.mark.parametrize(("origin", "trusted"), [(NAMED, True), (OTHER, False), ("null", False)])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_browser_is_told_beforehand_what_it_may_send(origin: str, trusted: bool, method: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization",
    }
    answer = Client().options(f"{CLAIMS}1/", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer[ALLOWED] == (origin if trusted else "*")
    assert ("PATCH" in answer["Access-Control-Allow-Methods"]) is trusted
    assert ("Authorization" in answer["Access-Control-Allow-Headers"]) is trusted
    assert "Origin" in answer["Vary"]


def test_where_no_origin_is_named_none_may_use_tokens(settings: Any, token: str) -> None:
    settings.FACTCHECK_CORS_ORIGINS = frozenset()
    assert not Client().get(CLAIMS, headers={"Authorization": token, "Origin": NAMED}).has_header(ALLOWED)
    asked = {"Origin": NAMED, "Access-Control-Request-Method": "GET"}
    assert "Authorization" not in Client().options(CLAIMS, headers=asked)["Access-Control-Allow-Headers"]


def test_options_says_what_an_address_takes() -> None:
    answer = Client().options(CLAIMS)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "POST" in answer["Allow"]
    assert Client().options(f"{CLAIMS}export/csv/").status_code == 200
    assert Client().options("/api/v1/nothing/").status_code == 404


@pytest.mark.parametrize("scheme", ["Token", "Basic", "Digest", "bearer2"])
def test_another_scheme_is_refused_and_told_the_right_one(scheme: str, token: str) -> None:
    answer = Client().get(CLAIMS, headers={"Authorization": f"{scheme} {token.split()[1]}"})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "wrong_scheme"
    assert "Authorization: Bearer" in answer.json()["detail"]
