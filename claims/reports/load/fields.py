"""Reads the fields of a content class from a row: each column in the words of a reader, as its kind asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone

from claims.logic import wording
from claims.reports.content.declare import NEVER, NO_TERM, Term, When, declared
from factcheck.base.edtf import in_words
from factcheck.base.fields import EdtfDateField, HttpURLField
from factcheck.base.places import country_name, language_name, validate_country, validate_language
from factcheck.base.text import validate_http_url

Content = TypeVar("Content")
Read = Callable[[Any], object]

_UNSAFE = re.compile(r"[\s<>\"'`\\^{|}]")


def content_of(content: type[Content], row: models.Model, **given: object) -> Content:
    """The content of a row: what is `given`, and every other field from the column of the same name.

    Raises TypeError for a field that is neither given nor a column, or a column that refers to another row: which
    words stand for that is for the caller to say.
    """
    return content(**columns_of(content, row) | given)


def columns_of(content: type, row: models.Model, part: str = "") -> dict[str, object]:
    """The fields of this part of the content that are columns of the row, in words."""
    return {name: read(getattr(row, name)) for name, read in _readers(content, type(row), part)}


@cache
def _readers(content: type, model: type[models.Model], part: str) -> tuple[tuple[str, Read], ...]:
    shown = declared(content)
    found = []
    for name in (field.name for field in fields(content)):
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        belongs = (shown[name].part if name in shown else "") == part
        if belongs and isinstance(column, models.Field) and not column.is_relation:
            found.append((name, _reader(column)))
    return tuple(found)


def _reader(column: models.Field[Any, Any]) -> Read:
    if column.choices:
        labels = dict(column.flatchoices)
        return lambda code: _worded(code, labels)
    match column:
        case EdtfDateField():
            return when
        case models.DateTimeField():
            return moment
        case models.DateField():
            return day
        case HttpURLField():
            return web_address
        case models.JSONField():
            return tuple
    if validate_language in column.validators:
        return language
    if validate_country in column.validators:
        return country
    return _as_it_is


def _as_it_is(value: object) -> object:
    return value


def term(code: str | int | None, choices: type[models.Choices]) -> Term:
    """The code of a vocabulary with its words."""
    return _worded(code, dict(choices.choices))


def _worded(code: str | int | None, labels: Mapping[Any, Any]) -> Term:
    """The code with its words: `Asserts: says that it is so` becomes `asserts`.

    A grade of the Admiralty code is called by its own letter or number; there the words come first, as in
    `probably true (2)`.
    """
    if code in (None, ""):
        return NO_TERM
    label, _colon, meaning = str(labels.get(code, code)).partition(": ")
    return Term(str(code), f"{meaning} ({label})" if meaning and label == str(code) else label.lower())


# Reports say the same few dates, languages and addresses over and over.
@lru_cache(maxsize=4096)
def when(text: str) -> When:
    """A date with precision; what is no such date comes back as it is written."""
    try:
        return When(text, in_words(text))
    except ValueError:
        return When(text, text)


def moment(at: datetime | None) -> When:
    """A moment, in the time zone of the register."""
    if at is None:
        return NEVER
    at = timezone.localtime(at)
    return When(at.isoformat(timespec="seconds"), wording.moment(at))


def day(on: date | None) -> When:
    """A day, as a date of that precision."""
    return when(on.isoformat() if on else "")


@lru_cache(maxsize=512)
def language(tag: str) -> Term:
    """The language with its English name."""
    return Term(tag, language_name(tag) if tag else "")


@lru_cache(maxsize=512)
def country(code: str) -> Term:
    """The country with its English name."""
    return Term(code, country_name(code))


@lru_cache(maxsize=4096)
def web_address(url: str) -> str:
    """The address, if it is one that may become a link; empty for any other scheme, however it came into the row."""
    cleaned = _UNSAFE.sub(lambda found: quote(found.group()), url.strip()) if url else ""
    try:
        validate_http_url(cleaned)
    except ValidationError:
        return ""
    return cleaned
