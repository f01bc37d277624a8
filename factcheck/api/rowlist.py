"""Many rows under one serializer: entered or changed together, and each refusal says of which row it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from factcheck.api.preference import told_briefly, wants_little
from factcheck.api.problem import Problem
from factcheck.api.reference import ENTERED, NUMBERS, Reference
from factcheck.audit.context import acting
from factcheck.audit.trust import is_trusting
from factcheck.base.errors import DomainError
from factcheck.base.http.problem_details import problem_of
from factcheck.base.insertion import NotPlain


class RecordedListSerializer(serializers.ListSerializer):
    """Many rows at once, all or none; an error says which: `3.text`."""

    @property
    def data(self) -> Any:
        if self.instance is not None and wants_little(cast(Any, self.context).get("request")):
            return [told_briefly(row) for row in cast(Any, self.instance)]
        return super().data

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, list):
            rows = [row for row in data if isinstance(row, dict)]
            for name, field in cast(Any, self.child).fields.items():
                if isinstance(field, Reference) and not field.read_only:
                    field.look_up([row[name] for row in rows if name in row])
        self.waiting, self.is_refused = iter(cast(Any, self.instance) or ()), False
        return super().to_internal_value(data)

    def run_child_validation(self, data: Any) -> Any:
        if self.instance is not None:
            child = cast(Any, self.child)
            child.instance, child.initial_data = next(self.waiting), data
        numbers = cast(Any, self.context).get(NUMBERS)
        number = next(numbers) if numbers is not None else None
        if number is not None and self.is_refused:
            # It may refer to one that is refused, and is asked again without that.
            return {}
        self.is_refused = True
        validated = super().run_child_validation(data)
        self.is_refused = False
        if number is not None:
            cast(Any, self.child).give_number(validated, number)
        return validated

    def update(self, instance: Any, validated_data: list[dict[str, Any]]) -> list[Any]:
        """The rows, changed together, each for its own reason (`context["reasons"]`)."""
        child, reasons = cast(Any, self.child), cast(Any, self.context).get("reasons", ())
        if child.changes_together:
            for row, attributes in zip(instance, validated_data, strict=True):
                for name, value in attributes.items():
                    setattr(row, name, value)
            with suppress(DomainError, DjangoValidationError, IntegrityError, NotPlain):
                child.Meta.model.objects.change_rows(instance, reasons)
                return list(instance)
        # Which of them is refused, and why, shows when they are changed one by one.
        rows = []
        for index, (row, attributes) in enumerate(zip(instance, validated_data, strict=True)):
            child.instance = row
            with placing(index), acting(reason=reasons[index]):
                rows.append(child.update(row, attributes))
        return rows

    def create(self, validated_data: list[dict[str, Any]]) -> list[Any]:
        child = cast(Any, self.child)
        if not child.enters_together:
            return self.create_each(validated_data)
        try:
            return child.create_rows(validated_data)
        except (DomainError, DjangoValidationError, IntegrityError):
            if is_trusting():
                raise
            # Which of them is refused, and why, shows when they are entered one by one.
            return self.create_each(validated_data)

    def create_each(self, validated_data: list[dict[str, Any]]) -> list[Any]:
        """The rows, entered one by one."""
        rows, child = [], cast(Any, self.child)
        for index, attributes in enumerate(validated_data):
            with placing(index):
                try:
                    rows.append(child.create(attributes))
                except IntegrityError:
                    # What a row before it has taken is refused in the words for what was taken before; that row is gone
                    # with this one, and not named.
                    cast(Any, self.context).setdefault(ENTERED, {}).update({(type(row), row.pk): row for row in rows})
                    child.run_validation(cast(Any, self.initial_data)[index])
                    raise
        return rows


@contextmanager
def placing(index: int) -> Iterator[None]:
    """Say of what is refused inside that it is the row of this number, among many."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({str(index): error.detail}) from error
    except (DomainError, DjangoValidationError, IntegrityError) as error:
        raise placed(error, str(index), f"Row {index}") from error


def placed(error: Exception, path: str, name: str) -> Problem:
    """The error of one row among many, with the path of the row before its fields, and its name before the words."""
    problem = problem_of(error)
    assert problem is not None
    entries = problem.errors or ({"field": None, "code": problem.code, "detail": problem.detail},)
    moved = [{**entry, "field": f"{path}.{entry['field']}" if entry.get("field") else path} for entry in entries]
    return Problem(problem.status, problem.code, f"{name}: {problem.detail}", errors=moved)
