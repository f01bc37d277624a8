"""Says of a row in hand whether it keeps a check constraint, where that follows from its own values: Django asks the
database for each constraint of each row, in a savepoint of its own."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"exact": operator.eq, "lte": operator.le, "gte": operator.ge}


class _Unknown(Exception):
    """The condition says something of which only the database knows."""


def surely_keeps(row: models.Model, constraint: models.BaseConstraint) -> bool:
    """Whether the row certainly keeps the constraint; where it does not, the database is to be asked."""
    try:
        if isinstance(constraint, models.CheckConstraint):
            # As the database takes it: what is neither true nor false is no violation.
            return _holds(constraint.condition, row) is not False
        # What is unique among some rows alone is no business of the others.
        condition = constraint.condition if isinstance(constraint, models.UniqueConstraint) else None
        return condition is not None and _holds(condition, row) is not True
    except (_Unknown, FieldDoesNotExist, ValidationError, TypeError, ValueError):
        return False


def _holds(condition: Any, row: models.Model) -> bool | None:
    """Whether the condition holds, in the three values of SQL: None where it is neither."""
    if isinstance(condition, tuple):
        lookup, wanted = condition
        return _compare(lookup, wanted, row)
    if not isinstance(condition, Q) or condition.connector not in {Q.AND, Q.OR}:
        raise _Unknown
    joined = reduce(_both if condition.connector == Q.AND else _either, (_holds(c, row) for c in condition.children))
    return joined if joined is None or not condition.negated else not joined


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if one is False or other is False else None if one is None or other is None else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    return True if one or other else None if one is None or other is None else False


def _compare(lookup: str, wanted: Any, row: models.Model) -> bool | None:
    name, _, kind = lookup.partition("__")
    kind = kind or "exact"
    value = _value(row, name)
    if kind == "isnull" or (kind == "exact" and wanted is None):
        return (value is None) is (wanted is None or bool(wanted))
    if kind not in _COMPARED or (hasattr(wanted, "resolve_expression") and not isinstance(wanted, F)):
        raise _Unknown
    other = _value(row, cast(Any, wanted).name) if isinstance(wanted, F) else _field(row, name).to_python(wanted)
    return None if value is None or other is None else _COMPARED[kind](value, other)


def _value(row: models.Model, name: str) -> Any:
    field = _field(row, name)
    value = getattr(row, field.attname)
    if hasattr(value, "resolve_expression"):
        raise _Unknown
    return field.to_python(value)


def _field(row: models.Model, name: str) -> models.Field:
    field = row._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise _Unknown
    return field
