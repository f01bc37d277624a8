"""With whose voice a source spoke, held against docs/definitions.md, “Departures”, reckoned a second way: over all days
on which something can have been said, begun and ended."""

from __future__ import annotations

import os
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.affiliation import Belonging, body_on
from factcheck.audit.context import acting
from sources.models import Affiliation, Source
from tests.admin_page import Page
from tests.factories import make_affiliation, make_attribution, make_claim, make_dispute, make_source

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
Api = Callable[..., Any]
dates = st.sampled_from(["", "2010", "2012", "2012-02", "2012-02-10", "2012-02-11", "2012-03", "2013", "2015-05-01"])
belongings = st.builds(Belonging, st.sampled_from([None, 1, 2]), dates, dates)


def days(text: str) -> list[date]:
    """The first and the last day that a date can mean."""
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    if day:
        return [date(year, month, day)]
    if month:
        return [date(year, month, 1), date(year, month, monthrange(year, month)[1])]
    return [date(year, 1, 1), date(year, 12, 31)]


def naive(day: str, present: int | None, since: str, earlier: list[Belonging]) -> int | None:
    bodies = {
        row.part_of
        for row in earlier
        if day and row.since and row.until
        and all(begun <= said <= ended for said in days(day) for begun in days(row.since) for ended in days(row.until))
    }  # fmt: skip
    if len(bodies) > 1:
        return None
    if bodies:
        return next(iter(bodies))
    if day and since:
        return present if all(begun <= said for said in days(day) for begun in days(since)) else None
    return present if not earlier else None


@settings(max_examples=EXAMPLES, deadline=None)
@given(dates, st.sampled_from([None, 3]), dates, st.lists(belongings, max_size=3))
def test_a_source_belongs_to_whom_it_certainly_belonged_on_the_day(
    day: str, present: int | None, since: str, earlier: list[Belonging]
) -> None:
    assert body_on(day, present, since, earlier) == naive(day, present, since, earlier)


def contradictions(api: Api, slug: str) -> list[tuple[str, str]]:
    rows = api().get(f"/api/v1/disputes/{slug}/timeline/").json()["positions"]
    return [(row["voice"]["label"], row["stance"]) for row in rows if row["change"]]


def voices(api: Api, slug: str) -> list[str]:
    return [row["voice"]["label"] for row in api().get(f"/api/v1/disputes/{slug}/timeline/").json()["positions"]]


pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(register: None) -> Any:
    return make_claim("The vote was counted twice.", dispute=make_dispute("The vote"), published=True)


def test_who_changed_sides_is_not_held_against_the_new_one(api: Api, vote: Any, editor: Any) -> None:
    government, opposition = make_source("The Cabinet"), make_source("The Alliance")
    deputy = make_source("A Deputy", part_of=government)
    make_attribution(vote, source=deputy, said_on="2015-05-01")
    make_attribution(vote, source=opposition, stance="denies", said_on="2020-05-01")
    assert voices(api, "the-vote") == ["The Cabinet", "The Alliance"]
    client = api(editor)
    address = f"/api/v1/sources/{deputy.pk}/"
    etag = client.get(address)["ETag"]
    body = {"part_of": opposition.pk, "change_reason": "Crossed the floor."}
    assert client.patch(address, body, headers={"If-Match": etag}).status_code == 200
    # Nobody said until when: then nobody else is made to answer for it.
    assert voices(api, "the-vote") == ["A Deputy", "The Alliance"]
    assert contradictions(api, "the-vote") == []
    (kept,) = client.get(f"/api/v1/affiliations/?source={deputy.slug}").json()["results"]
    assert (kept["part_of"]["label"], kept["since"], kept["until"]) == ("The Cabinet", "", "")
    etag = client.get(f"/api/v1/affiliations/{kept['id']}/")["ETag"]
    dated = {"since": "2010", "until": "2019-03", "change_reason": "By the gazette."}
    assert client.patch(f"/api/v1/affiliations/{kept['id']}/", dated, headers={"If-Match": etag}).status_code == 200
    assert voices(api, "the-vote") == ["The Cabinet", "The Alliance"]


def test_what_somebody_said_before_they_joined_is_not_held_against_the_body(api: Api, vote: Any) -> None:
    party = make_source("The Party")
    speaker = make_source("A Speaker", part_of=party, part_of_since="2018")
    for day, stance in (("2017-12-31", "asserts"), ("2018-06", "asserts"), ("2019-01-01", "denies")):
        make_attribution(vote, source=speaker, said_on=day, stance=stance)
    # When in 2018 is not known, and so not said.
    assert voices(api, "the-vote") == ["A Speaker", "A Speaker", "The Party"]
    assert contradictions(api, "the-vote") == []


