"""Webhooks over REST, for those who look after them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api import filters
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.problem import Problem
from factcheck.api.shown import BOOKKEEPING, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.webhooks.models import Webhook, WebhookCall
from factcheck.webhooks.signing import rotate_secret, show_secret

STATE = ("after", "secret_generation", "secret_shown_at", "secret_rotated_at")


class WebhookSerializer(ShownSerializer):
    actions = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        allow_empty=False,
        help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
    )
    after = serializers.IntegerField(
        source="cursor.after",
        read_only=True,
        default=None,
        allow_null=True,
        help_text="The last entry of the audit trail that was dealt with; null before the first delivery.",
    )

    class Meta:
        model = Webhook
        fields = ("id", "name", "url", "actions", "active", *STATE, *BOOKKEEPING)
        read_only_fields = (*STATE, *BOOKKEEPING)


class WebhookCallSerializer(serializers.ModelSerializer):
    class Meta:
        model = WebhookCall
        fields = (
            "id",
            "entry_id",
            "status",
            "attempts",
            "sent_at",
            "next_attempt_at",
            "response_status",
            "response_excerpt",
            "error",
        )
        read_only_fields = fields


class SecretSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="The secret that signs the messages, as Standard Webhooks writes it.")
    secret_generation = serializers.IntegerField(help_text="Which one it is.")


class WebhookFilterSet(filters.RecordedFilterSet):
    active = filters.BooleanFilter()

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = ()


class CallPage:
    """What the paginator asks of a view: calls have no order but their own."""

    action = "calls"


class WebhookViewSet(RecordedViewSet):
    """Receivers that are told by a signed POST what happened to what the public may read.

    A message holds the action and numbers, nothing that was entered; the receiver reads the rest from the API. For
    editors and administrators.
    """

    queryset = Webhook.objects.select_related("cursor")
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilterSet
    exportable = False
    ordering_fields = ("created_at", "updated_at")
    action_permissions = RecordedViewSet.action_permissions | {
        "list": "webhooks.view_webhook",
        "retrieve": "webhooks.view_webhook",
        "calls": "webhooks.view_webhook",
        "history": "webhooks.view_webhook",
        "secret": "webhooks.change_webhook",
        "rotate": "webhooks.change_webhook",
    }
    action_parameters = RecordedViewSet.action_parameters | {"calls": {"cursor", "page_size"}}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action == "secret" and "HTTP_IDEMPOTENCY_KEY" in request.META:
            raise Problem(
                400, "invalid_header", "Leave Idempotency-Key out: the answer would be kept, and a secret is not."
            )

    @extend_schema(responses=WebhookCallSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def calls(self, request: Request, pk: str) -> Response:
        """The deliveries to this receiver with the answer to the last attempt of each, newest first."""
        calls = WebhookCall.objects.visible_to(request.user).filter(webhook=self.get_object())
        self.current_object = None
        paginator = SignedCursorPagination()
        paginator.ordering = "-id"
        page = paginator.paginate_queryset(calls, request, view=CallPage())
        return paginator.get_paginated_response(WebhookCallSerializer(page, many=True).data)

    @extend_schema(request=None, responses=SecretSerializer)
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str) -> Response:
        """The secret that signs the messages, shown once; the trail keeps who saw it."""
        webhook = self.get_object()
        shown = {"secret": show_secret(actor=request.user, webhook=webhook)}
        self.current_object = webhook
        return Response(
            {**shown, "secret_generation": webhook.secret_generation}, headers={"Cache-Control": "no-store"}
        )

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str) -> Response:
        """A new secret signs from now on; for 24 hours the old one signs as well."""
        return self.answer(rotate_secret(actor=request.user, webhook=self.get_object()))
