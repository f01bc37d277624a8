"""`?fields=` and `?include=`: which parts of a row its reader wants."""

from __future__ import annotations

from functools import cache
from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from factcheck.api.parameters import listed
from factcheck.api.problem import bad_parameter


@cache
def field_names(serializer_class: type[Serializer]) -> tuple[str, ...]:
    """All fields that a row can be answered with."""
    return tuple(name for name, field in serializer_class().fields.items() if not field.write_only)


def askable_fields(view: Any) -> tuple[str, ...]:
    """Those that the view can answer a row with: a list that adds no parts to its rows has none of them."""
    names = field_names(view.serializer_class)
    if view.action != "list" or view.include_fields:
        return names
    parts = getattr(view.serializer_class.Meta, "parts", ())
    return tuple(name for name in names if name not in parts)


def wanted_fields(request: Request, view: Any) -> frozenset[str] | None:
    """The names in `?fields=a,b`; None where it is not given. Raises a 400 for a name that no row has here."""
    given = request.query_params.get("fields")
    if given is None:
        return None
    names, known = listed("fields", given), askable_fields(view)
    for name in names:
        if name not in known:
            message = f"There is no field {name[:100]!r} here. Choose from: {', '.join(known)}."
            raise bad_parameter("fields", message, "unknown_value")
    return frozenset(names)


def only(row: dict[str, Any], names: frozenset[str] | None) -> dict[str, Any]:
    """The row with these fields alone, in its own order; whole for None."""
    return row if names is None else {name: value for name, value in row.items() if name in names}
