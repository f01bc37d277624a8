"""Inquiries, the right of reply, over REST."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.child import WITHDRAWN, WithdrawableFilterSet, WithdrawableViewSet
from claims.choices import Outcome
from claims.models import Inquiry
from claims.models.inquiry import InquiryQuerySet
from claims.services import record_silence
from factcheck.api import filters
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from sources.api.source import sources_by_name


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
    outcome = filters.ChoiceFilter(choices=Outcome)
    asked_on, asked_after, asked_before = filters.days("asked_on")
    due_on, due_after, due_before = filters.days("due_on")
    overdue = filters.BooleanFilter(method="by_delay")

    class Meta:
        model = Inquiry
        fields: tuple[str, ...] = ()

    def by_delay(self, queryset: InquiryQuerySet, name: str, value: bool) -> InquiryQuerySet:
        overdue = Inquiry.objects.overdue().filter(pk=OuterRef("pk"))
        return queryset.overdue() if value else queryset.filter(~Exists(overdue))


class InquiryViewSet(WithdrawableViewSet):
    """Who was asked what about a claim, and what came of it."""

    queryset = Inquiry.objects.select_related("claim", "source")
    serializer_class = InquirySerializer
    filterset_class = InquiryFilterSet
    ordering_fields = ("asked_on", "created_at", "updated_at")
    action_permissions = WithdrawableViewSet.action_permissions | {"silence": "claims.change_inquiry"}

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def silence(self, request: Request, pk: str) -> Response:
        """No answer came by the day by which it was asked for; refused before that day has passed."""
        return self.answer(record_silence(actor=request.user, inquiry=self.get_object()))
