"""The questions of a dispute: the first one, which one a claim answers, the desk's answer, and suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.models import Claim, Dispute, Question
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_dispute
from claims.services import ask_question, draft_answer, publish_answer, return_answer
from claims.services.question import connected, suggest_questions
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Conflict, Forbidden, Frozen, RuleViolation
from tests import factories as make
from tests.admin_page import get
from tests.claims.test_dispute_admin import client_of

ASKED = {"title": "Why did it burn?", "question": "Why did the mill burn?"}


# --- entering them ---


@pytest.mark.django_db
def test_a_simple_dispute_has_what_it_asks_as_its_only_question(api: Any, ann: Any) -> None:
    made = api(ann).post("/api/v1/disputes/", ASKED, format="json").json()
    (question,) = made["questions"]
    assert (question["order"], question["text"], question["state"]) == (1, ASKED["question"], "open")
    claim = api(ann).post("/api/v1/claims/", {"text": "Lightning.", "dispute": made["id"]}, format="json").json()
    assert claim["question"]["id"] == question["id"]
    body = {"text": "It was raining.", "dispute": made["id"], "question": None}
    assert api(ann).post("/api/v1/claims/", body, format="json").json()["question"] is None
    moved = api(ann).patch(f"/api/v1/claims/{claim['id']}/", {"question": None}, format="json")
    assert moved.json()["question"] is None
    refused = api(ann).patch(f"/api/v1/disputes/{made['id']}/", {"exclusive": True}, format="json", HTTP_IF_MATCH="*")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "exclusive")


@pytest.mark.django_db
@pytest.mark.parametrize("bounds", [{}, {"exclusive": True}, {"exclusive": True, "exhaustive": True}])
def test_a_simple_dispute_says_what_bounds_its_only_question(api: Any, ann: Any, bounds: dict[str, bool]) -> None:
    (question,) = api(ann).post("/api/v1/disputes/", {**ASKED, **bounds}, format="json").json()["questions"]
    assert {name: question[name] for name in ("exclusive", "exhaustive")} == {
        "exclusive": False,
        "exhaustive": False,
        **bounds,
    }
    # The column of older releases stays as it is, and its history tells of it no more.
    made = Dispute.objects.get()
    assert made.exclusive is False
    history = api(ann).get(f"/api/v1/disputes/{made.pk}/history/").json()["results"]
    told = {row["action"]: [change["field"] for change in row["differences"]] for row in history}
    assert "exclusive" in told["question.created"]
    assert "exclusive" not in told["dispute.created"]
    empty = {**ASKED, **bounds, "questions": []}
    (question,) = api(ann).post("/api/v1/disputes/", empty, format="json").json()["questions"]
    assert question["text"] == ASKED["question"]
    body = {**ASKED, "exclusive": True, "questions": [{"text": "Who did it?"}]}
    refused = api(ann).post("/api/v1/disputes/", body, format="json").json()
    assert [error["field"] for error in refused["errors"]] == ["exclusive"]


@pytest.mark.django_db
def test_a_dispute_is_entered_with_its_questions(api: Any, ann: Any) -> None:
    body = {
        **ASKED,
        "questions": [
            {"ref": "cause", "text": "What caused it?", "exclusive": True},
            {"ref": "toll", "text": "How many died?", "exhaustive": True},
        ],
        "claims": [
            {"text": "Lightning.", "question": {"ref": "cause"}},
            {"text": "Four died.", "question": {"ref": "toll"}},
            {"text": "It was raining."},
        ],
    }
    answer = api(ann).post("/api/v1/disputes/", body, format="json")
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert made["question"] == ASKED["question"]
    marks = [(row["text"], row["order"], row["exclusive"], row["exhaustive"]) for row in made["questions"]]
    assert marks == [("What caused it?", 1, True, False), ("How many died?", 2, False, True)]
    assert [(row["question"] or {}).get("label") for row in made["claims"]] == [
        "What caused it?",
        "How many died?",
        None,
    ]


@pytest.mark.django_db
def test_a_claim_answers_a_question_of_its_own_dispute(register: None, api: Any, ann: Any) -> None:
    claim, other = make.make_claim(dispute=make.make_dispute()), make.make_question()
    claim.question = other
    with pytest.raises(ValidationError) as refused:
        claim.save()
    assert refused.value.error_dict["question"][0].code == "other_dispute"
    moved = api(ann).patch(f"/api/v1/claims/{claim.pk}/", {"dispute": other.dispute_id}, format="json")
    assert moved.json()["question"]["id"] == other.pk
    with pytest.raises(Frozen):
        Question.objects.filter(pk=other.pk).update(dispute=make.make_dispute())


@pytest.mark.django_db
def test_no_door_takes_a_claim_away_from_its_question(register: None) -> None:
    asked, elsewhere = make.make_question(), make.make_dispute()
    claim = make.make_claim(question=asked)
    rows = Claim.objects.filter(pk=claim.pk)

    def in_bulk() -> None:
        row = rows.get()
        row.dispute = elsewhere
        Claim.objects.change_rows([row], {row.pk: ""})

    doors: tuple[Callable[[], Any], ...] = (
        lambda: rows.update(dispute=elsewhere),
        lambda: elsewhere.claims.add(claim),
        lambda: asked.dispute.claims.set([]),
        lambda: Claim.objects.bulk_create([Claim(text="So.", dispute=elsewhere, question=asked)]),
        in_bulk,
    )
    for door in doors:
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            door()
        assert refused.value.error_dict["question"][0].code == "other_dispute"
    stored = [(row.dispute_id, row.question_id) for row in Claim.objects.all()]
    assert stored == [(asked.dispute_id, asked.pk)]
    assert rows.update(dispute=elsewhere, question=None) == 1


@pytest.mark.django_db
def test_two_questions_have_no_place_in_common(register: None) -> None:
    dispute = make.make_dispute()
    assert [make.make_question(dispute).order for _ in range(2)] == [2, 3]
    with transaction.atomic(), pytest.raises(IntegrityError, match="order"):
        make.make_question(dispute, order=2)


# --- the desk's answer ---


@pytest.mark.django_db
def test_an_answer_takes_two_people_and_stands_until_the_next(register: None, reviewer: Any, editor: Any) -> None:
    claim = make.make_claim(dispute=make.make_dispute(), published=True)
    question = draft_answer(actor=reviewer, question=claim.question, text="Lightning, says the desk.")
    assert (question.answer, question.answer_draft) == ("", "Lightning, says the desk.")
    with pytest.raises(Forbidden) as refused:
        publish_answer(actor=reviewer, question=question)
    assert refused.value.code == "two_people"
    with pytest.raises(Conflict):
        draft_answer(actor=editor, question=question, text="Another one.")
    question = publish_answer(actor=editor, question=question)
    assert (question.answer_author, question.answer_reviewer) == (reviewer, editor)
    draft_answer(actor=editor, question=question, text="Arson.")
    question = return_answer(actor=reviewer, question=question, note="No proof of it.")
    assert (question.answer, question.answer_draft) == ("Lightning, says the desk.", "")
    question.answer = "Arson."
    with pytest.raises(Frozen):
        question.save()
    acts = AuditEntry.objects.of(question).order_by("id").values_list("action", "reason")
    assert [act for act, _reason in acts][1:] == [
        *("question.answer_drafted", "question.answer_published"),
        *("question.answer_drafted", "question.answer_returned"),
    ]
    assert all(reason for act, reason in acts if act != "question.created")


@pytest.mark.django_db
def test_no_answer_is_stored_with_one_person(register: None, reviewer: Any) -> None:
    question = make.make_question()
    question.answer, question.answer_author, question.answer_reviewer = "So.", reviewer, reviewer
    question.answer_published_at = question.created_at
    with transaction.atomic(), pytest.raises(IntegrityError):
        question.save(past_tense="answer_published")


@pytest.mark.django_db
def test_the_answer_is_the_bottom_line_of_the_report(
    register: None, reviewer: Any, editor: Any, anonymous: Any
) -> None:
    claim = make.make_claim("Lightning struck.", dispute=make.make_dispute(), published=True)
    publish_answer(
        actor=editor, question=draft_answer(actor=reviewer, question=claim.question, text="It was lightning.")
    )
    draft_answer(actor=editor, question=claim.question, text="Waiting words.")
    report = load_dispute(claim.dispute, anonymous)
    for name in ("html", "markdown", "json", "csv"):
        written = FORMATS[name].write(report).decode()
        assert "It was lightning." in written, name
        assert "Waiting words." not in written, name
        assert "Vera Voss" not in written, name
    text = FORMATS["markdown"].write(report).decode()
    assert text.index("**Open**") < text.index("It was lightning.") < text.index(f"Claim {claim.pk}")
    desk = FORMATS["markdown"].write(load_dispute(claim.dispute, editor)).decode()
    assert "Waiting words." in desk


# --- suggestions ---


@settings(max_examples=100, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1])))
def test_connected_sets_are_those_that_a_walk_finds(pairs: set[tuple[int, int]]) -> None:
    found = connected(range(8), pairs)
    assert sorted(pk for group in found for pk in group) == [*range(8)]
    for pk in range(8):
        seen, waiting = {pk}, [pk]
        while waiting:
            here = waiting.pop()
            near = {end for pair in pairs if here in pair for end in pair} - seen
            seen |= near
            waiting += near
        assert sorted(seen) in found


@pytest.mark.django_db
def test_a_question_is_suggested_of_claims_that_compete_and_asked_in_one_step(register: None, ann: Any) -> None:
    dispute = make.make_dispute()
    one, two, three, beside = (make.make_claim(dispute=dispute, question=None) for _ in range(4))
    make.make_relation(one, two)
    make.make_relation(two, three, kind="excludes")
    (suggested,) = suggest_questions(dispute)
    assert [claim.pk for claim in suggested.claims] == [one.pk, two.pk, three.pk]
    client = client_of(ann)
    page = get(client, reverse("admin:claims_dispute_change", args=[dispute.pk]))
    step = reverse("admin:claims_dispute_ask", args=[dispute.pk])
    assert step in page.links
    assert one.text in get(client, step).text
    assert client.post(step, {"text": "Who paid for it?"}).status_code == 302
    question = Question.objects.get(text="Who paid for it?")
    assert {*question.claims.values_list("pk", flat=True)} == {one.pk, two.pk, three.pk}
    assert Claim.objects.get(pk=beside.pk).question is None
    assert suggest_questions(dispute) == []
    with pytest.raises(RuleViolation):
        ask_question(actor=ann, dispute=dispute, text="Why?", claims=[make.make_claim().pk])