def test_two_bodies_at_one_time_are_no_certain_one(api: Api, vote: Any) -> None:
    envoy = make_source("An Envoy", part_of=make_source("The Union"))
    for _n in range(2):
        make_affiliation(envoy, since="2010", until="2015")
    make_attribution(vote, source=envoy, said_on="2012-07")
    make_attribution(vote, source=envoy, said_on="2020")
    assert voices(api, "the-vote") == ["An Envoy", "An Envoy"]


def test_a_body_that_belonged_elsewhere_is_followed_by_the_day(api: Api, vote: Any) -> None:
    empire, republic = make_source("The Empire"), make_source("The Republic")
    province = make_source("The Province", part_of=republic, part_of_since="2016")
    make_affiliation(province, part_of=empire, since="1990", until="2015-12-31")
    clerk = make_source("A Clerk", part_of=province)
    make_attribution(vote, source=clerk, said_on="2014-01-01")
    make_attribution(vote, source=clerk, stance="denies", said_on="2017-01-01")
    assert voices(api, "the-vote") == ["The Empire", "The Republic"]
    assert contradictions(api, "the-vote") == []


def test_a_statement_without_a_date_has_the_present_voice_only_where_there_is_no_other(api: Api, vote: Any) -> None:
    loyal, moved = (make_source(name, part_of=make_source("The League")) for name in ("The Loyal", "The Moved"))
    make_affiliation(moved)
    make_attribution(vote, source=loyal)
    make_attribution(vote, source=moved)
    assert voices(api, "the-vote") == ["The League", "The Moved"]


def test_a_withheld_body_of_then_is_not_told(api: Api, vote: Any, ann: Any) -> None:
    hidden = make_source("The Cell", withheld=True, withheld_reason="In danger.")
    member = make_source("A Member")
    row = make_affiliation(member, part_of=hidden, note="A friend said so.")
    make_attribution(vote, source=member, said_on="2012")
    assert voices(api, "the-vote") == ["A Member"]
    told = api().get(f"/api/v1/affiliations/{row.pk}/").json()
    assert (told["part_of"], told["note"]) == (None, "")
    assert "The Cell" not in Client().get(f"/claims/{vote.pk}/").content.decode()
    assert api(ann).get(f"/api/v1/affiliations/{row.pk}/").json()["part_of"]["label"] == "The Cell"


@pytest.mark.parametrize("door", ["save", "update", "bulk_update", "admin"])
def test_the_body_that_is_left_stays_on_record_by_every_door(register: None, ann: Any, door: str) -> None:
    old, new = make_source("The Old"), make_source("The New")
    row = make_source("A Person", part_of=old, part_of_since="2011")
    if door == "admin":
        desk = Client()
        desk.force_login(ann)
        address = f"/admin/sources/source/{row.pk}/change/"
        assert desk.post(address, {**Page(desk.get(address)).fields, "part_of": new.pk}).status_code == 302
    else:
        with acting(actor=ann):
            row.part_of = new
            if door == "save":
                row.save()
            elif door == "update":
                Source.objects.filter(pk=row.pk).update(part_of=new)
            else:
                Source.objects.bulk_update([row], ["part_of"])
    (kept,) = Affiliation.objects.filter(source=row)
    assert (kept.part_of, kept.since, kept.until) == (old, "2011", "")
    row = Source.objects.get(pk=row.pk)
    assert (row.part_of, row.part_of_since) == (new, "")
    # Nothing else that changes leaves another.
    row.description = "Changed."
    row.save()
    assert Affiliation.objects.filter(source=row).count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"since": "2015", "until": "2010"}, "until"), ({"part_of": "itself"}, "part_of"), ({"since": "then"}, "since")],
)
def test_an_affiliation_ends_after_it_begins_and_is_to_another(
    api: Api, register: None, ann: Any, fields: dict[str, Any], wrong: str
) -> None:
    row = make_source()
    body = {"source": row.pk, **fields} | ({"part_of": row.pk} if fields.get("part_of") else {})
    answer = api(ann).post("/api/v1/affiliations/", body)
    assert (answer.status_code, {error["field"] for error in answer.json()["errors"]}) == (400, {wrong})


def test_reports_tell_what_a_source_was_before(register: None) -> None:
    claim = make_claim(published=True)
    source = make_source("The Agency", part_of=make_source("The State"), part_of_since="2016")
    make_affiliation(source, part_of=make_source("The Crown"), name="The Royal Agency", since="1990", until="2015")
    make_attribution(claim, source=source)
    page = Client().get(f"/claims/{claim.pk}/").content.decode()
    assert "The Royal Agency, part of The Crown, 1990 to 2015" in page
    assert "2016" in page
