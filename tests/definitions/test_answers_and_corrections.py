"""What was said before a verdict, and of words that a claim no longer has, is told as that."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from claims.models import Question
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_dispute
from claims.rules.survey import survey
from claims.services import draft_answer, publish_answer, publish_claim, withdraw_claim
from factcheck.audit.context import acting
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

ANSWER = "It was A."


def answer(question: Question) -> None:
    draft_answer(actor=make.someone("Reviewer"), question=question, text=ANSWER)
    publish_answer(actor=make.someone("Editor"), question=Question.objects.get(pk=question.pk))


def found_by_rules() -> list[str]:
    return [found.rule.code for found in survey() if found.rule.code == "answer_overtaken"]


def test_an_answer_says_that_a_verdict_was_published_since(anonymous: Any, ann: Any, api: Any) -> None:
    start = timezone.now()
    with time_machine.travel(start - timedelta(days=3)):
        dispute = make.make_dispute("Bridge", exclusive=True)
        question = dispute.questions.get()
        one, other = (make.make_claim(f"It was {name}.", dispute=dispute, published=True) for name in "AB")
        verdict = make.make_published(one, code="supported", confidence="high")
        make.make_published(other, code="refuted", confidence="high")
    with time_machine.travel(start - timedelta(days=2)):
        answer(question)
    before = start - timedelta(days=1, hours=12)

    def told(moment: Any = None) -> tuple[str, str]:
        found = load_dispute(dispute, anonymous, moment).questions[0]
        return found.answer, found.overtaken_on.words

    assert told() == (ANSWER, "")
    assert found_by_rules() == []
    with time_machine.travel(start - timedelta(days=1)):
        make.make_corrected(verdict=verdict, after="unproven", confidence="low")
        day = f"{timezone.localtime():%-d %B %Y}"
    assert told(before) == (ANSWER, "")
    assert told()[0] == ANSWER
    assert told()[1].startswith(day)
    text = Client().get("/disputes/bridge/").content.decode()
    assert (
        "Since this answer a claim or a verdict was published on the question, or a claim withdrawn, first "
        in re.sub(r"<[^>]+>", "", text)
    )
    concerns = [row["code"] for row in api(ann).get(f"/api/v1/disputes/{dispute.pk}/concerns/").json()["concerns"]]
    assert concerns.count("answer_overtaken") == 1
    assert found_by_rules() == ["answer_overtaken"]
    # Published once more, in the same words or others, it is the newest again.
    answer(question)
    assert told() == (ANSWER, "")
    assert found_by_rules() == []


@pytest.mark.parametrize("change", ["withdrawn", "published"])
def test_an_answer_says_that_a_claim_was_withdrawn_or_published_since(change: str, anonymous: Any, ann: Any) -> None:
    start = timezone.now()
    with time_machine.travel(start - timedelta(days=3)):
        dispute = make.make_dispute("Bridge", exclusive=True)
        claim = make.make_claim("It was A.", dispute=dispute, published=True)
        waiting = make.make_claim("It was B.", dispute=dispute)
        make.make_claim("It was C.", dispute=dispute, published=True)
    with time_machine.travel(start - timedelta(days=2)):
        answer(dispute.questions.get())
    assert found_by_rules() == []
    with time_machine.travel(start - timedelta(days=1)):
        if change == "withdrawn":
            withdraw_claim(actor=make.someone("Editor"), claim=claim, reason="Wrong.")
        else:
            publish_claim(actor=make.someone("Editor"), claim=waiting)
        day = f"{timezone.localtime():%-d %B %Y}"
    for moment in (None, timezone.now()):
        assert load_dispute(dispute, anonymous, moment).questions[0].overtaken_on.words.startswith(day)
    assert not load_dispute(dispute, anonymous, start - timedelta(hours=36)).questions[0].overtaken_on
    assert found_by_rules() == ["answer_overtaken"]
    assert [one.code for one in load_dispute(dispute, ann).concerns].count("answer_overtaken") == 1


def test_a_verdict_on_another_question_leaves_the_answer_alone(anonymous: Any) -> None:
    dispute = make.make_dispute("Bridge")
    question = dispute.questions.get()
    answer(question)
    make.make_published(make.make_claim(question=make.make_question(dispute), published=True))
    assert load_dispute(dispute, anonymous).questions[0].overtaken_on.words == ""


def test_a_rating_is_never_told_of_words_that_it_did_not_judge(anonymous: Any) -> None:
    old, new, third = "Ten zorps fell.", "Five zorps stumbled.", "One zorp sat down."
    dispute = make.make_dispute("Zorps")
    claim = make.make_claim(old, dispute=dispute, published=True)
    start = timezone.now() - timedelta(days=2)
    with time_machine.travel(start):
        first = make.make_published(claim, code="supported")
    with time_machine.travel(start + timedelta(hours=1)):
        second = make.make_corrected(verdict=first, after="refuted", claim_text=new)
    page = Client().get("/").content.decode()
    assert f"The wording before: “<bdi>{old}</bdi>”" in page
    feed = Client().get("/corrections/feed/").content.decode()
    assert f"{new} (the wording before: “{old}”)" in feed
    report = FORMATS["markdown"].write(load_dispute(dispute, anonymous)).decode()
    assert re.search(rf"Supported.*First verdict, of the wording “{old}”", report.replace("\\", ""))
    with time_machine.travel(start + timedelta(hours=2)):
        make.make_corrected(verdict=second, after="unproven", claim_text=third)
    feed = Client().get("/corrections/feed/").content.decode()
    assert f"{third} (the wording before: “{new}”)" in feed
    assert f"{new} (the wording before: “{old}”)" in feed
    corrections = Client().get("/corrections/").content.decode()
    titles = re.findall(r'<h2 id="correction-\d+-title"[^>]*><a[^>]*>([^<]*)</a>', corrections)
    assert titles == [third, new]


@pytest.mark.parametrize("field", ["text", "quantity_max"])
def test_what_was_judged_of_other_words_is_listed_until_somebody_looks_again(field: str, ann: Any) -> None:
    dispute = make.make_dispute("Geese")
    claim = make.make_claim("Ten geese.", dispute=dispute, published=True, quantity_max=10, quantity_unit="geese")
    other = make.make_claim("No geese.", dispute=dispute, published=True)
    rows = [
        make.make_link(claim),
        make.make_relation(claim, other),
        make.make_relation(make.make_claim(published=True), claim, kind="refines"),
    ]
    said = make.make_attribution(claim)

    def listed() -> list[tuple[int, ...]]:
        concerns = load_dispute(dispute, ann).concerns
        told = [one.claims for one in concerns if one.code == "judged_before_wording"]
        found = [one.claims() for one in survey() if one.rule.code == "judged_before_wording"]
        assert told == [tuple(claims) for claims in found]
        return told

    assert listed() == []
    with acting(actor=make.someone("Editor"), reason="Counted anew."):
        setattr(claim, field, {"text": "Ninety geese.", "quantity_max": 90}[field])
        claim.save()
        said.refresh_from_db()
        assert said.earlier_wording
        for row in rows:
            assert listed() == [(claim.pk,)]
            row.refresh_from_db()
            row.save()
    assert listed() == []


def test_a_toll_that_the_desk_rewords_turns_no_source_against_itself(anonymous: Any) -> None:
    dispute = make.make_dispute("Toll")
    counted: Any = {"dispute": dispute, "quantity_unit": "deaths", "published": True}
    ten = make.make_claim("Ten died.", quantity_min=10, quantity_max=10, **counted)
    twenty = make.make_claim("Twenty died.", quantity_min=20, quantity_max=20, **counted)
    make.make_relation(ten, twenty, kind="excludes", point="number")
    clerk = make.make_source("Clerk")
    make.make_attribution(ten, source=clerk, said_on="2025-06-01")
    make.make_attribution(twenty, source=clerk, said_on="2025-06-03")

    def departures() -> list[str]:
        return [row.departure.kind for row in load_dispute(dispute, anonymous).timeline.positions if row.departure]

    assert departures() == ["revises"]
    with acting(actor=make.someone("Editor"), reason="Misread."):
        ten.text, ten.quantity_min, ten.quantity_max = "Ninety died.", 90, 90
        ten.save()
    assert departures() == []
    page = Client().get(f"/sources/{clerk.slug}/").content.decode()
    assert "2 positions by 1 voice" in re.sub(r"<[^>]+>", "", page)
    assert "an earlier position" not in page


def test_who_passes_on_an_earlier_wording_passes_on_that_one(anonymous: Any) -> None:
    claim = make.make_claim("Ten geese.", dispute=make.make_dispute("Geese"), published=True)
    origin = make.make_attribution(claim, source=make.make_source("Witness"))
    with acting(actor=make.someone("Editor"), reason="Misread."):
        claim.text = "Ninety geese."
        claim.save()
    story = make.make_document(url="https://paper.example.org/geese", publisher=make.make_source("Paper"))
    make.make_attribution(claim, source=story.publisher, stance="relays", relayed_from=origin, document=story)
    make.make_published(claim)
    (told,) = load_dispute(claim.dispute, anonymous).claims
    said = [row for group in told.origins for row in group.attributions]
    assert [row.earlier_wording for row in said] == [True, True]
    review = FORMATS["claimreview"].write(load_dispute(claim.dispute, anonymous)).decode()
    assert "paper.example.org" not in review
