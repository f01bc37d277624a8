"""PUT replaces a row: what a request leaves out gets what a new row begins with; PATCH changes what it names."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

SEND_IT = "Send this: PUT replaces the whole row, and nothing is put in its place. PATCH changes only what it names."


def fill_left_out(serializer: serializers.ModelSerializer, attrs: dict[str, Any]) -> dict[str, Any]:
    """`attrs` of a PUT with the defaults of what was left out. Raises ValidationError for what has none.

    A field has none where it is kept in rows of its own, where a row finds its value itself, and where
    `Meta.put_needs` names it: what decides who may read the row does not fall back to its default, which is public,
    and lasting addresses last. Fields of the creation alone, which no answer shows, are left alone.
    """
    request = serializer.context.get("request")
    if serializer.instance is None or serializer.root is not serializer or request is None or request.method != "PUT":
        return attrs
    needed = set(getattr(serializer.Meta, "put_needs", ()))
    filled, missing = dict(attrs), {}
    for name, field in serializer.fields.items():
        if field.read_only or field.write_only or name in serializer.initial_data:
            continue
        source = field.source or name
        column = _column_of(serializer, source)
        if name in needed or column is None or not _begins_with_something(column):
            missing[name] = [ErrorDetail(SEND_IT, "required")]
        else:
            filled[source] = column.get_default()
    if missing:
        raise ValidationError(missing)
    return filled


def _begins_with_something(column: Any) -> bool:
    return bool(column.has_default() or column.null or column.empty_strings_allowed)


def _column_of(serializer: serializers.ModelSerializer, name: str) -> Any:
    model: Any = serializer.Meta.model
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if column.concrete else None
