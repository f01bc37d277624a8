"""A verdict is stale from the day by which it was to be looked at again, until somebody does."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.staleness import due
from claims.models import Verdict
from claims.reports.formats import claimreview
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim
from claims.reports.load.staleness import load_stale
from claims.services import (
    confirm_verdict,
    correct_verdict,
    publish_verdict,
    return_verdict,
    submit_verdict,
)
from factcheck.base.errors import RuleViolation
from tests import factories as make
from tests.admin_page import Page
from tests.database import ONE_ENGINE

EXAMPLES = int(os.environ.get("EXAMPLES", "200"))
TODAY, DAY = datetime(2031, 5, 10, 12, tzinfo=UTC), date(2031, 6, 1)
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Baku")
MOMENTS = st.datetimes(datetime(2031, 5, 28), datetime(2031, 6, 5), timezones=st.just(UTC))  # noqa: DTZ001


@ONE_ENGINE
@given(st.dates(date(2031, 5, 29), date(2031, 6, 4)), MOMENTS, MOMENTS, st.sampled_from(ZONES))
@settings(max_examples=EXAMPLES, deadline=None)
def test_it_is_due_from_its_day_on_where_the_register_is(
    review_by: date, looked_at: datetime, now: datetime, zone: str
) -> None:
    here = ZoneInfo(zone)
    begins = datetime(review_by.year, review_by.month, review_by.day, tzinfo=here)
    told = due(7, review_by, looked_at.astimezone(here), now.astimezone(here))
    assert (told is not None) == (looked_at < begins <= now)
    if told is not None:
        assert (told.code, told.row, told.at) == ("verdict_due", 7, begins)


def published(**fields: Any) -> Verdict:
    return make.make_published(make.make_claim("The bank is the largest."), **{"review_by": DAY, **fields})


def stale_for(verdict: Verdict) -> list[str]:
    """The reasons that the desk is told; lists, front page and report agree with them."""
    editor = make.someone("Editor")
    verdict = Verdict.objects.select_related("claim").get(pk=verdict.pk)
    told = load_stale([verdict], editor)[verdict.claim_id]
    for rows in (Verdict.objects.stale(), Verdict.objects.stale(editor), Verdict.objects.lately_stale(editor, 90)):
        assert rows.filter(pk=verdict.pk).exists() == bool(told)
    assert load_claim(verdict.claim, editor).claim.stale == told
    return [reason.words for reason in told]


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _spring(register: None) -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_is_that_of_the_register(zone: str) -> None:
    verdict = published()
    with timezone.override(zone):
        begins = datetime(2031, 6, 1, tzinfo=ZoneInfo(zone))
        for seconds, stale in ((-1, []), (0, ["It was to be looked at again by 1 June 2031."])):
            with time_machine.travel(begins + timedelta(seconds=seconds), tick=False):
                assert stale_for(verdict) == stale, seconds


def test_a_confirmation_on_that_day_or_later_ends_it_and_an_earlier_one_does_not() -> None:
    reviewer = make.someone("Reviewer")
    early, late = published(), published()
    with time_machine.travel(TODAY + timedelta(hours=1), tick=False):
        make.make_attribution(early.claim)
    with time_machine.travel(datetime(2031, 5, 31, 23, tzinfo=UTC), tick=False):
        confirm_verdict(actor=reviewer, verdict=early, reason="Nothing new.")
    with time_machine.travel(datetime(2031, 6, 1, 0, 30, tzinfo=UTC), tick=False):
        confirm_verdict(actor=reviewer, verdict=late, reason="Still the largest.")
    with time_machine.travel(datetime(2031, 7, 1, tzinfo=UTC), tick=False):
        assert stale_for(early) == ["It was to be looked at again by 1 June 2031."]
        assert stale_for(late) == []


def test_past_reports_tell_what_was_due_then() -> None:
    verdict, editor = published(), make.someone("Editor")
    with time_machine.travel(datetime(2032, 1, 1, tzinfo=UTC), tick=False):
        for day, due_then in ((datetime(2031, 5, 20, tzinfo=UTC), False), (datetime(2031, 6, 2, tzinfo=UTC), True)):
            assert bool(load_claim(verdict.claim, editor, day).claim.stale) == due_then


def test_the_api_takes_a_day_that_is_to_come(api: Any, ann: Any) -> None:
    body = {"claim": make.make_claim().pk, "rating": make.rating().pk, "rationale": "R"}
    for day, status in (("2031-05-11", 201), ("2031-05-10", 400), ("2031-05-09", 400), ("2031-02-30", 400)):
        answer = api(ann).post("/api/v1/verdicts/", {**body, "review_by": day})
        assert answer.status_code == status, day
        if status == 201:
            assert answer.json()["review_by"] == day
        else:
            assert answer.json()["errors"][0]["field"] == "review_by"


def test_the_admin_takes_a_day_and_says_when_it_is_past(ann: Any) -> None:
    claim = make.make_claim()
    client = Client()
    client.force_login(ann)
    address = reverse("admin:claims_verdict_add")
    fields = Page(client.get(f"{address}?claim={claim.pk}")).fields
    filled = {**fields, "claim": claim.pk, "rating": make.rating().pk, "rationale": "R"}
    assert (
        "Choose a day that is still to come." in Page(client.post(address, {**filled, "review_by": "2031-05-10"})).text
    )
    assert client.post(address, {**filled, "review_by": "2031-05-11"}).status_code == 302
    assert Verdict.objects.get().review_by == date(2031, 5, 11)


def test_verdicts_and_claims_are_found_by_the_day(api: Any, ann: Any) -> None:
    with time_machine.travel(TODAY, tick=False):
        first, later, undated = (published(review_by=day) for day in (DAY, DAY + timedelta(days=40), None))
        for noun, rows in (("verdicts", [first, later, undated]), ("claims", [row.claim for row in (first, later)])):
            for query, wanted in (
                ("review_by_before=2031-05-31", set()),
                ("review_by_before=2031-06-01", {rows[0].pk}),
                ("review_by_after=2031-06-01", {rows[0].pk, rows[1].pk}),
                ("review_by_after=2031-06-02&review_by_before=2031-12-31", {rows[1].pk}),
            ):
                answer = api(ann).get(f"/api/v1/{noun}/?{query}").json()
                assert {row["id"] for row in answer["results"]} == wanted, (noun, query)
            assert api(ann).get(f"/api/v1/{noun}/?review_by_before=soon").status_code == 400
        # A correction without a day leaves none.
        make.make_corrected(verdict=first, after="unproven")
        assert api(ann).get("/api/v1/claims/?review_by_before=2031-06-01").json()["results"] == []


def test_the_desk_is_told_before_the_day_comes(ann: Any) -> None:
    client = Client()
    client.force_login(ann)
    with time_machine.travel(TODAY, tick=False):
        published()
        published(review_by=DAY + timedelta(days=40))
        front = Page(client.get(reverse("admin:index"))).text
        queue = front.partition("To be looked at again soon")[2].partition("Overdue replies")[0]
        assert queue.count("to be looked at again by") == 1
        assert "to be looked at again by 01 June 2031" in queue
        soon = client.get(reverse("admin:claims_verdict_changelist"), {"due_soon": "yes"})
        assert [row.review_by for row in soon.context_data["cl"].result_list] == [DAY]
    with time_machine.travel(datetime(2031, 6, 1, 12, tzinfo=UTC), tick=False):
        assert "to be looked at again by 01 June" not in Page(client.get(reverse("admin:index"))).text


def test_a_verdict_whose_day_came_while_it_waited_is_not_published_but_can_be_returned() -> None:
    ann, vera = make.someone("Researcher"), make.someone("Reviewer")
    verdict = make.make_submitted(author=ann, review_by=DAY)
    with time_machine.travel(datetime(2031, 6, 1, tzinfo=UTC), tick=False):
        with pytest.raises(RuleViolation) as refused:
            publish_verdict(actor=vera, verdict=verdict)
        assert refused.value.field == "review_by"
        verdict = return_verdict(actor=vera, verdict=verdict, note="Name a later day.")
        verdict.review_by = date(2031, 7, 1)
        verdict.save()
        publish_verdict(actor=vera, verdict=submit_verdict(actor=ann, verdict=verdict))


def test_a_correction_takes_the_day_over_from_nobody() -> None:
    verdict, ann = published(), make.someone("Researcher")
    with time_machine.travel(datetime(2031, 7, 1, tzinfo=UTC), tick=False):
        draft = correct_verdict(actor=ann, verdict=verdict, reason="Looked again.", severity="update")
        assert draft.review_by is None
        publish_verdict(actor=make.someone("Reviewer"), verdict=submit_verdict(actor=ann, verdict=draft))
        assert not Verdict.objects.stale().exists()


def test_readers_are_told_the_day() -> None:
    dossier = load_claim(published().claim, None)
    for name, words in product(("html", "markdown"), ("To be looked at again by ", "1 June 2031")):
        assert words in FORMATS[name].write(dossier).decode()
    assert "2031-06-01" in FORMATS["csv"].write(dossier).decode()
    review = claimreview.claim_review(dossier.claim, dossier.imprint)
    assert review is not None
    assert review["expires"] == "2031-06-01"


def test_a_day_that_was_met_is_told_no_more(api: Any) -> None:
    verdict = published()

    def told() -> list[bool]:
        dossier = load_claim(verdict.claim, None)
        feed = api().get("/api/v1/verdicts/export/jsonld/")
        written = [
            "To be looked at again" in FORMATS["markdown"].write(dossier).decode(),
            "2031-06-01" in FORMATS["csv"].write(dossier).decode(),
            "expires" in (claimreview.claim_review(dossier.claim, dossier.imprint) or {}),
            '"expires"' in feed.getvalue().decode(),
        ]
        assert feed.status_code == 200
        return written

    for moment, before, after in (
        (datetime(2031, 5, 31, 23, tzinfo=UTC), True, True),
        (datetime(2031, 6, 1, 0, 30, tzinfo=UTC), True, False),
    ):
        with time_machine.travel(moment, tick=False):
            assert told() == [before] * 4
            make.make_attribution(verdict.claim)
        with time_machine.travel(moment + timedelta(minutes=1), tick=False):
            confirm_verdict(actor=make.someone("Reviewer"), verdict=verdict, reason="Still the largest.")
            assert told() == [after] * 4
    # As the register stood on the first of June it was still to come.
    past = load_claim(verdict.claim, make.someone("Editor"), datetime(2031, 6, 1, 0, 10, tzinfo=UTC))
    assert "To be looked at again" in FORMATS["markdown"].write(past).decode()
    assert Verdict.objects.get(pk=verdict.pk).review_by == DAY


def test_no_day_is_told_where_none_was_given() -> None:
    undated = load_claim(published(review_by=None).claim, None)
    assert "expires" not in (claimreview.claim_review(undated.claim, undated.imprint) or {})
