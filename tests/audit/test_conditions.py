"""What a row keeps by its own values is what the database finds it to keep."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from claims.models import EvidenceLink
from factcheck.models.conditions import surely_keeps
from factcheck.models.recorded import RecordedModel
from sources.models import Document

pytestmark = pytest.mark.django_db

CONSTRAINTS = [
    (model, constraint)
    for model in apps.get_models()
    if issubclass(model, RecordedModel)
    for constraint in model._meta.constraints
    if isinstance(constraint, models.CheckConstraint)
]


def named_in(condition: Any) -> set[str]:
    """The fields of which a condition speaks."""
    if isinstance(condition, tuple):
        return {condition[0].partition("__")[0]} | (
            {condition[1].name} if isinstance(condition[1], models.F) else set()
        )
    return {name for child in condition.children for name in named_in(child)}


def values_for(field: Any) -> list[Any]:
    if field.choices:
        return ["", *(code for code, _label in field.choices)]
    if isinstance(field, models.BooleanField):
        return [False, True]
    if isinstance(field, models.DecimalField):
        return [None, Decimal("-1.5"), 2, "10"]
    if isinstance(field, models.DateTimeField):
        return [None, timezone.now()]
    return [None, 1, 2] if field.is_relation else ["", "so"]


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS, ids=[one.name for _model, one in CONSTRAINTS])
def test_a_row_keeps_by_its_values_what_the_database_finds_it_to_keep(model, constraint):
    fields = [model._meta.get_field(name) for name in sorted(named_in(constraint.condition))]
    kept = set()
    for values in itertools.islice(itertools.product(*map(values_for, fields)), 100):
        row = model(**{field.attname: value for field, value in zip(fields, values, strict=True)})
        try:
            constraint.validate(model, row)
            found = True
        except ValidationError:
            found = False
        assert surely_keeps(row, constraint) is found, values
        kept.add(found)
    assert kept == {True, False}


def test_what_is_unique_among_some_rows_is_no_business_of_the_others():
    [once] = [found for found in Document._meta.constraints if found.name == "document_url_once"]
    assert surely_keeps(Document(url=""), once)
    assert not surely_keeps(Document(url="https://example.org/"), once)
    [first] = [found for found in EvidenceLink._meta.constraints if found.name == "evidence_link_once"]
    assert surely_keeps(EvidenceLink(evidence_id=1, claim_id=1, withdrawn_at=timezone.now()), first)
    assert not surely_keeps(EvidenceLink(evidence_id=1, claim_id=1), first)
