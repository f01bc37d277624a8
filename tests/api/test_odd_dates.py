"""Dates at the ends of the calendar, in every place where one is asked for or kept: taken or refused, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from claims.choices import RuleLevel
from claims.exports.lists.formats import LIST_FORMATS
from claims.pages.urls import urlpatterns as pages
from claims.reports.formats.catalogue import FORMATS
from claims.rules.catalogue import RULES
from tests import factories as f
from tests.api import odd
from tests.api.described import parameters_of, present_document
from tests.api.nouns import NOUNS, address
from tests.claims.test_dispute_admin import client_of as browser_of

pytestmark = pytest.mark.django_db

MOMENTS = {"as_of", "since", "from", "to"}
"""The parameters by which a reader names a moment."""
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")


@pytest.fixture(scope="module")
def odd_story(story: Any, desk: Any) -> Any:
    """The story, with an administrator who may read and change all of it."""
    story.administrator = desk.administrator
    return story


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The register's own time zone, in which moments are told."""
    with timezone.override(request.param):
        yield request.param


def asked() -> Iterator[tuple[str, str]]:
    """Every address of the API, lists apart, at which a date is asked for, and the name under which it is."""
    document = present_document()
    for path, methods in document["paths"].items():
        for parameter in parameters_of(document, methods.get("get", {})):
            name = parameter["name"]
            listed = path in {address(noun) for noun in NOUNS} or "/export/" in path
            if not listed and (name in MOMENTS or name.endswith(("_after", "_before"))):
                yield path, name


def is_right(response: Any, name: str) -> bool:
    """Answered, or refused with the name of what is wrong. What was not there yet at that moment is a 404."""
    if response.status_code == 400:
        return [error["field"] for error in response.json()["errors"]] == [name]
    return response.status_code in {200, 404}


def test_a_date_that_the_api_asks_for(odd_story, client_of):
    client, tried, wrong = client_of(odd_story.administrator), 0, []
    for path, name in asked():
        row = odd_story.claim if path.startswith(address("claim")) else odd_story.dispute
        target = path.format(id=row.pk, key=row.pk, format_name="html")
        more = "&from=2025-01-01" if name == "to" else ""
        for value in odd.share(odd.MOMENTS, f"{name} of {path.split('/')[5:6]}", len(path), of=2):
            response = client.get(f"{target}?{name}={quote(value)}{more}")
            if not is_right(response, name):
                wrong.append(f"{response.status_code} for {target}?{name}={value}")
            tried += 1
    assert wrong == []
    assert tried > 60


def test_a_date_that_a_page_asks_for(odd_story):
    client = browser_of(odd_story.administrator)
    client.raise_request_exception = False
    preview = reverse("admin:claims_export_preview", args=["dispute", odd_story.dispute.pk])
    targets = {
        "dispute": f"/disputes/{odd_story.dispute.slug}/",
        "claim": f"/claims/{odd_story.claim.pk}/",
        "preview": preview,
    }
    for turn, (kind, target) in enumerate(targets.items()):
        for name in ("as_of", "since"):
            for value in odd.share(odd.MOMENTS, f"{name} of a page", turn, of=3):
                answer = client.get(target, {name: value})
                assert answer.status_code in {200, 400, 404}, f"{target}?{name}={value}"
        # An earlier report is compared with one that is earlier still.
        assert client.get(target, {"as_of": "2025-01-01", "since": "2025-02-01"}).status_code in {200, 400, 404}, kind


def test_the_year_of_an_old_moment_is_told_as_it_is(odd_story, client_of, zone):
    answer = client_of().get(f"{address('claim')}{odd_story.claim.pk}/report/html/?since=0999-06-15T12:00Z")
    assert "June 999, " in answer.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a moment is read before a database is asked")
