"""Hidden rows show in no answer: whatever is asked about them is answered as if they were not there.

Two states of the register are asked alike, one with the hidden rows and one without, and the answers compared byte for
byte. One question in each EACH is asked here; EVERY_PROBE=1 asks all of them.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from factcheck.accounts.models import TokenGrant
from factcheck.base.scopes import Scope
from tests.api.probes import Hidden, cite, hide, questions, writes

pytestmark = pytest.mark.django_db

EVERY = os.environ.get("EVERY_PROBE") == "1"
EACH = 1 if EVERY else 61
OUTSIDE = ["anonymous", "reader", "researcher"]
VOLATILE = (
    r'"request_id":"[^"]*"',
    r"request [0-9a-f]{32}",
    r"changes/\?since=\d+",  # the last entry of the trail, which counts what everybody did
    r'(csrfmiddlewaretoken" value|nonce)="[^"]*"',
    r'"(last_used|requested|started|finished)_at":"[^"]*"',
    r'"head_(entry|hash)":("[^"]*"|\d+)',  # the same of an export of one's own
    r'"next_since":\d+',
    r'"id":\d+(?=,"kind":"(report|list|bundle)")',  # of exports of one's own, counted on where they are taken back
)


WRITTEN = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(claims|sources|audit)_', re.IGNORECASE)


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Any:
    """A function that says how much was asked, where all of it is."""

    def say(what: str, number: int) -> None:
        if EVERY:
            with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
                sys.stdout.write(f"\n{connection.vendor}: {number:,} {what}, {request.node.name}\n")

    return say


def answer(response: Any) -> tuple[int, str, str]:
    """Status, body and address of an answer, without what differs from request to request."""
    text = response.getvalue().decode("utf-8", "replace")
    for pattern in VOLATILE:
        text = re.sub(pattern, "", text)
    return response.status_code, text, response.headers.get("Location", "")


def client_of(user: Any, scope: str = "") -> Client:
    """Who asks the API with a token, and pages in a session."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    if scope:
        client = Client(raise_request_exception=False)
        row, token = AuthToken.objects.create(user)
        TokenGrant.objects.filter(token=row).update(scope=scope)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def hidden_from(story: Any, who: str) -> Callable[[], Hidden]:
    """What makes the rows that this reader may not see; the desk knows of each source and each document."""
    cited = cite() if who == "researcher" else None
    return lambda: hide(story.claim, story.member, cited)


def differing(client: Client, made: Callable[[], Hidden], ask: Callable[[Hidden], list[Any]]) -> tuple[int, set[str]]:
    """How many were asked, and which of them were answered in another way with the hidden rows than without."""
    with transaction.atomic():
        asked = ask(made())
        present = [told(client, one) for one in asked]
        transaction.set_rollback(True)
    absent = [told(client, one) for one in asked]
    pairs = zip(asked, present, absent, strict=True)
    return len(asked), {f"{one}" for one, here, gone in pairs if here != gone}


def told(client: Client, one: Any) -> tuple[int, str, str, str]:
    """The answer to an address, or to a method, address and body, with what the next page would say of it; a write is
    taken back."""
    method, address, body = ("get", one, {}) if isinstance(one, str) else one
    with transaction.atomic():
        if method == "get":
            found = answer(client.get(address))
            return *found, left_for_the_next_page(client)
        kind = "application/x-www-form-urlencoded" if address.startswith("/admin/") else "application/json"
        sent = json.dumps(body) if kind == "application/json" else ""
        found = answer(client.generic(method, address, sent, kind, headers={"If-Match": "*"}))
        transaction.set_rollback(True)
    return *found, left_for_the_next_page(client)


def left_for_the_next_page(client: Client) -> str:
    """The messages of the desk that wait in a cookie, without when it was signed. It is taken away: else they would
    show in another answer."""
    cookie = client.cookies.pop("messages", None)
    return cookie.value.partition(":")[0] if cookie is not None else ""


@pytest.mark.parametrize("who", OUTSIDE)
def test_whatever_is_asked_is_answered_as_if_hidden_rows_were_not_there(story, desk, who, count):
    def ask(hidden: Hidden) -> list[str]:
        return questions(hidden)[OUTSIDE.index(who) :: EACH]

    asked, differ = differing(client_of(getattr(desk, who)), hidden_from(story, who), ask)
    count("questions", asked)
    assert asked > 1_000 // EACH
    assert sorted(differ) == []


@pytest.mark.parametrize("scope", Scope.values)
def test_a_token_of_any_scope_is_told_no_more(story, desk, scope, count):
    def ask(hidden: Hidden) -> list[str]:
        return [one for one in questions(hidden) if one.startswith("/api/")][:: 3 * EACH]

    asked, differ = differing(client_of(desk.researcher, scope), hidden_from(story, "researcher"), ask)
    count("questions", asked)
    assert sorted(differ) == []


@pytest.mark.parametrize("who", OUTSIDE)
def test_a_forbidden_write_tells_nothing_and_changes_nothing(story, desk, who, count):
    def ask(hidden: Hidden) -> list[Any]:
        return [*writes(hidden)][OUTSIDE.index(who) :: 1 if EVERY else 7]

    client, made = client_of(getattr(desk, who)), hidden_from(story, who)
    asked, differ = differing(client, made, ask)
    count("writes", asked)
    assert sorted(differ) == []
    with transaction.atomic():
        hidden, wrong = made(), []
        with CaptureQueriesContext(connection) as sent:
            for one in ask(hidden):
                status = told(client, one)[0]
                wrong += [] if status in {302, 400, 401, 403, 404, 405} else [(status, one)]
        assert wrong == []
        assert [query["sql"] for query in sent if WRITTEN.match(query["sql"])] == []
        transaction.set_rollback(True)


def test_the_questions_find_the_rows_where_their_reader_may_see_them(story):
    asked, differ = differing(
        client_of(story.member), hidden_from(story, ""), lambda hidden: questions(hidden)[:: 10 if EVERY else 97]
    )
    assert len(differ) > asked // 5
