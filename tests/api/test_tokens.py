"""Who asks, and the tokens by which programs do: named, limited, noted and revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from claims.models import Claim
from factcheck.accounts.models import TokenGrant
from factcheck.audit.models import AuditEntry
from factcheck.base.scopes import LADDER, Scope, includes, scope_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

ME, TOKENS, CLAIMS = "/api/v1/me/", "/api/v1/tokens/", "/api/v1/claims/"
OF_ROLE = {"Researcher": Scope.WRITE, "Reviewer": Scope.REVIEW, "Editor": Scope.ADMIN, "Administrator": Scope.ADMIN}


def bearer(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def issued(user: User, scope: str = "admin", **more: Any) -> tuple[TokenGrant, APIClient]:
    row, token = AuthToken.objects.create(user, **more)
    TokenGrant.objects.filter(token=row).update(scope=scope, name="A test")
    return TokenGrant.objects.get(token=row), bearer(token)


def test_the_scopes_are_the_roles() -> None:
    for role, wanted in OF_ROLE.items():
        user = make.make_user(f"the-{role.lower()}", role)
        needed = [scope_of(permission) for permission in user.get_all_permissions()]
        assert max(map(LADDER.index, needed)) == LADDER.index(wanted), role


def test_every_permission_has_a_scope_and_views_need_the_least() -> None:
    for row in Permission.objects.select_related("content_type"):
        scope = scope_of(f"{row.content_type.app_label}.{row.codename}")
        assert (scope == Scope.READ) == (row.codename.startswith("view_") or row.codename == "desk")


@pytest.mark.parametrize("scope", Scope.values)
def test_a_token_does_what_its_scope_includes_and_no_more(scope: str) -> None:
    _grant, client = issued(make.make_user("vera", "Reviewer"), scope)
    draft = make.make_claim("It is a draft.", dispute=make.make_dispute("Bridge"))
    verdict = make.make_submitted(make.make_claim(published=True))
    assert client.get(f"{CLAIMS}?status=draft").json()["results"][0]["id"] == draft.pk
    entered = client.post(CLAIMS, {"text": "It is so."}, format="json")
    published = client.post(f"/api/v1/verdicts/{verdict.pk}/publish/", {}, format="json")
    assert (entered.status_code == 201) is includes(scope, "write")
    assert (published.status_code == 200) is includes(scope, "review"), published.json()
    for refused, needed in ((entered, "write"), (published, "review")):
        if not includes(scope, needed):
            assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
            assert f"“{scope}”" in refused.json()["detail"]


def test_no_token_does_more_than_its_owner() -> None:
    _grant, client = issued(make.make_user("rita", "Researcher"), "admin")
    verdict = make.make_submitted(make.make_claim(published=True))
    refused = client.post(f"/api/v1/verdicts/{verdict.pk}/publish/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def test_a_superuser_is_limited_as_well() -> None:
    root = User.objects.create_superuser("root", password="x")
    _grant, client = issued(root, "write")
    verdict = make.make_submitted(make.make_claim(published=True))
    assert client.post(f"/api/v1/verdicts/{verdict.pk}/publish/", {}, format="json").status_code == 403
    assert client.post(CLAIMS, {"text": "It is so."}, format="json").status_code == 201
    assert Claim.objects.get(text="It is so.").history.get().history_user == root


def test_a_token_that_only_reads_may_ask_for_an_export() -> None:
    _grant, client = issued(make.make_user("rita", "Researcher"), "read")
    wanted = {"kind": "list", "format": "csv", "query": "/api/v1/claims/"}
    asked = client.post("/api/v1/exports/", wanted, format="json")
    assert asked.status_code == 202, asked.json()
    address = f"/api/v1/exports/{asked.json()['id']}/"
    assert client.delete(address).json()["code"] == "insufficient_scope"
    assert client.post(f"{address}cancel/", {}, format="json").status_code == 403


def test_me_tells_who_asks_and_what_they_may(api: Any) -> None:
    user = make.make_user("vera", "Reviewer")
    grant, client = issued(user, "write")
    told = client.get(ME).json()
    assert (told["username"], told["roles"], told["desk"]) == ("vera", ["Reviewer"], True)
    assert "claims.add_claim" in told["permissions"]
    assert "claims.publish_verdict" not in told["permissions"]
    assert (told["token"]["id"], told["token"]["scope"], told["token"]["current"]) == (grant.pk, "write", True)
    by_session = api(user).get(ME).json()
    assert by_session["token"] is None
    assert "claims.publish_verdict" in by_session["permissions"]
    assert api().get(ME).status_code == 401
    assert client.get(f"{ME}?x=1").status_code == 400


def test_a_token_is_made_shown_once_listed_and_revoked() -> None:
    user = make.make_user("rita", "Researcher")
    _first, client = issued(user)
    made = client.post(TOKENS, {"name": "Nightly export", "scope": "read"}, format="json")
    assert (made.status_code, made["Cache-Control"]) == (201, "private, no-store")
    token, number = made.json()["token"], made.json()["id"]
    assert made["Location"].endswith(f"{TOKENS}{number}/")
    assert bearer(token).get(ME).json()["token"]["name"] == "Nightly export"
    listed = client.get(TOKENS).json()["results"]
    assert [row["id"] for row in listed] == [number, _first.pk]
    assert all("token" not in row for row in listed)
    assert token not in str(listed)
    assert listed[0]["key"] == token[:8]
    assert client.get(f"{TOKENS}{number}/").json()["scope"] == "read"
    assert client.delete(f"{TOKENS}{number}/").status_code == 204
    assert bearer(token).get(CLAIMS).status_code == 401
    acts = AuditEntry.objects.filter(object_type="authtoken").order_by("id")
    assert list(acts.values_list("action", "actor", "object_id")) == [
        ("token.created", user.pk, token[:8]),
        ("token.revoked", user.pk, token[:8]),
    ]
    assert token not in str(list(AuditEntry.objects.values()))


def test_nobody_sees_or_revokes_the_tokens_of_others() -> None:
    grant, _client = issued(make.make_user("rita", "Researcher"))
    _other, client = issued(make.make_user("ada", "Administrator"))
    assert [row["id"] for row in client.get(TOKENS).json()["results"]] == [_other.pk]
    assert client.get(f"{TOKENS}{grant.pk}/").status_code == 404
    assert client.delete(f"{TOKENS}{grant.pk}/").status_code == 404
    assert TokenGrant.objects.filter(pk=grant.pk).exists()


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({"scope": "read"}, "name", "required"),
        ({"name": "x", "scope": "all"}, "scope", "invalid_choice"),
        ({"name": "x", "scope": "review"}, "scope", "insufficient_scope"),
        ({"name": "x", "expires_at": "2001-01-01T00:00:00Z"}, "expires_at", "invalid"),
        ({"name": "x", "expires_at": "2999-01-01T00:00:00Z"}, "expires_at", "invalid"),
        ({"name": "x", "nonsense": 1}, "nonsense", "unknown_field"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_by_field(sent: dict[str, Any], field: str, code: str) -> None:
    _grant, client = issued(make.make_user("vera", "Reviewer"), "write")
    refused = client.post(TOKENS, sent, format="json")
    assert refused.status_code == 400
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(field, code)]


def test_no_token_makes_one_that_outlives_it_and_one_that_reads_makes_none() -> None:
    user = make.make_user("rita", "Researcher")
    grant, client = issued(user, "write", expiry=timedelta(days=1))
    made = client.post(TOKENS, {"name": "x"}, format="json").json()
    assert made["scope"] == "read"
    assert TokenGrant.objects.get(pk=made["id"]).token.expiry <= grant.token.expiry
    assert bearer(made["token"]).post(TOKENS, {"name": "y"}, format="json").status_code == 403


def test_its_last_use_is_noted_to_the_hour() -> None:
    grant, client = issued(make.make_user("rita", "Researcher"))
    start = timezone.now()
    noted = []
    for minutes in (0, 30, 90):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            client.get(CLAIMS)
        grant.refresh_from_db()
        noted.append(round((grant.last_used_at - start).total_seconds() / 60))
    assert noted == [0, 0, 90]


def test_a_remembered_answer_notes_the_use_too(settings: Any) -> None:
    settings.FACTCHECK_REMEMBERED_MB = 8
    make.make_claim("The bridge was closed.", dispute=make.make_dispute("Bridge"), published=True)
    grant, client = issued(make.make_user("rita", "Researcher"))
    for days in (0, 1):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            client.get(CLAIMS)
            client.get(CLAIMS)
            grant.refresh_from_db()
            assert grant.last_used_at is not None
            assert timezone.now() - grant.last_used_at < timedelta(minutes=5)


def test_a_request_with_a_token_asks_once_who_it_is(django_assert_max_num_queries: Any) -> None:
    _grant, client = issued(make.make_user("rita", "Researcher"))
    client.get(ME)
    with django_assert_max_num_queries(8) as asked:
        client.get(ME)
    about = [query["sql"] for query in asked.captured_queries if "knox_authtoken" in query["sql"]]
    assert len(about) == 1, about


def test_what_has_expired_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("factcheck.accounts.tokens.MOST", 2)
    user = make.make_user("rita", "Researcher")
    _grant, client = issued(user)
    AuthToken.objects.create(user, expiry=timedelta(seconds=-1))
    assert client.post(TOKENS, {"name": "x"}, format="json").status_code == 201
    refused = client.post(TOKENS, {"name": "y"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_tokens")
