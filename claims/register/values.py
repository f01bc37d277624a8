"""Reads the values of a row as the kind of its column wants them, and no others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from claims.register.nouns import Field, fields_of, noun_of, refers_to_person

_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})")


class InvalidValue(Exception):
    """A value that a column cannot hold."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another row, by its noun and number."""

    noun: str
    key: int


@dataclass(frozen=True, slots=True)
class Person:
    """An account, by its name."""

    username: str


Reader = Callable[[object], object]


@cache
def readers(noun: str) -> dict[str, tuple[str, Reader]]:
    """For each field of a noun, by its name: its attribute, and what reads its value or raises InvalidValue."""
    return {field.name: (field.attname, _reader(field)) for field in fields_of(noun)}


def default_of(field: Field) -> Callable[[], object] | None:
    """What makes the value of a field that a file never had: its default, null or the empty text; None without any.

    It is what the rows of a register got that were there when the field was added.
    """
    # A reference has no default but null: the number of some row here says nothing of the register of the file.
    if not field.is_relation:
        if field.has_default():
            return field.get_default
        stored = field.db_default.value if isinstance(field.db_default, models.Value) else field.db_default
        # What an expression comes to is known when the row is stored, which is too late for its checks and its history.
        if field.has_db_default() and not hasattr(stored, "resolve_expression"):
            return lambda: stored
    if field.null:
        return lambda: None
    return str if field.blank and field.empty_strings_allowed else None


def _reader(field: Field) -> Reader:
    read = _plain_reader(field)

    def read_value(value: object) -> object:
        if value is not None:
            return read(value)
        if not field.null:
            raise InvalidValue("This field may not be null.")
        return None

    return read_value


def _plain_reader(field: Field) -> Reader:
    if refers_to_person(field):
        return _person
    if field.is_relation and field.related_model is not None:
        noun = noun_of(field.related_model)
        return lambda value: Reference(noun, _number(value.get("id") if isinstance(value, dict) else value))
    if field.primary_key:
        return _number
    return next(read for kind, read in _READERS if isinstance(field, kind))


def _person(value: object) -> Person:
    name = value.get("username") if isinstance(value, dict) else None
    if not isinstance(name, str):
        raise InvalidValue('Give a person as {"username": "..."}.')
    return Person(name)


def _number(value: object) -> int:
    # True is an int to Python, and no number.
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidValue('Give a number from 1 on; a reference is {"id": 7}.')
    return value


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidValue("Give a whole number.")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidValue("Give a text.")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValue("Give true or false.")
    return value


def _decimal(value: object) -> Decimal:
    # As text: a number of JSON would have lost digits by now.
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise InvalidValue('Give a decimal number as a text, such as "12.5".')
    return Decimal(value)


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and _MOMENT.fullmatch(value) else None
    except ValueError:
        moment = None
    # The years 1 and 9999 are left out: an offset could push them off the calendar.
    if moment is None or not 2 <= moment.year <= 9998:
        raise InvalidValue("Give a moment with its zone, such as 2025-07-01T14:05:00Z.")
    return moment.astimezone(UTC)


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or day.year < 2:
        raise InvalidValue("Give a day, such as 2025-07-01.")
    return day


# The first that fits: a moment is a day to Django's classes.
_READERS: tuple[tuple[type[models.Field[Any, Any]], Reader], ...] = (
    (models.BooleanField, _boolean),
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.DecimalField, _decimal),
    (models.IntegerField, _integer),
    (models.JSONField, lambda value: value),
    (models.FileField, _text),
    (models.TextField, _text),
    (models.CharField, _text),
)
