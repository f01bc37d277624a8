"""The base of every admin page of a recorded noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected as delete_confirmed
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from factcheck.admin.beforehand import BeforehandMixin
from factcheck.admin.deletion import deletion_of
from factcheck.admin.formfields import OVERRIDES, VisibleFieldsMixin
from factcheck.admin.forms import RecordedForm
from factcheck.admin.history import HistoryMixin
from factcheck.admin.links import admin_url, link_to
from factcheck.admin.lists import MOST_AT_ONCE, TOO_MANY_SELECTED, BoundedListMixin, ListExtension, columns_shown
from factcheck.admin.once import ask_once, was_published
from factcheck.admin.picker import words_given
from factcheck.admin.problems import FORM_PROBLEMS, PROBLEMS, in_words
from factcheck.admin.returning import ReturningMixin
from factcheck.admin.saving import SavingMixin
from factcheck.admin.steps import Row, StepsMixin
from factcheck.audit.access import is_desk
from factcheck.audit.context import take_writer_lock
from factcheck.base.errors import DomainError
from factcheck.base.people import Reader


class RecordedModelAdmin(
    HistoryMixin[Row],
    SavingMixin[Row],
    ReturningMixin,
    BeforehandMixin,
    VisibleFieldsMixin,
    StepsMixin[Row],
    BoundedListMixin,
    ModelAdmin,
    Generic[Row],
):
    """Shows what the user may see, saves with version and reason, and says in the form what a rule refuses."""

    form = RecordedForm
    formfield_overrides = OVERRIDES
    actions: tuple[str, ...] = ("delete_selected",)
    compressed_fields = True
    warn_unsaved_form = True
    change_form_outer_before_template = "admin/factcheck/above.html"
    change_form_after_template = "admin/factcheck/reason.html"
    change_form_outer_after_template = "admin/teamwork/below.html"
    list_filter_submit = False

    label_related: ClassVar[Sequence[str]] = ()
    """The relations that the words for a row need."""
    named_only: ClassVar[Sequence[str]] = ()
    """The relations of which the list shows no more than what names them (`named_by`)."""
    prefilled: ClassVar[Sequence[str]] = ()
    """The references that a link to the form for a new row may fill in."""
    prefilled_words: ClassVar[Sequence[str]] = ()
    extension: ClassVar[ListExtension] = ListExtension()
    """What is added to the lists of all nouns by a door that knows more than one of them."""
    never_changes: ClassVar[str] = ""
    """Why no row of this noun is ever changed, if so."""

    # --- who sees and changes what ---

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = self.model._default_manager.visible_to(request.user)
        if ordering := self.get_ordering(request):
            rows = rows.order_by(*ordering)
        if not self.in_list(request):
            return rows.select_related(*self.label_related) if self.label_related else rows
        related = [*self.label_related, *(self.list_select_related or ())]
        columns = columns_shown(self.model, related, self.named_only)
        return rows.select_related(*related).only(*columns) if related else rows

    def in_list(self, request: HttpRequest) -> bool:
        """Whether the page is the list of this noun."""
        match = request.resolver_match
        return match is not None and match.url_name == f"{self.opts.app_label}_{self.opts.model_name}_changelist"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field) if len(object_id) <= 18 else None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_desk(request.user) and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return is_desk(request.user) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_desk(request.user) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        if self.never_changes or not is_desk(request.user) or not super().has_change_permission(request, obj):
            return False
        return obj is None or not self.closed_because(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        if self.never_changes or not is_desk(request.user) or not super().has_delete_permission(request, obj):
            return False
        return obj is None or not (was_published(obj) or self.closed_because(request.user, obj))

    def closed_because(self, user: Reader, obj: Row) -> str:
        """Why `user` may read this row but not change it, in words; empty when they may."""
        return ask_once(obj, f"closed {user.pk}", lambda: self.closed(user, obj))

    def closed(self, user: Reader, obj: Row) -> str:
        """The answer of `closed_because`, worked out; nouns with rules of their own add to it."""
        if self.never_changes:
            return self.never_changes
        if self.public(obj) and not user.has_perm("sources.correct_published"):
            return f"This {self.opts.verbose_name} is published. Ask a reviewer or an editor to change it."
        return ""

    def public(self, obj: Row) -> bool:
        """Whether anybody can read the row, asked once a request."""
        return ask_once(obj, "public", obj.is_public)

    # --- the list ---

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            shown = response.context_data.get("actions_list") or []
            response.context_data["actions_list"] = [*shown, *self.extension.buttons(self, request)]
        return response

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_actions(request), **self.extension.actions(self, request)}

    # --- the form ---

    def get_fieldsets(self, request: HttpRequest, obj: Row | None = None) -> list[Any]:
        fieldsets = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        if obj is None:
            return fieldsets
        if not self.has_change_permission(request, obj):
            unseen = self.unseen_references(request, obj)
            for _name, options in fieldsets:
                options["fields"] = [name for name in options["fields"] if name not in unseen]
            return fieldsets
        fieldsets[0][1]["fields"] = [*fieldsets[0][1]["fields"], "seen_version"]
        return fieldsets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**words_given(self.model, request.GET), **super().get_changeform_initial_data(request)}

    def asks_reason(self, request: HttpRequest, obj: Row | None) -> bool:
        """Whether the form has a place for the reason: beside every tab, since it is one for the whole page."""
        problem = FORM_PROBLEMS.get(request)
        if problem is not None and "change_reason" in problem.messages:
            return True
        return obj is not None and self.has_change_permission(request, obj) and self.public(obj)

    def get_form(self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.request = request
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
            # It stands in a panel beside the form that refers to it.
            response["X-Frame-Options"] = "SAMEORIGIN"
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            row = response.context_data.get("original")
            response.context_data["reason_asked"] = self.asks_reason(request, row)
            response.context_data |= self.saving_words(request, row)
            if row is not None:
                response.context_data["closed_because"] = self.closed_because(request.user, row)
        return response

    # The audit trail is the memory; the admin's own log would keep names that have to be erased there.
    def log_addition(self, request: HttpRequest, obj: Row, message: object) -> None: ...

    def log_change(self, request: HttpRequest, obj: Row, message: object) -> None: ...

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None: ...

    # --- deletion ---

    def get_deleted_objects(self, objs: Iterable[models.Model], request: HttpRequest) -> Any:
        return deletion_of(objs, request, self.admin_site)

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None) -> Any:
        if request.method != "POST":
            return super()._delete_view(request, object_id, extra_context)
        take_writer_lock()
        try:
            with transaction.atomic():
                return super()._delete_view(request, object_id, extra_context)
        except PROBLEMS as problem:
            messages.error(request, in_words(problem))
            row = self.get_object(request, unquote(object_id))
            return HttpResponseRedirect(admin_url(row) if row else request.path)

    @admin.action(description="Delete drafts (selected %(verbose_name_plural)s)", permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        """Delete the selected rows, or none of them when one was ever published."""
        kept = []
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            messages.error(request, TOO_MANY_SELECTED)
            return None
        for row in rows:
            try:
                row.guard_delete()
                if not self.has_delete_permission(request, row):
                    closed = self.closed_because(request.user, row)
                    kept.append((row, closed or f"You may not delete this {self.opts.verbose_name}."))
            except DomainError as problem:
                kept.append((row, problem.message))
        for row, words in kept[:10]:
            messages.error(request, format_html("{}: {}", link_to(row), words))
        if kept:
            messages.warning(request, f"Nothing was deleted. Selected rows that stay in the record: {len(kept)}.")
            return None
        take_writer_lock()
        try:
            return delete_confirmed(self, request, queryset)
        except PROBLEMS as problem:
            messages.error(request, in_words(problem))
            return None
