"""The timeline of a dispute over REST and in reports: filters, the picture, and what stays hidden."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim
from claims.services import withdraw
from factcheck.audit.context import acting
from tests.factories import make_attribution, make_claim, make_dispute, make_document, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
ADDRESS = "/api/v1/disputes/the-crash/timeline/"


@pytest.fixture(scope="module")
def spoken_of(module_rows: None) -> Claim:
    """A state denied it in December, its ministry left it open in July; a paper passed both on."""
    claim = make_claim("A missile hit it.", dispute=make_dispute("The crash"), published=True)
    state = make_source("The State")
    ministry = make_source("The Ministry <b>", part_of=make_source("The Government", part_of=state))
    paper = make_source("The Paper")
    printed = make_document("The report", publisher=paper, published_on="2025-07-03")
    denied = make_attribution(claim, source=state, stance="denies", said_on="2024-12", document=printed)
    make_attribution(claim, source=paper, stance="relays", relayed_from=denied, said_on="2025-07-03", document=printed)
    make_attribution(claim, source=ministry, stance="questions", said_on="2025-07-04", quote="A tragic incident.")
    make_attribution(claim, source=paper, stance="asserts", said_on="2025-07-03", document=printed)
    return claim


@pytest.fixture
def claim(spoken_of: Claim) -> Claim:
    return deepcopy(spoken_of)


def positions(client: Any, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["positions"]


def test_positions_in_order_with_relays_folded_and_the_change_flagged(claim, api):
    rows = positions(api())
    assert [(row["when"], row["voice"]["label"], row["stance"]) for row in rows] == [
        ("December 2024", "The State", "denies"),
        ("3 July 2025", "The Paper", "asserts"),
        ("4 July 2025", "The State", "questions"),
    ]
    assert [source["label"] for source in rows[0]["relayed_by"]] == ["The Paper"]
    assert rows[2]["source"]["label"] == "The Ministry <b>"
    change = rows[2]["change"]
    assert (change["kind"], change["refers_to"]) == ("shifts", rows[0]["attribution"])
    assert change["departs"] is False  # it only leaves open what it denied
    assert rows[0]["change"] is None


@pytest.mark.parametrize(
    ("query", "stances"),
    [
        ("?stance=denies", ["denies"]),
        ("?changes=true", ["questions"]),
        ("?changes=false", ["denies", "asserts"]),
        ("?stance=asserts&changes=true", []),
        ("?voice={state}", ["denies", "questions"]),
        ("?source={state}", ["denies"]),
        ("?claim={claim}", ["denies", "asserts", "questions"]),
        ("?voice=the-state", ["denies", "questions"]),
        ("?source=the-state", ["denies"]),
        ("?source=the-paper&changes=true", []),
    ],
)
def test_filters(claim, api, query, stances):
    state = claim.attributions.get(stance="denies").source_id
    rows = positions(api(), query.format(state=state, claim=claim.pk))
    assert [row["stance"] for row in rows] == stances


@pytest.mark.parametrize(
    "query",
    [
        "stance=shouts",
        "changes=perhaps",
        "voice=x",
        "source=-1",
        "source=999999",
        "claim=1e3",
        "claim=999999",
        "since=2024",
    ],
)
def test_unknown_values_are_refused_by_name(claim, api, query):
    answer = api().get(f"{ADDRESS}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, query.split("=")[0])


def test_the_etag_tells_filters_apart(claim, api):
    tag = api().get(ADDRESS)["ETag"]
    assert api().get(ADDRESS, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert api().get(f"{ADDRESS}?changes=true", HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_picture_is_well_formed_escaped_and_says_what_it_shows(claim, api):
    answer = api().get(f"{ADDRESS}svg/")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{name}title") is not None
    assert "3 positions" in (root.find(f"{name}desc").text or "")
    assert b"<b>" not in answer.content
    assert b"<script" not in answer.content


def test_reports_hold_the_picture_and_say_the_same_in_words(claim, api):
    page = api().get("/api/v1/disputes/the-crash/report/html/").content.decode()
    text = api().get("/api/v1/disputes/the-crash/report/markdown/").content.decode()
    assert "<svg" in page
    assert "Leaves open what it held before. Earlier (December 2024) it denied: “A missile hit it.”" in page
    assert "Leaves open what it held before. Earlier (December 2024) it denied: “A missile hit it.”" in text
    assert "style=" not in page.split("<body")[1]


def test_a_withheld_voice_and_its_body_stay_hidden(claim, editor, api):
    state = claim.attributions.get(stance="denies").source
    with acting(actor=editor, reason="Danger."):
        state.withheld, state.withheld_reason = True, "Danger."
        state.save()
    for suffix in ("", "svg/"):
        assert b"The State" not in api().get(f"{ADDRESS}{suffix}").content
    for name in ("source", "voice"):
        assert api().get(f"{ADDRESS}?{name}={state.slug}").status_code == 400
        assert api(editor).get(f"{ADDRESS}?{name}={state.slug}").status_code == 200
    rows = positions(api())
    assert {row["voice"]["label"] for row in rows} == {"Source withheld", "The Government", "The Paper"}
    assert {row["voice"]["label"] for row in positions(api(editor))} == {"The State", "The Paper"}


def test_a_relay_of_a_withdrawn_statement_stands_for_itself(claim, reviewer, api):
    withdraw(actor=reviewer, row=claim.attributions.get(stance="denies"), reason="Never said.")
    first = positions(api(), "?stance=relays")[0]
    assert (first["source"]["label"], first["change"]) == ("The Paper", None)


def test_relays_of_a_withdrawn_statement_are_not_said_to_pass_each_other_on(claim, reviewer, api):
    gone = claim.attributions.get(stance="denies")
    first, other = make_source("First Wire"), make_source("Other Wire")
    passed = make_attribution(claim, source=first, stance="relays", relayed_from=gone)
    make_attribution(claim, source=other, stance="relays", relayed_from=gone)
    make_attribution(claim, source=make_source("Second Hand"), stance="relays", relayed_from=passed)
    withdraw(actor=reviewer, row=gone, reason="Never said.")
    found = {row["source"]["label"]: row["relayed_by"] for row in positions(api(), "?stance=relays")}
    assert set(found) == {"The Paper", "First Wire", "Other Wire"}
    assert [source["label"] for source in found["First Wire"]] == ["Second Hand"]
    assert found["Other Wire"] == []


def test_a_relay_is_folded_into_the_nearest_statement_that_takes_a_position(claim, api):
    denied = claim.attributions.get(stance="denies")
    expert = make_attribution(claim, source=make_source("An Expert"), stance="asserts", relayed_from=denied)
    make_attribution(claim, source=make_source("A Wire"), stance="relays", relayed_from=expert)
    found = {(row["source"]["label"], row["stance"]): row["relayed_by"] for row in positions(api())}
    assert [source["label"] for source in found["An Expert", "asserts"]] == ["A Wire"]
    assert [source["label"] for source in found["The State", "denies"]] == ["The Paper"]


@pytest.mark.parametrize("withheld", ["person", "office"])
def test_nobody_learns_to_whom_a_withheld_source_belongs(claim, api, withheld):
    """Neither as its voice, nor by a departure that refers to another part of the same body."""
    hidden = {"withheld": True, "withheld_reason": "Danger."}
    state = claim.attributions.get(stance="denies").source
    office = make_source("The Office", part_of=state, **(hidden if withheld == "office" else {}))
    person = make_source("A Person", part_of=office, **(hidden if withheld == "person" else {}))
    make_attribution(claim, source=person, stance="asserts", said_on="2025-08")
    row = positions(api(), "?stance=asserts")[-1]
    assert row["voice"] == row["source"]
    assert row["change"] is None
    for suffix in ("timeline/", "timeline/svg/", "report/html/", "report/markdown/", "report/csv/"):
        body = api().get(f"/api/v1/disputes/the-crash/{suffix}").content.decode()
        assert ("A Person" if withheld == "person" else "The Office") not in body


def test_the_desk_sees_whom_they_speak_for(claim, editor, api):
    state = claim.attributions.get(stance="denies").source
    person = make_source("A Person", part_of=state, withheld=True, withheld_reason="Danger.")
    make_attribution(claim, source=person, stance="asserts", said_on="2025-08")
    row = positions(api(editor))[-1]
    assert (row["source"]["label"], row["voice"]["label"], row["change"]["kind"]) == (
        "A Person",
        "The State",
        "contradicts",
    )


def test_a_statement_on_behalf_of_a_body_has_its_voice(claim, api):
    state = claim.attributions.get(stance="denies").source
    lawyer = make_source("A Lawyer", part_of=make_source("A Firm"))
    make_attribution(claim, source=lawyer, on_behalf_of=state, stance="asserts", said_on="2025-08-01T10:00Z")
    row = positions(api())[-1]
    assert (row["source"]["label"], row["voice"]["label"]) == ("A Lawyer", "The State")
    assert row["change"]["kind"] == "contradicts"


def test_what_is_said_for_a_withheld_body_is_nobodys_position(claim, editor, api):
    """Else two who speak for it, or what it said itself, would be tied to each other outside the desk."""
    hidden = make_source("The Society", withheld=True, withheld_reason="Danger.")
    first, other = make_source("A Speaker"), make_source("Another Speaker")
    denied = make_attribution(claim, source=first, on_behalf_of=hidden, stance="denies", said_on="2025-08-01")
    make_attribution(claim, source=first, stance="asserts", said_on="2025-08-02")
    make_attribution(claim, source=other, on_behalf_of=hidden, stance="retracts", said_on="2025-08-03")
    make_attribution(claim, source=hidden, stance="asserts", said_on="2025-08-04")
    told = [(row["voice"]["label"], row["change"]) for row in positions(api())[-4:]]
    assert told == [("A Speaker", None), ("A Speaker", None), ("Another Speaker", None), ("Source withheld", None)]
    # The desk knows for whom they speak, and there too nothing is taken back by that.
    desk = [(row["voice"]["label"], row["change"] and row["change"]["kind"]) for row in positions(api(editor))[-4:]]
    society = "The Society"
    assert desk == [(society, None), ("A Speaker", None), (society, None), (society, "contradicts")]
    # What they said themselves they take back all the same.
    make_attribution(claim, source=first, on_behalf_of=hidden, stance="retracts", said_on="2025-08-05")
    for user in (None, editor):
        back = positions(api(user))[-1]["change"]
        assert back["words"].startswith("Takes back an earlier position. Earlier (")
        assert (back["refers_to"] == denied.pk) is (user is editor)


def test_a_body_takes_back_what_it_said_and_not_what_its_official_said_of_their_own(claim, api):
    board = make_source("The Board", kind="state_body")
    clerk = make_source("A Clerk", kind="person", part_of=board)
    said = make_attribution(claim, source=board, stance="asserts", said_on="2024-01-01")
    own = make_attribution(claim, source=clerk, stance="asserts", said_on="2024-01-15")
    make_attribution(claim, source=board, stance="retracts", said_on="2024-02-01")
    make_attribution(claim, source=clerk, stance="denies", said_on="2024-03-01")
    rows = positions(api(), "?voice=the-board")
    changes = [row["change"] and (row["change"]["kind"], row["change"]["refers_to"]) for row in rows]
    assert changes == [None, None, ("contradicts", said.pk), ("contradicts", own.pk)]
    told = api().get(f"/api/v1/claims/{claim.pk}/").json()["taken_back"]
    assert [row["attribution"] for row in told] == [said.pk]


def test_bodies_that_belong_to_each_other_in_a_circle_do_not_hang_it(claim, api):
    one = make_source("One")
    other = make_source("Other", part_of=one)
    with connection.cursor() as cursor:  # no door lets such a circle in
        cursor.execute("UPDATE sources_source SET part_of_id = %s WHERE id = %s", [other.pk, one.pk])
    make_attribution(claim, source=one, said_on="2025-08")
    assert positions(api())[-1]["source"]["label"] == "One"


def test_drafts_and_restricted_disputes_have_no_timeline_for_others(claim, editor, reviewer, api):
    draft = make_claim("A draft.", dispute=claim.dispute)
    make_attribution(draft, source=make_source("Secret"), said_on="2020")
    assert b"Secret" not in api().get(ADDRESS).content
    assert positions(api(editor))[0]["source"]["label"] == "Secret"
    closed = make_dispute("Closed", visibility="restricted", members=[editor])
    make_attribution(make_claim(dispute=closed))
    for suffix in ("timeline/", "timeline/svg/"):
        at = f"/api/v1/disputes/{closed.slug}/{suffix}"
        assert {client.get(at).status_code for client in (api(), api(reviewer))} == {404}
        assert api(editor).get(at).status_code == 200


def test_the_timeline_of_a_past_moment(claim, reviewer, api):
    before = timezone.now()
    with time_machine.travel(before + timedelta(days=1), tick=False):
        withdraw(actor=reviewer, row=claim.attributions.get(stance="denies"), reason="Never said.")
    with time_machine.travel(before + timedelta(days=2), tick=False):
        assert [row["stance"] for row in positions(api(), "?changes=true")] == []
        then = positions(api(), f"?changes=true&as_of={before:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert [(row["stance"], row["change"]["kind"]) for row in then] == [("questions", "shifts")]


def test_long_names_in_any_script_survive_in_picture_and_report(claim, api):
    names = ("Следственное управление по Свердловской области " * 5, "هيئة التحقيق في الحادث", "İşgəncəyə qarşı qurum")
    for name in names:
        make_attribution(claim, source=make_source(name.strip()), said_on="2025-08")
    root = ElementTree.fromstring(api().get(f"{ADDRESS}svg/").content)
    shown = " ".join(root.itertext())
    assert "هيئة التحقيق" in shown
    assert "İşgəncəyə qarşı" in shown
    assert "Следственное" in shown
    page = api().get("/api/v1/disputes/the-crash/report/html/").content.decode()
    assert all(name.strip() in page for name in names)


def test_many_statements_take_as_many_queries_as_few(claim, api):
    counts = []
    for total in (5, 25):
        while claim.attributions.count() < total:
            make_attribution(claim, source=make_source(part_of=make_source()))
        with CaptureQueriesContext(connection) as queries:
            assert api().get(ADDRESS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
