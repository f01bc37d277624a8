"""Confirmations of published verdicts over REST; made by confirming a verdict, never changed."""

from __future__ import annotations

from typing import Any

from claims.models import Claim, Confirmation, Dispute, Verdict
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedReadOnlyViewSet


class ConfirmationSerializer(ShownSerializer):
    reviewer = PersonField(help_text="Who looked at it again; never the author of the verdict.")

    class Meta:
        model = Confirmation
        fields: tuple[str, ...] = ("id", "verdict", "reviewer", "reason", *BOOKKEEPING)
        read_only_fields: tuple[str, ...] = fields


class ConfirmationFilterSet(filters.RecordedFilterSet):
    verdict = filters.ReferenceFilter(queryset=Verdict.objects.all())
    claim = filters.ReferenceFilter(field_name="verdict__claim", queryset=Claim.objects.all())
    dispute = filters.ReferenceFilter(
        field_name="verdict__claim__dispute", queryset=Dispute.objects.all(), slug_field="slug"
    )

    class Meta:
        model = Confirmation
        fields: tuple[str, ...] = ()


class ConfirmationViewSet(RecordedReadOnlyViewSet):
    """Reviewers' words that a published verdict holds although something it rests on has changed.

    One is made with `POST verdicts/{id}/confirm/`.
    """

    queryset = Confirmation.objects.select_related("verdict__rating", "verdict__claim", "reviewer")
    serializer_class = ConfirmationSerializer
    filterset_class = ConfirmationFilterSet
    ordering_fields: Any = ("created_at",)
