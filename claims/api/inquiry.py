"""Inquiries, the right of reply, over REST."""

from __future__ import annotations

from claims.api.attribution import sources_by_name
from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.choices import Outcome
from claims.models import Inquiry
from factcheck.audit.rest.shown import BOOKKEEPING, ShownSerializer
from factcheck.base.rest import filters


class InquirySerializer(ShownSerializer):
    class Meta:
        model = Inquiry
        fields = (
            "id",
            "claim",
            "source",
            "asked_on",
            "due_on",
            "channel",
            "question",
            "outcome",
            "answer",
            "answered_on",
            *WITHDRAWN,
            *BOOKKEEPING,
        )
        read_only_fields = (*WITHDRAWN, *BOOKKEEPING)
        desk_fields = ("channel",)


class InquiryFilterSet(WithdrawableFilterSet):
    source = filters.ReferenceFilter(queryset=sources_by_name, slug_field="slug")
    outcome = filters.ChoicesFilter(choices=Outcome)
    asked_after = filters.DateFilter(field_name="asked_on", lookup_expr="gte")
    asked_before = filters.DateFilter(field_name="asked_on", lookup_expr="lte")
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Inquiry
        fields: tuple[str, ...] = ()


class InquiryViewSet(WithdrawableViewSet):
    """Who was asked what about a claim, and what came of it."""

    queryset = Inquiry.objects.select_related("claim", "source")
    serializer_class = InquirySerializer
    filterset_class = InquiryFilterSet
    ordering_fields = ("asked_on", "created_at", "updated_at")