def test_a_date_in_a_request_for_an_export(odd_story, client_of, tmp_path):
    client = client_of(odd_story.administrator)
    asked = {"kind": "report", "query": f"/claims/{odd_story.claim.pk}/", "format": "html"}
    for turn, name in enumerate(("as_of", "since")):
        for value in odd.share(odd.MOMENTS, "an export", turn, of=2):
            answer = client.post(address("export"), {**asked, name: value}, format="json")
            assert answer.status_code in {202, 400}, (name, value)
            assert answer.status_code == 202 or answer.json()["errors"][0]["field"] == name
        for value in odd.share(odd.MOMENTS, "a command", turn, of=2):
            with suppress(CommandError):
                call_command(
                    "export_report",
                    "claim",
                    str(odd_story.claim.pk),
                    f"--{name.replace('_', '-')}={value}",
                    "-o",
                    str(tmp_path / "report.html"),
                )


OLDEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
KEPT = ("0001", "0001-01-01", "0001-01-01T00:00Z", "0999-12-31", "9998", "9998-12", "9998-12-31T23:59Z")


def dispute_of_odd_dates() -> Any:
    """A dispute with all that has a date, each of its dates at an end of the calendar, entered where no rule on dates
    refuses them."""
    for rule in (rule for rule in RULES.values() if rule.level == RuleLevel.REFUSE and not rule.fixed):
        f.make_rulesetting(rule.code, RuleLevel.HINT)
    dispute = f.make_dispute("When was it?", occurred_on=KEPT[0])
    claim = f.make_claim("It was then.", dispute=dispute, published=True)
    for text, taken in zip(KEPT, (OLDEST, LATEST, datetime(999, 6, 15, 12, tzinfo=UTC)) * 3, strict=False):
        work = f.make_document(published_on=text, retracted_on=text)
        f.make_snapshot(work, taken_at=taken)
        f.make_attribution(claim, document=work, said_on=text)
        f.make_link(claim, evidence=f.make_evidence(observed_on=text, documents=[work], dispute=dispute))
        f.make_review(claim, reviewed_on=text)
    for day in (date(1, 1, 1), date(9999, 12, 31)):
        f.make_inquiry(claim, asked_on=day, due_on=day, answered_on=day, outcome="answered", answer="Then.")
    f.make_published(claim)
    return dispute


UNANSWERED = {"oembed", "security-txt", "trail-stamp", "trail-stamped"}
"""What answers nothing unless it is asked, or told, something."""


def test_rows_with_odd_dates_are_read_everywhere(desk, client_of, zone):
    dispute = dispute_of_odd_dates()
    claim = dispute.claims.get()
    client = client_of(desk.administrator)
    one = address("dispute") + f"{dispute.pk}/"
    targets = [one, f"{one}timeline/", f"/disputes/{dispute.slug}/"]
    if zone == ZONES[0]:  # the other doors tell no moment in the register's own zone, or in the same words
        targets += [address(noun) for noun in NOUNS if noun != "webhook"]
        targets += [f"{address('claim')}export/{name}/" for name, entry in LIST_FORMATS.items() if entry.streams]
        # Typst takes its time, and is given the words that the page has; writers ask no database.
        names = [name for name in FORMATS if name != "pdf"] if connection.vendor == "sqlite" else ["json"]
        targets += [f"{one}report/{name}/?since=0999-06-15" for name in names]
        targets += [f"{one}timeline/svg/", f"{one}matrix/csv/", f"{one}concerns/", f"/claims/{claim.pk}/"]
        targets += [reverse(page.name) for page in pages if not page.pattern.converters and page.name not in UNANSWERED]
    for target in targets:
        answer = client.get(target)
        assert answer.status_code == 200, f"{answer.status_code} for {target}"
        assert answer.getvalue(), target
        if target == f"/disputes/{dispute.slug}/":
            assert ">15 June 999, " in answer.content.decode()


@pytest.mark.parametrize("year", [1, 9999])
def test_a_moment_that_no_other_zone_can_tell_is_not_kept(desk, client_of, year):
    asked = {**NOUNS["snapshot"].body(), "taken_at": datetime(year, 12, 31, 12, tzinfo=UTC).isoformat()}
    answer = client_of(desk.administrator).post(address("snapshot"), asked, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["taken_at"]
