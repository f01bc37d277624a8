"""What a reader is shown of a row: some fields are the desk's alone."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.relations import PKOnlyObject

from factcheck.api.reference import reader_in
from factcheck.api.serializers import RecordedSerializer
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel

Row = TypeVar("Row", bound=RecordedModel)

BOOKKEEPING = ("version", "created_at", "updated_at")


class ShownSerializer(RecordedSerializer[Row]):
    """Represents a row as its reader may see it: `shown_to` masks it, `Meta.desk_fields` are empty outside the desk."""

    def reader(self) -> Reader:
        """Who reads the row."""
        return reader_in(self.context)

    def to_representation(self, instance: Row) -> dict[str, Any]:
        reader = self.reader()
        result = super().to_representation(instance.shown_to(reader))
        if (hidden := getattr(self.Meta, "desk_fields", ())) and not is_desk(reader):
            for name in hidden:
                if name in result:
                    result[name] = type(result[name])() if isinstance(result[name], str | list) else None
        return result


@extend_schema_field(
    {
        "type": ["object", "null"],
        "required": ["id", "label"],
        "properties": {
            "id": {"type": ["integer", "null"], "description": "The user; null outside the desk."},
            "label": {"type": "string", "description": "The person's name, or “Desk”."},
        },
    }
)
class PersonField(serializers.RelatedField):
    """A member of the desk: id and name for the desk, the name alone for everybody else."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def use_pk_only_optimization(self) -> bool:
        return False

    def to_representation(self, value: User | PKOnlyObject) -> dict[str, Any]:
        assert isinstance(value, User)
        desk = is_desk(reader_in(self.context))
        name = value.get_full_name()
        return {"id": value.pk if desk else None, "label": name or (value.get_username() if desk else "Desk")}
