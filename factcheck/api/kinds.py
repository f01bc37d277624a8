"""The kinds of filter: each bounds the values it takes, says what rows they choose, and describes itself in OpenAPI."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from factcheck.api import fields
from factcheck.api.fields import Asked
from factcheck.api.kind import Kind
from factcheck.api.problem import bad_parameter
from factcheck.base import edtf
from factcheck.search.find import has_entry

Choices = type[models.Choices] | Iterable[tuple[Any, Any]]


class TextFilter(Kind):
    """Exact text."""

    each = fields.TextValueField
    schema = {"type": "string", "maxLength": fields.MAX_TEXT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "regex" in self.lookup_expr:
            raise ValueError("A client's regular expression can hold the process for minutes.")


class AddressFilter(TextFilter):
    """One exact text in which commas are signs like any other, such as a web address."""

    many = False


class CountryFilter(Kind):
    """Countries by their two letters."""

    each = fields.CountryValueField
    schema = {"type": "string", "pattern": "^!?([A-Za-z]{2}|null)$", "description": "Two letters of ISO 3166."}


class LanguageFilter(Kind):
    """Languages by their tags."""

    each = fields.LanguageValueField
    schema = {"type": "string", "maxLength": 35, "description": "A tag of BCP 47, such as az or sr-Latn."}

    def having(self, values: tuple[Any, ...]) -> Q:
        # Script and region are written in either case.
        plain = [tag for tag in values if "-" not in tag]
        found = super().having(tuple(plain)) if plain else Q()
        for tag in set(values) - {*plain}:
            found |= Q(**{f"{self.path}__iexact": tag})
        return found


class TagFilter(TextFilter):
    """Rows whose list of labels holds any of these, or a label that has the commas between them itself."""

    def having(self, values: tuple[Any, ...]) -> Q:
        found = Q()
        for value in dict.fromkeys((*values, ", ".join(values), ",".join(values))):
            found |= has_entry(self.model, self.path, value)
        return found


class NumberFilter(Kind):
    """Whole numbers of 64 bits."""

    each, ordered = fields.IntegerValueField, True
    schema = {"type": "integer", "format": "int64"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What lies beyond several numbers is no question.
        self.many = self.lookup_expr == "exact"


class IdFilter(NumberFilter):
    """The ids of rows."""

    each = fields.IdValueField
    schema = {"type": "integer", "format": "int64", "minimum": 1}


class DecimalFilter(Kind):
    """Decimal numbers."""

    each, ordered = fields.DecimalValueField, True
    schema = {"type": "number"}


class BooleanFilter(Kind):
    """true or false. With `method` that narrows the rows, given the name and the value."""

    each, many = fields.BooleanValueField, False
    schema = {"type": "boolean"}

    def having(self, values: tuple[Any, ...]) -> Q:
        return self.where(self.parent, values) if self.where is not None else Q(**{self.path: values[0]})

    def narrow(self, rows: QuerySet[Any], asked: Asked, *, absent: bool) -> QuerySet[Any]:
        if not self.method:
            return super().narrow(rows, asked, absent=absent)
        act = getattr(self.parent, str(self.method))
        return act(rows, self.field_name, asked.values[0] ^ asked.denied ^ absent)


class PresenceFilter(BooleanFilter):
    """true where the row has something there, false where it has nothing."""

    def takes(self, lookup: str) -> bool:
        return False

    def why_never_null(self) -> str:
        return "Enter true or false."

    def having(self, values: tuple[Any, ...]) -> Q:
        nothing = self.nothing() or Q()
        return ~nothing if values[0] else nothing

    def remark(self) -> str:
        return ""


class DateTimeFilter(Kind):
    """Moments."""

    each: ClassVar[Callable[..., forms.Field]] = fields.DateTimeValueField
    ordered = True
    schema = {"type": "string", "format": "date-time"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.many = self.lookup_expr == "exact"


class DateFilter(DateTimeFilter):
    """Calendar days."""

    each = fields.DateValueField
    schema = {"type": "string", "format": "date"}


class ChoiceFilter(Kind):
    """Any of `choices`."""

    each = fields.ChoiceValueField

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, choices=list(getattr(choices, "choices", choices)), **kwargs)
        self.keys = [str(key) for key, _label in self.extra["choices"]]

    def value_field(self) -> forms.Field:
        return fields.ChoiceValueField(choices=self.extra["choices"])

    @property
    def schema(self) -> Mapping[str, Any]:  # type: ignore[override]
        return {"type": "string", "pattern": f"^!?({'|'.join([*self.keys, fields.NULL])})$"}


def any_of(condition: Callable[[str], Q]) -> Callable[[Any, tuple[Any, ...]], Q]:
    """For `where`: that the condition holds of any of the values."""
    return lambda _asked, values: functools.reduce(operator.or_, map(condition, values), Q())


class EdtfFilter(Kind):
    """Dates that lie within any of these: 2025-07 finds all days of July."""

    each, ordered = fields.EdtfValueField, True
    schema = {"type": "string", "example": "2025-07"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.many = self.lookup_expr == "exact"

    def having(self, values: tuple[Any, ...]) -> Q:
        found = Q()
        for value in values:
            found |= within(self.path, value, self.lookup or str(self.lookup_expr))
        return found


def within(name: str, value: str, lookup: str) -> Q:
    """Of a date of whatever exactness, that it lies within the value, or by when it begins: with it or later (`gte`),
    after its end (`gt`), before its end (`lte`) or before it (`lt`).

    An unknown date is stored as empty text, which would be less than every date.
    """
    begins, ends = edtf.least(value), edtf.least(edtf.following(value))
    match lookup:
        case "gte":
            return Q(**{f"{name}__gte": begins})
        case "gt":
            return Q(**{f"{name}__gte": ends})
        case "lte":
            return Q(**{f"{name}__gt": "", f"{name}__lt": ends})
        case "lt":
            return Q(**{f"{name}__gt": "", f"{name}__lt": begins})
    return Q(**{f"{name}__gte": value, f"{name}__lt": ends})


def edtf_range(field_name: str, **options: Any) -> tuple[EdtfFilter, EdtfFilter, EdtfFilter]:
    """The three for one EdtfDateField: `said_on, said_after, said_before = edtf_range("said_on")`. Before 2025-07
    takes in all of July."""
    after = EdtfFilter(field_name=field_name, lookup_expr="gte", **options)
    return EdtfFilter(field_name=field_name, **options), after, EdtfFilter(field_name, "lte", **options)


def moments(field_name: str, **options: Any) -> tuple[DateTimeFilter, DateTimeFilter, DateTimeFilter]:
    """The three for one moment: from then on, and before it."""
    after = DateTimeFilter(field_name=field_name, lookup_expr="gte", **options)
    return DateTimeFilter(field_name=field_name, **options), after, DateTimeFilter(field_name, "lt", **options)


def days(field_name: str, **options: Any) -> tuple[DateFilter, DateFilter, DateFilter]:
    """The three for one calendar day: from it on, and up to it, both with the day itself."""
    after = DateFilter(field_name=field_name, lookup_expr="gte", **options)
    return DateFilter(field_name=field_name, **options), after, DateFilter(field_name, "lte", **options)


class ReferenceFilter(Kind):
    """Rows that refer to any of some rows, given by their ids, or by `slug_field`.

    The rows are looked up first, among those the caller may see, and the list is then filtered by their ids: a
    join would sort the whole topic, the id walks its index. One that does not exist, or is hidden, is a 400
    either way.
    """

    each = fields.TextValueField

    def __init__(self, *args: Any, queryset: QuerySet[Any] | Callable[[Any], QuerySet[Any]], **kwargs: Any) -> None:
        self.slug_field = kwargs.pop("slug_field", None)
        super().__init__(*args, **kwargs)
        self.choose_from = queryset

    @property
    def schema(self) -> Mapping[str, Any]:  # type: ignore[override]
        by_slug = f" or its {self.slug_field}" if self.slug_field else ""
        return {"type": "string", "description": f"The id{by_slug}.", "example": "7"}

    def having(self, values: tuple[Any, ...]) -> Q:
        return super().having(tuple(dict.fromkeys(pk for value in values for pk in self.pks_of(value))))

    def pks_of(self, value: str) -> list[Any]:
        """The ids of what is called so, of which there may be several; 400 where there is none."""
        rows = self.visible()
        try:
            found = rows.filter(pk=fields.IdValueField().clean(value))
        except ValidationError:
            found = rows.filter(**{self.slug_field: value}) if self.slug_field else rows.none()
        pks = list(found.order_by().values_list("pk", flat=True))
        if not pks:
            named = rows.model._meta.verbose_name
            raise bad_parameter(self.parameter, f"There is no {named} {value[:100]!r}.", "unknown_value")
        return pks

    def visible(self) -> QuerySet[Any]:
        request = getattr(getattr(self, "parent", None), "request", None)
        if callable(self.choose_from) and not isinstance(self.choose_from, models.Manager):
            return self.choose_from(request)
        rows = self.choose_from.all()
        user = getattr(request, "user", None)
        return rows.visible_to(user) if hasattr(rows, "visible_to") and user is not None else rows
