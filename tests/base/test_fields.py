"""The shared model fields: what they make of a value before it is stored."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from factcheck.base.fields import EdtfDateField, HttpURLField, LabelsField, LineField, PlainTextField, validate_labels

FIELDS = {
    "line": LineField(max_length=20),
    "text": PlainTextField(max_length=20),
    "url": HttpURLField(),
    "date": EdtfDateField(),
    "labels": LabelsField(),
}


@pytest.mark.parametrize(
    ("name", "given_", "stored"),
    [
        ("line", "  a \t\n b ", "a b"),
        ("line", 12, "12"),
        ("text", " a\r\n b ", " a\r\n b "),
        ("url", "HTTP://E.org:80#x", "http://e.org/"),
        ("date", " 2025-07 ", "2025-07"),
        ("labels", ["a", "b c"], ["a", "b c"]),
    ],
)
def test_value_as_it_is_stored(name: str, given_: Any, stored: Any) -> None:
    assert FIELDS[name].clean(given_, None) == stored


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("line", ""),
        ("line", " \n "),
        ("line", "x" * 21),
        ("line", None),
        ("text", "x" * 21),
        ("text", ""),
        ("url", "ftp://e.org"),
        ("url", ""),
        ("date", "07/2025"),
        ("labels", "a"),
        ("labels", None),
        ("labels", [None]),
    ],
)
def test_refused_value(name: str, bad: Any) -> None:
    with pytest.raises(ValidationError):
        FIELDS[name].clean(bad, None)


@given(st.sampled_from(["line", "text", "url", "date"]), st.text())
def test_stored_value_is_stored_unchanged_again(name: str, text: str) -> None:
    """The digest of a historical row is taken of what to_python gives, and compared with what is read back."""
    stored = FIELDS[name].to_python(text)
    assert FIELDS[name].to_python(stored) == stored


@given(st.lists(st.text(min_size=1, max_size=5), max_size=60))
def test_labels(labels: list[str]) -> None:
    try:
        validate_labels(labels)
    except ValidationError:
        return
    assert len(labels) <= 50
    assert len(set(labels)) == len(labels)
    assert all(label.strip() for label in labels)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_field_can_be_written_into_a_migration(field: Any) -> None:
    _name, path, args, kwargs = field.deconstruct()
    module, _dot, name = path.rpartition(".")
    again = getattr(__import__(module, fromlist=[name]), name)(*args, **kwargs)
    assert again.max_length == field.max_length
