"""`?as_of=` and `diff` over REST: what they tell, what they refuse, and what they never tell."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from claims.models import Claim
from claims.services import withdraw
from factcheck.audit.context import acting
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_link,
    make_published,
    make_source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
MONDAY, TUESDAY, FRIDAY = (datetime(2025, 7, day, 12, tzinfo=UTC) for day in (7, 8, 11))
NAME = "Colonel Zq"


@pytest.fixture(scope="module")
def claim_of_monday(module_rows: None) -> Claim:
    """A published claim of Monday, said by a source that was named then."""
    with time_machine.travel(MONDAY, tick=False):
        claim = make_claim("It is so.", dispute=make_dispute("The question"))
        source = make_source(NAME, country="KP", website="https://zq.example.org/")
        paper = make_document("Zq speaks", publisher=source, url="https://zq.example.org/1", authors=NAME)
        make_attribution(claim, source=source, quote="So it is.", capacity="Colonel", document=paper)
        make_link(claim, "supports")
        make_published(claim)
        return claim


@pytest.fixture
def claim(claim_of_monday: Claim) -> Claim:
    return deepcopy(claim_of_monday)


def withhold(claim: Claim, editor: Any) -> None:
    source = claim.attributions.get().source
    with acting(actor=editor, reason="He is in danger."):
        source.withheld, source.withheld_reason = True, "He is in danger."
        source.save()


ADDRESSES = (
    "claims/{claim}/?as_of=2025-07-08",
    "claims/{claim}/diff/?from=2025-07-08&to=2025-07-11T12:00Z",
    "claims/{claim}/diff/?from=2025-07-01&to=2025-07-08",
    "claims/{claim}/report/html/?as_of=2025-07-08",
    "claims/{claim}/report/markdown/?as_of=2025-07-08",
    "claims/{claim}/report/csv/?as_of=2025-07-08",
    "claims/{claim}/report/claimreview/?as_of=2025-07-08",
    "disputes/the-question/?as_of=2025-07-08",
    "disputes/the-question/diff/?from=2025-07-01",
    "disputes/the-question/matrix/?as_of=2025-07-08",
    "disputes/the-question/matrix/csv/?as_of=2025-07-08",
    "disputes/the-question/timeline/?as_of=2025-07-08",
    "disputes/the-question/timeline/svg/?as_of=2025-07-08",
    "disputes/the-question/report/html/?as_of=2025-07-08",
    "disputes/the-question/report/csv/?as_of=2025-07-08",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", [None, "reader"])
def test_a_source_withheld_later_does_not_reappear(claim, editor, api, request, address, who):
    with time_machine.travel(TUESDAY, tick=False):
        named = api().get(f"/api/v1/{address.format(claim=claim.pk)}".replace("-07-08", "-07-07T12:00Z"))
    with time_machine.travel(FRIDAY, tick=False):
        withhold(claim, editor)
        client = api(request.getfixturevalue(who) if who else None)
        hidden = client.get(f"/api/v1/{address.format(claim=claim.pk)}")
        told = api(editor).get(f"/api/v1/{address.format(claim=claim.pk)}")
    assert hidden.status_code == told.status_code == 200
    for word in (b"Zq", b"zq", b"Colonel", b'"KP"', b"danger"):
        assert word not in hidden.content
    if "to=2025-07-11" not in address and "/matrix/" not in address:
        assert b"Zq" in told.content or b"Zq" in named.content


@pytest.mark.parametrize("page", ["/claims/{claim}/?as_of=2025-07-08", "/disputes/the-question/?as_of=2025-07-08"])
def test_nor_on_a_page(claim, editor, client, page):
    with time_machine.travel(FRIDAY, tick=False):
        withhold(claim, editor)
        shown = client.get(page.format(claim=claim.pk))
    assert shown.status_code == 200
    assert b"Zq" not in shown.content
    assert b"as the register stood on 8 July 2025" in shown.content


def test_diff_tells_rows_and_fields(claim, reviewer, api):
    said = claim.attributions.get()
    with time_machine.travel(FRIDAY, tick=False), acting(actor=reviewer, reason="Found to be wrong."):
        withdraw(actor=reviewer, row=said, reason="Found to be wrong.")
        added = make_attribution(claim, stance="denies")
        claim.refresh_from_db()
        claim.context = "In the spring."
        claim.save()
        answer = api().get(f"/api/v1/claims/{claim.pk}/diff/?from=2025-07-08").json()
        desk = api(reviewer).get(f"/api/v1/claims/{claim.pk}/diff/?from=2025-07-08").json()
        whole = api().get("/api/v1/disputes/the-question/diff/?from=2025-07-08").json()
        nothing = api().get(f"/api/v1/claims/{claim.pk}/diff/?from=2025-07-08&to=2025-07-09").json()
    told = {(entry["noun"], entry["id"]): entry for entry in answer["changes"]}
    assert told["claim", claim.pk]["differences"] == [{"field": "context", "before": "", "after": "In the spring."}]
    assert told["attribution", said.pk]["change"] == "removed"
    assert told["attribution", added.pk]["change"] == "added"
    assert told["attribution", added.pk]["claim"] == claim.pk
    assert {(entry["noun"], entry["id"]) for entry in whole["changes"]} == set(told)
    changed = next(entry for entry in desk["changes"] if (entry["noun"], entry["id"]) == ("attribution", said.pk))
    assert changed["change"] == "changed"  # the desk still reads it, with the reason of its withdrawal
    assert {entry["field"] for entry in changed["differences"]} == {"withdrawn_at", "withdrawn_reason"}
    assert nothing["changes"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=yesterday", "as_of"),
        ("as_of=2025-07-08T12:00", "as_of"),
        ("as_of=2025-02-30", "as_of"),
        ("as_of=9999-12-31", "as_of"),
        ("as_of=0000-01-01", "as_of"),
        ("as_of=", "as_of"),
        ("as_of=2025-07-08&as_of=2025-07-09", "as_of"),
        ("asof=2025-07-08", "asof"),
    ],
)
@pytest.mark.parametrize("address", ["claims/{claim}/", "disputes/the-question/", "claims/{claim}/report/html/"])
def test_a_moment_that_is_none_is_refused_by_name(claim, api, address, query, field):
    answer = api().get(f"/api/v1/{address.format(claim=claim.pk)}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("query", "field"),
    [("", "from"), ("from=2025-07-09&to=2025-07-08", "to"), ("from=x", "from"), ("from=2025&to=x", "from")],
)
def test_diff_refuses_moments_by_name(claim, api, query, field):
    answer = api().get(f"/api/v1/claims/{claim.pk}/diff/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_moment_before_it_was_entered_is_answered_in_words(claim, api):
    answer = api().get(f"/api/v1/claims/{claim.pk}/?as_of=2025-07-01")
    assert (answer.status_code, answer.json()["code"]) == (404, "absent")
    (error,) = answer.json()["errors"]
    assert error["field"] == "as_of"
    assert "It first had something at 7 July 2025, 12:00 UTC: choose that moment or a later one" in error["detail"]
    between = api().get(f"/api/v1/claims/{claim.pk}/diff/?from=2025-07-01&to=2025-07-02")
    assert (between.status_code, between.json()["code"]) == (404, "absent")


@pytest.mark.parametrize(
    "moment", ["2025-07-08", "2025-07-08T12:00Z", "2025-07-08T14:00+02:00", "2025-07-08T14:00%2B02:00"]
)
def test_moments_are_read_in_any_zone(claim, api, moment):
    assert api().get(f"/api/v1/claims/{claim.pk}/?as_of={moment}").status_code == 200


def test_today_is_a_moment(claim, api):
    with time_machine.travel(FRIDAY, tick=False):
        assert api().get(f"/api/v1/claims/{claim.pk}/?as_of=2025-07-11").status_code == 200
        assert api().get(f"/api/v1/claims/{claim.pk}/?as_of=2025-07-12").status_code == 400


def test_the_past_has_an_etag(claim, api):
    address = f"/api/v1/claims/{claim.pk}/?as_of=2025-07-08"
    first = api().get(address)
    again = api().get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
