"""Model fields that every noun shares: checked text, web addresses, dates with precision, tags."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from factcheck.base import edtf
from factcheck.base.text import check_text, fold, normalise_url, validate_http_url

EXACT_DIGITS = 15
"""How many digits of a number every engine keeps: SQLite stores a decimal as a floating-point number."""
TEXT_LIMIT = 10_000
URL_LIMIT = 2_000


class LineField(models.CharField):
    """One line of checked text; white space is folded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        super().__init__(*args, **kwargs)

    default_validators = [check_text]

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        return fold(value) if isinstance(value, str) else value


class PlainTextField(models.TextField):
    """Checked text of any number of lines, 10,000 characters unless said otherwise."""

    default_validators = [check_text]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_LIMIT)
        super().__init__(*args, **kwargs)

    def clean(self, value: object, model_instance: models.Model | None) -> Any:
        text = super().clean(value, model_instance)
        if text and self.max_length and len(text) > self.max_length:
            raise ValidationError(f"Shorten this to {self.max_length} characters.", code="max_length")
        return text


class HttpURLField(models.CharField):
    """An http(s) address in its one normal spelling; no other scheme can be stored."""

    default_validators = [validate_http_url]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", URL_LIMIT)
        super().__init__(*args, **kwargs)

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        return normalise_url(value) if isinstance(value, str) and value else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.CharField, **kwargs})


def validate_edtf(value: str) -> None:
    """Raise ValidationError unless `value` is a date with the precision it has."""
    try:
        edtf.parse(value)
    except ValueError:
        raise ValidationError(
            "Enter a date as exact as it is known: 2025, 2025-07, 2025-07-01 or 2025-07-01T14:05Z.", code="invalid_date"
        ) from None


class EdtfDateField(models.CharField):
    """A date with the precision the world gives, as EDTF level 0 text; sorts in order of time."""

    default_validators = [validate_edtf]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 17
        super().__init__(*args, **kwargs)

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        return value.strip() if isinstance(value, str) else value


def validate_labels(value: object) -> None:
    """Raise ValidationError unless `value` is a list of at most 50 different short texts."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValidationError('Enter a list of short texts, such as ["aviation", "sanctions"].', code="invalid_list")
    if len(value) > 50 or len(set(value)) != len(value):
        raise ValidationError("Give at most 50 entries, each once.", code="invalid_list")
    for entry in value:
        check_text(entry)
        if not entry.strip() or len(entry) > 300:
            raise ValidationError("Each entry has 1 to 300 characters.", code="invalid_list")


class LabelsField(models.JSONField):
    """A list of short texts (tags, aliases), each once; `field__has="x"` finds the rows that hold one."""

    default_validators = [validate_labels]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


def validate_numbers(value: object) -> None:
    """Raise ValidationError unless `value` is a list of at most 50 different ids."""
    if not isinstance(value, list) or not all(type(entry) is int and 0 < entry < 2**63 for entry in value):
        raise ValidationError("Enter a list of ids, such as [3, 17].", code="invalid_list")
    if len(value) > 50 or len(set(value)) != len(value):
        raise ValidationError("Give at most 50 entries, each once.", code="invalid_list")


class NumbersField(LabelsField):
    """A list of ids of rows, each once."""

    default_validators = [validate_numbers]

    def to_python(self, value: object) -> Any:
        value = super().to_python(value)
        if not isinstance(value, list):
            return value
        # As a form gives them.
        return [int(one) if isinstance(one, str) and one.isascii() and one.isdigit() else one for one in value]


@LabelsField.register_lookup
class Has(models.Lookup):
    """`tags__has="x"`: the list holds exactly this entry, on both engines."""

    lookup_name = "has"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: object, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [str(value)]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} @> to_jsonb({right}::text)", [*left_params, *right_params]
        return f"EXISTS (SELECT 1 FROM json_each({left}) WHERE json_each.value = {right})", [  # noqa: S608 - both sides are compiled by Django
            *left_params,
            *right_params,
        ]


def check_exact(row: models.Model, *names: str) -> None:
    """Raise ValidationError, by field, for a decimal number with more digits than every engine keeps."""
    long = {
        name: ValidationError(f"Give at most {EXACT_DIGITS} digits: longer numbers are not kept exactly.", "max_digits")
        for name in names
        if isinstance(value := getattr(row, name), Decimal) and len(value.normalize().as_tuple().digits) > EXACT_DIGITS
    }
    if long:
        raise ValidationError(long)
