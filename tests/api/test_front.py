"""What is answered in front of Django is what Django answers, to the letter, and holds for as long."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claims.reports import front
from claims.reports.front import _ALONE, _ASKED, FrontHandler
from factcheck.audit.context import acting
from factcheck.base.http.measures import of_this_process
from factcheck.base.http.request_id import HEADER
from factcheck.base.http.wsgi import GuardedWSGIHandler
from tests import factories as make
from tests.api.test_rate_limits import OFF
from tests.api.test_remembered import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

CLAIMS = "/api/v1/claims/"
MALFORMED = ("", "abc", '"x', 'garbage"x"', 'w/"x"', 'W/ "x"', '"a b"', '"\xe9"', f'"{"x" * 5_000}"', '"a" "b"')
OF_THE_REQUEST = {HEADER.lower(), "ratelimit"}


class Answer(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    @property
    def lasting(self) -> tuple[str, list[tuple[str, str]], bytes]:
        """But for what is new with each request."""
        return self.status, sorted(pair for pair in self.headers if pair[0].lower() not in OF_THE_REQUEST), self.body


@pytest.fixture(autouse=True)
def quota(settings: Any) -> None:
    settings.FACTCHECK_REMEMBERED_MB = 8
    settings.FACTCHECK_RATES = OFF | {"anonymous": 1_000, "pages": 1_000}


@pytest.fixture
def claim() -> Claim:
    return make.make_claim("The bridge was closed.", dispute=make.make_dispute("Bridge"), published=True)


class Door:
    """An application, and how many requests it made Django answer."""

    def __init__(self) -> None:
        self.application = FrontHandler()
        self.long, long = 0, self.application.get_response

        def answer(request: Any) -> Any:
            self.long += 1
            return long(request)

        self.application.get_response = answer  # type: ignore[method-assign]

    def ask(self, url: str, method: str = "GET", **environ: str) -> Answer:
        return asked(self.application, url, method, **environ)


def asked(application: Any, url: str, method: str = "GET", **environ: str) -> Answer:
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        told[:] = status, headers

    given = {"HTTP_HOST": "testserver", **environ}
    environ = RequestFactory().generic(method, url).environ
    del environ["HTTP_COOKIE"]  # the factory has an empty one
    answer = application({**environ, **given}, start)
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return Answer(*told, body)


@pytest.fixture(autouse=True)
def one_transaction() -> Iterator[None]:
    """The end of a request would close the connection, and with it the transaction around the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("coding", ["", "br"])
def test_it_is_answered_as_django_answers_until_anything_changes(
    address: str, coding: str, claim: Claim, door: Door
) -> None:
    url, more = address.format(claim=claim.pk), {"HTTP_ACCEPT_ENCODING": coding} if coding else {}
    first = door.ask(url, **more)
    assert (first.status, door.long) == ("200 OK", 1)
    with CaptureQueriesContext(connection) as seen:
        again = door.ask(url, **more)
    assert (again.body, door.long, len(seen)) == (first.body, 1, 1)
    django = GuardedWSGIHandler()
    asked(django, url, **more)
    for known in (first.header("ETag"), '"other"'):
        plain = asked(django, url, HTTP_IF_NONE_MATCH=known, **more)
        for _time in range(2):
            assert door.ask(url, HTTP_IF_NONE_MATCH=known, **more).lasting == plain.lasting
    assert again.lasting == door.ask(url, **more).lasting == asked(django, url, **more).lasting
    assert door.long == 2
    with acting(actor=make.someone("Editor"), reason="It was the road."):
        row = Claim.objects.get(pk=claim.pk)
        row.text = "The road was closed."
        row.save()
    changed = door.ask(url, **more)
    assert door.long == 3
    settings.FACTCHECK_REMEMBERED_MB = 0
    assert changed.body == asked(GuardedWSGIHandler(), url, **more).body


