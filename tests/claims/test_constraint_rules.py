"""Each constraint of each noun says no in the form, in the database, and to raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from claims.rules.catalogue import HELD_ELSEWHERE, RULES
from claims.services import correct_verdict, publish_verdict, submit_verdict, withdraw
from factcheck.audit.context import acting
from factcheck.base.http.constraints import violation_of
from factcheck.models.recorded import RecordedModel
from tests.admin_page import send
from tests.claims.test_dispute_admin import client_of
from tests.factories import (
    make_assessment,
    make_attribution,
    make_claim,
    make_confirmation,
    make_dispute,
    make_document,
    make_evidence,
    make_inquiry,
    make_link,
    make_premise,
    make_published,
    make_question,
    make_rating,
    make_relation,
    make_review,
    make_ruleexception,
    make_rulesetting,
    make_scale,
    make_snapshot,
    make_source,
    make_submitted,
    make_user,
    someone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
Case = tuple[models.Model, dict[str, Any]]


def two_documents() -> Case:
    first = make_document(url="https://example.org/a")
    return make_document(url="https://example.org/b"), {"url": first.url}


def two_members() -> Case:
    dispute = make_dispute(members=[make_user("a"), make_user("b")])
    first, second = dispute.members.order_by("id")
    return second, {"user_id": first.user_id}


def two_relations() -> Case:
    first = make_relation()
    return make_relation(first.other), {"other_id": first.claim_id}


def two_carriers() -> Case:
    first, second = make_evidence(documents=[make_document(), make_document()]).carriers.order_by("id")
    return second, {"document_id": first.document_id}


def two_links() -> Case:
    first = make_link()
    return make_link(first.claim), {"evidence_id": first.evidence_id}


def two_premises() -> Case:
    first = make_premise()
    return make_premise(first.link, make_claim()), {"claim_id": first.claim_id}


def two_assessments() -> Case:
    first = make_assessment()
    link = make_link(first.claim)
    return make_assessment(link, analyst=first.analyst), {"evidence_id": first.evidence_id}


def two_ratings() -> Case:
    scale = make_scale()
    return make_rating("b", scale=scale), {"code": make_rating("a", scale=scale).code}


def two_reviews() -> Case:
    first = make_review()
    return make_review(first.claim), {"url": first.url}


def own_review() -> Case:
    verdict = make_submitted()
    return verdict, {"reviewer_id": verdict.author_id}


def correction_without_reason() -> Case:
    published = make_published()
    return make_submitted(published.claim), {"supersedes_id": published.pk}


def completed() -> dict[str, Any]:
    return {"status": "published", "reviewer_id": someone("Reviewer").pk, "published_at": timezone.now()}


def two_first_verdicts() -> Case:
    return make_submitted(make_published().claim), completed()


def two_corrections() -> Case:
    published, author = make_published(), someone("Researcher")
    first, second = (
        submit_verdict(
            actor=author, verdict=correct_verdict(actor=author, verdict=published, reason="New.", severity="update")
        )
        for _ in range(2)
    )
    publish_verdict(actor=someone("Reviewer"), verdict=first)
    return second, completed()


def published_claim() -> Case:
    return make_claim(published=True), {"first_published_at": None}


def two_questions() -> Case:
    first = make_question()
    return make_question(first.dispute), {"order": first.order}


def two_of_one_id(dispute: Any = None) -> Case:
    first = make_claim(dispute=dispute, external_id="wire:7")
    return make_claim(dispute=dispute), {"external_id": first.external_id}


def own_answer() -> Case:
    author = someone("Reviewer")
    answered = {"answer": "Nobody knows.", "answer_author_id": author.pk, "answer_published_at": timezone.now()}
    return make_question(), {**answered, "answer_reviewer_id": author.pk}


CASES: dict[str, Callable[[], Case]] = {
    "source_withheld_has_reason": lambda: (make_source(), {"withheld": True}),
    "document_url_once": two_documents,
    "snapshot_is_kept_somewhere": lambda: (make_snapshot(), {"archive_url": ""}),
    "dispute_member_once": two_members,
    "claim_quantity_in_order": lambda: (make_claim(quantity_min=5, quantity_max=7), {"quantity_max": 4}),
    "claim_published_has_date": published_claim,
    "claim_withdrawn_has_reason": lambda: (make_claim(), {"status": "withdrawn"}),
    "relation_joins_two_claims": lambda: ((row := make_relation()), {"other_id": row.claim_id}),
    "relation_once": two_relations,
    "attribution_anonymous_has_reason": lambda: (make_attribution(), {"anonymous": True}),
    "attribution_translation_has_quote": lambda: (make_attribution(), {"translation": "Yes."}),
    "evidence_document_once": two_carriers,
    "evidence_link_once": two_links,
    "premise_once": two_premises,
    "assessment_once": two_assessments,
    "rating_code_once": two_ratings,
    "review_once": two_reviews,
    "inquiry_answered_has_answer": lambda: (make_inquiry(), {"outcome": "answered"}),
    "verdict_takes_two_people": own_review,
    "verdict_published_is_complete": lambda: (make_submitted(), {"status": "published"}),
    "verdict_correction_has_reason": correction_without_reason,
    "verdict_one_first": two_first_verdicts,
    "verdict_superseded_once": two_corrections,
    "confirmation_has_reason": lambda: (make_confirmation(), {"reason": ""}),
    "question_order_once": two_questions,
    "claim_external_id_once": lambda: two_of_one_id(make_question().dispute),
    "claim_external_id_alone": two_of_one_id,
    "question_answer_takes_two_people": own_answer,
    "question_answer_is_complete": lambda: (make_question(), {"answer": "Nobody knows."}),
    "question_draft_has_author": lambda: (make_question(), {"answer_draft": "Nobody knows."}),
    "question_wording_has_answer": lambda: (make_question(), {"text_draft": "Who knows?"}),
    "rule_setting_has_reason": lambda: (make_rulesetting(), {"reason": ""}),
    "rule_exception_has_reason": lambda: (make_ruleexception(), {"reason": ""}),
}
HELD = {rule.held_by: rule for rule in HELD_ELSEWHERE}
"""The rules of the catalogue that a constraint holds."""
SAID_BY_THE_FIELD = {"confirmation_has_reason", "rule_setting_has_reason", "rule_exception_has_reason"}
"""What a field that may not be empty says first."""
STEPS = ("verdict_", "claim_published", "claim_withdrawn", "question_answer", "question_draft", "question_wording")
NEVER_CHANGE = ("snapshot_", "confirmation_")


def constraints() -> dict[str, Any]:
    nouns = [model for app in ("sources", "claims") for model in apps.get_app_config(app).get_models()]
    return {c.name: c for model in nouns if issubclass(model, RecordedModel) for c in model._meta.constraints}


def test_every_constraint_has_a_case() -> None:
    assert set(CASES) == set(constraints())


@pytest.mark.parametrize("name", [name for name in CASES if name not in SAID_BY_THE_FIELD])
def test_form_says_no_in_words(name: str) -> None:
    row, broken = CASES[name]()
    for column, value in broken.items():
        setattr(row, column, value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    words = constraints()[name].violation_error_message
    assert any(message.startswith(words) for message in refusal.value.messages)
    if rule := HELD.get(name):
        [error] = refusal.value.error_dict[rule.field]
        assert error.code == rule.code
        assert rule.remedy.rstrip(".").casefold() in error.message.casefold()


@pytest.mark.parametrize("name", CASES)
def test_database_says_no_to_raw_sql(name: str) -> None:
    row, broken = CASES[name]()
    columns = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in broken)
    adapt = connection.ops.adapt_datetimefield_value
    values = [adapt(value) if hasattr(value, "tzinfo") else value for value in broken.values()]
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {columns} WHERE id = %s", [*values, row.pk])
    # What the doors say about it.
    said = violation_of(refusal.value)
    assert said.message.startswith(constraints()[name].violation_error_message)
    if rule := HELD.get(name):
        assert (said.code, said.fields) == (rule.code, (rule.field,))


@pytest.mark.parametrize(
    "name",
    [name for name in CASES if not name.startswith((*STEPS, *NEVER_CHANGE)) and name not in SAID_BY_THE_FIELD],
)
def test_save_says_no(name: str) -> None:
    """Steps are left out, which a plain save refuses before the database can."""
    row, broken = CASES[name]()
    for column, value in broken.items():
        setattr(row, column, value)
    version = row.version
    with acting(reason="A test."), pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert row.version == version


def test_every_door_tells_the_rule_that_a_constraint_holds(api: Any) -> None:
    claim, relation, desk = make_claim(quantity_min=5), make_relation(), api(someone("Editor"))
    ends = {"claim": relation.claim_id, "kind": relation.kind}
    for address, body, code, field in (
        ("claims", {"text": "So many.", "quantity_min": 7, "quantity_max": 4}, "numbers_in_order", "quantity_max"),
        ("relations", {**ends, "other": relation.claim_id}, "relation_to_itself", "other"),
        ("relations", {**ends, "other": relation.other_id}, "relation_twice", "other"),
    ):
        for sent, at in ((body, ""), ([body], "0.")):
            answer = desk.post(f"/api/v1/{address}/", sent)
            [error] = answer.json()["errors"]
            assert (answer.status_code, error["code"], error["field"]) == (400, code, f"{at}{field}")
            assert RULES[code].remedy.rstrip(".").casefold() in error["detail"].casefold()
    [error] = desk.patch(f"/api/v1/claims/{claim.pk}/", {"quantity_max": 4}).json()["errors"]
    assert (error["code"], error["field"]) == ("numbers_in_order", "quantity_max")
    page = send(
        client_of(someone("Editor")), reverse("admin:claims_claimrelation_add"), {**ends, "other": relation.other_id}
    )
    assert "Change the relation that is there already." in page.text


@pytest.mark.parametrize(("make", "again"), [(two_links, "evidence"), (two_relations, "other"), (two_reviews, "url")])
def test_withdrawn_row_makes_room(make: Callable[[], Case], again: str) -> None:
    row, broken = make()
    noun, [(column, value)] = type(row), broken.items()
    pair = {"claim": row.claim} if noun.__name__ != "ClaimRelation" else {}
    first = noun.objects.exclude(pk=row.pk).get(**({again: value, **pair} if pair else {"claim_id": value}))
    withdraw(actor=someone("Editor"), row=first, reason="It was wrong.")
    setattr(row, column, value)
    row.save()
