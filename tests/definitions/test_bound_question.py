"""What a claim answers, and the desk has answered, is asked in the same words: one person does not change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Dispute, Question, Verdict
from claims.reports.formats.catalogue import FORMATS
from claims.reports.load.dossier import load_claim, load_dispute
from claims.services import confirm_verdict, draft_answer, publish_answer, return_answer
from factcheck.audit.context import acting
from factcheck.audit.models import AuditEntry
from factcheck.base.errors import Frozen
from tests import factories as make
from tests.admin_page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
ASKED, NEW = "How many died?", "How many survived?"


def asked() -> Question:
    question = make.make_dispute("The harbour", question=ASKED).questions.get()
    make.make_claim("Ten.", question=question, published=True)
    return Question.objects.get(pk=question.pk)


def with_a_verdict() -> Question:
    question = asked()
    make.make_published(question.claims.get())
    return question


def with_an_answer() -> Question:
    return publish_answer(actor=make.someone("Editor"), question=with_an_answer_that_waits())


def with_an_answer_that_waits() -> Question:
    return draft_answer(actor=make.someone("Reviewer"), question=asked(), text="Ten.")


BOUND = [with_a_verdict, with_an_answer, with_an_answer_that_waits]


@pytest.mark.parametrize("made", BOUND)
def test_one_person_does_not_reword_it(made: Callable[[], Question], api: Any, editor: Any) -> None:
    question = made()
    client = Client()
    client.force_login(editor)
    for row, field in ((question, "text"), (question.dispute, "question")):
        noun, rows = str(row._meta.model_name), type(row)._base_manager
        changed = rows.get(pk=row.pk)
        setattr(changed, field, NEW)
        for door in (changed.save, partial(rows.filter(pk=row.pk).update, **{field: NEW})):
            with acting(reason="A slip."), transaction.atomic(), pytest.raises(Frozen) as said:
                door()
            assert "these very words" in said.value.message
            assert (said.value.code, said.value.field) == ("judged", field)
            assert f"Draft an answer to question {question.pk}" in said.value.message
        body = {field: NEW, "change_reason": "A slip."}
        answer = api(editor).patch(f"/api/v1/{noun}s/{row.pk}/", body, headers={"If-Match": "*"})
        told = answer.json()
        assert (answer.status_code, told["code"], told["errors"][0]["field"]) == (409, "judged", field)
        address = reverse(f"admin:claims_{noun}_change", args=[row.pk])
        answer = client.post(address, {**Page(client.get(address)).fields, **body})
        assert "these very words" in Page(answer).text
        assert getattr(rows.get(pk=row.pk), field) == ASKED


def test_without_a_verdict_and_an_answer_it_is_reworded_freely() -> None:
    question = asked()
    make.make_submitted(question.claims.get())
    with acting(reason="A slip."):
        question.text = question.dispute.question = NEW
        question.save()
        question.dispute.save()
        question.text = "How many drowned?"
        question.save()
    assert Question.objects.get(pk=question.pk).reworded_at is None


def test_what_no_verdict_bears_on_is_reworded_as_before() -> None:
    dispute = with_a_verdict().dispute
    other = make.make_question(dispute)
    make.make_published(make.make_claim(dispute=dispute, question=None))
    with acting(reason="Clearer."):
        Question.objects.filter(pk=other.pk).update(text="Who did it?")
        Dispute.objects.filter(pk=dispute.pk).update(title="The harbour at night")


# --- two people give it other words ---


def reworded(question: Question) -> Question:
    drafted = draft_answer(actor=make.someone("Reviewer"), question=question, text="Ninety.", question_text=NEW)
    assert (drafted.text, drafted.text_draft) == (ASKED, NEW)
    return publish_answer(actor=make.someone("Editor"), question=drafted)


@pytest.mark.parametrize("made", BOUND)
def test_an_answer_rewords_it_when_a_second_person_publishes_it(made: Callable[[], Question]) -> None:
    question = reworded(made())
    assert (question.text, question.text_draft, question.answer) == (NEW, "", "Ninety.")
    assert question.dispute.question == NEW
    entries = AuditEntry.objects.order_by("-id")[:2]
    assert [entry.action for entry in entries] == ["dispute.reworded", "question.answer_published"]
    assert all(entry.actor == make.someone("Editor") and entry.reason for entry in entries)


def test_its_older_verdicts_are_looked_at_again() -> None:
    question = with_a_verdict()
    claim, editor = question.claims.get(), make.someone("Editor")
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        reworded(question)
        for rows in (Verdict.objects.stale(), Verdict.objects.stale(editor), Verdict.objects.lately_stale(editor, 9)):
            assert rows.count() == 1
        told = load_claim(claim, editor).claim
        assert [(reason.code, reason.at) for reason in told.stale] == [("question_reworded", timezone.localtime())]
        make.make_published(make.make_claim(question=question))
        assert Verdict.objects.stale().count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        past = load_claim(claim, editor, timezone.now() - timedelta(hours=47)).claim
        assert past.stale == ()
        confirm_verdict(actor=editor, verdict=claim.verdicts.get(), reason="It answers that, too.")
        assert not Verdict.objects.stale().exists()
        assert load_claim(claim, editor).claim.stale == ()


def test_a_settled_question_that_is_reworded_is_under_review(api: Any) -> None:
    question = asked()
    make.make_published(question.claims.get(), code="supported", confidence="high")
    other = make.make_claim("None.", question=question, published=True)
    make.make_published(other, code="refuted", confidence="high")
    address = f"/api/v1/questions/{question.pk}/"
    assert api().get(address).json()["state"] == "settled"
    reworded(question)
    assert api().get(address).json()["state"] == "under_review"


def test_the_doors_take_the_new_wording_and_tell_the_desk_alone(api: Any, reviewer: Any, editor: Any) -> None:
    question = with_a_verdict()
    at = f"/api/v1/questions/{question.pk}/"
    long = api(reviewer).post(f"{at}draft-answer/", {"text": "So.", "question_text": "x" * 1001}, format="json")
    assert (long.status_code, long.json()["errors"][0]["field"]) == (400, "question_text")
    given = api(reviewer).post(f"{at}draft-answer/", {"text": "Ninety.", "question_text": NEW}, format="json")
    assert (given.status_code, given.json()["text"], given.json()["text_draft"]) == (200, ASKED, NEW)
    assert NEW not in str(api().get(at).json())
    dispute = question.dispute
    for name in ("html", "markdown", "json"):
        assert NEW not in FORMATS[name].write(load_dispute(dispute, None)).decode(), name
        assert NEW in FORMATS[name].write(load_dispute(dispute, editor)).decode(), name
    client = Client()
    client.force_login(editor)
    assert NEW in Page(client.get(reverse("admin:claims_question_publish-answer", args=[question.pk]))).text
    assert NEW in Page(client.get(reverse("admin:claims_question_change", args=[question.pk]))).text
    returned = return_answer(actor=editor, question=question, note="No.")
    assert (returned.text_draft, returned.text) == ("", ASKED)
    client.force_login(reviewer)
    step = reverse("admin:claims_question_draft-answer", args=[question.pk])
    assert client.post(step, {"text": "Ninety.", "question_text": NEW}).status_code == 302
    assert Question.objects.get(pk=question.pk).text_draft == NEW
    assert api(editor).post(f"{at}publish-answer/").json()["text"] == NEW


def test_the_same_words_are_no_new_wording_and_none_waits_alone() -> None:
    reviewer, question = make.someone("Reviewer"), with_a_verdict()
    for wording in ("", ASKED, f" {ASKED}\n"):
        drafted = draft_answer(actor=reviewer, question=question, text="So.", question_text=wording)
        published = publish_answer(actor=make.someone("Editor"), question=drafted)
        assert (published.text, published.reworded_at) == (ASKED, None)
    with pytest.raises(ValidationError):
        draft_answer(actor=reviewer, question=question, text="So.", question_text="x" * 1_001)
    row = asked()
    row.text_draft = NEW
    with acting(reason="A slip."), transaction.atomic(), pytest.raises(IntegrityError):
        row.save(past_tense="answer_drafted")


# --- what a verdict in review judges ---


def test_the_numbers_do_not_change_under_a_verdict_in_review(ann: Any) -> None:
    claim = make.make_claim("Nine boats sank.", quantity_max=9, quantity_unit="boats")
    make.make_submitted(claim, author=ann)
    for field, value in (("quantity_max", 90), ("quantity_unit", "ships"), ("dispute", make.make_dispute())):
        changed = Claim.objects.get(pk=claim.pk)
        setattr(changed, field, value)
        with pytest.raises(Frozen, match="Have it returned first") as refused:
            changed.save()
        assert (refused.value.code, refused.value.field) == ("judged", field)
