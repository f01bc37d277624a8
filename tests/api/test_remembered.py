"""What a process remembers of its answers: never anything older than the last change, never what is somebody's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim
from claims.reports.remembered import Memory, RememberedAnswers, Told
from factcheck.audit.context import acting
from factcheck.audit.erasure import erase_history
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

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


def test_the_desk_is_neither_told_nor_remembered(claim: Claim, reader: Client, ann: Any) -> None:
    as_ann = Client()
    as_ann.force_login(ann)
    draft = make.make_claim("A draft.", dispute=claim.dispute)
    page = "/disputes/bridge/"
    assert as_ann.get(page).status_code == 200
    assert draft.text not in reader.get(page).text
    assert reader.get(f"/api/v1/claims/{draft.pk}/").status_code == 404
    assert as_ann.get(f"/api/v1/claims/{draft.pk}/").status_code == 200


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
