"""The desk's pages for exports: what was taken out, how far it is, and asking for more of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.export_ask import ask_view, selected_view, stream_view
from claims.admin.reports import preview_view
from claims.choices import ExportKind, ExportStatus
from claims.exports.cancel import delete_export, may_end, open_jobs
from claims.exports.file import make_link, may_fetch, serve_file
from claims.exports.job import JOB_KINDS, request_export
from claims.exports.record import describe_error, is_signed_in
from claims.exports.target import split_ids
from claims.models import Export
from factcheck.admin import ChoiceFilter, PeriodFilter, badge
from factcheck.admin.links import EMPTY, admin_url
from factcheck.admin.lists import BoundedListMixin
from factcheck.admin.readonly import RecordPageAdmin
from factcheck.audit.access import is_desk
from factcheck.base.errors import DomainError

if TYPE_CHECKING:
    from factcheck.base.people import Reader

REFRESH = 3
"""Seconds after which the page of an export that is not done asks again."""
TONES = {
    ExportStatus.QUEUED: "plain",
    ExportStatus.RUNNING: "info",
    ExportStatus.DONE: "good",
    ExportStatus.FAILED: "bad",
    ExportStatus.CANCELLED: "plain",
    ExportStatus.DELETED: "plain",
}


@admin.register(Export)
class ExportAdmin(BoundedListMixin, RecordPageAdmin):
    page_template = "admin/claims/export.html"
    prefilled: tuple[str, ...] = ()
    list_display = ("what", "state", "query_short", "maker", "rows", "size_shown", "requested_at")
    list_filter = (
        ChoiceFilter.of("status", ExportStatus),
        ChoiceFilter.of("kind", ExportKind),
        PeriodFilter.of("requested_at", title="asked for"),
    )
    search_fields = ("query", "maker", "digest", "file_name")
    search_help_text = "Search by query, maker, file or fingerprint."
    ordering = ("-id",)
    actions = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Export.objects.visible_to(request.user).order_by("-id")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_urls(self) -> list[URLPattern]:
        def page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
            def check_and_show(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
                if not self.has_view_permission(request):
                    raise PermissionDenied
                return view(request, **kwargs)

            return self.admin_site.admin_view(check_and_show)

        return [
            path("ask/", page(lambda request: ask_view(self, request)), name="claims_export_ask"),
            path("selected/", page(lambda request: selected_view(self, request)), name="claims_export_selected"),
            path("stream/<str:name>/", page(stream_view), name="claims_export_stream"),
            path("preview/<str:noun>/<int:pk>/", page(preview_view), name="claims_export_preview"),
            path("<path:object_id>/file/", page(self.file_view), name="claims_export_file"),
            path("<path:object_id>/end/", page(self.end_view), name="claims_export_end"),
            path("<path:object_id>/again/", page(self.again_view), name="claims_export_again"),
            *super().get_urls(),
        ]

    # --- who sees and changes what ---

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_desk(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return is_desk(request.user)

    # --- one export ---

    def page_context(self, request: HttpRequest, export: Export) -> dict[str, Any]:
        running = export.status in (ExportStatus.QUEUED, ExportStatus.RUNNING)
        return {
            "title": "Export",
            "export": export,
            "what": self.what(export),
            "state": self.state(export),
            "query": split_ids(export.query)[0] if export.query.startswith("/") else "",
            "running": running and export.kind in JOB_KINDS,
            "refresh": REFRESH,
            "kept": export.can_be_fetched(),
            "link": make_link(export) if not export.desk else "",
            "fetch": admin_url(export, "file") if export.can_be_fetched() and may_fetch(request.user, export) else "",
            "again": admin_url(export, "again") if can_be_made_again(request.user, export) else "",
            "end": admin_url(export, "end") if can_be_ended(request.user, export) else "",
            "public": export.desk and export.kind in (ExportKind.REPORT, ExportKind.BUNDLE),
            "size_shown": filesizeformat(export.size) if export.size is not None else "",
        }

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect("../change/")

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The file, for who may have it."""
        export = self.get_object(request, object_id)
        if export is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return serve_file(request, export)

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the same once more, for the same reader or, with `public`, for the public."""
        export = self.get_object(request, object_id)
        if export is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST" or not can_be_made_again(request.user, export):
            raise PermissionDenied
        try:
            made = request_export(
                actor=request.user,
                kind=export.kind,
                query=export.query,
                format=export.format,
                as_of=export.as_of,
                since=export.since,
                desk=export.desk and "public" not in request.POST,
            )
        except DomainError as refusal:
            messages.error(request, describe_error(refusal))
            return HttpResponseRedirect(admin_url(export))
        return HttpResponseRedirect(admin_url(made))

    def end_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel a job that is open; delete the file of one that is done. Its page says which it will be."""
        export = self.get_object(request, object_id)
        if export is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST" or not may_end(request.user, export):
            raise PermissionDenied
        try:
            ended = delete_export(actor=request.user, export=export)
        except DomainError as refusal:
            messages.error(request, describe_error(refusal))
        else:
            messages.success(request, f"The export is {ended.get_status_display().lower()}.")
        return HttpResponseRedirect(admin_url(export))

    # --- what the list says ---

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        # Its own for each request: whether there is something to download depends on who looks.
        @admin.display(description="file")
        def download(export: Export) -> str:
            if not (export.can_be_fetched() and may_fetch(request.user, export)):
                return EMPTY
            return format_html('<a href="{}" class="desk-link">Download</a>', admin_url(export, "file"))

        return (*self.list_display, download)

    @admin.display(description="what", ordering="kind")
    def what(self, export: Export) -> str:
        return f"{export.get_kind_display().split(':')[0]}, {export.format.upper()}"

    @admin.display(description="state", ordering="status")
    def state(self, export: Export) -> SafeString:
        return badge(export.get_status_display(), TONES[ExportStatus(export.status)])

    @admin.display(description="query", ordering="query")
    def query_short(self, export: Export) -> str:
        return export.query if len(export.query) <= 60 else f"{export.query[:59]}…"

    @admin.display(description="size", ordering="size")
    def size_shown(self, export: Export) -> str:
        return filesizeformat(export.size) if export.size is not None else "–"


def can_be_made_again(user: Reader, export: Export) -> bool:
    """Whether `user` may ask for the same: their own, since others may have had other rights."""
    return export.kind in JOB_KINDS and is_signed_in(user) and export.made_by_id == user.pk


def can_be_ended(user: Reader, export: Export) -> bool:
    """Whether there is something of it that `user` may cancel or delete."""
    return may_end(user, export) and (open_jobs(export).exists() or export.can_be_fetched())
