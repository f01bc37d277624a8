"""How values look that have a grammar of their own: moments, dates as exact as they are known, cursors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter

_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"

MOMENT: dict[str, Any] = {
    "type": "string",
    "minLength": 10,
    "maxLength": 40,
    "pattern": rf"^{_DAY}([T ]\d{{2}}(:?\d{{2}}(:?\d{{2}}([.,]\d+)?)?)?(Z|[+ -]\d{{2}}(:?\d{{2}})?))?$",
    "example": "2025-07-02T12:00Z",
}
"""A past moment with its zone, or a day."""

EDTF: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d{2}:\d{2}Z)?)?)?$",
    "example": "2025-07",
}
"""A date as exact as it is known (EDTF level 0)."""

EDTF_OR_EMPTY: dict[str, Any] = {**EDTF, "pattern": rf"^(|{EDTF['pattern'][1:-1]})$"}

CURSOR: dict[str, Any] = {"type": "string", "minLength": 1, "pattern": r"^[\w=.:-]+$"}


def moment_parameter(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    """A parameter that names a past moment."""
    return OpenApiParameter(name, MOMENT, OpenApiParameter.QUERY, required=required, description=description)


def names_parameter(name: str, known: Sequence[str], description: str) -> OpenApiParameter:
    """A parameter that takes some of these names, separated by commas."""
    shape = {"type": "array", "items": {"type": "string", "enum": list(known)}, "example": list(known)[:1]}
    return OpenApiParameter(name, shape, description=description, style="form", explode=False)
