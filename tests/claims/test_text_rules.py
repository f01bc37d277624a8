"""What no text field of any noun stores, whoever saves it and however."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from factcheck.base.fields import EdtfDateField, HttpURLField, LabelsField, LineField, PlainTextField
from factcheck.models.recorded import RecordedModel
from tests.factories import (
    make_assessment,
    make_attribution,
    make_claim,
    make_dispute,
    make_document,
    make_evidence,
    make_import,
    make_inquiry,
    make_link,
    make_rating,
    make_relation,
    make_review,
    make_scale,
    make_snapshot,
    make_source,
    make_verdict,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]
MAKERS = {
    "source": make_source,
    "document": make_document,
    "snapshot": make_snapshot,
    "dispute": make_dispute,
    "claim": make_claim,
    "claimrelation": make_relation,
    "attribution": make_attribution,
    "evidence": make_evidence,
    "evidencelink": make_link,
    "assessment": make_assessment,
    "ratingscale": make_scale,
    "rating": make_rating,
    "verdict": make_verdict,
    "review": make_review,
    "inquiry": make_inquiry,
    "importbatch": make_import,
}
BAD_TEXT = {
    "NUL": "a\x00b",
    "escape": "a\x1bb",
    "delete": "a\x7fb",
    "lone surrogate": "a\ud800b",
    "override": "a\u202eb",
    "isolate": "a\u2066b",
    "non-character": "a\uffffb",
}
BAD_URLS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "ftp://example.org/a",
    "file:///etc/passwd",
    "//example.org/a",
    "https:example.org",
    "https://",
    "https:///a",
    "https://user@example.org/",
    "https://user:word@example.org/",
    "https://@example.org/",
    "https://example.org\\@127.0.0.1/",
    "https://exa mple.org/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://[::1/",
    "https://example.org/\x00",
    "https://example.org/\u202e",
    "https://example.org/\ud800",
    "example.org",
    "https://example.org/" + "a" * 2_000,
)


def nouns() -> Iterator[type[RecordedModel]]:
    for app in ("sources", "claims"):
        for model in apps.get_app_config(app).get_models():
            if issubclass(model, RecordedModel) and model._meta.model_name in MAKERS:
                yield model


def fields(*kinds: type[models.Field]) -> list[Any]:
    return [
        pytest.param(model, field, id=f"{model._meta.model_name}.{field.name}")
        for model in nouns()
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) and not field.choices
    ]


def new_row(model: type[RecordedModel]) -> Any:
    """A valid row that is not yet stored."""
    row = MAKERS[model._meta.model_name or ""]()
    row.pk, row._state.adding = None, True
    return row


def refused(row: Any, name: str, value: Any) -> None:
    setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.save()
    assert list(refusal.value.message_dict) == [name]
    with pytest.raises(ValidationError) as refusal:
        type(row).objects.bulk_create([row])
    assert list(refusal.value.message_dict) == [name]


def test_every_noun_with_text_is_walked() -> None:
    walked = {model._meta.model_name for model in nouns()}
    assert walked == set(MAKERS)


@pytest.mark.parametrize(("model", "field"), fields(models.CharField, models.TextField))
def test_bad_text_is_refused(model: Any, field: Any) -> None:
    row = new_row(model)
    for bad in BAD_TEXT.values():
        refused(row, field.name, bad)


@pytest.mark.parametrize(("model", "field"), fields(LabelsField))
def test_bad_label_is_refused(model: Any, field: Any) -> None:
    row = new_row(model)
    for bad in (
        [BAD_TEXT["NUL"]],
        ["a\ud800"],
        [" "],
        ["a", "a"],
        [1],
        "a",
        {"a": 1},
        ["a" * 301],
        list(map(str, range(51))),
    ):
        refused(row, field.name, bad)


@pytest.mark.parametrize("name", ["counts", "problems"])
def test_bad_text_in_the_record_of_an_import_is_refused(name: str) -> None:
    row = make_import()
    row.pk, row._state.adding = None, True
    for bad in ({"a": ["b\x00"]}, {"a\ud800": 1}, [{"row": {"text": "\u202e"}}]):
        refused(row, name, bad)


@pytest.mark.parametrize(("model", "field"), fields(HttpURLField))
def test_bad_address_is_refused(model: Any, field: Any) -> None:
    row = new_row(model)
    for bad in BAD_URLS:
        refused(row, field.name, bad)


@pytest.mark.parametrize(("model", "field"), fields(LineField, PlainTextField))
def test_longest_text_is_stored_whole_and_a_longer_one_refused(model: Any, field: Any) -> None:
    assert field.max_length
    row = new_row(model)
    refused(row, field.name, "ä" * (field.max_length + 1))
    setattr(row, field.name, "ä" * field.max_length)
    row.clean_fields(exclude={f.name for f in model._meta.fields if f.name != field.name})
    assert len(getattr(row, field.name)) == field.max_length


@pytest.mark.parametrize(("model", "field"), fields(EdtfDateField))
def test_bad_date_is_refused(model: Any, field: Any) -> None:
    row = new_row(model)
    for bad in ("yesterday", "2025-13", "2025-02-30", "25", "2025-7", "2025-07-01T25:00Z", "0000", "9999", "２０２５"):
        refused(row, field.name, bad)


def test_update_of_many_refuses_the_same() -> None:
    source, claim = make_source("A"), make_claim()
    rows = type(source).objects.filter(pk=source.pk)
    for name, bad in (
        ("name", "a\x00"),
        ("name", ""),
        ("name", "x" * 301),
        ("website", "javascript:alert(1)"),
        ("kind", "alien"),
        ("aliases", ["a", "a"]),
        ("country", "XX"),
    ):
        with pytest.raises(ValidationError) as refusal:
            rows.update(**{name: bad})
        assert list(refusal.value.message_dict) == [name]
        setattr(source, name, bad)
        with pytest.raises(ValidationError):
            rows.bulk_update([source], [name])
        source.refresh_from_db()
    rows.update(name="  B \n c", website="HTTPS://Example.org:443#x")
    assert rows.values_list("name", "website").get() == ("B c", "https://example.org/")
    assert type(claim).objects.filter(text="a").update(text="b") == 0


def test_bad_value_of_a_choice_is_refused() -> None:
    for model in nouns():
        row = new_row(model)
        for field in model._meta.concrete_fields:
            if field.choices and field.editable:  # the others are set by services alone
                stored = getattr(row, field.name)
                refused(row, field.name, 99 if isinstance(field, models.IntegerField) else "\x00")
                setattr(row, field.name, stored)
