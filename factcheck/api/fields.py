"""Form fields for query parameters, bounded so that no value reaches a database that cannot take it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django import forms
from django.core.exceptions import ValidationError

from factcheck.base import edtf
from factcheck.base.places import validate_country, validate_language
from factcheck.base.text import check_text

MAX_INTEGER = 2**63 - 1
MAX_VALUES = 100
MAX_TEXT = 300
NULL = "null"
"""How a parameter asks for rows that have nothing there."""
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_BACKSLASH = re.compile(r"\\(?=[,!\\]|null$)(.?)", re.DOTALL)
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TextValueField(forms.CharField):
    """Checked text of at most 300 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_TEXT, **kwargs})
        self.validators.append(check_text)


class IntegerValueField(forms.Field):
    """A whole number of 64 bits."""

    minimum = -MAX_INTEGER - 1

    def to_python(self, value: object) -> int | None:
        if value in self.empty_values:
            return None
        if not _INTEGER.fullmatch(str(value)) or not self.minimum <= int(str(value)) <= MAX_INTEGER:
            start = "" if self.minimum < 0 else f" from {self.minimum} on"
            raise ValidationError(f"Enter a whole number{start}, of at most 64 bits.", code="invalid")
        return int(str(value))


class IdValueField(IntegerValueField):
    """The id of a row."""

    minimum = 1


class DecimalValueField(forms.Field):
    """A decimal number without exponent: 1e-999999 is short to write and long to store."""

    def to_python(self, value: object) -> Decimal | None:
        if value in self.empty_values:
            return None
        if not _DECIMAL.fullmatch(str(value)):
            raise ValidationError("Enter a number such as 12 or 0.5, without exponent.", code="invalid")
        return Decimal(str(value))


class BooleanValueField(forms.Field):
    """true or false, and nothing that might be meant as one of them."""

    widget = forms.TextInput

    def to_python(self, value: object) -> bool | None:
        if value in self.empty_values:
            return None
        if str(value).lower() not in {"true", "false", "1", "0"}:
            raise ValidationError("Enter true or false.", code="invalid")
        return str(value).lower() in {"true", "1"}


class ChoiceValueField(forms.ChoiceField):
    """One of the choices; the problem names them."""

    widget = forms.TextInput

    def validate(self, value: object) -> None:
        if value not in self.empty_values and not self.valid_value(value):
            listed = ", ".join(str(key) for key, _label in cast(Any, self.choices))
            raise ValidationError(f"Choose one of: {listed}.", code="invalid_choice")
        forms.Field.validate(self, value)


class DateTimeValueField(forms.Field):
    """A moment in ISO 8601. The years 1 and 9999 are left out: an offset could push them off the calendar."""

    def to_python(self, value: object) -> datetime | None:
        if value in self.empty_values:
            return None
        problem = ValidationError(
            "Enter a moment such as 2025-07-01T14:05:00Z, in the years 2 to 9998 (a + in an address is written %2B).",
            code="invalid",
        )
        try:
            moment = datetime.fromisoformat(str(value)[:40])
        except ValueError:
            raise problem from None
        if not 2 <= moment.year <= 9998 or len(str(value)) > 40:
            raise problem
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class DateValueField(forms.Field):
    """A calendar day in ISO 8601."""

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values:
            return None
        problem = ValidationError("Enter a day such as 2025-07-01, in the years 2 to 9998.", code="invalid")
        try:
            day = date.fromisoformat(str(value)) if _DATE.fullmatch(str(value)) else None
        except ValueError:
            raise problem from None
        if day is None or not 2 <= day.year <= 9998:
            raise problem
        return day


class EdtfValueField(forms.CharField):
    """A date as exact as the caller knows it: 2025, 2025-07, 2025-07-01 or 2025-07-01T14:05Z."""

    def to_python(self, value: object) -> str:
        text: str = super().to_python(value) or ""
        if text:
            try:
                edtf.parse(text)
            except ValueError:
                raise ValidationError(
                    "Enter a date such as 2025, 2025-07, 2025-07-01 or 2025-07-01T14:05Z.", code="invalid"
                ) from None
        return text


class CountryValueField(TextValueField):
    """A country by its two letters; small ones are read as capitals."""

    def clean(self, value: object) -> str:
        code = str(super().clean(value)).upper()
        try:
            validate_country(code)
        except ValidationError:
            message = "Enter a country by its two letters (ISO 3166), such as RU."
            raise ValidationError(message, code="invalid") from None
        return code


class LanguageValueField(TextValueField):
    """A language by its tag, such as az or sr-Latn; its first part is read in small letters."""

    def clean(self, value: object) -> str:
        primary, *rest = str(super().clean(value)).split("-")
        tag = "-".join([primary.lower(), *rest])
        try:
            validate_language(tag)
        except ValidationError:
            message = "Enter a language by its tag (BCP 47), such as en, az or sr-Latn."
            raise ValidationError(message, code="invalid") from None
        return tag


@dataclass(frozen=True, slots=True)
class Asked:
    """What a parameter asks for: any of these values, or nothing at all there; denied, rows of which that is not so."""

    values: tuple[Any, ...] = ()
    null: bool = False
    denied: bool = False


class AskedField(forms.Field):
    """Reads `a`, `a,b`, `null`, `a,null` and the same with `!` before each value, which denies all of them.

    A backslash before a comma, an exclamation mark or null takes that as a part of the value. `nothing` is empty where
    null can be asked for, else why it cannot.
    """

    def __init__(self, each: forms.Field, *, many: bool = True, nothing: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.each, self.many, self.nothing = each, many, nothing

    def clean(self, value: object) -> Asked:
        parts = split_values(str(value)) if self.many else [read_part(str(value).strip())]
        if any(not part.text for part in parts):
            raise ValidationError("Give it a value at each side of a comma, and after each !.", code="invalid")
        if len(parts) > MAX_VALUES:
            raise ValidationError(f"Give at most {MAX_VALUES} values.", code="too_many")
        denied = {part.denied for part in parts}
        if len(denied) > 1:
            raise ValidationError("Put ! before each of the values, or before none of them.", code="invalid")
        null = any(part.null for part in parts)
        if null and self.nothing:
            raise ValidationError(self.nothing, code="invalid")
        values = tuple(dict.fromkeys(self.each.clean(part.text) for part in parts if not part.null))
        return Asked(values, null, denied.pop())


class LackField(forms.Field):
    """Reads true or false: whether nothing is there, as the look-up `isnull` asks."""

    def __init__(self, nothing: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nothing = nothing

    def clean(self, value: object) -> Asked:
        if self.nothing:
            raise ValidationError(self.nothing, code="invalid")
        return Asked(null=True, denied=not BooleanValueField().clean(value))


class Part(NamedTuple):
    """One of the values of a parameter, as written."""

    text: str
    denied: bool
    null: bool


def read_part(written: str) -> Part:
    """What one value says: `!` before it denies it, and null is nothing unless a backslash stands before it."""
    denied = written.startswith("!")
    text = written[1:].strip() if denied else written
    return Part(_BACKSLASH.sub(r"\1", text), denied, text == NULL)


def split_values(text: str) -> list[Part]:
    """The values between the commas of a parameter, also where there is none."""
    parts, start = [], 0
    for found in _ESCAPED.sub("__", text).split(","):
        parts.append(read_part(text[start : start + len(found)].strip()))
        start += len(found) + 1
    return parts
