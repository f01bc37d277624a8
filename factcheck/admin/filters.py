"""Filters of the lists: they offer only what the user may see, and ignore what is not offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter

LONGEST_LIST = 300


class OfferedFilter(DropdownFilter):
    """A drop-down whose value is one of those offered, or nothing."""

    def value(self) -> str | None:
        value = super().value()
        return value if value in {str(key) for key, _label in self.lookup_choices} else None

    def has_output(self) -> bool:
        return True


class ChoiceFilter(OfferedFilter):
    """By a field with fixed choices: `ChoiceFilter.of("status", Status)`."""

    field: ClassVar[str]
    options: ClassVar[Iterable[tuple[Any, str]]]

    @classmethod
    def of(
        cls, field: str, options: type[models.Choices], *, title: str = "", parameter: str = ""
    ) -> type[ChoiceFilter]:
        pairs = tuple((str(key), str(label).split(": ")[0]) for key, label in options.choices)
        return type(
            f"{field.title()}Filter",
            (cls,),
            {
                "field": field,
                "options": pairs,
                "title": title or field.rsplit("__", maxsplit=1)[-1].replace("_", " "),
                "parameter_name": parameter or field,
            },
        )

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[Any, str]]:
        return self.options

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.field: self.value()}) if self.value() is not None else queryset


class VisibleFilter(OfferedFilter):
    """By a row of another noun, among those the user may see: `VisibleFilter.of("dispute", Dispute)`."""

    field: ClassVar[str]
    noun: ClassVar[Any]

    @classmethod
    def of(cls, field: str, noun: type[models.Model], *, title: str = "", parameter: str = "") -> type[VisibleFilter]:
        name = parameter or field.rsplit("__", maxsplit=1)[-1]
        return type(
            f"{name.title()}Filter",
            (cls,),
            {"field": field, "noun": noun, "title": title or name.replace("_", " "), "parameter_name": name},
        )

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[Any, str]]:
        rows = self.noun._default_manager.visible_to(request.user)
        offered = {str(row.pk): str(row) for row in rows[:LONGEST_LIST]}
        # A link may ask for a row that the list is too short for.
        asked = request.GET.get(str(self.parameter_name), "")
        if asked not in offered and asked.isascii() and asked.isdecimal() and len(asked) <= 18:
            offered |= {str(row.pk): str(row) for row in rows.filter(pk=asked)}
        return list(offered.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class LabelFilter(OfferedFilter):
    """By a value that occurs in the rows themselves, such as a language: `LabelFilter.of("language")`."""

    field: ClassVar[str]

    @classmethod
    def of(cls, field: str, *, title: str = "") -> type[LabelFilter]:
        return type(
            f"{field.title()}Filter", (cls,), {"field": field, "title": title or field, "parameter_name": field}
        )

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[Any, str]]:
        rows = model_admin.model._default_manager.visible_to(request.user).exclude(**{self.field: ""})
        values = rows.order_by(self.field).values_list(self.field, flat=True).distinct()[:LONGEST_LIST]
        return [(value, self.label(value)) for value in values]

    def label(self, value: str) -> str:
        return value

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class YesNoFilter(OfferedFilter):
    """Rows for which something holds or does not; subclasses say it in `holds`."""

    yes, no = "Yes", "No"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[Any, str]]:
        return (("yes", self.yes), ("no", self.no))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        holding = self.holds(request, queryset)
        return holding if self.value() == "yes" else queryset.exclude(pk__in=holding.order_by().values("pk"))

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows of `queryset` for which it holds."""
        raise NotImplementedError


class WithdrawnFilter(YesNoFilter):
    """Rows that were taken back stay in the list, and can be set apart."""

    title, parameter_name = "withdrawn", "withdrawn"
    yes, no = "Withdrawn", "Standing"

    def holds(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(withdrawn_at__isnull=False)


class PeriodFilter(OfferedFilter):
    """By how long ago something happened: `PeriodFilter.of("at")`."""

    field: ClassVar[str]
    days: ClassVar[dict[str, int]] = {"1": 1, "7": 7, "30": 30, "365": 365}

    @classmethod
    def of(cls, field: str, *, title: str) -> type[PeriodFilter]:
        return type("PeriodFilter", (cls,), {"field": field, "title": title, "parameter_name": "within"})

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[Any, str]]:
        return (("1", "Past day"), ("7", "Past week"), ("30", "Past month"), ("365", "Past year"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        since = timezone.now() - timedelta(days=self.days[self.value() or "1"])
        return queryset.filter(**{f"{self.field}__gte": since})


def parameters_of(list_filter: Iterable[Any]) -> set[str]:
    """The query parameters that the filters of a list understand."""
    names = set()
    for entry in list_filter:
        if isinstance(entry, type) and issubclass(entry, admin.SimpleListFilter):
            names.add(str(entry.parameter_name))
    return names
