"""The short names of rows: there is always another one, whatever is taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import QuerySet

from factcheck.base.slug import NUMBERED
from factcheck.models.recorded import RecordedModel

pytestmark = pytest.mark.django_db

NOUNS = [
    model
    for model in apps.get_models()
    if issubclass(model, RecordedModel) and "slug" in {field.name for field in model._meta.get_fields()}
]


def called(model: Any, name: str, **values: Any) -> Any:
    """A row of the noun with this name, whatever the noun calls its name."""
    names = {field.name for field in model._meta.concrete_fields}
    return model(**{"name" if "name" in names else "title": name}, **values)


@pytest.mark.parametrize("model", NOUNS, ids=lambda model: model.__name__)
def test_there_is_a_short_name_for_every_row_in_another_script(model, django_assert_num_queries):
    stem = model._meta.model_name
    taken = [stem, *(f"{stem}-{number}" for number in range(2, NUMBERED))]
    # Past save(), which would write a history for each.
    QuerySet.bulk_create(QuerySet(model), [called(model, "Свидетель", slug=slug) for slug in taken])
    rows = [called(model, "Свидетель") for _ in range(3)]
    for row in rows:
        with django_assert_num_queries(2):
            row.clean()
        QuerySet.bulk_create(QuerySet(model), [row])
    assert rows[0].slug == f"{stem}-{NUMBERED}"
    assert len({row.slug for row in rows} - set(taken)) == 3
    assert all(row.slug.startswith(f"{stem}-") for row in rows)
    for row in rows:
        row.clean_fields(exclude=[field.name for field in model._meta.fields if field.name != "slug"])


@pytest.mark.parametrize("model", NOUNS, ids=lambda model: model.__name__)
def test_a_name_of_its_own_is_asked_for_once(model, django_assert_num_queries):
    row = called(model, "A name of its own")
    with django_assert_num_queries(1):
        row.clean()
    assert row.slug == "a-name-of-its-own"


@pytest.mark.parametrize("model", NOUNS, ids=lambda model: model.__name__)
def test_a_short_name_that_somebody_chose_is_passed_over(model):
    stem = model._meta.model_name
    QuerySet.bulk_create(
        QuerySet(model), [called(model, "x", slug=slug) for slug in (stem, f"{stem}-3", f"{stem}-{'9' * 40}")]
    )
    rows = [called(model, "Свидетель"), called(model, "証人")]
    for row in rows:
        row.clean()
        QuerySet.bulk_create(QuerySet(model), [row])
    assert [row.slug for row in rows] == [f"{stem}-2", f"{stem}-4"]