@pytest.mark.parametrize("name", sorted(_ALONE - {*_ASKED, "HTTP_IF_NONE_MATCH", "HTTP_X_REQUEST_ID"}))
@pytest.mark.parametrize("address", ["/", CLAIMS, "/disputes/bridge/"])
def test_headers_that_are_passed_over_change_no_answer(name: str, address: str, claim: Claim) -> None:
    """Of Django itself: what it answers follows from none of them."""
    settings.FACTCHECK_REMEMBERED_MB = 0
    plain = asked(GuardedWSGIHandler(), address)
    for value in ("max-age=0", "no-cache", "de-DE, de", "cross-site", "192.0.2.7", "https://elsewhere.example", "1"):
        assert asked(GuardedWSGIHandler(), address, **{name: value}).lasting == plain.lasting


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_AUTHORIZATION": "Bearer no-token-at-all"},
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "theme=dark"},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_IF_MATCH": '"1-0123456789abcdef"'},
        {"HTTP_IF_MODIFIED_SINCE": "Tue, 01 Dec 2026 08:00:00 GMT"},
        {"HTTP_IF_NONE_MATCH": "no tag"},
        *({"HTTP_IF_NONE_MATCH": tag} for tag in MALFORMED),
        {"HTTP_IF_NONE_MATCH": '"a", "b"'},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"HTTP_ACCEPT": "application/xml"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_USER_AGENT": "a\x01b"},
        {"HTTP_X_SOMETHING": "new"},
        {"HTTP_ACCEPT": "application/json," * 100},
        {"QUERY_STRING": "search=bridge" * 100},
        {"CONTENT_LENGTH": "7"},
        {"CONTENT_LENGTH": "many"},
        {"CONTENT_TYPE": "text/plain"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
    ],
    ids=lambda environ: " ".join(*environ.items()),
)
def test_who_asks_in_another_way_is_answered_by_django(environ: dict[str, str], claim: Claim, door: Door) -> None:
    for _time in range(2):
        door.ask(CLAIMS)
    assert door.long == 1
    plain = asked(GuardedWSGIHandler(), CLAIMS, **environ)
    found = door.ask(CLAIMS, **environ)
    assert (found.status, door.long) == (plain.status, 2)


