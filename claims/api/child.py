"""What the rows that hang on a claim share over REST: their claim as a filter, and withdrawal."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.models import Claim, Dispute
from claims.services import withdraw
from factcheck.api import filters
from factcheck.api.serializers import REASON_FIELD
from factcheck.api.strict import StrictSerializer, refuse_unknown
from factcheck.api.viewset import RecordedViewSet

WITHDRAWN = ("withdrawn_at", "withdrawn_reason")


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=2_000, help_text="Why it is done; kept in the history.")


class WithdrawalSerializer(StrictSerializer):
    """One of many rows that are withdrawn."""

    id = serializers.IntegerField(min_value=1, help_text="The row.")
    version = serializers.IntegerField(
        min_value=1, required=False, help_text="The version that you read; needed where the row is public."
    )
    reason = serializers.CharField(max_length=2_000, help_text="Why it is withdrawn; kept in the history.")


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2_000, help_text="What has to be done before it can be published.")


class ClaimChildFilterSet(filters.RecordedFilterSet):
    claim = filters.ReferenceFilter(queryset=Claim.objects.all())
    dispute = filters.ReferenceFilter(field_name="claim__dispute", queryset=Dispute.objects.all(), slug_field="slug")


class WithdrawableFilterSet(ClaimChildFilterSet):
    withdrawn = filters.PresenceFilter(field_name="withdrawn_at")


class WithdrawableViewSet(RecordedViewSet):
    """A noun whose published rows are withdrawn with a reason instead of deleted."""

    action_permissions = RecordedViewSet.action_permissions | {
        "withdraw": "claims.withdraw_claim",
        "withdraw_many": "claims.withdraw_claim",
    }

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """The row no longer stands; it stays on record with the reason."""
        body = checked(ReasonSerializer, request)
        return self.answer(self.take_back(self.get_object(), body))

    @extend_schema(request=WithdrawalSerializer(many=True))
    @action(detail=False, methods=["post"], url_path="withdraw", url_name="withdraw-many")
    def withdraw_many(self, request: Request) -> Response:
        """Many rows no longer stand, all or none; each stays on record with its reason."""
        return self.act_on_many(request, WithdrawalSerializer, self.take_back)

    def take_back(self, row: Any, body: dict[str, Any]) -> Any:
        """Withdraw the row for the reason in the body."""
        return withdraw(actor=self.request.user, row=row, reason=body["reason"])


def checked(serializer_class: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The body of an action, or the 400 that names its fields; a misspelt one would be lost in silence."""
    serializer = serializer_class(data=request.data)
    refuse_unknown(request.data, serializer, beside=(REASON_FIELD,))
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
