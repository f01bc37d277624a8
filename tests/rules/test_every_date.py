"""Every date that somebody enters is asked for its era, and whether it can have come, whichever noun has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import DateField, DateTimeField, QuerySet
from django.utils import timezone

from claims.choices import RuleLevel
from claims.rules.cases import DATED
from claims.rules.statement import TO_COME
from claims.rules.survey import survey
from factcheck.audit.differences import recorded_models
from factcheck.base.errors import RuleViolation
from factcheck.base.fields import EdtfDateField
from tests import factories as f

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

FIELDS = [(model, name) for model in DATED for name in DATED[model]]


def dates(model: Any) -> tuple[str, ...]:
    """The fields of a model that hold a day, but no moment at which the register itself did something."""
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (DateField, EdtfDateField)) and not isinstance(field, DateTimeField)
    )


def test_no_date_of_any_noun_is_left_out() -> None:
    walked = {model: dates(model) for model in recorded_models().values() if dates(model)}
    assert {model: set(names) for model, names in DATED.items()} == {
        model: set(names) for model, names in walked.items()
    }


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=lambda value: getattr(value, "__name__", value))
def test_no_date_is_of_another_era_or_has_not_come(model: Any, name: str) -> None:
    row = getattr(f, f"make_{model._meta.model_name}")()
    year = timezone.localdate().year
    far = 101 if name in {"due_on", "review_by", "until"} else 2
    assert refused(row, name, "2568-07-01") == ("date_in_another_era", name)
    assert refused(row, name, f"{year + far}-01-01") == ("date_in_another_era", name)
    tomorrow = timezone.localdate() + timedelta(days=2)
    assert refused(row, name, tomorrow.isoformat()) == (None if name in TO_COME else ("date_in_future", name))


def refused(row: Any, name: str, value: str) -> tuple[str, str | None] | None:
    """The rule and the field for which this day is refused."""
    changed = type(row).objects.get(pk=row.pk)
    if name == "part_of_since":
        changed.part_of = f.make_source()
    if name in {"since", "until"}:
        changed.since, changed.until = "", ""
    setattr(changed, name, value)
    try:
        changed.save()
    except RuleViolation as error:
        return error.code, error.field
    return None


def test_the_doors_name_the_field(api: Any, ann: Any) -> None:
    claim, source = f.make_claim(), f.make_source()
    asked = {"claim": claim.pk, "source": source.pk, "question": "Is it so?", "asked_on": "2568-07-01"}
    answer = api(ann).post("/api/v1/inquiries/", asked)
    told = [(error["code"], error["field"]) for error in answer.json()["errors"]]
    assert told == [("date_in_another_era", "asked_on")]
    verdict = {"claim": claim.pk, "rating": f.rating("contested").pk, "summary": "So.", "review_by": "2568-01-01"}
    answer = api(ann).post("/api/v1/verdicts/", verdict)
    assert [(error["code"], error["field"]) for error in answer.json()["errors"]] == [
        ("date_in_another_era", "review_by")
    ]


def test_older_rows_with_such_a_date_are_listed() -> None:
    f.make_inquiry()
    row = f.make_affiliation()
    QuerySet(type(row)).filter(pk=row.pk).update(until="2568")
    found = [(one.rule.code, one.field) for one in survey() if one.rule.level == RuleLevel.REFUSE]
    assert found == [("date_in_another_era", "until")]