def test_each_is_counted_once_and_refused_when_it_is_enough(claim: Claim, door: Door, settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF | {"anonymous": 5, "pages": 3}
    door = Door()
    answers = [door.ask(CLAIMS) for _time in range(7)]
    assert [answer.status[:3] for answer in answers] == ["200"] * 5 + ["429"] * 2
    assert [answer.header("RateLimit").split(";")[1] for answer in answers[:6]] == [
        f"r={n}" for n in (4, 3, 2, 1, 0, 0)
    ]
    assert {answer.header("RateLimit-Policy") for answer in answers} == {'"anonymous";q=5;w=60'}
    assert answers[-1].header("Retry-After")
    # Of another address there is enough left, and of pages.
    assert door.ask(CLAIMS, REMOTE_ADDR="192.0.2.9").header("RateLimit").startswith('"anonymous";r=4')
    pages = [door.ask("/") for _time in range(4)]
    assert [(page.status[:3], page.header("RateLimit")) for page in pages] == [("200", "")] * 3 + [("429", "")]


def test_without_quotas_it_is_answered_in_front_too(claim: Claim, settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF
    door = Door()
    answers = [door.ask(CLAIMS) for _time in range(3)]
    assert (door.long, answers[-1].header("RateLimit-Policy")) == (1, "")


def test_a_report_counts_as_dear_only_where_it_is_made(claim: Claim, settings: Any) -> None:
    settings.FACTCHECK_RATES = OFF | {"anonymous": 50, "expensive": 1}
    door = Door()
    answers = [door.ask("/api/v1/disputes/bridge/report/html/") for _time in range(3)]
    assert [answer.status for answer in answers] == ["200 OK"] * 3
    assert [answer.header("RateLimit-Policy").count(";q=") for answer in answers] == [2, 1, 1]


def test_each_has_its_own_name_and_its_line_in_the_log(
    claim: Claim, door: Door, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.FACTCHECK_METRICS = True
    door.ask(CLAIMS)
    counted = of_this_process.answers["2xx"]
    caplog.set_level(logging.INFO, "factcheck.request")
    given, made = door.ask(f"{CLAIMS}", HTTP_X_REQUEST_ID="trace-7"), door.ask(CLAIMS, HTTP_X_REQUEST_ID="a b")
    assert given.header(HEADER) == "trace-7"
    assert len(made.header(HEADER)) == 32
    events = [record.msg for record in caplog.records if record.name == "factcheck.request"]
    assert [(event["code"], event["request"], event["request_id"]) for event in events] == [
        (200, f"GET {CLAIMS}", "trace-7"),
        (200, f"GET {CLAIMS}", made.header(HEADER)),
    ]
    assert of_this_process.answers["2xx"] == counted + 2


def test_the_database_that_is_gone_is_told_by_django(claim: Claim, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    door.ask(CLAIMS)

    def gone() -> str:
        raise DatabaseError("gone")

    monkeypatch.setattr(front, "generation", gone)
    assert (door.ask(CLAIMS).status, door.long) == ("200 OK", 2)


def test_so_many_are_known_and_no_more(claim: Claim, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "MOST", 3)
    for size in range(1, 9):
        assert json.loads(door.ask(f"{CLAIMS}?page_size={size}").body)["results"]
        assert len(door.application.answers) <= 3


@pytest.mark.parametrize("url", ["/api/v1/me/", "/admin/login/", "/healthz", "/api/v1/claims/0/", "/nowhere/"])
def test_what_is_not_for_everybody_is_never_known(url: str, claim: Claim, door: Door) -> None:
    for _time in range(2):
        door.ask(url)
    assert door.long == 2
    assert not door.application.answers


def test_a_body_that_came_along_is_not_overlooked(claim: Claim, door: Door) -> None:
    door.ask(CLAIMS)
    found = door.ask(CLAIMS, CONTENT_LENGTH="2", **{"wsgi.input": io.BytesIO(b"{}")})  # type: ignore[arg-type]
    assert (found.status, door.long) == ("200 OK", 2)


@pytest.mark.parametrize("address", ["/api/schema/", "/api/schema/?format=json"])
@pytest.mark.parametrize("coding", ["", "gzip"])
def test_the_description_is_given_again_whatever_changes(address: str, coding: str, door: Door) -> None:
    django = GuardedWSGIHandler()
    first = door.ask(address, HTTP_ACCEPT_ENCODING=coding)
    make.make_claim("The bridge was closed.", published=True)
    with CaptureQueriesContext(connection) as seen:
        again = door.ask(address, HTTP_ACCEPT_ENCODING=coding)
    assert (again.lasting, door.long, len(seen)) == (first.lasting, 1, 0)
    assert again.lasting == asked(django, address, HTTP_ACCEPT_ENCODING=coding).lasting
    known = {"HTTP_IF_NONE_MATCH": first.header("ETag"), "HTTP_ACCEPT_ENCODING": coding}
    assert [door.ask(address, **known).lasting for _time in range(2)] == [asked(django, address, **known).lasting] * 2


@pytest.mark.parametrize("setting", ["FACTCHECK_REPLICAS", "FACTCHECK_CACHE_URLS"])
def test_with_replicas_or_a_shared_cache_all_goes_the_long_way(setting: str, settings: Any) -> None:
    setattr(settings, setting, ["http://127.0.0.1:1"] if "CACHE" in setting else ["replica1"])
    assert FrontHandler().idle


@pytest.mark.parametrize("address", [*ADDRESSES, "/corrections/feed/", "/verdicts/", "/disputes/", "/corrections/"])
@pytest.mark.parametrize("known", MALFORMED)
def test_a_tag_that_is_none_is_refused_by_its_name(address: str, known: str, claim: Claim, door: Door) -> None:
    """By pages as by the API, and whether or not the answer is remembered; a search on a page has no tag of its own."""
    url = address.format(claim=claim.pk)
    wanted = ("200", False) if "?q=" in url else ("400", True)
    for _time in range(2):
        found = door.ask(url, HTTP_IF_NONE_MATCH=known)
        assert (found.status[:3], b"If-None-Match" in found.body) == wanted, found
        door.ask(url)
