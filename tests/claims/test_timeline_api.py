"""The timeline of a dispute over REST and in reports: filters, the picture, and what stays hidden."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claims.services import withdraw
from factcheck.audit.context import acting
from tests.factories import make_attribution, make_claim, make_dispute, make_document, make_source

ADDRESS = "/api/v1/disputes/the-crash/timeline/"


@pytest.fixture
def claim(register: None) -> Claim:
    """A state denied it in December, its ministry left it open in July; a paper passed both on."""
    claim = make_claim("A missile hit it.", dispute=make_dispute("The crash"), published=True)
    state = make_source("The State")
    ministry = make_source("The Ministry <b>", part_of=make_source("The Government", part_of=state))
    paper = make_source("The Paper")
    printed = make_document("The report", publisher=paper, published_on="2025-07-03")
    denied = make_attribution(claim, source=state, stance="denies", said_on="2024-12", document=printed)
    make_attribution(claim, source=paper, stance="relays", relayed_from=denied, said_on="2025-07-03", document=printed)
    make_attribution(claim, source=ministry, stance="hedges", document=printed, quote="A tragic incident.")
    make_attribution(claim, source=paper, stance="asserts", said_on="2025-07-03", document=printed)
    return claim


def positions(client: Any, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["positions"]


def test_positions_in_order_with_relays_folded_and_the_change_flagged(claim, api):
    rows = positions(api())
    assert [(row["when"], row["voice"]["label"], row["stance"]) for row in rows] == [
        ("December 2024", "The State", "denies"),
        ("3 July 2025", "The Paper", "asserts"),
        ("by 3 July 2025", "The State", "hedges"),
    ]
    assert [source["label"] for source in rows[0]["relayed_by"]] == ["The Paper"]
    assert rows[2]["source"]["label"] == "The Ministry <b>"
    change = rows[2]["change"]
    assert (change["kind"], change["refers_to"], change["certain"]) == ("shifts", rows[0]["attribution"], False)
    assert rows[0]["change"] is None


@pytest.mark.parametrize(
    ("query", "stances"),
    [
        ("?stance=denies", ["denies"]),
        ("?changes=true", ["hedges"]),
        ("?changes=false", ["denies", "asserts"]),
        ("?stance=asserts&changes=true", []),
        ("?voice={state}", ["denies", "hedges"]),
        ("?source={state}", ["denies"]),
        ("?claim={claim}", ["denies", "asserts", "hedges"]),
        ("?claim=999999", []),
    ],
)
def test_filters(claim, api, query, stances):
    state = claim.attributions.get(stance="denies").source_id
    rows = positions(api(), query.format(state=state, claim=claim.pk))
    assert [row["stance"] for row in rows] == stances


@pytest.mark.parametrize(
    "query", ["stance=shouts", "changes=perhaps", "voice=x", "source=-1", "claim=1e3", "since=2024"]
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
    assert "3 statements" in (root.find(f"{name}desc").text or "")
    assert b"<b>" not in answer.content
    assert b"<script" not in answer.content


def test_reports_hold_the_picture_and_say_the_same_in_words(claim, api):
    page = api().get("/api/v1/disputes/the-crash/report/html/").content.decode()
    text = api().get("/api/v1/disputes/the-crash/report/markdown/").content.decode()
    assert "<svg" in page
    assert "Departs from an earlier position: December 2024" in page
    assert "Departs from an earlier position: December 2024" in text
    assert "style=" not in page.split("<body")[1]


def test_a_withheld_voice_and_its_body_stay_hidden(claim, editor, api):
    state = claim.attributions.get(stance="denies").source
    with acting(actor=editor, reason="Danger."):
        state.withheld, state.withheld_reason = True, "Danger."
        state.save()
    for suffix in ("", "svg/"):
        assert b"The State" not in api().get(f"{ADDRESS}{suffix}").content
    rows = positions(api())
    assert {row["voice"]["label"] for row in rows} == {"Source withheld", "The Government", "The Paper"}
    assert {row["voice"]["label"] for row in positions(api(editor))} == {"The State", "The Paper"}


def test_a_relay_of_a_withdrawn_statement_stands_for_itself(claim, reviewer, api):
    withdraw(actor=reviewer, row=claim.attributions.get(stance="denies"), reason="Never said.")
    first = positions(api(), "?stance=relays")[0]
    assert (first["source"]["label"], first["change"]) == ("The Paper", None)


def test_many_statements_take_as_many_queries_as_few(claim, api):
    counts = []
    for total in (5, 25):
        while claim.attributions.count() < total:
            make_attribution(claim, source=make_source(part_of=make_source()))
        with CaptureQueriesContext(connection) as queries:
            assert api().get(ADDRESS).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
