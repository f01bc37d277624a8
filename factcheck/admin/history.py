"""The history of a row: its entries in the audit trail, in place of the admin's own log."""

from __future__ import annotations

from typing import Any, Generic

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from factcheck.admin.links import admin_url
from factcheck.admin.steps import Row
from factcheck.admin.trail import acts_of, trail_for

LONGEST_HISTORY = 100


class HistoryMixin(ModelAdmin, Generic[Row]):
    """For a ModelAdmin of rows whose changes are in the trail."""

    object_history_template = "admin/factcheck/history.html"

    def trail(self, request: HttpRequest, row: Row) -> models.QuerySet:
        """The entries that the history of `row` shows, newest first; nouns named otherwise there say how."""
        return trail_for(request.user).of(row)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        before = request.GET.get("before", "")
        entries = self.trail(request, row)
        if before.isascii() and before.isdecimal() and len(before) <= 18:
            entries = entries.filter(pk__lt=int(before))
        page = list(entries[: LONGEST_HISTORY + 1])
        shown = page[:LONGEST_HISTORY]
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "subtitle": str(row),
            "row": row,
            "original": row,
            "back": admin_url(row),
            "acts": acts_of(shown, request.user),
            "older": shown[-1].pk if len(page) > LONGEST_HISTORY else None,
            "opts": self.opts,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, context)


class NoHistoryMixin(ModelAdmin):
    """For a ModelAdmin of rows that are not in the trail: no button leads to a page that would always be empty."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "show_history": False}
        response: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404
