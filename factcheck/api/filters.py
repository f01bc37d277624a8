"""Filter sets and the backend that refuses what they do not know, by name."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as RestValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api.kinds import (
    BooleanFilter,
    ChoiceFilter,
    ChoicesFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    EdtfAfterFilter,
    EdtfBeforeFilter,
    IdFilter,
    IdsFilter,
    NumberFilter,
    ReferenceFilter,
    TagFilter,
    TextFilter,
    edtf_range,
)
from factcheck.api.parameters import check_parameters, known_parameters
from factcheck.api.search import PlainSearchBackend

__all__ = [
    "BooleanFilter",
    "ChoiceFilter",
    "ChoicesFilter",
    "DateFilter",
    "DateTimeFilter",
    "DecimalFilter",
    "EdtfAfterFilter",
    "EdtfBeforeFilter",
    "IdFilter",
    "IdsFilter",
    "NumberFilter",
    "PlainSearchBackend",
    "ReferenceFilter",
    "StrictFilterBackend",
    "StrictFilterSet",
    "TagFilter",
    "TextFilter",
    "edtf_range",
]


class StrictFilterSet(django_filters.FilterSet):
    """Base of every filter set; `Meta.fields` makes bounded filters by the kind of the column.

    Only the filters that are asked for are made: a list has thirty, and most requests ask for none.
    """

    request: Any
    filters: Any
    base_filters: Any

    FILTER_DEFAULTS = {
        **django_filters.FilterSet.FILTER_DEFAULTS,
        **{kind: {"filter_class": IdFilter} for kind in (models.AutoField, models.BigAutoField, models.SmallAutoField)},
        models.ForeignKey: {"filter_class": IdFilter},
        models.OneToOneField: {"filter_class": IdFilter},
        models.BooleanField: {"filter_class": BooleanFilter},
        models.DateField: {"filter_class": DateFilter},
        models.DateTimeField: {"filter_class": DateTimeFilter},
        models.DecimalField: {"filter_class": DecimalFilter},
        models.FloatField: {"filter_class": DecimalFilter},
        **{
            kind: {"filter_class": NumberFilter}
            for kind in (
                models.IntegerField,
                models.BigIntegerField,
                models.SmallIntegerField,
                models.PositiveIntegerField,
                models.PositiveSmallIntegerField,
                models.PositiveBigIntegerField,
            )
        },
        **{kind: {"filter_class": TextFilter} for kind in (models.CharField, models.TextField, models.SlugField)},
    }

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            self.base_filters = {name: filter_ for name, filter_ in type(self).base_filters.items() if name in data}
        super().__init__(data, *args, **kwargs)
        for name, filter_ in self.filters.items():
            filter_.parameter = name

    def pk_of(self, name: str, value: str) -> Any:
        """The id of the row that a reference filter with a method of its own was given."""
        return self.filters[name].pk_of(value)

    @classmethod
    def filter_for_lookup(cls, field: models.Field, lookup_type: str) -> Any:
        if field.choices and lookup_type == "exact":
            return ChoiceFilter, {"choices": field.choices}
        if lookup_type == "in":
            return (ChoicesFilter, {"choices": field.choices}) if field.choices else (IdsFilter, {})
        return super().filter_for_lookup(field, lookup_type)


class StrictFilterBackend(DjangoFilterBackend):
    """Refuses unknown and repeated parameters, then filters. Only lists are filtered: a row is found by its
    id."""

    def filter_queryset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        # The stubs say HttpRequest, views give a Request, and an export a ListRequest, which has as much of one.
        asked = cast(Request, request)
        filterset_class: Any = getattr(view, "filterset_class", None)
        names = filterset_class.base_filters.keys() if filterset_class is not None else set()
        check_parameters(asked, names | known_parameters(view))
        filterset = self.get_filterset(request, queryset, view) if names & asked.query_params.keys() else None
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise RestValidationError(
                {
                    name: [ErrorDetail(" ".join(error.messages), error.code or "invalid") for error in errors]
                    for name, errors in filterset.form.errors.as_data().items()
                }
            )
        return filterset.qs
