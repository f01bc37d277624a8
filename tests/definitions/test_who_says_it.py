"""Who says it, who contradicts it and who took it back, as readers are told by API, reports and tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Attribution, Claim
from claims.reports.content.dossier import DisputeDossier
from claims.reports.formats import table
from claims.reports.load.dossier import load_claim, load_dispute
from claims.reports.load.speakers import load_said
from claims.reports.outline.blocks import Table, plain
from claims.reports.outline.contradiction import contradicting
from claims.reports.outline.numbers import Numbers
from claims.reports.outline.report import outline_of
from claims.services import withdraw, withdraw_claim
from claims.services.question_state import find_states
from factcheck.audit.context import acting
from factcheck.base.errors import RuleViolation
from tests.admin_page import Page
from tests.factories import (
    make_attribution,
    make_claim,
    make_dispute,
    make_link,
    make_published,
    make_relation,
    make_source,
    someone,
)

pytestmark = pytest.mark.django_db
PARTS = ("contradicted_by", "taken_back", "origins")
Api = Callable[..., Any]


def read(api: Api, claim: Claim, user: Any = None) -> dict[str, Any]:
    answer = api(user).get(f"/api/v1/claims/{claim.pk}/")
    assert answer.status_code == 200
    return answer.json()


def figures(claim: dict[str, Any], side: str = "for") -> tuple[int, int, int]:
    said = claim["origins"]["voices"][side]
    return said["total"], said["sources"], said["origins"]


def names(claim: dict[str, Any], part: str) -> list[str]:
    return [entry["source"]["label"] for entry in claim[part]]


# Repeating is no corroboration.


def test_one_source_that_repeats_itself_is_one_origin(api: Api, register: None) -> None:
    claim, repeater = make_claim(published=True), make_source("The Repeater")
    for day in ("2025-07-01", "2025-07-02", "2025-07-03"):
        make_attribution(claim, source=repeater, said_on=day)
    assert figures(read(api, claim)) == (3, 1, 1)


def test_one_source_that_repeats_itself_through_two_papers_is_one_origin(api: Api, register: None) -> None:
    claim, repeater = make_claim(published=True), make_source("The Repeater")
    for name in ("Morning Paper", "Evening Paper"):
        said = make_attribution(claim, source=repeater)
        make_attribution(claim, source=make_source(name), stance="relays", relayed_from=said)
    assert figures(read(api, claim)) == (4, 3, 1)


def test_a_joint_statement_is_one_origin_of_several_sources(api: Api, register: None) -> None:
    claim = make_claim(published=True)
    first = make_attribution(claim, source=make_source("Northland"), stance="denies")
    for name in ("Southland", "Westland"):
        make_attribution(claim, source=make_source(name), stance="denies", joint_with=first)
    assert figures(read(api, claim), "against") == (3, 3, 1)


def test_a_paper_that_passes_on_two_sides_of_one_event_does_not_make_them_one(api: Api, register: None) -> None:
    claim, paper = make_claim(published=True), make_source("The Paper")
    for name in ("The Harbour Master", "The Insurer"):
        said = make_attribution(claim, source=make_source(name))
        make_attribution(claim, source=paper, stance="relays", relayed_from=said)
    assert figures(read(api, claim)) == (4, 3, 2)


# What was taken back counts no more.


def test_who_takes_a_statement_back_is_no_voice_any_more(api: Api, register: None) -> None:
    claim, officer = make_claim("The ferry sank.", published=True), make_source("The Officer")
    said = make_attribution(claim, source=officer, said_on="2025-07-01")
    make_attribution(claim, source=officer, stance="retracts", said_on="2025-07-02")
    told = read(api, claim)
    assert [figures(told, side) for side in told["origins"]["voices"]] == [(0, 0, 0)] * 4
    assert told["taken_back"] == [
        {
            "attribution": said.pk,
            "source": {"id": officer.pk, "label": "The Officer", "slug": officer.slug},
            "stance": "asserts",
            "said_on": "2025-07-01",
            "taken_back_on": "2025-07-02",
            "words": "The Officer took it back on 2 July 2025",
        }
    ]


def test_who_says_it_again_after_taking_it_back_is_a_voice_again(api: Api, register: None) -> None:
    claim, officer = make_claim(published=True), make_source()
    for stance, day in (("asserts", "2024"), ("retracts", "2025-02"), ("asserts", "2025-03")):
        make_attribution(claim, source=officer, stance=stance, said_on=day)
    told = read(api, claim)
    assert figures(told) == (1, 1, 1)
    assert [entry["said_on"] for entry in told["taken_back"]] == ["2024"]


@pytest.mark.parametrize(
    ("day", "when"), [("2025", "in 2025"), ("2025-07", "in July 2025"), ("2025-07-02", "on 2 July 2025")]
)
def test_something_happens_in_a_month_and_on_a_day(
    day: str, when: str, api: Api, register: None, anonymous: Any
) -> None:
    claim, officer = make_claim(published=True), make_source("The Officer")
    make_attribution(claim, source=officer, said_on="2025-07-01")
    make_attribution(claim, source=officer, stance="retracts", said_on=day)
    assert read(api, claim)["taken_back"][0]["words"] == f"The Officer took it back {when}"
    report = load_claim(claim, anonymous).claim
    assert report.taken_back_words == (f"The Officer took it back {when}",)
    assert report.taken_back[0].taken_back_words == f"Taken back {when}."


def test_a_retraction_whose_date_is_not_known_takes_all_of_it_back(api: Api, register: None) -> None:
    claim, officer = make_claim(published=True), make_source("The Officer")
    make_attribution(claim, source=officer, said_on="2025-07-01")
    make_attribution(claim, source=officer, stance="retracts")
    told = read(api, claim)
    assert figures(told) == (0, 0, 0)
    assert told["taken_back"][0]["words"] == "The Officer took it back, on a date that is not known"


def test_a_relay_falls_with_what_it_passes_on_and_is_not_told_as_taking_it_back(api: Api, register: None) -> None:
    claim, officer = make_claim(published=True), make_source("The Officer")
    said = make_attribution(claim, source=officer, said_on="2025-07-01")
    relay = make_attribution(claim, source=make_source("Paper"), stance="relays", relayed_from=said, said_on="2025-07")
    make_attribution(claim, source=make_source("Wire"), stance="relays", relayed_from=relay, said_on="2025-08")
    make_attribution(claim, source=officer, stance="retracts", said_on="2025-09")
    told = read(api, claim)
    assert figures(told, "together") == (0, 0, 0)
    assert names(told, "taken_back") == ["The Officer"]
    # A retraction that was withdrawn from the register takes nothing back.
    withdraw(actor=someone("Reviewer"), row=Attribution.objects.get(stance="retracts"), reason="Another claim.")
    assert figures(read(api, claim)) == (3, 3, 1)


def test_reports_and_tables_tell_who_took_it_back(register: None, anonymous: Any) -> None:
    claim, officer = make_claim(published=True), make_source("The Officer")
    make_attribution(claim, source=officer, said_on="2025-07-01")
    make_attribution(claim, source=officer, stance="retracts", said_on="2025-07-02")
    page = Client().get(f"/claims/{claim.pk}/").content.decode()
    assert page.count("Taken back on 2 July 2025.") == 1
    assert "Taken back, and no longer counted" in page
    rows = list(table.rows(load_claim(claim, anonymous)))
    assert [row["taken_back"] for row in rows if row["row_type"] == "claim"] == [
        "The Officer took it back on 2 July 2025"
    ]


def test_only_who_took_back_what_they_said_is_listed_so_and_passes_it_on_no_more(
    register: None, anonymous: Any
) -> None:
    dispute, sources = make_dispute(), {name: make_source(name) for name in ("Officer", "Paper", "Weekly", "Wire")}
    claim = make_claim("The ferry sank.", dispute=dispute, published=True)

    def say(name: str, stance: str, day: str, relayed_from: Any = None) -> Any:
        return make_attribution(claim, source=sources[name], stance=stance, said_on=day, relayed_from=relayed_from)

    said = say("Officer", "asserts", "2025-07-01")
    for name in ("Paper", "Weekly"):
        say(name, "relays", "2025-07-02", said)
    say("Wire", "relays", "2025-07-05", say("Officer", "retracts", "2025-07-04"))
    say("Weekly", "retracts", "2025-07-06")
    dossier = load_dispute(dispute, anonymous)
    (told,) = dossier.claims
    listed = {
        side.code: sorted(row.source.name for group in side.groups for row in group.attributions) for side in told.sides
    }
    assert listed == {"back": ["Officer", "Officer", "Weekly", "Weekly"], "fallen": ["Paper", "Wire"]}
    assert {*told.taken_back_words} == {"Officer took it back on 4 July 2025", "Weekly took it back on 6 July 2025"}
    words = {row.source.name: row.taken_back_words for row in told.attributions if row.stance.code == "relays"}
    assert words == {
        "Paper": "What it passes on was taken back on 4 July 2025.",
        "Weekly": "Taken back on 6 July 2025.",
        "Wire": "",
    }
    passing_on = {row.id: [relay.source.name for relay in row.relays] for row in dossier.timeline.positions}
    assert passing_on[said.pk] == ["Paper"]
    assert {row.attribution for row in load_said([claim.pk]).taken_back(claim.pk)} == {
        row.id for row in told.taken_back
    }


def test_a_report_on_which_nobody_speaks_says_so_once(api: Api, register: None) -> None:
    dispute = make_dispute(slug="silence")
    make_claim(dispute=dispute, published=True)
    report = api().get("/api/v1/disputes/silence/report/markdown/").getvalue().decode()
    assert "Nobody is on record. Evidence: none." in report


# Who contradicts it.


def sides(dossier: DisputeDossier) -> list[dict[str, str]]:
    """The lines of the claims."""
    tables = (block for block in outline_of(dossier).blocks if isinstance(block, Table) and block.role == "claims")
    return [
        {plain(head): plain(cell) for head, cell in zip(table.head, row, strict=True)}
        for table in tables
        for row in table.rows
    ]


def test_whoever_says_a_rival_contradicts_the_claim_in_every_door(
    api: Api, register: None, anonymous: Any, ann: Any
) -> None:
    dispute = make_dispute("The bridge")
    one = make_claim("A flood broke it.", dispute=dispute, published=True)
    two = make_claim("A lorry broke it.", dispute=dispute, published=True)
    make_relation(one, two, kind="excludes")
    make_attribution(one, source=make_source("The Ministry"))
    wire = make_source("The Wire")
    make_attribution(
        two, source=wire, stance="relays", relayed_from=make_attribution(two, source=make_source("The Haulier"))
    )
    make_attribution(one, source=make_source("The Mayor"), stance="disputes")
    told = read(api, one)
    assert [(row["source"]["label"], row["stance"], row["claim"]) for row in told["contradicted_by"]] == [
        ("The Mayor", "disputes", None),
        ("The Haulier", "asserts", {"id": two.pk, "label": "A lorry broke it."}),
    ]
    assert names(read(api, two), "contradicted_by") == ["The Ministry"]
    first, second = sides(load_dispute(dispute, anonymous))
    assert first["Contradicted by"] == f"The Mayor (disputed it); The Haulier (claim {two.pk})"
    assert second["Contradicted by"] == f"The Ministry (claim {one.pk})"
    report = api().get(f"/api/v1/disputes/{dispute.slug}/report/markdown/").getvalue().decode()
    assert "1 source, 1 origin against it; 2 sources (1 only at second hand), 1 origin for a rival" in report
    page = Client().get(f"/claims/{two.pk}/").content.decode()
    assert "Contradicted by" in page
    assert "The Ministry" in page
    words = {
        row["id"]: row["contradicted_by"]
        for row in table.rows(load_dispute(dispute, anonymous))
        if row["row_type"] == "claim"
    }
    assert words == {
        one.pk: "The Mayor disputed it; The Haulier asserted: “A lorry broke it.”",
        two.pk: "The Ministry asserted: “A flood broke it.”",
    }
    listed = api(ann).get("/api/v1/claims/export/csv/")
    assert "The Ministry asserted: “A flood broke it.”" in listed.getvalue().decode("utf-8-sig")


def test_nobody_on_record_stands_only_where_nobody_contradicts(register: None, anonymous: Any) -> None:
    dispute = make_dispute(exclusive=True)
    claims = [make_claim(dispute=dispute, published=True) for _n in range(3)]
    make_attribution(claims[0], source=make_source("The Union"))
    shown = sides(load_dispute(dispute, anonymous))
    assert [entry["Said by"] for entry in shown][1:] == ["Nobody on record"] * 2
    assert [entry["Contradicted by"] for entry in shown] == [
        "Nobody on record",
        f"The Union (claim {claims[0].pk})",
        f"The Union (claim {claims[0].pk})",
    ]


def test_what_one_source_does_to_a_claim_is_told_on_one_line(register: None, anonymous: Any) -> None:
    dispute = make_dispute(exclusive=True)
    hit, missed, other = (
        make_claim(text, dispute=dispute, published=True) for text in ("It hit.", "It missed.", "No.")
    )
    state = make_source("The State")
    make_attribution(hit, source=state, stance="denies")
    make_attribution(missed, source=state)
    make_attribution(other, source=state)
    first = sides(load_dispute(dispute, anonymous))[0]
    assert first["Contradicted by"] == f"The State (denied it, claim {missed.pk}, claim {other.pk})"
    page = Client().get(f"/claims/{hit.pk}/").content.decode()
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "S1 denied it, asserted “It missed” and “No”" in told
    assert "1 source, 1 origin against it; 2 statements, 1 source, 1 origin for a rival" in told


def test_a_source_is_told_with_every_verb_that_it_used(api: Api, register: None, anonymous: Any) -> None:
    dispute = make_dispute(exclusive=True)
    hit, missed = (make_claim(text, dispute=dispute, published=True) for text in ("It hit.", "It missed."))
    state = make_source("The State")
    for day, stance in (("2025-06-01", "suggests"), ("2025-06-03", "alleges"), ("2025-06-05", "alleges")):
        make_attribution(missed, source=state, stance=stance, said_on=day)
    make_attribution(hit, source=state, stance="denies")
    assert [row["stance"] for row in read(api, hit)["contradicted_by"]] == ["denies", "suggests", "alleges"]
    (claim, _rival) = load_dispute(dispute, anonymous).claims
    (rows,) = claim.contradicted_by_source
    told = plain(contradicting(rows, Numbers.of(load_dispute(dispute, anonymous))))
    number = f"claim {missed.pk}"
    assert told.endswith(f"denied it, suggested {number}, alleged {number}")
    assert (
        sides(load_dispute(dispute, anonymous))[0]["Contradicted by"]
        == f"The State (denied it, suggested and alleged {number})"
    )


@pytest.mark.parametrize("kind", ["refines", "repeats", "compatible"])
def test_where_two_claims_are_no_rivals_it_is_not_said_that_at_most_one_of_all_can_hold(
    register: None, anonymous: Any, kind: str
) -> None:
    dispute = make_dispute(exclusive=True)
    alone = make_dispute(exclusive=True, exhaustive=True)
    make_claim(dispute=alone, published=True)
    claims = [make_claim(dispute=dispute, published=True)]
    assert [load_dispute(row, anonymous).questions[0].holds for row in (alone, dispute)] == ["", ""]
    claims += [make_claim(dispute=dispute, published=True) for _n in range(2)]
    (question,) = load_dispute(dispute, anonymous).questions
    assert question.holds == "In the reading of the desk at most one of the claims on it can hold."
    make_relation(claims[0], claims[1], kind=kind)
    (question,) = load_dispute(dispute, anonymous).questions
    assert question.holds == ("In the reading of the desk at most one of those claims on it that are rivals can hold.")
    for other in (claims[1], claims[0]):
        make_relation(other, claims[2], kind=kind)
    (question,) = load_dispute(dispute, anonymous).questions
    assert question.holds == ""


def test_that_one_claim_holds_is_told_of_all_that_were_entered_or_of_none(register: None, anonymous: Any) -> None:
    dispute = make_dispute(exclusive=True, exhaustive=True)
    claims = [make_claim(dispute=dispute, published=True) for _n in range(2)]
    most, exactly = (
        f"In the reading of the desk {which} one of the claims on it {ends}."
        for which, ends in (("at most", "can hold"), ("exactly", "holds"))
    )

    def told(reader: Any) -> str:
        (question,) = load_dispute(dispute, reader).questions
        return question.holds

    def told_in_the_past() -> str:
        return load_dispute(dispute, anonymous, timezone.now()).questions[0].holds

    ann = someone("Researcher")
    assert told(anonymous) == told_in_the_past() == exactly
    draft = make_claim(dispute=dispute)
    assert (told(anonymous), told_in_the_past(), told(ann)) == (most, most, exactly)
    make_published(claims[0], code="refuted")
    # A draft saves no verdict: readers would be shown that none of what they see holds, and that one does.
    with pytest.raises(RuleViolation, match="all that is published"):
        make_published(claims[1], code="refuted")
    draft.delete()
    assert told(anonymous) == exactly


def test_a_rival_that_the_reader_may_not_see_is_not_named(api: Api, register: None, ann: Any) -> None:
    claim = make_claim("It floats.", published=True)
    draft, gone = make_claim("It sinks."), make_claim("It never was.", published=True)
    secret = make_claim("It was moved.", dispute=make_dispute(visibility="restricted"), published=True)
    for number, rival in enumerate((draft, gone, secret)):
        make_relation(claim, rival, kind="excludes")
        make_attribution(rival, source=make_source(f"Speaker {number}"))
    withdraw_claim(actor=someone("Reviewer"), claim=gone, reason="Out of place.")
    assert names(read(api, claim), "contradicted_by") == []
    assert names(read(api, claim, ann), "contradicted_by") == ["Speaker 0"]


@pytest.mark.parametrize("kind", ["draft", "draft of the dispute", "restricted"])
def test_what_the_reader_may_not_see_makes_no_rivals_of_others(
    api: Api, register: None, ann: Any, anonymous: Any, kind: str
) -> None:
    dispute = make_dispute(visibility="public")
    first, second = (make_claim(f"{name} fell.", dispute=dispute, published=True) for name in ("Ten", "Nine"))
    closed = make_dispute(visibility="restricted", members=[ann])
    between = {
        "draft": lambda: make_claim("Hidden."),
        "draft of the dispute": lambda: make_claim("Hidden.", dispute=dispute),
        "restricted": lambda: make_claim("Hidden.", dispute=closed, published=True),
    }[kind]()
    make_relation(first, between, kind="excludes")
    make_relation(between, second, kind="repeats")
    make_attribution(second, source=make_source("Speaker"))
    for claim in (first, second):
        make_link(claim)

    def told(reader: Any) -> tuple[list[str], list[str], str]:
        claims = load_dispute(dispute, reader).claims
        past = load_dispute(dispute, reader, timezone.now()).claims
        (question,) = load_dispute(dispute, reader).questions
        sources = ([row.source.name for row in found[0].contradicted_by] for found in (claims, past))
        return *sources, question.state.code

    assert names(read(api, first), "contradicted_by") == []
    assert told(anonymous) == ([], [], "open")
    # Who may read what lies between is told; the state is one for all.
    assert told(ann) == (["Speaker"], ["Speaker"], "open")
    assert find_states([question.pk for question in dispute.questions.all()]).popitem()[1][0].state == "open"
    if kind == "restricted":
        closed.refresh_from_db()
        closed.visibility = "public"
        closed.change_reason = "Opened."
        with acting(actor=someone("Editor"), reason="Opened."):
            closed.save()
        assert told(anonymous) == (["Speaker"], ["Speaker"], "contested")


def test_a_withheld_name_is_withheld_among_those_who_contradict(api: Api, register: None, ann: Any) -> None:
    one, two = make_claim(published=True), make_claim("No.", published=True)
    make_relation(one, two, kind="contradicts")
    make_attribution(two, source=make_source("The Clerk", withheld=True, withheld_reason="In danger."))
    assert names(read(api, one), "contradicted_by") == ["Source withheld"]
    assert names(read(api, one, ann), "contradicted_by") == ["The Clerk"]
    assert "The Clerk" not in Client().get(f"/claims/{one.pk}/").content.decode()


def test_what_was_taken_back_contradicts_nothing_any_more(api: Api, register: None) -> None:
    one, two = make_claim(published=True), make_claim(published=True)
    make_relation(one, two, kind="contradicts")
    expert = make_source()
    make_attribution(two, source=expert, said_on="2024")
    assert len(read(api, one)["contradicted_by"]) == 1
    make_attribution(two, source=expert, stance="retracts", said_on="2025")
    assert read(api, one)["contradicted_by"] == []


def test_the_past_tells_who_contradicted_then(api: Api, register: None, anonymous: Any) -> None:
    one, two = make_claim(published=True), make_claim("Otherwise.", published=True)
    make_relation(one, two, kind="excludes")
    make_attribution(two, source=make_source("The Pilot"))
    told = read(api, one)
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=400), tick=False):
        withdraw(actor=someone("Reviewer"), row=Attribution.objects.get(claim=two), reason="Misheard.")
        assert read(api, one)["contradicted_by"] == []
        then = api().get(f"/api/v1/claims/{one.pk}/?as_of={now + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}").json()
        report = load_claim(one, anonymous, now + timedelta(seconds=1)).claim
    assert {name: then[name] for name in PARTS} == {name: told[name] for name in PARTS}
    assert report.contradicted_words == ("The Pilot asserted: “Otherwise.”",)


def test_many_claims_take_the_queries_of_one(api: Api, register: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api().get("/api/v1/claims/?include=contradicted_by,taken_back").status_code == 200
        return len(seen)

    def enter() -> None:
        one, two = make_claim(published=True), make_claim(published=True)
        make_relation(one, two, kind="excludes")
        make_attribution(two)

    enter()
    before = queries()
    for _n in range(5):
        enter()
    assert queries() == before


# Joint statements.


def test_a_joint_statement_is_of_one_claim_and_no_circle(api: Api, register: None, ann: Any) -> None:
    claim, other = make_claim(), make_claim()
    first, elsewhere = make_attribution(claim), make_attribution(other)
    second = make_attribution(claim, joint_with=first)
    for row, name, other, code in (
        (second, "joint_with", elsewhere, "other_claim"),
        (first, "joint_with", second, "circle"),
        # Nobody passes on what is the same act.
        (first, "relayed_from", second, "circle"),
    ):
        answer = api(ann).patch(f"/api/v1/attributions/{row.pk}/", {name: other.pk})
        found = [(error["field"], error["code"]) for error in answer.json()["errors"]]
        assert (answer.status_code, found) == (400, [(name, code)])


def test_a_joint_statement_is_of_several_sources_and_on_one_side(api: Api, register: None, ann: Any) -> None:
    claim, source = make_claim(), make_source()
    first, again = make_attribution(claim, source=source), make_attribution(claim, source=source)
    second = make_attribution(claim, joint_with=first)
    against = make_attribution(claim, stance="denies")
    for row, change, code in (
        (again, {"joint_with": first.pk}, "own_statement"),
        (again, {"joint_with": second.pk}, "own_statement"),
        (against, {"joint_with": first.pk}, "other_side"),
        # Also from the other end: by what is changed of the statement that others are joined to.
        (first, {"stance": "denies"}, "other_side"),
        (first, {"source": second.source_id}, "own_statement"),
    ):
        answer = api(ann).patch(f"/api/v1/attributions/{row.pk}/", change)
        assert answer.status_code == 400, (change, answer.json())
        assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("joint_with", code)]


def test_who_denies_what_the_claim_repeats_contradicts_it_too(api: Api, register: None, anonymous: Any) -> None:
    texts = ("It rang.", "The bell rang.", "Ringing was heard.")
    claim, same, third = (make_claim(text, published=True) for text in texts)
    make_relation(claim, same, kind="repeats")
    make_relation(third, same, kind="repeats")
    sexton = make_source("The Sexton")
    make_attribution(same, source=sexton, stance="denies")
    make_attribution(third, source=make_source("The Priest"), stance="disputes")
    make_attribution(third, source=sexton, stance="denies")
    for user in (None, someone("Reader")):
        told = read(api, claim, user)
        assert [entry["words"] for entry in told["contradicted_by"]] == [
            "The Sexton denied: “The bell rang.”",
            "The Priest disputed: “Ringing was heard.”",
        ]
    report = load_claim(claim, anonymous).claim
    assert report.contradicted_count == "3 statements, 2 sources, 2 origins against what repeats it"
    page = re.sub(r"<[^>]+>", "", Client().get(f"/claims/{claim.pk}/").content.decode())
    told = re.sub(r"\u00a0S\d+", "", page)
    assert "The Sexton denied what repeats it: “The bell rang”" in " ".join(told.split())
    # On its own claim it is told as a denial of that.
    assert read(api, same)["contradicted_by"][0]["claim"] is None


def test_a_whole_dispute_is_entered_with_a_joint_statement(api: Api, register: None, ann: Any) -> None:
    said = [
        {"ref": "north", "source": {"ref": "n"}, "stance": "asserts"},
        {"source": {"ref": "s"}, "stance": "asserts", "joint_with": {"ref": "north"}},
    ]
    body = {
        "title": "The dam",
        "question": "Who opened it?",
        "sources": [{"ref": key, "kind": "state_body", "name": name} for key, name in (("n", "North"), ("s", "South"))],
        "claims": [{"text": "Nobody opened it.", "attributions": said}],
    }
    answer = api(ann).post("/api/v1/disputes/", body)
    assert answer.status_code == 201, answer.json()
    (claim,) = answer.json()["claims"]
    assert figures(claim) == (2, 2, 1)
    assert claim["attributions"][1]["joint_with"]["id"] == claim["attributions"][0]["id"]
    listed = api(ann).get("/api/v1/attributions/?joint=true").json()["results"]
    assert [row["source"]["label"] for row in listed] == ["South"]


def test_reports_tell_with_whom_a_statement_was_made(register: None) -> None:
    claim = make_claim(published=True)
    first = make_attribution(claim, source=make_source("Northland"))
    make_attribution(claim, source=make_source("Southland"), joint_with=first)
    page = Client().get(f"/claims/{claim.pk}/").content.decode()
    assert "Jointly with" in page
    withdraw(actor=someone("Reviewer"), row=first, reason="Not signed.")
    gone = Client().get(f"/claims/{claim.pk}/").content.decode()
    assert "Jointly with" not in gone
    assert Attribution.objects.get(joint_with=first).shown_to(None).joint_with is None


def test_the_admin_offers_statements_of_the_same_claim_and_tells_who_contradicts(register: None, ann: Any) -> None:
    claim, rival = make_claim(), make_claim()
    make_relation(claim, rival, kind="excludes")
    make_attribution(rival, source=make_source("The Diver"))
    said, other = make_attribution(claim), make_attribution(rival)
    desk = Client()
    desk.force_login(ann)
    page = Page(desk.get(f"/admin/claims/attribution/{said.pk}/change/"))
    assert {"joint_with", "relayed_from"} <= page.fields.keys()
    refused = desk.post(f"/admin/claims/attribution/{said.pk}/change/", {**page.fields, "joint_with": other.pk})
    assert list(refused.context["adminform"].form.errors) == ["joint_with"]
    assert "The Diver asserted" in Page(desk.get(f"/admin/claims/claim/{claim.pk}/change/")).text
