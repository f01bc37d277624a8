"""The audit trail in JSON: one entry, with the values that the change replaced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from factcheck.audit.differences import differences_of
from factcheck.audit.models import AuditEntry


@extend_schema_field({})
class ValueField(serializers.JSONField):
    """A value of any kind, null included."""


class ChangeSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="The field that changed.")
    before = ValueField(help_text="Its value before.")
    after = ValueField(help_text="Its value after.")


class AuditEntryListSerializer(serializers.ListSerializer):
    child: Any

    def to_representation(self, data: models.Manager[Any] | Iterable[Any]) -> list[Any]:
        entries: Sequence[AuditEntry] = list(data.all() if isinstance(data, models.Manager) else data)
        self.child.found = differences_of(entries)
        return super().to_representation(entries)


class AuditEntrySerializer(serializers.ModelSerializer):
    """Who did what to what, when and why; `differences` holds the values before and after."""

    hash = serializers.CharField(
        read_only=True, help_text="SHA-256 over this entry and the hash of the entry before it, in hexadecimal digits."
    )
    differences = serializers.SerializerMethodField(help_text="What changed: field, value before, value after.")

    class Meta:
        model = AuditEntry
        list_serializer_class = AuditEntryListSerializer
        fields = (
            "id",
            "at",
            "action",
            "actor_name",
            "object_type",
            "object_id",
            "object_label",
            "dispute_id",
            "claim_id",
            "changes",
            "differences",
            "reason",
            "request_id",
            "hash",
        )
        read_only_fields = fields

    found: dict[int, list[dict[str, Any]]] | None = None

    @extend_schema_field(ChangeSerializer(many=True))
    def get_differences(self, entry: AuditEntry) -> list[dict[str, Any]]:
        found = differences_of([entry]) if self.found is None else self.found
        return found.get(entry.pk, [])
