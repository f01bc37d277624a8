"""Webhooks over REST, for those who look after them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from factcheck.api import filters
from factcheck.api.fields import MAX_INTEGER
from factcheck.api.pagination import SignedCursorPagination
from factcheck.api.problem import Problem
from factcheck.api.shown import BOOKKEEPING, PersonField, ShownSerializer
from factcheck.api.viewset import RecordedViewSet
from factcheck.webhooks.acts import CHANGE, resend_call, send_ping, take_over
from factcheck.webhooks.models import Webhook, WebhookCall, caretakers
from factcheck.webhooks.signing import rotate_secret, show_secret

STATE = ("owner", "stopped", "after", "secret_generation", "secret_shown_at", "secret_rotated_at")


def help_of(name: str) -> str:
    """What the model says of a field."""
    field: Any = Webhook._meta.get_field(name)
    return str(field.help_text)


class WebhookSerializer(ShownSerializer):
    actions = serializers.ListField(
        child=serializers.CharField(max_length=300),
        max_length=50,
        allow_empty=False,
        help_text="What is sent: actions such as claim.published, all of a noun such as verdict.*, or * for all.",
    )
    disputes = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_INTEGER),
        max_length=50,
        required=False,
        help_text=help_of("disputes"),
    )
    sources = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_INTEGER),
        max_length=50,
        required=False,
        help_text=help_of("sources"),
    )
    owner = PersonField(help_text=help_of("owner"))
    stopped = serializers.SerializerMethodField(
        help_text="Why nothing is sent although it is active, because of its owner; empty where something is."
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
        fields = ("id", "name", "url", "actions", "disputes", "sources", "active", *STATE, *BOOKKEEPING)
        read_only_fields = (*STATE, *BOOKKEEPING)

    def get_stopped(self, webhook: Webhook) -> str:
        return webhook.stopped(self.holders)

    @cached_property
    def holders(self) -> set[int]:
        """Those who may look after webhooks; asked once for all rows."""
        return caretakers()


class WebhookCallSerializer(serializers.ModelSerializer):
    class Meta:
        model = WebhookCall
        fields = (
            "id",
            "event",
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


SENT = frozenset({"ping", "resend"})
NOT_KEPT = {"secret": "the answer would be kept, and a secret is not."} | dict.fromkeys(
    SENT, "each request sends a message, and the answer is what came of it."
)
"""Why these actions take no key."""


class CallPage:
    """What the paginator asks of a view: calls have no order but their own."""

    action = "calls"


class WebhookViewSet(RecordedViewSet):
    """Receivers that are told by a signed POST what happened to what the public may read.

    A message holds the action and numbers, nothing that was entered; the receiver reads the rest from the API. For
    editors and administrators.
    """

    queryset = Webhook.objects.select_related("cursor", "owner")
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilterSet
    exportable = False
    ordering_fields = ("created_at", "updated_at")
    action_permissions = RecordedViewSet.action_permissions | {
        "list": "webhooks.view_webhook",
        "retrieve": "webhooks.view_webhook",
        "calls": "webhooks.view_webhook",
        "history": "webhooks.view_webhook",
        "secret": CHANGE,
        "rotate": CHANGE,
        "ping": CHANGE,
        "resend": CHANGE,
        "take_over": CHANGE,
    }
    action_parameters = RecordedViewSet.action_parameters | {"calls": {"cursor", "page_size"}}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "HTTP_IDEMPOTENCY_KEY" in request.META and (why := NOT_KEPT.get(self.action)):
            raise Problem(400, "invalid_header", f"Leave Idempotency-Key out: {why}")

    def recorded(self, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        # A receiver takes its time to answer: nobody waits for it in a transaction.
        return act if self.action in SENT else super().recorded(act)

    @extend_schema(responses=WebhookCallSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"])
    def calls(self, request: Request, pk: str) -> Response:
        """The deliveries to this receiver with the answer to the last attempt of each, newest first."""
        request.data  # noqa: B018 - as above
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

    @extend_schema(request=None, responses=WebhookCallSerializer)
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: str) -> Response:
        """A test (`webhook.ping`), signed and sent at once, once; the answer says what the receiver answered."""
        request.data  # noqa: B018 - a body that cannot be read is refused, as by every act
        return self.answer_call(send_ping(actor=request.user, webhook=self.get_object()))

    @extend_schema(request=None, responses=WebhookCallSerializer)
    @action(detail=True, methods=["post"], url_path=r"calls/(?P<call>[0-9]{1,18})/resend")
    def resend(self, request: Request, pk: str, call: str) -> Response:
        """The message of a call once more, at once and with its id; the answer says what the receiver answered.

        409 where what it told is not public any more, and while messages are on their way to the receiver.
        """
        calls = WebhookCall.objects.visible_to(request.user).select_related("webhook__owner")
        found = get_object_or_404(calls, webhook=self.get_object(), pk=int(call))
        return self.answer_call(resend_call(actor=request.user, call=found))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: Request, pk: str) -> Response:
        """The webhook is the caller's, who answers for it from now on."""
        return self.answer(take_over(actor=request.user, webhook=self.get_object()))

    def answer_call(self, call: WebhookCall) -> Response:
        """The call as it is now; its ETag would be none of the webhook's."""
        self.current_object = None
        return Response(WebhookCallSerializer(call).data)
