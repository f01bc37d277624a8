"""The kinds of filter: each bounds the values it takes and says in OpenAPI what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from factcheck.api import fields
from factcheck.api.problem import bad_parameter
from factcheck.base import edtf

Choices = type[models.Choices] | Iterable[tuple[Any, Any]]


@extend_schema_field({"type": "string", "maxLength": fields.MAX_TEXT})
class TextFilter(django_filters.CharFilter):
    """Exact text, or another lookup that is no regular expression."""

    field_class = fields.TextValueField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "regex" in self.lookup_expr:
            raise ValueError("A client's regular expression can hold the process for minutes.")


@extend_schema_field({"type": "string", "maxLength": fields.MAX_TEXT})
class TagFilter(TextFilter):
    """Rows whose list of labels holds this one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lookup_expr=kwargs.pop("lookup_expr", "has"), **kwargs)


@extend_schema_field({"type": "integer", "format": "int64"})
class NumberFilter(django_filters.Filter):
    """A whole number of 64 bits."""

    field_class = fields.IntegerValueField


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1})
class IdFilter(django_filters.Filter):
    """The id of a row."""

    field_class = fields.IdValueField


@extend_schema_field({"type": "number"})
class DecimalFilter(django_filters.Filter):
    """A decimal number."""

    field_class = fields.DecimalValueField


@extend_schema_field(OpenApiTypes.BOOL)
class BooleanFilter(django_filters.Filter):
    """true or false."""

    field_class = fields.BooleanValueField


@extend_schema_field(OpenApiTypes.DATETIME)
class DateTimeFilter(django_filters.Filter):
    """A moment."""

    field_class = fields.DateTimeValueField


@extend_schema_field(OpenApiTypes.DATE)
class DateFilter(django_filters.Filter):
    """A calendar day."""

    field_class = fields.DateValueField


class ChoiceFilter(django_filters.Filter):
    """One of `choices`."""

    field_class = fields.ChoiceValueField

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, choices=list(getattr(choices, "choices", choices)), **kwargs)
        self._spectacular_annotation = {"field": {"type": "string", "enum": [key for key, _l in self.extra["choices"]]}}


class _ListFilter(django_filters.Filter):
    """Any of several values, separated by commas."""

    each: Callable[..., forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "in", **kwargs})

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            extra = {name: value for name, value in self.extra.items() if name != "choices"}
            choices = {"choices": self.extra["choices"]} if "choices" in self.extra else {}
            self._field = fields.ListValueField(type(self).each(**choices), label=self.label, **extra)
        return self._field

    def filter(self, qs: QuerySet[Any], value: list[Any]) -> QuerySet[Any]:
        return super().filter(qs, value) if value else qs


@extend_schema_field({"type": "string", "example": "1,2,3"})
class IdsFilter(_ListFilter):
    """Ids, separated by commas, at most 100."""

    each = fields.IdValueField


class ChoicesFilter(_ListFilter):
    """Any of several choices, separated by commas."""

    each = fields.ChoiceValueField

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, choices=list(getattr(choices, "choices", choices)), **kwargs)
        listed = ", ".join(str(key) for key, _label in self.extra["choices"])
        self._spectacular_annotation = {
            "field": {"type": "string", "description": f"One or more of {listed}, separated by commas."}
        }


@extend_schema_field({"type": "string", "example": "2025-07"})
class EdtfAfterFilter(django_filters.Filter):
    """Dates that begin with or after this one."""

    field_class = fields.EdtfValueField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(**{f"{self.field_name}__gte": value}) if value else qs


@extend_schema_field({"type": "string", "example": "2025-07"})
class EdtfBeforeFilter(django_filters.Filter):
    """Dates that begin with or before this one: 2025-07 takes in all of July."""

    field_class = fields.EdtfValueField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        # An unknown date is stored as empty text, which would be smaller than every date.
        name = self.field_name
        return qs.filter(**{f"{name}__gt": "", f"{name}__lt": edtf.following(value)}) if value else qs


def edtf_range(field_name: str) -> tuple[EdtfAfterFilter, EdtfBeforeFilter]:
    """The pair for one EdtfDateField: `said_after, said_before = edtf_range("said_on")`."""
    return EdtfAfterFilter(field_name=field_name), EdtfBeforeFilter(field_name=field_name)


class ReferenceFilter(django_filters.Filter):
    """Rows that refer to one row, given by its id, or by `slug_field`.

    The row is looked up first, among those the caller may see, and the list is then filtered by its id: a
    join would sort the whole topic, the id walks its index. One that does not exist, or is hidden, is a 400
    either way.
    """

    field_class = fields.TextValueField

    def __init__(self, *args: Any, queryset: QuerySet[Any] | Callable[[Any], QuerySet[Any]], **kwargs: Any) -> None:
        self.slug_field = kwargs.pop("slug_field", None)
        super().__init__(*args, **kwargs)
        self.choose_from = queryset
        by_slug = f" or its {self.slug_field}" if self.slug_field else ""
        self._spectacular_annotation = {"field": {"type": "string", "description": f"The id{by_slug}."}}

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        return self.get_method(qs)(**{f"{self.field_name}": self.pk_of(value)})

    def pk_of(self, value: str) -> Any:
        rows = self.visible()
        try:
            pk = fields.IdValueField().to_python(value)
            found = rows.filter(pk=pk)
        except ValidationError:
            found = rows.filter(**{self.slug_field: value}) if self.slug_field else rows.none()
        pk = found.order_by().values_list("pk", flat=True).first()
        if pk is None:
            name = getattr(self, "parameter", self.field_name)
            raise bad_parameter(
                str(name), f"There is no {rows.model._meta.verbose_name} {value[:100]!r}.", "unknown_value"
            )
        return pk

    def visible(self) -> QuerySet[Any]:
        request = getattr(getattr(self, "parent", None), "request", None)
        if callable(self.choose_from) and not isinstance(self.choose_from, models.Manager):
            return self.choose_from(request)
        rows = self.choose_from.all()
        user = getattr(request, "user", None)
        return rows.visible_to(user) if hasattr(rows, "visible_to") and user is not None else rows
