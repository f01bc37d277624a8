"""How one row refers to another in JSON: by id or short name when written, by id and label when read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from factcheck.api.fields import MAX_INTEGER
from factcheck.base.people import Reader


def reader_in(context: Mapping[str, Any]) -> Reader:
    """Who reads what a serializer with this context represents; the public where no request asks."""
    return getattr(context.get("request"), "user", None) or AnonymousUser()


ENTERED = "entered"
"""Where the context of a serializer keeps the rows that its request has entered so far, by model and id."""
NUMBERS = "numbers"
"""Where it keeps the numbers that the rows of a list get, where these refer to each other before they are stored."""
POSSIBLE = range(1, MAX_INTEGER + 1)
"""The ids that a row can have."""
REPRESENTED = "represented"
"""Where the context of a serializer keeps what stands for rows: many rows of one page refer to the same few."""


_NAME = re.compile(r"(?:[-\w]{1,200}:)?[-\w]{1,200}", re.ASCII)
"""A short name, or one within its group."""


class EnteredId(int):
    """The id of a row that the same request entered, with its model: another one may have a row of that number."""

    model: type[models.Model]

    @classmethod
    def of(cls, model: type[models.Model], number: int) -> EnteredId:
        found = cls(number)
        found.model = model
        return found


class Reference(serializers.PrimaryKeyRelatedField):
    """Takes `7`, `{"id": 7}`, or the `short_name` that the model has (`"kremlin"`); gives `{"id": 7, "label": "…"}`.

    Only rows that the user may see can be referred to: a hidden one gets the same answer as one that does not
    exist. A model whose label depends on the reader has `as_reference(user) -> dict`.
    """

    may_lack_id = False
    """Whether some readers are told the label alone."""
    described_as = ""
    """What its small objects are called in the OpenAPI document; by default after their model."""
    or_new: type[serializers.Serializer] | None = None
    """What describes a new row that may stand here in its place."""

    default_error_messages = {
        "does_not_exist": "There is no such row, or you may not see it: {pk_value}.",
        "incorrect_type": 'Give {wanted}, or an object such as {{"id": 7}}, not {data_type}.',
        "wrong_kind": "This names a {given} of your request; a {wanted} stands here.",
        "ambiguous": "Several have this short name. Say which one: {choices}.",
    }

    @property
    def model(self) -> type[models.Model]:
        """The model whose rows it refers to."""
        queryset = getattr(self, "queryset", None)
        if queryset is not None:
            return queryset.model
        # One that is only read has no queryset: its path leads there.
        model = cast(Any, self).parent.Meta.model
        for name in self.source_attrs:
            model = model._meta.get_field(name).related_model
        return model

    def use_pk_only_optimization(self) -> bool:
        return False

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        request = self.context.get("request")
        if rows is not None and request is not None and hasattr(rows, "visible_to"):
            return rows.visible_to(request.user)
        return rows

    looked_up: Mapping[int, models.Model] = {}
    """Rows that many refer to, by id, where they were asked for at once."""
    looked_up_by_name: Mapping[str, list[models.Model]] = {}
    """The same by short name."""

    def look_up(self, values: Iterable[object]) -> None:
        """Ask at once for the rows to which these values refer; the others are refused one by one."""
        values = [value for value in values if not isinstance(value, EnteredId)]
        ids = {number for value in values if (number := self.number_in(value)) is not None and number in POSSIBLE}
        ids = {number for number in ids if self.entered(number) is None}
        self.looked_up = self.get_queryset().in_bulk(ids) if ids else {}
        self.looked_up_by_name = self.rows_called({value for value in values if self.is_name(value)})

    def to_internal_value(self, data: object) -> Any:
        if self.is_name(data):
            return self.row_called(str(data))
        if isinstance(data, EnteredId) and data.model is not self.model:
            self.fail("wrong_kind", given=data.model._meta.verbose_name, wanted=self.model._meta.verbose_name)
        number = self.number_in(data)
        if number is None:
            given = type(data.get("id") if isinstance(data, dict) else data).__name__
            wanted = f"an id such as 7, a {self.short_name}" if self.short_name else "an id such as 7"
            self.fail("incorrect_type", wanted=wanted, data_type=given)
        if (row := self.looked_up.get(number) or self.entered(number)) is not None:
            return row
        if number not in POSSIBLE:
            self.fail("does_not_exist", pk_value=number)
        return super().to_internal_value(number)

    @property
    def short_name(self) -> str:
        """The column by which rows are named beside their ids; empty where they have none."""
        return getattr(self.model, "short_name", "")

    @property
    def listed(self) -> str:
        """Where the rows are that can be named, in a sentence."""
        noun = slugify(str(self.model._meta.verbose_name))
        return f"Those that you may name are listed at {reverse(f'{noun}-list')}."

    def is_name(self, data: object) -> bool:
        """Whether a value names a row by its short name: what is all digits is an id."""
        return isinstance(data, str) and bool(self.short_name) and not data.isdigit()

    def row_called(self, name: str) -> models.Model:
        """The one row of this short name that the user may see."""
        found = self.looked_up_by_name.get(name) or self.rows_called({name}).get(name, [])
        if not found:
            message = f"There is no such row, or you may not see it: {name[:100]}. {self.listed}"
            raise serializers.ValidationError(message.rstrip(), code="does_not_exist")
        if len(found) > 1:
            within = cast(Any, self.model).short_name_within
            choices = (f"{getattr(getattr(row, within), self.short_name)}:{name}" for row in found)
            self.fail("ambiguous", choices=", ".join(sorted(choices)))
        return found[0]

    def rows_called(self, names: Iterable[Any]) -> dict[str, list[models.Model]]:
        """The rows of these short names that the user may see, by each of them; one query, or none without names."""
        wanted = {name for name in names if _NAME.fullmatch(name)}
        found: dict[str, list[models.Model]] = defaultdict(list)
        if not wanted:
            return found
        within = getattr(self.model, "short_name_within", "")
        rows = self.get_queryset().filter(**{f"{self.short_name}__in": {name.rsplit(":", 1)[-1] for name in wanted}})
        for row in rows.select_related(within) if within else rows:
            own = getattr(row, self.short_name)
            found[own].append(row)
            if within:
                found[f"{getattr(getattr(row, within), self.short_name)}:{own}"].append(row)
        return found

    def entered(self, number: int) -> models.Model | None:
        """The row with this id, if it was entered by the same request: whoever enters it may read it."""
        entered = self.context.get(ENTERED)
        return entered.get((cast(Any, self).queryset.model, number)) if entered else None

    def number_in(self, data: object) -> int | None:
        """The id that a value names, whether there can be such a row or not; None where it names none."""
        if isinstance(data, dict):
            data = data.get("id")
        # Text of digits comes from forms; True is an int to Python, and no id.
        if isinstance(data, str) and data.isascii() and data.isdigit() and len(data) < 20:
            data = int(data)
        return data if isinstance(data, int) and not isinstance(data, bool) else None

    def to_representation(self, value: models.Model | PKOnlyObject) -> Any:
        if isinstance(value, PKOnlyObject):
            return {"id": value.pk, "label": ""}
        represented = self.context.get(REPRESENTED)
        reader = reader_in(self.context)
        if represented is None:
            return self.represent(value, reader)
        key = type(value), value.pk
        if key not in represented:
            represented[key] = self.represent(value, reader)
        return represented[key]

    def represent(self, row: models.Model, user: Reader) -> dict[str, Any]:
        """The small object that stands for `row`."""
        if hasattr(row, "as_reference"):
            return row.as_reference(user)
        return {"id": row.pk, "label": str(row)}
