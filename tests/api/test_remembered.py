"""What a process remembers of its answers: never anything older than the last change, never what is somebody's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import AuthToken

from claims.models import Claim
from claims.reports.remembered import Memory, RememberedAnswers, Told
from claims.services.prepared import audience_of
from claims.services.token import is_token_of_desk
from factcheck.audit.context import acting
from factcheck.audit.erasure import erase_history
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

HERE = "127.0.0.1"
ASKED_ONCE = 1
"""The generation is all that a remembered answer asks for."""


@pytest.fixture(autouse=True)
def memory(settings: Any) -> None:
    settings.FACTCHECK_REMEMBERED_MB = 8


@pytest.fixture
def reader() -> Client:
    return Client()


@pytest.fixture
def claim() -> Claim:
    return make.make_claim("The bridge was closed.", dispute=make.make_dispute("Bridge"), published=True)


def queries(reader: Client, url: str, **headers: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        reader.get(url, headers=headers)
    return len(seen)


ADDRESSES = [
    "/",
    "/claims/{claim}/",
    "/disputes/bridge/",
    "/disputes/?q=bridge",
    "/sources/",
    "/verdicts/feed/",
    "/sitemap.xml",
    "/api/v1/claims/",
    "/api/v1/claims/?search=bridge&include=attributions",
    "/api/v1/claims/{claim}/",
    "/api/v1/sources/",
    "/api/v1/disputes/bridge/",
    "/api/v1/disputes/bridge/timeline/",
    "/api/v1/disputes/bridge/report/html/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_second_reader_is_told_the_same_until_anything_changes(address: str, claim: Claim, reader: Client) -> None:
    url = address.format(claim=claim.pk)
    first = reader.get(url)
    assert first.status_code == 200
    assert queries(reader, url) == ASKED_ONCE
    again = reader.get(url)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    known = reader.get(url, headers={"If-None-Match": first["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert reader.get(url, headers={"If-None-Match": '"other"'}).content == first.content
    with acting(actor=make.someone("Editor"), reason="It was the road."):
        row = Claim.objects.get(pk=claim.pk)
        row.text = "The road was closed."
        row.save()
    assert queries(reader, url) > ASKED_ONCE
    settings.FACTCHECK_REMEMBERED_MB = 0
    assert Client().get(url).content == reader.get(url).content


def nameless(answer: Any) -> str:
    """The body without the name of its request."""
    return re.sub(r'"request_id":"[0-9a-f]+"', "", answer.text)


def told_to(reader: Client, url: str, **headers: Any) -> bool:
    """Whether the answer came from memory."""
    return queries(reader, url, **headers) == ASKED_ONCE


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer no-token-at-all"},
        {"Authorization": "Bearer notoken"},
        {"Cookie": "sessionid=abc"},
        {"Range": "bytes=0-9"},
        {"If-Match": '"1-0123456789abcdef"'},
        {"Accept": "application/xml"},
        {"If-None-Match": "no tag"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_who_asks_in_another_way_is_answered_by_the_view(headers: dict[str, str], claim: Claim, reader: Client) -> None:
    url = f"/api/v1/claims/{claim.pk}/"
    reader.get(url)
    assert told_to(reader, url)
    alone = Client()
    settings.FACTCHECK_REMEMBERED_MB = 0
    asked = alone.get(url, headers=headers)
    answer = reader.get(url, headers=headers)
    assert (answer.status_code, nameless(answer)) == (asked.status_code, nameless(asked))


def token_of(user: Any, **how: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {AuthToken.objects.create(user, **how)[1]}"}


def test_the_desk_is_told_what_the_desk_reads_and_the_public_what_that_does(
    claim: Claim, reader: Client, ann: Any, reviewer: Any
) -> None:
    draft = make.make_claim("A draft.", dispute=claim.dispute)
    url = f"/api/v1/claims/{draft.pk}/"
    assert reader.get(url, headers=token_of(ann)).status_code == 200
    other = token_of(reviewer)
    # Once an hour it is noted that a token is in use.
    reader.get("/api/v1/me/", headers=other)
    assert queries(reader, url, **other) == ASKED_ONCE + 1
    assert reader.get(url, headers=token_of(reviewer)).json()["text"] == "A draft."
    assert reader.get(url).status_code == 404
    assert draft.text not in reader.get("/disputes/bridge/").text
    assert draft.text not in reader.get("/api/v1/claims/").text
    assert draft.text in reader.get("/api/v1/claims/", headers=token_of(ann)).text
    by_session = Client()
    by_session.force_login(ann)
    assert by_session.get(url).status_code == 200
    assert reader.get(url).status_code == 404


def test_the_statement_on_tokens_says_what_asking_for_the_reader_says(register: None) -> None:
    people = {
        **{role: make.someone(role) for role in ("Reader", "Researcher", "Reviewer", "Editor", "Administrator")},
        "root": User.objects.create_superuser("root"),
        "nobody": User.objects.create_user("nobody"),
        "gone": make.make_user("gone", "Editor"),
        "member": make.make_user("member", "Editor"),
        "by itself": User.objects.create_user("alone"),
    }
    make.make_dispute("Closed", visibility="restricted", members=[people["member"]])
    people["by itself"].user_permissions.add(Permission.objects.get(content_type__app_label="sources", codename="desk"))
    people["gone"].is_active = False
    people["gone"].save()
    said = {}
    for name, user in people.items():
        user = User.objects.get(pk=user.pk)
        wanted = user.is_active and audience_of(user) == "desk"
        said[name] = is_token_of_desk(token_of(user)["Authorization"], HERE)
        assert said[name] == wanted, name
        assert not is_token_of_desk(token_of(user, expiry=timedelta(seconds=-1))["Authorization"], HERE)
        assert is_token_of_desk(token_of(user, expiry=None)["Authorization"], HERE) == wanted
    assert {name for name in said if said[name]} >= {"Editor", "root", "by itself"}
    assert not any(said[name] for name in ("member", "gone", "nobody"))
    assert not any(is_token_of_desk(one, HERE) for one in ("Bearer ", "Basic abc", "Bearer ü", "Bearer a b", ""))


@pytest.mark.parametrize("how", ["revoked", "inactive", "no role", "member"])
def test_who_reads_otherwise_now_is_told_nothing_of_before(how: str, claim: Claim, reader: Client) -> None:
    user = make.make_user("changing", "Editor")
    draft = make.make_claim("A draft.")
    url, headers = f"/api/v1/claims/{draft.pk}/", token_of(user)
    reader.get(url, headers=headers)
    assert queries(reader, url, **headers) == ASKED_ONCE + 1
    if how == "revoked":
        AuthToken.objects.filter(user=user).delete()
    elif how == "inactive":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif how == "no role":
        user.groups.clear()
    else:
        make.make_dispute("Closed", visibility="restricted", members=[user])
    answer = reader.get(url, headers=headers)
    assert answer.status_code == {"no role": 404, "member": 200}.get(how, 401)


@pytest.mark.parametrize("alone", [True, False])
def test_a_new_draft_stands_in_the_lists_of_the_desk_at_once(
    alone: bool, claim: Claim, reader: Client, ann: Any
) -> None:
    """Nothing hangs on it yet, and where it stands alone not even a dispute tells of it."""
    desk = token_of(ann)

    def first() -> int:
        return int(reader.get("/api/v1/claims/", headers=desk).json()["results"][0]["id"])

    assert first() == claim.pk
    assert first() == claim.pk
    draft = make.make_claim("Nobody closed it.", dispute=None if alone else claim.dispute)
    assert first() == draft.pk


def test_what_is_not_there_is_asked_for_again(reader: Client, claim: Claim) -> None:
    url = f"/api/v1/claims/{claim.pk + 1}/"
    assert reader.get(url).status_code == 404
    assert not told_to(reader, url)
    other = make.make_claim("Another.", published=True)
    assert reader.get(f"/api/v1/claims/{other.pk}/").status_code == 200


def test_another_day_is_another_answer(claim: Claim, reader: Client, monkeypatch: Any) -> None:
    url = f"/claims/{claim.pk}/"
    reader.get(url)
    assert told_to(reader, url)
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("claims.reports.remembered.timezone.localdate", lambda *_args: tomorrow)
    assert not told_to(reader, url)


def test_an_erasure_is_forgotten_too(claim: Claim, reader: Client) -> None:
    root = User.objects.create_superuser("root")
    with acting(actor=make.someone("Editor"), reason="It was the road."):
        row = Claim.objects.get(pk=claim.pk)
        row.text = "The road was closed."
        row.save()
    url = f"/api/v1/claims/{claim.pk}/"
    reader.get(url)
    assert told_to(reader, url)
    erase_history(actor=root, rows=[("claim", claim.pk)], reason="An order of the court.")
    assert not told_to(reader, url)


def test_a_database_that_is_away_is_told_of_by_the_view(claim: Claim, reader: Client, monkeypatch: Any) -> None:
    def fail() -> str:
        raise DatabaseError("away")

    monkeypatch.setattr("claims.reports.remembered.generation", fail)
    assert reader.get(f"/api/v1/claims/{claim.pk}/").status_code == 200


def test_no_database_is_asked_for_what_tells_of_no_rows(reader: Client) -> None:
    assert queries(reader, "/healthz") == 0
    assert queries(reader, "/api/v1/") == 0


def told(length: int) -> Told:
    return Told({}, b"x" * length)


@pytest.fixture
def of() -> Iterator[Any]:
    return ("generation", timezone.localdate(), "edition")  # type: ignore[return-value]


def test_what_was_asked_for_longest_ago_is_given_up_first(of: Any) -> None:
    memory = Memory(30_000)
    memory.find(of, ())
    for name in "abc":
        memory.keep(of, (name,), told(9_000))
        memory.find(of, ("a",))
    assert set(memory.answers) == {("a",), ("c",)}
    assert memory.size < memory.limit


def test_what_was_built_before_a_change_is_not_kept_after_it(of: Any) -> None:
    memory = Memory(30_000)
    memory.find(of, ())
    memory.find(("newer", *of[1:]), ())
    memory.keep(of, ("a",), told(10))
    assert not memory.answers
    assert RememberedAnswers(lambda request: request).memory.limit == 8_000_000  # type: ignore[arg-type,return-value]
