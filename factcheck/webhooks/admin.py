"""The desk's pages for webhooks and their calls."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.enums import ActionVariant

from factcheck.admin.filters import ChoiceFilter
from factcheck.admin.history import NoHistoryMixin
from factcheck.admin.lists import BoundedListMixin
from factcheck.admin.modeladmin import RecordedModelAdmin
from factcheck.admin.readonly import ReadOnlyAdmin
from factcheck.admin.steps import Step, StepsMixin
from factcheck.audit.access import is_desk
from factcheck.webhooks.acts import resend_call, send_ping, take_over
from factcheck.webhooks.models import CallStatus, Webhook, WebhookCall
from factcheck.webhooks.signing import rotate_secret


def _rotate(*, actor: Any, row: Webhook) -> Webhook:
    return rotate_secret(actor=actor, webhook=row)


def _ping(*, actor: Any, row: Webhook) -> WebhookCall:
    return send_ping(actor=actor, webhook=row)


def _resend(*, actor: Any, row: WebhookCall) -> WebhookCall:
    return resend_call(actor=actor, call=row)


def _sent(*, actor: Any, row: Webhook | WebhookCall, prepared: WebhookCall) -> WebhookCall:
    return prepared


def _take_over(*, actor: Any, row: Webhook) -> Webhook:
    return take_over(actor=actor, webhook=row)


def _may_take_over(user: Any, row: Webhook) -> bool:
    return row.owner_id != user.pk and _may_change(user, row)


def _may_change(user: Any, row: Webhook | WebhookCall) -> bool:
    return user.has_perm("webhooks.change_webhook")


@admin.register(Webhook)
class WebhookAdmin(RecordedModelAdmin):
    list_display = ("name", "url", "active", "owner", "told_until")
    list_select_related = label_related = ("cursor", "owner")
    search_fields = ("name", "url")
    search_help_text = "Search by name or address."
    readonly_fields = ("owner", "stopped", "told_until", "secret_generation", "secret_shown_at", "secret_rotated_at")
    fieldsets = (
        (None, {"fields": ["name", "url", "actions", "disputes", "sources", "active"]}),
        (
            "State",
            {
                "fields": readonly_fields,
                "description": "How far the receiver has been told. The secret is shown once, by the API alone.",
            },
        ),
    )
    steps = (
        Step(
            name="ping",
            label="Send a test",
            says="A message webhook.ping is sent now, signed like every other; what the receiver answers is shown.",
            prepare=_ping,
            run=_sent,
            done="Sent, and this came of it:",
            offered=_may_change,
            icon="send",
        ),
        Step(
            name="take-over",
            label="Take it over",
            says="You answer for it from now on: where you lose the right to look after webhooks, it stops.",
            run=_take_over,
            done="Yours:",
            offered=_may_take_over,
            icon="person",
        ),
        Step(
            name="rotate",
            label="Rotate the secret",
            says="A new secret signs the messages from now on; for 24 hours the old one signs as well.",
            run=_rotate,
            done="Rotated:",
            offered=_may_change,
            icon="key",
            variant=ActionVariant.DANGER,
        ),
    )

    @admin.display(description="stopped")
    def stopped(self, webhook: Webhook) -> str:
        return webhook.stopped() or "no"

    @admin.display(description="told until entry")
    def told_until(self, webhook: Webhook) -> str:
        cursor = getattr(webhook, "cursor", None)
        return str(cursor.after) if cursor is not None else "not yet"


@admin.register(WebhookCall)
class WebhookCallAdmin(NoHistoryMixin, StepsMixin, BoundedListMixin, ReadOnlyAdmin):
    prefilled: tuple[str, ...] = ()
    list_display = (
        "event",
        "entry_id",
        "webhook",
        "status",
        "attempts",
        "response_status",
        "sent_at",
        "next_attempt_at",
    )
    list_select_related = ("webhook",)
    list_filter = (ChoiceFilter.of("status", CallStatus),)
    ordering = ("-id",)
    actions = ()
    steps = (
        Step(
            name="resend",
            label="Send it again",
            says="The message is sent once more now, with the id that it had; what the receiver answers is shown.",
            prepare=_resend,
            run=_sent,
            done="Sent, and this came of it:",
            offered=_may_change,
            icon="send",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return WebhookCall.objects.visible_to(request.user).order_by("-id")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_desk(request.user) and request.user.has_perm("webhooks.view_webhook")
