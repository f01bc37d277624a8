"""The values of query parameters: what each kind takes, what it refuses, and that nothing else gets through."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from factcheck.api.fields import (
    MAX_INTEGER,
    MAX_TEXT,
    MAX_VALUES,
    Asked,
    AskedField,
    BooleanValueField,
    ChoiceValueField,
    CountryValueField,
    DateTimeValueField,
    DateValueField,
    DecimalValueField,
    EdtfValueField,
    IdValueField,
    IntegerValueField,
    LanguageValueField,
    TextValueField,
)

KINDS: dict[str, forms.Field] = {
    "text": TextValueField(required=False),
    "integer": IntegerValueField(required=False),
    "id": IdValueField(required=False),
    "decimal": DecimalValueField(required=False),
    "boolean": BooleanValueField(required=False),
    "choice": ChoiceValueField(choices=[("a", "A"), ("b", "B")], required=False),
    "moment": DateTimeValueField(required=False),
    "day": DateValueField(required=False),
    "edtf": EdtfValueField(required=False),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_given_is_nothing_asked(kind: str, nothing: str | None) -> None:
    assert not KINDS[kind].clean(nothing)


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        ("text", " Autopsy ", "Autopsy"),
        ("integer", "0", 0),
        ("integer", "-5", -5),
        ("integer", "007", 7),
        ("integer", str(MAX_INTEGER), MAX_INTEGER),
        ("integer", str(-MAX_INTEGER - 1), -MAX_INTEGER - 1),
        ("id", "1", 1),
        ("id", str(MAX_INTEGER), MAX_INTEGER),
        ("decimal", "0.5", Decimal("0.5")),
        ("decimal", "-12", Decimal(-12)),
        ("boolean", "true", True),
        ("boolean", "TRUE", True),
        ("boolean", "0", False),
        ("choice", "a", "a"),
        ("moment", "2025-07-01T14:05:00Z", datetime(2025, 7, 1, 14, 5, tzinfo=UTC)),
        ("moment", "2025-07-01T16:05:00+02:00", datetime(2025, 7, 1, 14, 5, tzinfo=UTC)),
        ("moment", "2025-07-01T14:05", datetime(2025, 7, 1, 14, 5, tzinfo=UTC)),
        ("day", "2025-07-01", date(2025, 7, 1)),
        ("day", "0999-12-31", date(999, 12, 31)),
        ("edtf", "2025-07", "2025-07"),
    ],
)
def test_each_kind_reads_its_values(kind: str, given_value: str, value: object) -> None:
    assert KINDS[kind].clean(given_value) == value


REFUSED = {
    "text": ["\x00", "a\x1bb", "\u202e", "x" * (MAX_TEXT + 1)],
    "integer": ["1.0", "1e3", "0x10", "٣", "one", str(MAX_INTEGER + 1), "9" * 5_000, "--1", "1 2", "+1"],
    "id": ["0", "-1", "1.5", "abc", str(MAX_INTEGER + 1), "null"],
    "decimal": ["1e-999999", "NaN", "Infinity", "1,5", ".5", "5.", "1.2.3", "٣", "9" * 19],
    "boolean": ["yes", "no", "2", "t", "on", "null", "truely"],
    "choice": ["A", "c", "a,b", "a "],
    "moment": [
        "2025",
        "yesterday",
        "0001-01-01T00:00Z",
        "9999-12-31T00:00Z",
        "2025-13-01T00:00Z",
        "2025-07-01T25:00Z",
        "x" * 99,
    ],
    "day": ["2025-7-1", "2025-02-30", "20250701", "0001-01-01", "9999-12-31", "2025-07-01T00:00", "٢٠٢٥-٠٧-٠١"],
    "edtf": ["2025-13", "July 2025", "2025-07-01T25:00Z", "2025/2026"],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in REFUSED.items() for value in values])
def test_what_is_none_of_them_is_refused_in_words(kind: str, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        KINDS[kind].clean(value)
    assert all(message.strip() for message in caught.value.messages)


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("integer", "x", "Enter a whole number, of at most 64 bits."),
        ("id", "0", "Enter a whole number from 1 on, of at most 64 bits."),
        ("decimal", "x", "Enter a number such as 12 or 0.5, without exponent."),
        ("boolean", "x", "Enter true or false."),
        ("choice", "x", "Choose one of: a, b."),
        ("day", "x", "Enter a day such as 2025-07-01, in the years 2 to 9998."),
    ],
)
def test_the_refusal_says_what_to_write_instead(kind: str, value: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        KINDS[kind].clean(value)
    assert caught.value.messages == [words]


SEVERAL = AskedField(IdValueField())
TEXTS = AskedField(TextValueField())


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("3", Asked((3,))),
        ("3, 1,2,3", Asked((3, 1, 2))),
        ("null", Asked(null=True)),
        ("null,3", Asked((3,), null=True)),
        ("!3,!1", Asked((3, 1), denied=True)),
        ("! 3", Asked((3,), denied=True)),
        ("!null", Asked(null=True, denied=True)),
    ],
)
def test_a_parameter_asks_for_any_of_its_values(written: str, asked: Asked) -> None:
    assert SEVERAL.clean(written) == asked


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("a,b", ("a", "b")),
        (r"a\,b", ("a,b",)),
        (r"\!a,\null", ("!a", "null")),
        (r"a\b", (r"a\b",)),
        ("a!b", ("a!b",)),
    ],
)
def test_a_backslash_takes_a_sign_as_part_of_the_value(written: str, values: tuple[str, ...]) -> None:
    assert TEXTS.clean(written) == Asked(values)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (",".join("1" for _ in range(MAX_VALUES + 1)), f"Give at most {MAX_VALUES} values."),
        ("!1,2", "Put ! before each of the values, or before none of them."),
        (",", "Give it a value at each side of a comma, and after each !."),
        ("3,,1", "Give it a value at each side of a comma, and after each !."),
        ("1,a", "Enter a whole number from 1 on, of at most 64 bits."),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(written: str, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SEVERAL.clean(written)
    assert caught.value.messages == [words]


def test_nothing_cannot_be_asked_for_where_something_always_is() -> None:
    with pytest.raises(ValidationError, match="always"):
        AskedField(IdValueField(), nothing="Something is always there.").clean("null")


@pytest.mark.parametrize(("written", "code"), [("ru", "RU"), ("AZ", "AZ")])
def test_countries_are_read_in_either_case(written: str, code: str) -> None:
    assert CountryValueField().clean(written) == code


@pytest.mark.parametrize("written", ["Russia", "XX", "RUS", "K", "R"])
def test_what_is_no_country_is_refused_with_the_way_to_write_it(written: str) -> None:
    with pytest.raises(ValidationError, match="two letters"):
        CountryValueField().clean(written)


@pytest.mark.parametrize(("written", "tag"), [("EN", "en"), ("az", "az"), ("SR-Latn", "sr-Latn")])
def test_languages_are_read_in_either_case(written: str, tag: str) -> None:
    assert LanguageValueField().clean(written) == tag


@pytest.mark.parametrize("written", ["English", "zz", "e", "en_US"])
def test_what_is_no_language_is_refused_with_the_way_to_write_it(written: str) -> None:
    with pytest.raises(ValidationError, match="BCP 47"):
        LanguageValueField().clean(written)


@given(value=st.text(max_size=50))
def test_no_text_makes_anything_but_an_asked_list_or_a_refusal(value: str) -> None:
    try:
        found = TEXTS.clean(value)
    except ValidationError:
        return
    assert found.values or found.null


@pytest.mark.parametrize("kind", KINDS)
@given(value=st.text(max_size=50))
def test_no_text_makes_anything_but_a_value_or_a_refusal(kind: str, value: str) -> None:
    try:
        found: Any = KINDS[kind].clean(value)
    except ValidationError:
        return
    if isinstance(found, int) and not isinstance(found, bool):
        assert abs(found) <= MAX_INTEGER + 1
    if isinstance(found, datetime):
        assert found.tzinfo is not None
        assert found.utcoffset() is not None
    if isinstance(found, str):
        assert "\x00" not in found


@given(st.integers(-MAX_INTEGER - 1, MAX_INTEGER))
def test_every_number_of_64_bits_is_read(number: int) -> None:
    assert KINDS["integer"].clean(str(number)) == number


@given(st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31)))
def test_every_day_of_the_calendar_is_read(day: date) -> None:
    assert KINDS["day"].clean(day.isoformat()) == day


@given(st.datetimes(min_value=datetime(2, 1, 2), max_value=datetime(9998, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_every_moment_is_read_in_its_zone(at: datetime) -> None:
    text = at.isoformat()
    # Some zones of long ago are told to the second, which makes the text longer than any moment of today.
    if len(text) <= 40 and 2 <= at.astimezone(UTC).year <= 9998:
        # In UTC: a local time that the clocks skip or repeat is equal to none of another zone.
        assert KINDS["moment"].clean(text) == at.astimezone(UTC)
