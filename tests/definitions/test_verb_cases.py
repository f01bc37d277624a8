"""Cases of desks for which asserting and denying were too few words, entered and read through the API."""

from __future__ import annotations

from typing import Any

import pytest

from claims.models import Claim
from sources.models import Source
from tests.factories import make_claim, make_dispute, make_published, make_relation, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


class Desk:
    """One researcher at work on one dispute, and what the public then reads."""

    def __init__(self, writer: Any, public: Any) -> None:
        self.writer, self.public = writer, public
        self.dispute = make_dispute("A case", slug="case")

    def claim(self, text: str) -> Claim:
        return make_claim(text, dispute=self.dispute, published=False)

    def say(self, claim: Claim, source: Source, stance: str, **more: Any) -> None:
        body = {"claim": claim.pk, "source": source.pk, "stance": stance, **more}
        answer = self.writer.post("/api/v1/attributions/", body)
        assert (answer.status_code, answer.json().get("stance")) == (201, stance), answer.json()

    def voices(self, claim: Claim) -> dict[str, int]:
        sides = self.writer.get(f"/api/v1/claims/{claim.pk}/").json()["origins"]["voices"]
        return {side: sides[side]["total"] for side in ("for", "against", "neither")}

    def changes(self) -> list[tuple[str, str]]:
        rows = self.writer.get("/api/v1/disputes/case/timeline/").json()["positions"]
        return [(row["stance"], row["change"]["kind"] if row["change"] else "") for row in rows]

    def balance(self, source: Source) -> dict[str, Any]:
        rows = self.writer.get("/api/v1/balance/?dispute=case").json()["rows"]
        return next(row for row in rows if row["id"] == source.pk)

    def author(self, claim: Claim) -> str:
        review = self.public.get(f"/api/v1/claims/{claim.pk}/report/claimreview/").json()
        return review["itemReviewed"].get("author", {}).get("name", "")


@pytest.fixture
def desk(ann: Any, api: Any) -> Desk:
    return Desk(api(ann), api())


def test_a_satire_paper_did_not_assert_its_joke(desk: Desk) -> None:
    claim, sheet, wire = desk.claim("The town council has banned rain."), make_source("The Crooked Weathercock"), None
    desk.say(claim, sheet, "jokes", said_on="2024-04-01", quote="Clouds will be fined.")
    assert desk.voices(claim) == {"for": 0, "against": 0, "neither": 1}
    wire = make_source("A wire that fell for it")
    desk.say(claim, wire, "asserts", said_on="2024-04-02")
    desk.say(claim, sheet, "denies", said_on="2024-04-03")
    make_published(claim, code="refuted")
    assert desk.changes() == [("jokes", ""), ("asserts", ""), ("denies", "")]
    told = desk.balance(sheet)
    assert (told["statements"]["jokes"], told["asserted"]["claims"], told["asserted"]["refuted"]) == (1, 0, 0)
    assert desk.balance(wire)["asserted"]["refuted"] == 1
    assert desk.author(claim) == wire.name


@pytest.mark.parametrize("stance", ["questions", "suggests"])
def test_two_groups_claim_one_deed_and_the_police_leaves_it_open(desk: Desk, stance: str) -> None:
    one, other = desk.claim("The Reed League sank the barge."), desk.claim("The Silt Front sank the barge.")
    make_relation(one, other, kind="excludes")
    league, front, police = make_source("Reed League"), make_source("Silt Front"), make_source("River police")
    desk.say(one, league, "asserts", said_on="2001-03", quote="It was us.")
    desk.say(other, front, "asserts", said_on="2001-03")
    desk.say(one, police, stance, said_on="2001-04")
    desk.say(other, police, stance, said_on="2001-05")
    assert sorted(desk.changes()) == sorted([("asserts", "")] * 2 + [(stance, "")] * 2)
    assert desk.voices(one) == {"for": 1 + (stance == "suggests"), "against": 0, "neither": stance == "questions"}
    # To tell which of two it was is no departure from leaving it open, nor from a hint at the same.
    desk.say(one, police, "asserts", said_on="2001-06")
    assert desk.changes()[-1] == ("asserts", "shifts")


def test_an_allegation_is_a_voice_for_the_claim_but_makes_nobody_its_author(desk: Desk, api: Any) -> None:
    claim = desk.claim("The mill poured dye into the brook.")
    anglers, mill = make_source("Anglers of the brook"), make_source("The mill")
    desk.say(claim, anglers, "alleges", said_on="2019-05")
    desk.say(claim, mill, "disputes", said_on="2019-06")
    assert desk.voices(claim) == {"for": 1, "against": 1, "neither": 0}
    desk.say(claim, anglers, "denies", said_on="2019-09")
    assert desk.changes() == [("alleges", ""), ("disputes", ""), ("denies", "contradicts")]
    make_published(claim, code="unproven")
    assert desk.author(claim) == ""
    assert (desk.balance(anglers)["asserted"]["claims"], desk.balance(mill)["denied"]["claims"]) == (1, 1)
    page = api().get(f"/sources/{anglers.slug}/").content.decode()
    assert "alleged 1 claim" in page
    assert "asserted" not in page.lower()


def test_who_declines_to_say_has_not_denied_and_who_disclaims_has_not_either(desk: Desk) -> None:
    claim, guard, ministry = desk.claim("The gate was left open."), make_source("A guard"), make_source("Ministry")
    desk.say(claim, guard, "asserts", said_on="2020-01")
    desk.say(claim, guard, "declines", said_on="2020-02", quote="No comment.")
    desk.say(claim, ministry, "declines", said_on="2020-02")
    desk.say(claim, ministry, "disclaims", said_on="2020-03")
    make_published(claim, code="unproven")
    assert desk.voices(claim) == {"for": 1, "against": 0, "neither": 3}
    assert desk.changes() == [("asserts", ""), ("declines", "shifts"), ("declines", ""), ("disclaims", "")]
    told = desk.balance(ministry)
    assert (told["asserted"]["claims"], told["denied"]["claims"], told["statements"]["disclaims"]) == (0, 0, 1)
    page = desk.public.get(f"/claims/{claim.pk}/").content.decode()
    assert "declined to comment" in page
    assert "did not accept responsibility for it" in page


def test_a_forecast_is_nobody_s_position_and_no_record_of_it_is_refuted(desk: Desk) -> None:
    claim, analyst = desk.claim("The bridge toll will double by 2030."), make_source("An analyst")
    desk.say(claim, analyst, "opines", said_on="2024-05", quote="I expect twice the toll.")
    desk.say(claim, analyst, "denies", said_on="2025-05")
    make_published(claim, code="refuted")
    assert desk.voices(claim) == {"for": 0, "against": 1, "neither": 1}
    assert desk.changes() == [("opines", ""), ("denies", "")]
    told = desk.balance(analyst)
    assert (told["asserted"]["claims"], told["denied"]["refuted"]) == (0, 1)
    assert desk.author(claim) == ""
