"""A serializer of no model that refuses what it does not know."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError


class StrictSerializer(serializers.Serializer[Any]):
    """Raises for the names of fields that there are not, with those that there are."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - set(self.fields)):
            listed = ", ".join(sorted(name for name, field in self.fields.items() if not field.read_only))
            message = f"Unknown field. Known here: {listed}."
            raise ValidationError({str(name)[:100]: [ErrorDetail(message, "unknown_field")] for name in unknown})
        return super().to_internal_value(data)
