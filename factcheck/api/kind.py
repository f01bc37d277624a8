"""What every filter has in common: any of several values, nothing there, or the denial of either, on one row."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import django_filters
from django import forms
from django.db import models
from django.db.models import Q, QuerySet
from django_filters.utils import get_model_field
from rest_framework.request import Request

from factcheck.api import fields
from factcheck.api.fields import Asked
from factcheck.base.fields import LabelsField

IN_ORDER = frozenset({"gt", "gte", "lt", "lte"})
"""The stock look-ups of what has an order."""
STOCK = IN_ORDER | {"in", "isnull"}
"""The stock look-ups that are taken as other spellings of a filter, such as `status__in` and `said_on__isnull`."""


class Kind(django_filters.Filter):
    """One filter: any of several values, nothing there (`null`), or the denial of either.

    `about` names the rows beside those of the list on which the condition is: all filters about the same rows are
    conditions on one of them. `told` gives the condition under which the reader is told what is asked for; what
    they are not told is neither found nor denied. `where` gives the condition for the values, instead of the field.
    """

    each: ClassVar[Callable[..., forms.Field]]
    schema: ClassVar[Mapping[str, Any]] = {"type": "string"}
    """One value in OpenAPI."""
    many: bool = True
    ordered: ClassVar[bool] = False
    lookup = ""
    """The stock look-up of the parameter, if it was sent with one."""
    parameter = ""
    """The name under which it was sent."""
    parent: Any
    model: Any

    def __init__(
        self,
        *args: Any,
        about: str = "",
        told: Callable[[Request], Q] | None = None,
        where: Callable[[Any, tuple[Any, ...]], Q] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.told, self.where = about, told, where

    @property
    def path(self) -> str:
        """The field of the row that it is about."""
        return self.field_name or ""

    def on(self, about: str, path: str = "") -> Self:
        """The same filter of a list about whose rows this one is; `path` leads from there to where its field stands."""
        found = copy.copy(self)
        found.about = about
        if path:
            found.field_name = f"{path}__{self.field_name}"
        return found

    def takes(self, lookup: str) -> bool:
        """Whether this stock look-up is another spelling of it."""
        if self.lookup_expr != "exact":
            return False
        return self.ordered if lookup in IN_ORDER else lookup == "isnull" or self.many

    def value_field(self) -> forms.Field:
        """What reads one value."""
        return type(self).each()

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            nothing = self.why_never_null()
            if self.lookup == "isnull":
                self._field: forms.Field = fields.LackField(nothing)
            else:
                many = self.many and self.lookup not in IN_ORDER
                self._field = fields.AskedField(self.value_field(), many=many, nothing=nothing)
        return self._field

    def column(self) -> models.Field[Any, Any] | None:
        """The field of the model that it is about; None where it is about no single one."""
        found = get_model_field(self.model, self.path) if self.where is None else None
        return found if isinstance(found, models.Field) else None

    def nothing(self) -> Q | None:
        """The condition that nothing is there; None where something always is."""
        column = self.column()
        if column is None or self.lookup_expr != "exact" or self.lookup in IN_ORDER:
            return None
        if column.null:
            return Q(**{f"{self.path}__isnull": True})
        if isinstance(column, LabelsField):
            return Q(**{self.path: []})
        return Q(**{self.path: ""}) if column.blank and column.empty_strings_allowed else None

    def why_never_null(self) -> str:
        """Why null cannot be asked for; empty where it can."""
        if self.nothing() is not None:
            return ""
        if self.lookup in IN_ORDER or self.lookup_expr in IN_ORDER:
            return "Nothing is before or after null: ask for it by the name of the field alone."
        return "Something is always there: null is for what may be empty."

    def having(self, values: tuple[Any, ...]) -> Q:
        """The condition that the row has any of these values."""
        if self.where is not None:
            return self.where(self.parent, values)
        if len(values) == 1:
            return Q(**{f"{self.path}__{self.lookup or self.lookup_expr}".removesuffix("__in"): values[0]})
        return Q(**{f"{self.path}__in": values})

    def condition(self, asked: Asked) -> Q:
        """The condition on the row that is asked for, as far as the reader is told of it."""
        found = self.having(asked.values) if asked.values else Q()
        if asked.null and (nothing := self.nothing()) is not None:
            found = found | nothing if asked.values else nothing
        return ~found if asked.denied else found

    def told_to(self, request: Request) -> Q:
        """The condition under which the reader is told anything of what is asked for."""
        return self.told(request) if self.told is not None else Q()

    def narrow(self, rows: QuerySet[Any], asked: Asked, *, absent: bool) -> QuerySet[Any]:
        """Those of the rows that meet the condition, or that do not, if `absent`."""
        condition = self.condition(asked)
        return rows.filter(self.told_to(self.parent.request), ~condition if absent else condition)

    def describe(self, name: str) -> dict[str, Any]:
        """The parameter in OpenAPI."""
        one = dict(self.schema)
        told = one.pop("description", "")
        schema = {"type": "array", "items": one, "minItems": 1, "maxItems": fields.MAX_VALUES} if self.many else one
        shape: dict[str, Any] = {"style": "form", "explode": False} if self.many else {}
        text = " ".join(part for part in (self.extra.get("help_text", ""), told, self.remark()) if part)
        return {"name": name, "in": "query", "required": False, "description": text, "schema": schema, **shape}

    def remark(self) -> str:
        """What else a caller may know of it: null, and about what rows it is."""
        null = "`null` finds what has none." if self.nothing() is not None else ""
        which = {"attribution": ", which stands", "evidence": ", which counts"}.get(self.about, "")
        about = f"All conditions about the {self.about} are on the same one{which}." if self.about else ""
        return " ".join(part for part in (null, about) if part)
