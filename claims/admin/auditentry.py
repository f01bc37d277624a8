"""The desk's pages for the audit trail: read only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from claims.models import Dispute
from factcheck.admin import PeriodFilter
from factcheck.admin.filters import LONGEST_LIST, OfferedFilter
from factcheck.admin.lists import BoundedListMixin
from factcheck.admin.readonly import RecordPageAdmin
from factcheck.admin.trail import acts_of, disputes_by, hidden_from, trail_for
from factcheck.audit.access import is_desk
from factcheck.audit.chain import SYSTEM
from factcheck.audit.differences import recorded_models
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.doors import DOORS
from factcheck.models.choosing import distinct_values

disputes_by(Dispute.objects.open_to)

PAST_TENSE = (
    "created",
    "changed",
    "deleted",
    "drafted",
    "submitted",
    "returned",
    "published",
    "withdrawn",
    "merged",
    "correction_drafted",
    "corrected",
    "secret_shown",
    "secret_rotated",
)


OF_DOORS = {"user": "account", "group": "role", "authtoken": "token", "export": "export"}
"""What else the trail tells of, to administrators."""


def sees_doors(request: HttpRequest) -> bool:
    """Whether who asks reads who came in and what was tried at the doors."""
    return bool(request.user.has_perm("auth.view_user"))


class DoorFilter(OfferedFilter):
    """All that happened at the doors, in one list; for administrators."""

    title, parameter_name = "doors", "doors"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        return [("yes", "log-ins, locks, rights, tokens, exports")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action__in=DOORS) if self.value() else queryset


class NounFilter(OfferedFilter):
    title, parameter_name = "noun", "noun"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        nouns = sorted((name, str(model._meta.verbose_name)) for name, model in recorded_models().items())
        return [*nouns, *(OF_DOORS.items() if sees_doors(request) else ())]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class ActFilter(OfferedFilter):
    title, parameter_name = "act", "act"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        acts = [(act, act.replace("_", " ")) for act in PAST_TENSE]
        return [*acts, *((act, words) for act, words in DOORS.items() if sees_doors(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() in DOORS:
            return queryset.filter(action=self.value())
        # Whole actions, which are indexed, instead of a search for their endings.
        return queryset.filter(action__in=[f"{noun}.{self.value()}" for noun in recorded_models()])


class ActorFilter(OfferedFilter):
    """By who did it, under the name that they have now: all that they did, also under an earlier one."""

    title, parameter_name = "actor", "actor"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Iterable[tuple[str, str]]:
        trail = trail_for(request.user)
        actors = distinct_values(trail, "actor", LONGEST_LIST)
        there = {user.pk: user.get_full_name() or user.get_username() for user in User.objects.filter(pk__in=actors)}
        self.known: dict[str, list[int | None]] = defaultdict(list, {SYSTEM: [None]})
        for pk in actors:
            # Of somebody whose account is gone the trail alone knows the name.
            self.known[there.get(pk) or trail.filter(actor=pk).order_by()[0].actor_name].append(pk)
        return [(name, name) for name in sorted(self.known)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        actors = self.known[str(self.value())]
        return queryset.filter(Q(actor=None) if None in actors else Q(actor__in=actors))


@admin.register(AuditEntry)
class AuditEntryAdmin(BoundedListMixin, RecordPageAdmin):
    page_template = "admin/claims/auditentry.html"
    prefilled: tuple[str, ...] = ()
    list_display = ("id", "at", "action", "label_shown", "actor_name", "reason_short")
    sortable_by = ("id", "at")
    list_filter = (NounFilter, ActFilter, ActorFilter, PeriodFilter.of("at", title="time"))
    search_fields = ("object_label", "reason", "actor_name")
    search_help_text = "Search by the row, the reason or the actor."
    ordering = ("-id",)
    actions = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return trail_for(request.user).order_by("-id")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (*((DoorFilter,) if sees_doors(request) else ()), *super().get_list_filter(request))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            shown = response.context_data["cl"].result_list
            hidden = hidden_from(shown, request.user)
            for entry in shown:
                entry.hidden = entry.pk in hidden
        return response

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_desk(request.user)

    def has_view_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return is_desk(request.user) and super().has_view_permission(request, obj)

    def page_context(self, request: HttpRequest, row: AuditEntry) -> dict[str, Any]:
        return {"title": f"Audit entry {row.pk}", "act": acts_of([row], request.user)[0]}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self.changeform_view(request, object_id)

    @admin.display(description="what")
    def label_shown(self, entry: AuditEntry) -> str:
        return "(not visible to you)" if entry.hidden else entry.object_label[:160]

    @admin.display(description="reason")
    def reason_short(self, entry: AuditEntry) -> str:
        return entry.reason[:120] or "–"
