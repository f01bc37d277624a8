"""What a reader is shown of a row: some fields are the desk's alone."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from factcheck.api.reference import reader_in
from factcheck.api.serializers import RecordedSerializer
from factcheck.audit.access import is_desk, name_shown_to
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel

Row = TypeVar("Row", bound=RecordedModel)

BOOKKEEPING = ("version", "created_at", "updated_at")


class ShownSerializer(RecordedSerializer[Row]):
    """Represents a row as its reader may see it: `shown_to` masks it, `Meta.desk_fields` are empty outside the desk."""

    def reader(self) -> Reader:
        """Who reads the row."""
        return reader_in(self.context)

    @cached_property
    def for_desk(self) -> bool:
        """Whether the reader works on the desk; asked once for all rows that it represents."""
        return is_desk(self.reader())

    def to_representation(self, instance: Row) -> dict[str, Any]:
        result = super().to_representation(instance.shown_to(self.reader()))
        if (hidden := getattr(self.Meta, "desk_fields", ())) and not self.for_desk:
            result.update({name: hidden_value(self.fields[name]) for name in hidden if name in result})
        return result


def hidden_value(field: serializers.Field) -> Any:
    """What stands in a field of the desk for everybody else: nothing, in the type of the field."""
    if isinstance(field, serializers.CharField | serializers.ChoiceField):
        return None if field.allow_null else ""
    return [] if isinstance(field, serializers.ListField | serializers.ManyRelatedField) else None


class PersonField(serializers.RelatedField):
    """A member of the desk: id and name for the desk; for everybody else the name alone, or not even that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def use_pk_only_optimization(self) -> bool:
        return False

    @cached_property
    def for_desk(self) -> bool:
        """Whether the reader works on the desk; asked once for all rows."""
        return is_desk(reader_in(self.context))

    def to_representation(self, value: User | PKOnlyObject) -> dict[str, Any]:
        assert isinstance(value, User)
        name = name_shown_to(reader_in(self.context), value)
        return {"id": value.pk if self.for_desk else None, "label": name}
