"""Names the row that has a value already which stands once, where the reader may know it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from factcheck.api.reference import ENTERED, reader_in


class Taken(UniqueValidator):
    """The framework's validator, whose refusal says which row it is, and what to do."""

    @classmethod
    def instead_of(cls, validator: Any) -> Any:
        """The same, where the framework chose its own."""
        if type(validator) is not UniqueValidator:
            return validator
        return cls(validator.queryset, validator.message, validator.lookup)

    def __call__(self, value: Any, serializer_field: serializers.Field) -> None:
        try:
            super().__call__(value, serializer_field)
        except serializers.ValidationError as error:
            (detail,) = error.detail
            told = self._told(value, serializer_field)
            raise serializers.ValidationError(f"{detail} {told}".rstrip(), code="unique") from error

    def _told(self, value: Any, field: serializers.Field) -> str:
        """`That is source 7 (“The Ministry”): …`; empty for who may not know it, or enters it by the same request."""
        reader, rows = reader_in(field.context), self.queryset.model.objects
        readable = rows.visible_to(reader) if hasattr(rows, "visible_to") else rows.all()
        row = self.filter_queryset(value, readable, field.source_attrs[-1]).first()
        if row is None or (type(row), row.pk) in field.context.get(ENTERED, {}):
            return ""
        label = row.as_reference(reader)["label"]
        return f"That is {row._meta.verbose_name} {row.pk} (“{label}”): refer to that one, or change it."
