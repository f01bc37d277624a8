"""Filters of the lists: they offer only what the user may see, and ignore what is not offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import mark_safe
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter

from factcheck.base.widgets import OPTION, select_in_box
from factcheck.models.choosing import distinct_values

LONGEST_LIST = 300
IS_OPTION = {"template_name": OPTION}


class OfferedFilter(DropdownFilter):
    """A drop-down whose value is one of those offered, or nothing."""

    template = "admin/factcheck/filter.html"
    is_cut = False
    """Whether there are more than are offered."""

    def value(self) -> str | None:
        value = super().value()
        return value if value in {str(key) for key, _label in self.lookup_choices} else None

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """The drop-down of the theme, whose form would ask for each option by itself."""
        chosen = self.value() or ""
        options = [
            {"value": key, "label": label, "attrs": {"selected": True} if str(key) == chosen else {}, **IS_OPTION}
            for key, label in ([*self.all_option], *self.lookup_choices)
        ]
        name = str(self.parameter_name)
        attrs = {**self.form_class.widget.attrs, "id": f"id_{name}"}
        drop_down = select_in_box({"name": name, "attrs": attrs, "optgroups": [(None, options, 0)]}) or ""
        cut = f"Only the first {LONGEST_LIST} are offered. Search for others above." if self.is_cut else ""
        yield {"id": attrs["id"], "select": mark_safe(drop_down), "cut": cut}  # noqa: S308 - each part was escaped


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
        rows = self.noun._default_manager.visible_to(request.user).values_list("pk", self.noun.named_by)
        found = list(rows[: LONGEST_LIST + 1])
        self.is_cut = len(found) > LONGEST_LIST
        offered = {str(pk): name for pk, name in found[:LONGEST_LIST]}
        # A link may ask for a row that the list is too short for.
        asked = request.GET.get(str(self.parameter_name), "")
        if asked not in offered and asked.isascii() and asked.isdecimal() and len(asked) <= 18:
            offered |= {str(pk): name for pk, name in rows.filter(pk=asked)}
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
        rows = model_admin.model._default_manager.visible_to(request.user)
        found = distinct_values(rows, self.field, LONGEST_LIST + 1)
        self.is_cut = len(found) > LONGEST_LIST
        return [(value, self.label(value)) for value in found[:LONGEST_LIST]]

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
        condition = self.holds(request)
        return queryset.filter(condition if self.value() == "yes" else ~condition)

    def holds(self, request: HttpRequest) -> Q | Exists:
        """The condition on the rows: asked of each, and not of all of them before a page of those for which it does
        not hold."""
        raise NotImplementedError


class WithdrawnFilter(YesNoFilter):
    """Rows that were taken back stay in the list, and can be set apart."""

    title, parameter_name = "withdrawn", "withdrawn"
    yes, no = "Withdrawn", "Standing"

    def holds(self, request: HttpRequest) -> Q:
        return Q(withdrawn_at__isnull=False)


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
