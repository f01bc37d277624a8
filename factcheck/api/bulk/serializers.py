"""How jobs and what became of their rows are told."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from factcheck.api.choices import NamedChoiceField
from factcheck.audit.models.bulk import BulkJob, BulkStatus
from factcheck.base.http.address import public_url


class BulkJobSerializer(serializers.ModelSerializer):
    """A request about many rows that a worker does."""

    status = NamedChoiceField(choices=BulkStatus.choices, read_only=True, help_text="How far it is.")
    results = serializers.SerializerMethodField(help_text="Where it is told what became of each row.")

    class Meta:
        model = BulkJob
        fields = (
            "id",
            "status",
            "method",
            "path",
            "rows",
            "stored",
            "refused",
            "requested_at",
            "finished_at",
            "problem",
            "results",
        )
        read_only_fields = fields

    def get_results(self, job: BulkJob) -> str:
        return public_url(reverse("job-results", args=[job.pk]))


class RowErrorSerializer(serializers.Serializer):
    field = serializers.CharField(allow_null=True, help_text="The place in the request, such as 3.text.")
    code = serializers.CharField(help_text="What is wrong, in a word that stays the same.")
    detail = serializers.CharField(help_text="What is wrong, and what to do.")


class RowResultSerializer(serializers.Serializer):
    """What became of one row: its `id` and `version` where it was stored, a `code` where it was refused."""

    row = serializers.IntegerField(help_text="Its place in the request, from 0.")
    status = serializers.IntegerField(help_text="The status of the answer that it got, such as 201 or 400.")
    id: Any = serializers.IntegerField(help_text="The id of the row; null where it was refused.", allow_null=True)
    version = serializers.IntegerField(help_text="Its version then; null where it was refused.", allow_null=True)
    code = serializers.CharField(help_text="Why it was refused, in a word; empty where it was stored.")
    detail = serializers.CharField(help_text="Why it was refused, and what to do; empty where it was stored.")
    errors: Any = RowErrorSerializer(many=True, help_text="What is wrong with which of its fields.")
