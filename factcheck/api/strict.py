"""Bodies of no model: what they do not know is refused."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


def refuse_unknown(data: Any, serializer: serializers.Serializer[Any], beside: Collection[str] = ()) -> None:
    """Raise for the names of fields that the serializer does not have, with those that it takes: a misspelt one would
    be lost in silence. `beside` are known too, and are read by somebody else."""
    if not isinstance(data, dict) or not (unknown := data.keys() - {*serializer.fields, *beside}):
        return
    listed = ", ".join(sorted(name for name, field in serializer.fields.items() if not field.read_only))
    message = f"Unknown field. Known here: {listed}."
    raise ValidationError({str(name)[:100]: [ErrorDetail(message, "unknown_field")] for name in unknown})


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it does not know."""

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, self)
        return super().to_internal_value(data)
