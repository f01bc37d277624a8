"""The balance of the register: who says how much, and how the claims were decided that they assert or deny."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.logic.balance import Outcome, RatingCount, outcome
from claims.services import withdraw, withdraw_claim
from sources.models import Source
from tests.admin_page import Page
from tests.factories import (
    added,
    make_attribution,
    make_claim,
    make_corrected,
    make_dispute,
    make_published,
    make_source,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]
BALANCE = "/api/v1/balance/"


@pytest.fixture(scope="module")
def all_told(module_rows: None) -> SimpleNamespace:
    """A state with a ministry and its spokesman, an outlet that relays, and a source that is withheld."""
    state = make_source("The State", kind="state_body", country="RU")
    ministry = make_source("Ministry", part_of=state, country="RU")
    spokesman = make_source("Spokesman", kind="person")
    outlet = make_source("Outlet", country="AZ")
    witness = make_source("Zq Witness", kind="person", country="KP", part_of=state, withheld=True, withheld_reason="x")
    dispute = make_dispute("Death of Z", slug="z")
    held, wrong, open_claim = (
        make_claim(dispute=dispute, published=True, language="en", tags=["deaths"] if n == 0 else []) for n in range(3)
    )
    said = make_attribution(held, source=ministry, said_on="2025-06")
    make_attribution(held, source=spokesman, on_behalf_of=ministry, said_on="2025-07-02")
    make_attribution(wrong, source=ministry)
    make_attribution(open_claim, source=ministry)
    make_attribution(open_claim, source=spokesman, stance="denies")
    make_attribution(held, source=outlet, stance="relays", relayed_from=said)
    make_attribution(wrong, source=outlet, stance="denies")
    make_attribution(held, source=witness)
    make_published(held, code="supported")
    make_corrected(wrong, "supported", "refuted")
    return SimpleNamespace(**{name: value for name, value in locals().items() if name != "module_rows"})


@pytest.fixture
def told(all_told: SimpleNamespace) -> SimpleNamespace:
    return deepcopy(all_told)


def rows(client: Any, query: str = "") -> dict[str, dict[str, Any]]:
    answer = client.get(f"{BALANCE}{query}")
    assert answer.status_code == 200, answer.json()
    return {row["label"]: row for row in answer.json()["rows"]}


def said(row: dict[str, Any]) -> dict[str, int]:
    return {stance: count for stance, count in row["statements"].items() if count}


def decided(row: dict[str, Any], about: str = "asserted") -> tuple[int, ...]:
    return tuple(row[about][name] for name in ("claims", "supported", "refuted", "neither", "undecided"))


def test_by_source(told, api):
    found = rows(api(), "?by=source")
    assert next(iter(found)) == "Ministry"
    ministry, outlet = found["Ministry"], found["Outlet"]
    assert (ministry["claims"], said(ministry), decided(ministry)) == (3, {"asserts": 3}, (3, 1, 1, 0, 1))
    assert [(row["code"], row["claims"]) for row in ministry["asserted"]["ratings"]] == [
        ("supported", 1),
        ("refuted", 1),
    ]
    # A relay is no assertion of the one who relays.
    assert (outlet["claims"], said(outlet)) == (2, {"denies": 1, "relays": 1})
    assert (decided(outlet), decided(outlet, "denied")) == ((0, 0, 0, 0, 0), (1, 0, 1, 0, 0))
    assert (ministry["id"], ministry["slug"], ministry["country"]) == (told.ministry.pk, "ministry", "RU")


def test_by_side_speaks_the_body_at_the_top(told, api):
    found = rows(api(), "?by=side")
    assert set(found) == {"The State", "Spokesman", "Outlet", "Source withheld"}
    # Ministry and spokesman assert the same claim: for their side it is one.
    assert (found["The State"]["claims"], said(found["The State"])) == (3, {"asserts": 4})
    assert decided(found["The State"]) == (3, 1, 1, 0, 1)
    assert said(found["Spokesman"]) == {"denies": 1}


def test_by_country(told, api):
    found = rows(api(), "?by=country")
    assert {label: row["country"] for label, row in found.items()} == {
        "Russian Federation": "RU",
        "Azerbaijan": "AZ",
        "No country given": "",
        "Source withheld": "",
    }
    assert (found["Russian Federation"]["id"], said(found["Russian Federation"])) == (None, {"asserts": 3})


@pytest.mark.parametrize("by", ["source", "side", "country"])
def test_withheld_sources_are_one_outside_the_desk(told, api, reader, ann, by):
    make_attribution(told.wrong, source=make_source("Zq Other", country="FJ", withheld=True, withheld_reason="x"))
    for_withheld = make_source("Zq Speaker", country="TV")
    make_attribution(told.open_claim, source=for_withheld, on_behalf_of=told.witness)
    for client in (api(), api(reader)):
        answer = client.get(f"{BALANCE}?by={by}")
        lumped = next(row for row in answer.json()["rows"] if row["withheld"])
        assert (lumped["id"], lumped["slug"], lumped["country"], lumped["claims"]) == (None, "", "", 3)
        assert decided(lumped) == (3, 1, 1, 0, 1)
        assert not {"Zq", "KP", "FJ", "TV"} & set(answer.content.decode().replace('"', " ").split())
    shown = rows(api(ann), f"?by={by}")
    assert "Source withheld" not in shown
    expected = {"source": "Zq Witness", "side": "The State", "country": "North Korea"}[by]
    assert expected in shown


def test_a_side_is_not_named_that_the_reader_may_not_know(told, api, ann):
    hidden = make_source("Zq Hidden Body")
    told.state.part_of = hidden
    added(told.state)
    assert "The State" in rows(api(), "?by=side")
    assert "Zq Hidden Body" in rows(api(ann), "?by=side")
    hidden.withheld, hidden.withheld_reason = True, "x"
    added(hidden)
    assert "The State" in rows(api(), "?by=side")


def test_only_what_the_reader_may_read_counts(told, api, ann):
    draft = make_claim()
    make_attribution(draft, source=make_source("Zq Draft"))
    secret = make_claim(dispute=make_dispute(visibility="restricted"), published=True)
    make_attribution(secret, source=make_source("Zq Secret"))
    gone = make_attribution(told.held, source=make_source("Zq Gone"))
    withdraw(actor=someone("Reviewer"), row=gone, reason="Wrong.")
    make_attribution(told.open_claim, source=make_source("Zq Withdrawn"))
    withdraw_claim(actor=someone("Editor"), claim=told.open_claim, reason="Wrong.")
    assert not any("Zq" in label for label in rows(api()))
    assert {label for label in rows(api(ann)) if "Zq" in label} == {"Zq Draft", "Zq Witness"}


@pytest.mark.parametrize(
    ("query", "statements"),
    [
        ("dispute=z", {"asserts": 3}),
        ("dispute=other", {}),
        ("said_after=2025-06", {"asserts": 1}),
        ("said_before=2025-05", {}),
        ("language=en", {"asserts": 3}),
        ("language=ru", {}),
        ("tag=deaths", {"asserts": 1}),
    ],
)
def test_filters(told, api, query, statements):
    make_claim(dispute=make_dispute(slug="other"), published=True)
    found = rows(api(), f"?{query}")
    assert (said(found["Ministry"]) if "Ministry" in found else {}) == statements


@pytest.mark.parametrize(
    "query",
    [
        "zq=1",
        "by=zq",
        "by=",
        "limit=0",
        "limit=201",
        "limit=x",
        "dispute=zq",
        "said_after=zq",
        "cursor=x",
        "by=side&by=side",
    ],
)
@pytest.mark.parametrize("path", ["", "csv/"])
def test_what_it_does_not_take_is_refused_by_name(told, api, path, query):
    answer = api().get(f"{BALANCE}{path}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, query.partition("=")[0])


def test_it_is_bounded_and_says_so(told, api):
    answer = api().get(f"{BALANCE}?limit=2").json()
    assert (len(answer["rows"]), answer["more"]) == (2, True)
    assert api().get(f"{BALANCE}?limit=200").json()["more"] is False


def test_as_a_table_no_cell_runs(told, api):
    source = Source.objects.get(pk=told.outlet.pk)
    source.name = "=cmd|' /C calc'!A0"
    added(source)
    answer = api().get(f"{BALANCE}csv/?by=source")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    table = {row["label"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert "'=cmd|' /C calc'!A0" in table
    ministry = table["Ministry"]
    assert (ministry["asserts"], ministry["asserted_claims"], ministry["asserted_undecided"]) == ("3", "3", "1")
    assert ministry["asserted_ratings"] == "Supported: 1; Refuted: 1"
    assert api().get(f"{BALANCE}csv/?by=source", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_whoever_has_it_already_is_told_so_and_the_kept_answer_is_never_old(told, api):
    first = api().get(BALANCE)
    assert api().get(BALANCE, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    with CaptureQueriesContext(connection) as seen:
        api().get(BALANCE)
    assert len(seen) == 2  # the generation, and the last entry of the trail
    make_attribution(told.wrong, source=told.spokesman)
    assert rows(api())["Spokesman"]["claims"] == 3
    assert api().get(BALANCE, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("by", ["source", "side", "country"])
def test_many_rows_take_the_queries_of_few(told, api, ann, by):
    def queries(client: Any) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            rows(client, f"?by={by}")
        return len(seen)

    readers = [api(), api(ann)]
    for reader in readers:
        queries(reader)
    before = [queries(reader) for reader in readers]
    for number in range(9):
        claim = make_claim(published=True)
        make_attribution(claim, source=make_source(part_of=make_source(part_of=make_source()), country="DE"))
        make_attribution(claim, stance="denies")
        make_published(claim, code="refuted" if number % 2 else "contested")
    assert [queries(reader) for reader in readers] == before
    assert before[0] <= 8


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(told, api, administrator, method):
    assert getattr(api(administrator), method)(BALANCE).status_code in {403, 405}


def test_the_page_of_the_desk_shows_it(told, api, ann, reader):
    desk = Client()
    desk.force_login(ann)
    page = Page(desk.get("/admin/balance/?by=source"))
    assert page.status == 200
    assert "Ministry 3 3 – – 1 hold 1 do not hold 1 no verdict –" in page.text
    assert "no measure of anybody’s truthfulness" in page.text
    assert "Zq Witness" in page.text
    assert "The State" in Page(desk.get("/admin/balance/?by=side&dispute=z")).text
    assert desk.get("/admin/balance/?by=zq").status_code == 200
    assert desk.get("/admin/balance/?dispute=nobody").status_code == 404
    assert "/admin/balance/" in Page(desk.get("/admin/")).links
    guest = Client()
    guest.force_login(reader)
    assert guest.get("/admin/balance/").status_code in {302, 403}


def test_claims_without_verdict_and_ratings_add_up():
    rated = [(RatingCount("yes", "Yes", "supported", 0), 2), (RatingCount("half", "Half", "neither", 0), 3), (None, 4)]
    counted = outcome(rated)
    assert (counted.claims, counted.undecided) == (9, 4)
    assert counted.shares == (("supported", 2), ("refuted", 0), ("neither", 3), ("undecided", 4))
    assert sum(count for _name, count in counted.shares) == counted.claims
    assert outcome([]) == Outcome()
