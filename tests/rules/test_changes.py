"""What a change of a row that is there already makes of others is asked, by every door, as a relation is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from claims.models import Claim, Question
from claims.rules.catalogue import RULES
from factcheck.audit.context import acting
from factcheck.base.errors import RuleViolation
from factcheck.models.recorded import RecordedModel
from tests import factories as f
from tests.admin_page import Page
from tests.claims.test_dispute_admin import client_of
from tests.database import is_sqlite
from tests.rules import doors
from tests.rules.examples import decided

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a row with a value that breaks a rule, and one that does not."""

    row: RecordedModel
    field: str
    broken: Any
    sound: Any


def made_exclusive() -> Change:
    question = f.make_question()
    decided("supported", "supported", dispute=question.dispute)
    return Change(question, "exclusive", True, False)


def made_exhaustive() -> Change:
    question = f.make_question(exclusive=True)
    decided("refuted", "mostly_refuted", dispute=question.dispute)
    return Change(question, "exhaustive", True, False)


def moved_beside_a_rival() -> Change:
    question = f.make_question(exclusive=True)
    decided("supported", dispute=question.dispute)
    claim = f.make_claim(published=True, dispute=question.dispute, question=None)
    f.make_published(claim, code="supported")
    return Change(claim, "question", question, f.make_question(question.dispute))


def moved_away() -> Change:
    """The last claim that could be the one leaves an exhaustive question."""
    question = f.make_question(exhaustive=True)
    left = f.make_claim(dispute=question.dispute, published=True)
    decided("refuted", dispute=question.dispute)
    return Change(left, "question", None, question)


def counted_anew() -> Change:
    rows = [f.make_claim(quantity_min=low, quantity_max=low + 9, quantity_unit="deaths") for low in (10, 30)]
    f.make_relation(*rows, kind="excludes", point="number")
    return Change(rows[0], "quantity_max", 30, 29)


def of_an_event_that_came_later() -> Change:
    row = f.make_attribution(f.make_claim(dispute=f.make_dispute(occurred_on="2025-07-01")), said_on="2025-07-02")
    dispute: Any = row.claim.dispute
    return Change(dispute, "occurred_on", "2025-07-03", "2025-07")


def moved_to_a_later_event() -> Change:
    claim = f.make_attribution(f.make_claim(), said_on="2025-07-02").claim
    later, same = (f.make_dispute(occurred_on=day) for day in ("2025-07-03", "2025-07-02"))
    return Change(claim, "dispute", later, same)


def in_a_work_that_came_earlier() -> Change:
    document = f.make_document(published_on="2025-07-03")
    f.make_attribution(document=document, said_on="2025-07-02")
    return Change(document, "published_on", "2025-07-01", "2025-07-02")


def taken_back_before() -> Change:
    row = f.make_attribution(said_on="2025-07-01")
    f.make_attribution(row.claim, source=row.source, stance="retracts", said_on="2025-07-02")
    return Change(row, "said_on", "2025-07-03", "2025-07-02")


CHANGES = [
    (made_exclusive, "rival_supported"),
    (made_exhaustive, "exhaustive_refuted"),
    (moved_beside_a_rival, "rival_supported"),
    (moved_away, "exhaustive_refuted"),
    (counted_anew, "rival_numbers_overlap"),
    (of_an_event_that_came_later, "said_before_event"),
    (moved_to_a_later_event, "said_before_event"),
    (in_a_work_that_came_earlier, "said_after_printing"),
    (taken_back_before, "retraction_before_statement"),
]


def by_save(row: RecordedModel, field: str, value: Any) -> tuple[str, str]:
    changed = type(row)._base_manager.get(pk=row.pk)
    setattr(changed, field, value)
    return asked(changed.save)


def by_update(row: RecordedModel, field: str, value: Any) -> tuple[str, str]:
    return asked(lambda: type(row)._base_manager.filter(pk=row.pk).update(**{field: value}))


def asked(act: Callable[[], object]) -> tuple[str, str]:
    """The code and the field of what was refused, if it was."""
    try:
        with acting(reason="A test."), transaction.atomic():
            act()
    except RuleViolation as error:
        return error.code, error.field or ""
    return "", ""


def by_api(row: RecordedModel, field: str, value: Any) -> tuple[str, str]:
    address = f"/api/v1/{doors.address(str(row._meta.model_name)).split('/')[3]}/{row.pk}/"
    body = {field: getattr(value, "pk", value), "change_reason": "A test."}
    answer = doors.client().patch(address, body, format="json", HTTP_IF_MATCH="*")
    told = answer.json()
    return ("", "") if answer.status_code == 200 else (told["code"], told["errors"][0]["field"])


def by_admin(row: RecordedModel, field: str, value: Any) -> tuple[str, str]:
    """The page tells no code: the words stand for it."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    desk = client_of(f.someone("Editor"))
    fields = Page(desk.get(address)).fields | {"change_reason": "A test."}
    given = str(getattr(value, "pk", value) or "")
    answer = desk.post(address, {**fields, field: given} if value is not False else fields)
    if answer.status_code == 302:
        return "", ""
    text = Page(answer).text
    return next((code for code, rule in RULES.items() if rule.remedy in text), text), field


@pytest.mark.parametrize(("made", "code"), CHANGES, ids=lambda given: getattr(given, "__name__", ""))
def test_every_door_asks_what_a_change_makes_of_others(made: Callable[[], Change], code: str) -> None:
    change = made()
    for door in (by_save, by_update, by_api, by_admin) if is_sqlite() else (by_save, by_update):
        told = []
        for level in ("warn", "refuse"):
            for value in (change.sound, change.broken):
                with transaction.atomic():
                    if level != RULES[code].level:
                        f.make_rulesetting(code, level)
                    told.append(door(change.row, change.field, value))
                    transaction.set_rollback(True)
        assert told == [("", "")] * 3 + [(code, change.field)], door.__name__


def test_what_was_broken_before_stands_in_the_way_of_no_other_change() -> None:
    question = f.make_question()
    [one, _other] = decided("supported", "supported", dispute=question.dispute)
    setting = f.make_rulesetting("rival_supported", "warn")
    with acting(reason="They were entered so."):
        question.exclusive = True
        question.save()
        setting.delete()
        question.exhaustive = True
        question.save()
        third = f.make_claim(published=True, dispute=question.dispute, question=None)
        f.make_published(third, code="unproven")
        Claim.objects.filter(pk=third.pk).update(question=question)
    assert Question.objects.get(pk=question.pk).exhaustive
    with pytest.raises(RuleViolation):
        f.make_relation(one, f.make_published(f.make_claim(), code="supported").claim, kind="excludes")
