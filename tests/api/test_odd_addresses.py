"""Odd addresses inside requests for an export, which pass no door of their own: each is refused with the reason."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from tests.api import odd
from tests.api.nouns import address
from tests.claims.test_dispute_admin import client_of as browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]

PATHS = ("/api/v1/claims/", "/admin/claims/claim/", "/admin/sources/source/", "/admin/audit/auditentry/", "/admin/")
PARAMETERS = ("search", "q", "dispute", "status", "include", "updated_after", "ids", "p", "e", "text__regex", "id__in")
ODD = (
    "//[",
    "//[::1",
    "http://[",
    "/api/v1/claims/?x=[",
    "/api/v1/claims/\x00",
    "/api/v1/claims/?",
    "/api/v1/claims/?=",
    "/api/v1/claims/?&&&",
    "/api/v1/claims/?search=\x00",
    "/api/v1/claims/?search=\u202e",
    "/api/v1/claims/?search=" + "x" * 9_000,
    "/api/v1/claims/?" + "&".join(f"x{n}=1" for n in range(1_000)),
    "/api/v1/claims/?ids=" + "9" * 400,
    "/api/v1/claims/?ids=1,2,3",
    "/api/v1/claims/1/",
    "/api/v1/claims/%00/",
    "/api/v1/disputes/\x00/",
    "/api/v1/disputes/%00/",
    "/disputes/" + "x" * 120 + "/",
    "/admin/claims/claim/99999999999999999999/change/",
    "/admin/claims/claim/?q=" + "+".join("a" * 900),
    "/admin/claims/claim/?created_at__gte=0001-01-01T00:00:00%2B14:00",
    "/admin/claims/claim/?_changelist_filters=%00",
    "/admin/claims/claim/?q=%00",
    "/admin/claims/claim/?dispute=%00",
    "/admin/claims/claim/?q=%ED%A0%80",
    "/api/v1/claims/?search=%00",
    "/api/v1/claims/#x",
    "/api/v1/claims/\n?x",
    "\ufffd",
    *odd.TEXTS,
)


LISTS = [f"{path}?{name}=" for path in PATHS for name in PARAMETERS]
VALUES = [*(quote(value) for value in (*odd.TEXTS, *odd.NUMBERS, *odd.MOMENTS)), *odd.PERCENT]


@pytest.fixture
def odd_story(story: Any, desk: Any) -> Any:
    story.administrator = desk.administrator
    return story


def test_an_odd_address_of_an_export(odd_story, client_of):
    client, browser = client_of(odd_story.administrator), browser_of(odd_story.administrator)
    browser.raise_request_exception = False
    ask = reverse("admin:claims_export_ask")
    for turn, given in enumerate(ODD):
        for kind, form in odd.part([("list", "csv"), ("report", "html")], turn, of=1):
            asked = {"kind": kind, "query": given, "format": form}
            for answer in (client.post(address("export"), asked, format="json"), browser.post(ask, asked)):
                assert answer.status_code < 500, f"{answer.status_code} for {given!r} as a {kind}"


def test_an_odd_list_as_a_file(odd_story):
    browser = browser_of(odd_story.administrator)
    browser.raise_request_exception = False
    stream = reverse("admin:claims_export_stream", args=["csv"])
    odd_lists = [start + value for turn, start in enumerate(LISTS) for value in odd.part(VALUES, turn, of=30)]
    for given in (*ODD, *odd_lists):
        answer = browser.get(stream, {"query": given})
        assert answer.status_code < 500, f"{answer.status_code} for {given!r}"
        # Whatever breaks later breaks the connection.
        assert not answer.streaming or answer.getvalue(), given


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the door is the command's own, what is behind it the same")
@pytest.mark.parametrize("given", ODD)
def test_an_odd_address_on_the_command_line(register, given, tmp_path):
    for name, *arguments in (["export_list", given], ["export_report", "dispute", given]):
        with suppress(CommandError):
            call_command(name, *arguments, "-o", str(tmp_path / "file"), verbosity=0)


def test_the_parameter_of_a_list_that_is_no_text_is_named(odd_story, client_of):
    asked = {"kind": "list", "query": "/admin/claims/claim/?q=a%00b", "format": "csv"}
    answer = client_of(odd_story.administrator).post(address("export"), asked, format="json")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, ["q"])
