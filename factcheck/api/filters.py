"""Filter sets and the backend that refuses what they do not know, by name."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, cast

import django_filters
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from rest_framework.exceptions import ErrorDetail
from rest_framework.exceptions import ValidationError as RestValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from factcheck.api.kind import STOCK, Kind
from factcheck.api.kinds import (
    AddressFilter,
    BooleanFilter,
    ChoiceFilter,
    CountryFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    EdtfFilter,
    IdFilter,
    LanguageFilter,
    NumberFilter,
    PresenceFilter,
    ReferenceFilter,
    TagFilter,
    TextFilter,
    any_of,
    days,
    edtf_range,
    moments,
)
from factcheck.api.parameters import check_parameters, known_parameters
from factcheck.api.search import PlainSearchBackend

__all__ = [
    "AddressFilter",
    "BooleanFilter",
    "ChoiceFilter",
    "CountryFilter",
    "DateFilter",
    "DateTimeFilter",
    "DecimalFilter",
    "EdtfFilter",
    "IdFilter",
    "LanguageFilter",
    "NumberFilter",
    "PlainSearchBackend",
    "PresenceFilter",
    "RecordedFilterSet",
    "ReferenceFilter",
    "StrictFilterBackend",
    "StrictFilterSet",
    "TagFilter",
    "TextFilter",
    "any_of",
    "days",
    "edtf_range",
    "moments",
]


class Spelling(NamedTuple):
    """How a parameter names a filter."""

    name: str
    absent: bool
    """Whether `!` stands before the name: rows of which it is not so."""
    lookup: str
    """The stock look-up behind the name; empty for the filter itself."""


class About(NamedTuple):
    """Rows beside those of the list on which conditions are: that there is one that meets all, or none."""

    rows: str
    absent: bool


class StrictFilterSet(django_filters.FilterSet):
    """Base of every filter set, which declares its filters one by one: `Meta.fields` is empty.

    Only the filters that are asked for are made: a list has thirty, and most requests ask for none. Filters `about`
    rows beside those of the list name a key of `related`, whose rows `filter_about` looks for.
    """

    request: Any
    filters: Any
    base_filters: Any
    related: ClassVar[Mapping[str, type[models.Model]]] = {}
    _meta: ClassVar[Any]

    id = IdFilter()

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        self.spelled: dict[str, Spelling] = {}
        if data is not None:
            self.spelled = {name: found for name in data if (found := self.spelling(name)) is not None}
            declared = type(self).base_filters
            # Two parameters may name the same filter: each is read for itself.
            self.base_filters = {name: copy.copy(declared[found.name]) for name, found in self.spelled.items()}
        super().__init__(data, *args, **kwargs)
        for name, found in self.spelled.items():
            kind = self.filters[name]
            kind.parameter, kind.lookup, kind.model = name, found.lookup, self.model_of(kind)

    @classmethod
    def model_of(cls, kind: Kind) -> type[models.Model]:
        """Of which rows the filter knows something."""
        return cls.related[kind.about] if kind.about else cls._meta.model

    @classmethod
    def spelling(cls, parameter: str) -> Spelling | None:
        """What a parameter names: a filter, by its own name or that of a stock look-up; None for another."""
        name = parameter.removeprefix("!")
        absent = name != parameter
        if name in cls.base_filters:
            return Spelling(name, absent, "")
        name, _underscores, lookup = name.rpartition("__")
        kind = cls.base_filters.get(name)
        if kind is None or lookup not in STOCK or not kind.takes(lookup):
            return None
        return Spelling(name, absent, lookup)

    @classmethod
    def described(cls) -> dict[str, Kind]:
        """The filters by their names, each as a description needs it."""
        found = {name: copy.copy(kind) for name, kind in cls.base_filters.items()}
        for kind in found.values():
            kind.model = cls.model_of(kind)
        return found

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        about: dict[About, list[Q]] = {}
        for name, asked in self.form.cleaned_data.items():
            kind, absent = self.filters[name], self.spelled[name].absent
            if kind.about:
                condition = kind.told_to(self.request) & kind.condition(asked)
                about.setdefault(About(kind.about, absent), []).append(condition)
            else:
                queryset = kind.narrow(queryset, asked, absent=absent)
        return self.filter_about(queryset, about) if about else queryset

    def filter_about(self, rows: QuerySet[Any], about: Mapping[About, list[Q]]) -> QuerySet[Any]:
        """Those of the rows beside which there is, or is not, one that meets all conditions of each entry."""
        raise NotImplementedError


class RecordedFilterSet(StrictFilterSet):
    """Of a noun whose rows tell when they were entered and last changed."""

    created_at, created_after, created_before = moments("created_at")
    updated_at, updated_after, updated_before = moments("updated_at")


class StrictFilterBackend(BaseFilterBackend):
    """Refuses unknown and repeated parameters, then filters. Only lists are filtered: a row is found by its
    id."""

    def filter_queryset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        # The stubs say HttpRequest, views give a Request, and an export a ListRequest, which has as much of one.
        asked = cast(Request, request)
        filterset_class: type[StrictFilterSet] | None = getattr(view, "filterset_class", None)
        names = filterset_class.base_filters.keys() if filterset_class is not None else set()
        used = (
            {name for name in asked.query_params if filterset_class.spelling(name) is not None}
            if filterset_class is not None
            else set()
        )
        check_parameters(asked, names | known_parameters(view), spelled=used)
        if filterset_class is None or not used:
            return queryset
        filterset = filterset_class(asked.query_params, queryset=queryset, request=asked)
        if not filterset.is_valid():
            raise RestValidationError(
                {
                    name: [ErrorDetail(" ".join(error.messages), error.code or "invalid") for error in errors]
                    for name, errors in filterset.form.errors.as_data().items()
                }
            )
        return filterset.qs

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The filters of a list as OpenAPI has them, each described by itself."""
        filterset_class: type[StrictFilterSet] | None = getattr(view, "filterset_class", None)
        if filterset_class is None or getattr(view, "action", "list") not in {"list", None}:
            return []
        return [kind.describe(name) for name, kind in filterset_class.described().items()]
