"""Who speaks for a body takes back what the body said, in every door, and nothing of it names who is withheld."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

from claims.models import Attribution
from claims.reports.load.balance import load_balance
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import withdraw
from factcheck.audit.context import acting
from factcheck.base.errors import RuleViolation
from sources.models import Source
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_published,
    make_rulesetting,
    make_source,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
Api = Callable[..., Any]
BEFORE, AFTER = (datetime(2026, 3, day, 12, tzinfo=UTC) for day in (5, 10))


@pytest.fixture
def denial(register: None) -> SimpleNamespace:
    """A ministry asserts it on 2 March, a spokeswoman repeats it on 3 March, and another takes it back on the 9th."""
    ministry, first, second = (make_source(name) for name in ("Zq Ministry", "Zq Speaker", "Zq Spokeswoman"))
    with time_machine.travel(BEFORE, tick=False):
        claim = make_claim("The bridge is safe.", published=True)
        said = make_attribution(claim, source=ministry, said_on="2026-03-02")
        again = make_attribution(claim, source=first, on_behalf_of=ministry, said_on="2026-03-03")
        make_published(claim)
    with time_machine.travel(AFTER, tick=False):
        back = make_attribution(claim, source=second, on_behalf_of=ministry, stance="retracts", said_on="2026-03-09")
    return SimpleNamespace(
        claim=claim, ministry=ministry, first=first, second=second, said=said, again=again, back=back
    )


def withhold(source: Source) -> None:
    with acting(reason="In danger."):
        row = Source.objects.get(pk=source.pk)
        row.withheld, row.withheld_reason = True, "In danger."
        row.save()


def page_of(denial: SimpleNamespace) -> str:
    return Client().get(f"/claims/{denial.claim.pk}/").content.decode()


def plain(page: str) -> str:
    """The words of the page, without the numbers of its sources."""
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.split("<body", 1)[1]))
    return re.sub(r" S\d+\b", "", told)


def author_of(page: str) -> object:
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(written)["itemReviewed"].get("author")


def test_its_own_is_what_the_voice_said_under_which_a_retraction_is_told(
    denial: SimpleNamespace, anonymous: Any
) -> None:
    dispute = make_dispute("The bridge", slug="bridge")
    claim = make_claim("The bridge is old.", published=True, dispute=dispute)
    for source, body in ((denial.second, None), (denial.first, denial.ministry)):
        make_attribution(claim, source=source, on_behalf_of=body, said_on="2026-03-03")
    make_attribution(claim, source=denial.second, on_behalf_of=denial.ministry, stance="retracts", said_on="2026-03-09")
    told = "Took the statements of Zq Spokeswoman and Zq Speaker back"
    assert told in plain(Client().get("/sources/zq-ministry/").content.decode())
    positions = load_dispute(dispute, anonymous).timeline.positions
    assert {row.stance.words for row in positions if row.stance.code == "retracts"} == {told.replace("Took", "took")}
    # Of herself it is her own, and so it is where she is named first.
    hers = "ook its own statement and that of Zq Speaker back"
    for address in ("/sources/zq-spokeswoman/", f"/claims/{claim.pk}/"):
        assert hers in plain(Client().get(address).content.decode()), address


def test_a_spokeswoman_takes_back_what_the_body_said_and_what_others_said_for_it(
    denial: SimpleNamespace, api: Api, anonymous: Any
) -> None:
    told = api().get(f"/api/v1/claims/{denial.claim.pk}/").json()
    assert told["origins"]["voices"]["for"]["total"] == 0
    assert [(row["attribution"], row["words"]) for row in told["taken_back"]] == [
        (denial.said.pk, "Zq Ministry took it back on 9 March 2026"),
        # Who spoke for it did not take it back: the body did.
        (denial.again.pk, "Zq Ministry took it back on 9 March 2026"),
    ]
    report = load_claim(denial.claim, anonymous).claim
    assert report.taken_back_words == ("Zq Ministry took it back on 9 March 2026",)
    assert report.said_by == ()
    page = page_of(denial)
    assert author_of(page) is None
    assert "Zq Spokeswoman, for Zq Ministry, took the statements of Zq Ministry and Zq Speaker back" in plain(page)
    feed = json.loads(api().get("/api/v1/attributions/export/jsonld/").getvalue())
    items = [entry["item"][0] for entry in feed["dataFeedElement"]]
    assert {item["@type"] for item in items} == {"Statement"}
    assert [row.asserted.claims for row in load_balance(None, "source").rows] == [0]
    for source in (denial.ministry, denial.first):
        assert "It asserted" not in Client().get(f"/sources/{source.slug}/").content.decode()


def test_at_a_moment_before_the_retraction_it_was_not_taken_back(denial: SimpleNamespace, api: Api) -> None:
    with time_machine.travel(AFTER, tick=False):
        address = f"/api/v1/claims/{denial.claim.pk}"
        told = api().get(f"{address}/?as_of=2026-03-06").json()
        assert (told["origins"]["voices"]["for"]["total"], told["taken_back"]) == (2, [])
        now = api().get(f"{address}/?as_of=2026-03-10T12:00Z").json()
        review = api().get(f"{address}/report/claimreview/?as_of=2026-03-06").json()
    assert [row["attribution"] for row in now["taken_back"]] == [denial.said.pk, denial.again.pk]
    assert now["taken_back"] == api().get(f"{address}/").json()["taken_back"]
    assert review["itemReviewed"]["author"]["name"] == "Zq Ministry"


@pytest.mark.parametrize("hidden", ["ministry", "first", "second"])
def test_nothing_that_falls_tells_for_whom_a_withheld_source_speaks_or_who_a_withheld_body_is(
    denial: SimpleNamespace, hidden: str, api: Api, ann: Any
) -> None:
    withhold(getattr(denial, hidden))
    # A withheld source is not known to speak for the ministry, nor anybody to speak for a withheld ministry.
    wanted = {"ministry": [], "first": [denial.said.pk], "second": []}[hidden]
    for user in (None, ann):
        told = api(user).get(f"/api/v1/claims/{denial.claim.pk}/").json()
        assert [row["attribution"] for row in told["taken_back"]] == wanted
        assert told["origins"]["voices"]["for"]["total"] == 2 - len(wanted)
        # Nor at a moment at which the name was told.
        then = api(user).get(f"/api/v1/claims/{denial.claim.pk}/?as_of=2026-03-11").json()
        assert then["taken_back"] == told["taken_back"]
    counted = Attribution.objects.filter(claim=denial.claim, stance="asserts").counting()
    assert counted.count() == 2 - len(wanted)
    page = page_of(denial)
    assert getattr(denial, hidden).name not in page
    said = {"ministry": "Source withheld, took a statement back", "second": "Source withheld took a statement back"}
    assert said.get(hidden, "Zq Spokeswoman, for Zq Ministry, took the statement of Zq Ministry back") in plain(page)
    assert (author_of(page) or {}).get("name") == {"second": "Zq Ministry"}.get(
        hidden, None if wanted else "Zq Speaker"
    )


def test_who_speaks_for_a_withheld_body_is_tied_to_nobody_by_an_id(denial: SimpleNamespace, api: Api, ann: Any) -> None:
    withhold(denial.ministry)
    path, report = "/api/v1/attributions/", f"/api/v1/claims/{denial.claim.pk}/report"
    told = api().get(f"{path}{denial.back.pk}/").json()
    assert told["on_behalf_of"] == {"id": None, "label": "Source withheld", "slug": ""}
    # Nor where the same page tells it as a source, which has its id.
    listed = {row["id"]: row for row in api().get(f"{path}?claim={denial.claim.pk}").json()["results"]}
    assert listed[denial.said.pk]["source"]["id"] == denial.ministry.pk
    assert [listed[row.pk]["on_behalf_of"]["id"] for row in (denial.again, denial.back)] == [None, None]
    written = api().get(f"{report}/json/").json()
    said = [row for claim in written["claims"] for group in claim["origins"] for row in group["attributions"]]
    assert {json.dumps(row["on_behalf_of"]) for row in said} == {
        "null",
        json.dumps({"id": None, "label": "Source withheld", "address": ""}),
    }
    rows = [*csv.DictReader(StringIO(api().get(f"{report}/csv/").content.decode("utf-8-sig")))]
    assert {row["on_behalf_of_id"] for row in rows} == {""}
    assert "Source withheld" in {row["on_behalf_of"] for row in rows}
    assert api(ann).get(f"{path}{denial.back.pk}/").json()["on_behalf_of"]["id"] == denial.ministry.pk


def test_a_source_takes_back_what_was_said_on_its_behalf_and_not_what_was_said_for_another(
    api: Api, anonymous: Any
) -> None:
    claim, body, other = make_claim(published=True), make_source("Zq Body"), make_source("Zq Other")
    speaker, lawyer = make_source("Zq Speaker"), make_source("Zq Lawyer")
    for_it = make_attribution(claim, source=speaker, on_behalf_of=body, said_on="2026-03-01")
    make_attribution(claim, source=lawyer, on_behalf_of=other, said_on="2026-03-01")
    make_attribution(claim, source=lawyer, said_on="2026-03-01")
    make_attribution(claim, source=body, stance="retracts", said_on="2026-03-02")
    told = api().get(f"/api/v1/claims/{claim.pk}/").json()
    assert [(row["attribution"], row["words"]) for row in told["taken_back"]] == [
        (for_it.pk, "Zq Body took it back on 2 March 2026")
    ]
    assert load_claim(claim, anonymous).claim.taken_back_words == ("Zq Body took it back on 2 March 2026",)


def test_a_retraction_is_not_left_with_nothing_where_the_desk_refuses_that(
    denial: SimpleNamespace, editor: Any
) -> None:
    make_rulesetting("retraction_of_nothing", "refuse")
    make_rulesetting("retraction_before_statement", "refuse")
    withdraw(actor=someone("Reviewer"), row=denial.said, reason="Misread.")
    again = Attribution.objects.get(pk=denial.again.pk)
    with acting(actor=editor, reason="A slip."):
        for field, value, code in (
            ("on_behalf_of", denial.second, ""),
            ("on_behalf_of", None, "retraction_of_nothing"),
            ("said_on", "2026-03-10", "retraction_before_statement"),
        ):
            before = getattr(again, field)
            setattr(again, field, value)
            with pytest.raises(RuleViolation) if code else nullcontext() as refused:
                again.save()
            assert refused is None or refused.value.code == code
            setattr(again, field, before)
    # What must always be possible is.
    withdraw(actor=someone("Reviewer"), row=denial.again, reason="Misread.")
