"""With whose voice a source spoke, held against docs/definitions.md, “For whom it speaks”, reckoned a second way: over
all days on which something can have been said, begun and ended."""

from __future__ import annotations

import os
from calendar import monthrange
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.affiliation import Belonging, Member, body_on, hangs_on_day, voice_of
from factcheck.audit.context import acting
from sources.choices import SourceKind
from sources.models import Affiliation, Source
from tests.admin_page import Page
from tests.database import ONE_ENGINE
from tests.factories import make_affiliation, make_attribution, make_claim, make_dispute, make_source, someone

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


@ONE_ENGINE
@settings(max_examples=EXAMPLES, deadline=None)
@given(dates, st.sampled_from([None, 3]), dates, st.lists(belongings, max_size=3))
def test_a_source_belongs_to_whom_it_certainly_belonged_on_the_day(
    day: str, present: int | None, since: str, earlier: list[Belonging]
) -> None:
    assert body_on(day, present, since, earlier) == naive(day, present, since, earlier)


# Who speaks for which body, written out: an official for the state, a part for the whole, a desk for its paper.
SPEAKS = {
    ("person", "state_body"),
    ("news_outlet", "news_outlet"),
    *product(["organisation", "state_body"], ["organisation", "state_body", "news_outlet"]),
}
members = st.builds(
    Member,
    st.sampled_from(SourceKind.values),
    st.none() | st.integers(1, 4),
    dates,
    st.lists(st.builds(Belonging, st.none() | st.integers(1, 4), dates, dates), max_size=2),
)


def naive_voice(source: int, day: str, known: dict[int, Member], below: frozenset[int]) -> int:
    if source not in known:
        return source
    member = known[source]
    above = naive(day, member.part_of, member.since, list(member.earlier))
    if above is None or above in {source, *below} or (member.kind, getattr(known.get(above), "kind", "")) not in SPEAKS:
        return source
    return naive_voice(above, day, known, below | {source})


@ONE_ENGINE
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(st.integers(1, 4), members), dates, dates)
def test_a_statement_has_the_voice_of_the_topmost_body_for_which_its_source_spoke(
    known: dict[int, Member], day: str, other_day: str
) -> None:
    for source in range(1, 5):
        assert voice_of(source, day, known) == naive_voice(source, day, known, frozenset())
        if not hangs_on_day(source, known):
            assert voice_of(source, day, known) == voice_of(source, other_day, known)


def contradictions(api: Api, slug: str) -> list[tuple[str, str]]:
    rows = api().get(f"/api/v1/disputes/{slug}/timeline/").json()["positions"]
    return [(row["voice"]["label"], row["stance"]) for row in rows if row["change"]]


def told(client: Any, slug: str) -> list[str]:
    return [row["voice"]["label"] for row in client.get(f"/api/v1/disputes/{slug}/timeline/").json()["positions"]]


def sides(client: Any, slug: str) -> dict[str, int]:
    """How many statements each side of the balance has."""
    cache.clear()
    rows = client.get(f"/api/v1/balance/?by=side&dispute={slug}").json()["rows"]
    return {row["label"]: sum(row["statements"].values()) for row in rows}


def voices(api: Api, slug: str) -> list[str]:
    """The voices of the public timeline, in order; the desk's are also the sides of its balance."""
    desk = api(someone("Researcher"))
    assert sides(desk, slug) == Counter(told(desk, slug))
    return told(api(), slug)


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


@pytest.mark.parametrize(
    ("kind", "above", "speaks"),
    [
        ("person", "state_body", True),
        ("person", "news_outlet", False),
        ("person", "organisation", False),
        ("witness", "organisation", False),
        ("witness", "state_body", False),
        ("news_outlet", "state_body", False),
        ("news_outlet", "organisation", False),
        ("news_outlet", "news_outlet", True),
        ("organisation", "organisation", True),
        ("state_body", "state_body", True),
    ],
)
def test_nobody_speaks_for_the_paper_or_the_airline_that_pays_them(
    api: Api, vote: Any, kind: str, above: str, speaks: bool
) -> None:
    body = make_source("The Body", kind=above, part_of=make_source("The Whole", kind=above))
    source = make_source("The Source", kind=kind, part_of=body)
    make_attribution(vote, source=source, said_on="2019")
    make_attribution(vote, source=source, stance="denies", on_behalf_of=body, said_on="2020")
    assert voices(api, "the-vote") == ["The Whole" if speaks else "The Source", "The Whole"]
    assert bool(contradictions(api, "the-vote")) == speaks


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
    shown = api().get(f"/api/v1/affiliations/{row.pk}/").json()
    assert (shown["part_of"], shown["note"]) == (None, "")
    assert sides(api(), "the-vote") == {"A Member": 1}
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
    # What is on record already is not entered again: until when, was known.
    row.part_of, row.part_of_since = old, "2011"
    row.save()
    kept.refresh_from_db()
    kept.until = "2015"
    kept.save()
    row.part_of, row.part_of_since = new, ""
    row.save()
    assert set(Affiliation.objects.filter(source=row).values_list("part_of__name", "until")) == {
        ("The Old", "2015"), ("The New", ""),
    }  # fmt: skip
    Affiliation.objects.get(source=row, part_of=new).delete()
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
