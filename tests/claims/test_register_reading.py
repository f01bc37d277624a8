"""Register files read line by line as functions: the header, the way from older versions, and the values."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.register import upgrades
from claims.register.header import Header, read_header
from claims.register.nouns import LINES, fields_of
from claims.register.problem import Wrong
from claims.register.upgrades import OLDEST, SCHEMA_VERSION, Upgrade, upgrade_noun
from claims.register.values import InvalidValue, Person, Reference, _day, readers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FIELDS = [(noun, field) for noun in LINES for field in fields_of(noun)]


def reader_of(kind: type[models.Field]) -> Any:
    """What reads the first field of this very kind that is no reference."""
    for noun, field in FIELDS:
        if type(field).__mro__.count(kind) and not field.is_relation and not field.primary_key:
            if kind is models.DateField and isinstance(field, models.DateTimeField):
                continue
            return readers(noun)[field.name][1]
    raise AssertionError(f"no noun has a {kind.__name__}")


# --- the header ---


def test_a_header_of_this_version_is_read() -> None:
    columns = {"rating": ["id", "version"], "claim": []}
    assert read_header("register", {"schema_version": SCHEMA_VERSION, "columns": columns}) == Header(
        SCHEMA_VERSION, columns
    )


def test_the_columns_of_a_version_that_lists_none_are_not_looked_at() -> None:
    assert read_header("register", {"schema_version": 1, "columns": "nonsense"}) == Header(1, None)


@pytest.mark.parametrize("noun", [None, "", "claim", "Register", "register ", 1, ["register"], {"register": 1}, True])
def test_a_first_line_of_another_type_is_no_register(noun: Any) -> None:
    with pytest.raises(Wrong, match="no register"):
        read_header(noun, {"schema_version": SCHEMA_VERSION, "columns": {}})


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (None, "does not say which version"),
        (True, "whole number"),
        (False, "whole number"),
        (0, "whole number"),
        (-1, "whole number"),
        (OLDEST - 1, "whole number"),
        (1.0, "whole number"),
        ("2", "whole number"),
        ([2], "whole number"),
        ({}, "whole number"),
        (SCHEMA_VERSION + 1, "newer"),
        (10**400, "newer"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_version_that_cannot_be_read_is_refused_in_words(version: Any, words: str) -> None:
    with pytest.raises(Wrong, match=words):
        read_header("register", {"schema_version": version, "columns": {}})


@pytest.mark.parametrize(
    "columns",
    [None, [], "id", 1, {"claim": None}, {"claim": "id"}, {"claim": ["id", "id"]}, {"claim": [1]}, {"c": [[]]}],
)
def test_columns_that_are_no_lists_of_names_are_refused(columns: Any) -> None:
    with pytest.raises(Wrong, match="List the columns"):
        read_header("register", {"schema_version": SCHEMA_VERSION, "columns": columns})


@given(JSON, JSON)
@settings(max_examples=40)
def test_no_header_makes_anything_but_a_header_or_a_refusal(version: Any, columns: Any) -> None:
    try:
        header = read_header("register", {"schema_version": version, "columns": columns})
    except Wrong:
        return
    assert OLDEST <= header.version <= SCHEMA_VERSION
    assert header.columns is None or all(len(names) == len(set(names)) for names in header.columns.values())


# --- from older versions ---

NAMES = ("a", "b", "c", "d")
RENAMED = st.dictionaries(st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES), max_size=3)
UPGRADE = st.builds(
    Upgrade,
    nouns=st.dictionaries(st.sampled_from(["claim", "fact"]), st.sampled_from(["claim", "fact", None]), max_size=1),
    columns=st.dictionaries(st.sampled_from(["claim", "fact"]), RENAMED, max_size=2),
    values=st.dictionaries(
        st.sampled_from(["claim", "fact"]), st.dictionaries(st.sampled_from(["x", "y"]), st.integers(), max_size=2)
    ),
)


@contextmanager
def way_of(*steps: Upgrade) -> Any:
    """As if there were as many versions as these steps lead through, and one."""
    with (
        mock.patch.object(upgrades, "SCHEMA_VERSION", len(steps) + 1),
        mock.patch.object(upgrades, "UPGRADES", dict(enumerate(steps, start=1))),
    ):
        yield


def renamed_by_hand(steps: tuple[Upgrade, ...], noun: str | None, column: str | None) -> tuple[str | None, str | None]:
    """What becomes of one column, step by step."""
    for step in steps:
        if noun is None:
            break
        noun = step.nouns.get(noun, noun)
        if noun is not None and column is not None and noun in step.columns and column in step.columns[noun]:
            column = step.columns[noun][column]
    return noun, column


@given(st.lists(UPGRADE, max_size=3).map(tuple), st.sampled_from(["claim", "fact"]))
@settings(max_examples=40)
def test_each_column_is_renamed_as_step_by_step_by_hand(steps: tuple[Upgrade, ...], noun: str) -> None:
    with way_of(*steps):
        found = upgrade_noun(1, noun, NAMES)
    by_hand = {column: renamed_by_hand(steps, noun, column) for column in NAMES}
    if found is None:
        assert {now for now, _column in by_hand.values()} == {None}
    else:
        assert {column: (found.noun, name) for column, name in found.columns.items()} == by_hand


@given(UPGRADE, UPGRADE)
@settings(max_examples=40)
def test_a_file_of_a_later_version_takes_the_last_steps_only(first: Upgrade, last: Upgrade) -> None:
    with way_of(first, last):
        later = upgrade_noun(2, "claim", NAMES)
        assert upgrade_noun(3, "claim", NAMES) == upgrades.Upgraded("claim", {name: name for name in NAMES}, {})
    with way_of(last):
        assert upgrade_noun(1, "claim", NAMES) == later


def test_two_columns_that_change_places_do_not_become_one() -> None:
    with way_of(Upgrade(columns={"claim": {"a": "b", "b": "a"}})):
        found = upgrade_noun(1, "claim", ["a", "b"])
    assert found is not None
    assert found.columns == {"a": "b", "b": "a"}


def test_a_value_that_was_given_is_renamed_removed_and_given_again() -> None:
    give = Upgrade(values={"claim": {"x": 1, "y": 2, "z": 3}})
    move = Upgrade(columns={"claim": {"x": "new", "y": None}}, values={"claim": {"z": 4}})
    with way_of(give, move):
        found = upgrade_noun(1, "claim", [])
        later = upgrade_noun(2, "claim", ["y"])
    assert found is not None
    assert found.values == {"new": 1, "z": 4}
    assert later is not None
    assert (later.columns, later.values) == ({"y": None}, {"z": 4})


def test_nothing_that_was_given_is_kept_for_the_next_noun() -> None:
    values = {"claim": {"x": 1}}
    with way_of(Upgrade(values=values)):
        first = upgrade_noun(1, "claim", [])
        assert first is not None
        first.values["x"] = 2
        assert upgrade_noun(1, "claim", []) == upgrades.Upgraded("claim", {}, {"x": 1})


# --- values ---


@pytest.mark.parametrize(("noun", "field"), FIELDS, ids=lambda value: getattr(value, "name", value))
def test_null_is_read_where_the_column_may_be_null_and_nowhere_else(noun: str, field: models.Field) -> None:
    _attribute, read = readers(noun)[field.name]
    if field.null:
        assert read(None) is None
    else:
        with pytest.raises(InvalidValue, match="null"):
            read(None)


@given(st.sampled_from(FIELDS), JSON)
@settings(max_examples=40)
def test_no_json_makes_anything_but_a_value_or_a_refusal(where: tuple[str, Any], value: Any) -> None:
    noun, field = where
    try:
        read = readers(noun)[field.name][1](json.loads(json.dumps(value)))
    except InvalidValue as refusal:
        assert str(refusal).endswith((".", "Z.", '"}.', "}."))  # noqa: PT017 - either is right
    else:
        if isinstance(field, models.BooleanField):
            assert isinstance(read, bool | None)


@pytest.mark.parametrize("text", ["0", "-0", "12.5", "-12.5000", "9" * 20, "0." + "9" * 12, "007"])
def test_a_decimal_number_is_read_from_its_text_without_loss(text: str) -> None:
    assert reader_of(models.DecimalField)(text) == Decimal(text)


@pytest.mark.parametrize(
    "value",
    [12.5, 12, True, "", ".5", "5.", "+5", "1e3", "1E+3", "NaN", "Infinity", "9" * 21, "0." + "1" * 13, " 1",
     "1\n", "١",
     "1,5", "1_0"],
)  # fmt: skip
def test_what_is_no_decimal_text_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="decimal"):
        reader_of(models.DecimalField)(value)


@given(st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30)), st.integers(-23 * 60, 23 * 60))  # noqa: DTZ001
@settings(max_examples=40)
def test_a_moment_is_read_in_its_zone(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    read = reader_of(models.DateTimeField)(f"{moment.isoformat(timespec='microseconds')}{sign}{hours:02}:{rest:02}")
    assert read.tzinfo is UTC
    assert read.replace(tzinfo=None) == moment - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "value",
    [
        "", "2025-07-01", "2025-07-01T14:05:00", "2025-07-01 14:05:00Z", "2025-07-01T14:05:00+25:00",
        "2025-02-30T00:00:00Z",
        "2025-07-01T24:01:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2025-07-01T14:05:00z",
        "２０２５-07-01T14:05:00Z", "2025-07-01T14:05:00Z\n", "2025-W27-2T00:00:00Z", 1751378700, True, [],
        "2025-07-01T:::::Z", "2025-07-01T14:05:60Z",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_moment_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue, match="moment"):
        reader_of(models.DateTimeField)(value)


@given(st.dates(date(2, 1, 1)))
@settings(max_examples=40)
def test_a_day_is_read(day: date) -> None:

    assert _day(day.isoformat()) == day


@pytest.mark.parametrize("value", [1, "", "0", "no", [], {}, 1.0])
def test_what_is_not_true_or_false_is_refused(value: Any) -> None:
    reader = next(readers(noun)[f.name][1] for noun, f in FIELDS if isinstance(f, models.BooleanField))
    assert (reader(True), reader(False)) == (True, False)
    with pytest.raises(InvalidValue):
        reader(value)


REFERENCES = [
    (noun, field, read)
    for noun in LINES
    for field in fields_of(noun)
    if field.is_relation
    for read in [readers(noun)[field.name][1]]
]


@pytest.mark.parametrize(("noun", "field", "read"), REFERENCES, ids=lambda value: getattr(value, "name", ""))
def test_a_reference_is_a_row_by_its_number_or_a_person_by_name(noun: str, field: models.Field, read: Any) -> None:
    try:
        found = read({"id": 7, "username": "ann"})
    except InvalidValue:
        pytest.fail("neither a number nor a name was enough")
    assert found == Person("ann") or (isinstance(found, Reference) and found.key == 7 and found.noun in LINES)
    for wrong in (0, -1, True, 1.0, "7", [7], {}, {"id": "7"}, {"id": {"id": 7}}, {"username": 7}, {"username": None}):
        with pytest.raises(InvalidValue):
            read(wrong)
