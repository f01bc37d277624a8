"""Independent origins: the same figures in the API, the admin and the report, whatever the reader may not see."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.logic.origins import count_pieces
from claims.logic.pieces import Kinship, Shown
from claims.logic.voices import Statement, Voices
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import withdraw
from tests.admin_page import Page
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_evidence,
    make_link,
    make_source,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("module_rows")]


@pytest.fixture(scope="module")
def all_told(module_rows: None) -> SimpleNamespace:
    """One statement that six outlets repeat, a relay of it that denies it, and another origin; evidence alike."""
    dispute = make_dispute("The question")
    claim = make_claim("It is so.", dispute=dispute, published=True)
    rival = make_claim("It is not so.", dispute=dispute, published=True)
    outlet = make_source("Outlet")
    statement = make_attribution(claim, source=make_source("Ministry"))
    relays = [
        make_attribution(claim, source=source, stance="relays", relayed_from=statement)
        for source in [outlet, outlet, *(make_source() for _n in range(4))]
    ]
    make_attribution(claim, source=make_source("Denier"), stance="denies")
    make_attribution(claim, source=make_source("Silent"), stance="declines")
    make_attribution(rival, source=outlet)
    base = make_evidence("Base")
    derived = [make_evidence(derived_from=base) for _n in range(3)]
    for piece in derived:
        make_link(claim, "supports", evidence=piece)
    make_link(claim, "refutes")
    make_link(rival, "refutes", evidence=derived[0])
    return SimpleNamespace(
        dispute=dispute, claim=claim, rival=rival, statement=statement, relays=relays, base=base, derived=derived
    )


@pytest.fixture
def told(all_told: SimpleNamespace) -> SimpleNamespace:
    return deepcopy(all_told)


def figures(value: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    return {
        name: tuple(number for number in figure.values() if isinstance(number, int)) for name, figure in value.items()
    }


def test_a_claim_counts_what_is_independent(told, api):
    origins = api().get(f"/api/v1/claims/{told.claim.pk}/").json()["origins"]
    assert figures(origins["voices"]) == {
        "for": (7, 6, 1, 5),
        "against": (1, 1, 1, 0),
        "neither": (1, 1, 1, 0),
        "together": (9, 8, 3, 5),
    }
    assert origins["voices"]["for"]["words"] == "7 statements, 6 sources (5 only at second hand), 1 origin"
    assert figures(origins["evidence"]) == {
        "supports": (3, 1),
        "refutes": (1, 1),
        "context": (0, 0),
        "together": (4, 2),
    }
    assert origins["evidence"]["supports"]["words"] == "3 pieces, 1 origin"


def test_lists_carry_it_on_request_and_disputes_as_a_whole(told, api):
    listed = api().get("/api/v1/claims/?include=origins&ordering=id").json()["results"]
    assert figures(listed[0]["origins"]["voices"])["for"] == (7, 6, 1, 5)
    assert "origins" not in api().get("/api/v1/claims/").json()["results"][0]
    whole = api().get(f"/api/v1/disputes/{told.dispute.slug}/").json()
    # The outlet speaks on both claims and is one source; the piece that bears on both is one piece.
    assert figures(whole["origins"]["voices"]) == {"together": (10, 8, 4, 4)}
    assert figures(whole["origins"]["evidence"]) == {"together": (4, 2)}
    assert figures(whole["claims"][0]["origins"]["voices"])["together"] == (9, 8, 3, 5)


@pytest.mark.parametrize("who", ["anonymous", "ann"])
def test_api_admin_and_report_tell_the_same_figures(told, api, who, request, ann):
    reader = request.getfixturevalue(who)
    withdraw(actor=someone("Reviewer"), row=told.statement, reason="Misquoted.")
    answer = api(ann if who == "ann" else None).get(f"/api/v1/claims/{told.claim.pk}/").json()["origins"]
    report = load_claim(told.claim, reader).claim
    assert figures(answer["voices"])["for"] == (6, 5, 1, 0)  # one statement, although it was taken back
    for side, tally in (("for", report.voices_for), ("against", report.voices_against)):
        assert figures(answer["voices"])[side] == (tally.total, tally.sources, tally.origins, tally.relaying)
    for bearing, tally in (("supports", report.evidence_for), ("refutes", report.evidence_against)):
        assert figures(answer["evidence"])[bearing] == (tally.total, tally.origins)
    dossier = load_dispute(told.dispute, reader)
    whole = api(ann if who == "ann" else None).get(f"/api/v1/disputes/{told.dispute.pk}/").json()["origins"]
    assert whole["voices"]["together"]["words"] == dossier.voices_words
    assert whole["evidence"]["together"]["words"] == dossier.evidence_words
    if who == "ann":
        desk = Client()
        desk.force_login(ann)
        page = Page(desk.get(f"/admin/claims/claim/{told.claim.pk}/change/"))
        words = [*answer["voices"].values(), *answer["evidence"].values()]
        assert all(figure["words"] in page.text for figure in words if figure["total"])
        listed = Page(desk.get("/admin/claims/claim/"))
        together = answer["voices"]["together"]["words"], answer["evidence"]["together"]["words"]
        assert "{}; evidence: {}".format(*together) in listed.text


def test_an_origin_that_the_reader_may_not_see_is_still_one(told, api):
    secret = make_dispute("Secret", visibility="restricted")
    hidden = make_evidence("Hidden", dispute=secret)
    with_hidden_origin = [make_evidence(derived_from=hidden) for _n in range(2)]
    for piece in with_hidden_origin:
        make_link(told.rival, "supports", evidence=piece)
    make_link(told.rival, "supports", evidence=hidden)
    answer = api().get(f"/api/v1/claims/{told.rival.pk}/")
    assert figures(answer.json()["origins"]["evidence"])["supports"] == (2, 1)
    assert str(hidden.pk) not in {str(link["evidence"]["id"]) for link in answer.json()["evidence"]}


def test_many_claims_take_the_queries_of_one(told, api):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api().get("/api/v1/claims/?include=origins").status_code == 200
        return len(seen)

    before = queries()
    for _n in range(9):
        claim = make_claim(published=True)
        make_attribution(claim, stance="relays", relayed_from=make_attribution(claim))
        make_link(claim, evidence=make_evidence(derived_from=make_evidence(derived_from=make_evidence())))
    assert queries() == before


def test_the_past_is_counted_as_it_was(told, api):
    now = timezone.now()
    then = f"{now + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    with time_machine.travel(now + timedelta(days=400), tick=False):
        make_attribution(told.claim, stance="denies")
        withdraw(actor=someone("Reviewer"), row=told.relays[0], reason="Double.")
        address = f"/api/v1/claims/{told.claim.pk}/"
        today, past = (api().get(address + query).json() for query in ("", f"?as_of={then}"))
        changed = api().get(f"{address}diff/?from={then}").json()
    assert figures(today["origins"]["voices"])["together"] == (9, 9, 4, 5)
    assert figures(past["origins"]["voices"])["together"] == (9, 8, 3, 5)
    # What is counted is no change of its own: the rows that changed are listed.
    assert {change["noun"] for change in changed["changes"]} == {"attribution"}


def test_a_relay_speaks_for_the_side_of_its_origin():
    said = [
        Statement(1, 7, 10, "denies"),
        Statement(2, 7, 11, "relays", relayed_from=1),
        Statement(3, 7, 12, "relays", relayed_from=2),
        Statement(4, 7, 13, "asserts", relayed_from=1),
    ]
    assert {side: (tally.total, tally.origins) for side, tally in Voices(said).count(7).items()} == {
        "for": (1, 1),
        "against": (3, 1),
        "neither": (0, 0),
        "together": (4, 1),
    }


def test_a_piece_that_bears_on_two_claims_is_one_piece():
    shown = [Shown(1, "supports"), Shown(1, "refutes"), Shown(2, "supports"), Shown(2, "supports")]
    counted = count_pieces(shown, Kinship({1: 9, 2: 9}))
    assert {name: (tally.total, tally.origins) for name, tally in counted.items()} == {
        "supports": (2, 1),
        "refutes": (1, 1),
        "context": (0, 0),
        "together": (2, 1),
    }
