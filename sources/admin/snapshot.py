"""The desk's pages for snapshots: added, never changed."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminFileFieldWidget

from factcheck.admin import PeriodFilter, RecordedForm, RecordedModelAdmin, YesNoFilter, badge, safe_link
from factcheck.admin.links import EMPTY, admin_url
from factcheck.base.errors import DomainError
from sources.downloads import copy_response
from sources.models import Snapshot
from sources.services import stage_copy
from sources.services.snapshot import Staged

OF_THE_FILE = ("media_type", "size", "digest")


_STAGED: WeakKeyDictionary[HttpRequest, Staged | str] = WeakKeyDictionary()
"""The copy that a request brought, whose file is kept already, or why it is not; it goes with the request."""


def state_of(snapshot: Snapshot) -> SafeString:
    """Whether the copy is kept here and whole."""
    if snapshot.broken_since:
        return badge(f"Broken since {timezone.localtime(snapshot.broken_since):%d %b %Y}", "bad")
    return badge("Kept", "good") if snapshot.file else badge("In an archive", "plain")


def download_link(snapshot: Snapshot) -> SafeString:
    """A link to the kept file."""
    if not snapshot.file:
        return EMPTY
    return format_html('<a href="{}" class="desk-link">Download</a>', admin_url(snapshot, "file"))


class SnapshotForm(RecordedForm):
    """A file, whose size and fingerprint are computed, or the address of a copy in an archive with all of them."""

    copy = forms.FileField(
        label="File",
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text="The copy itself: a saved page, a PDF, a picture. Its size and fingerprint are computed.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in OF_THE_FILE:
            if name in self.fields:
                self.fields[name].required = False
        if "taken_at" in self.fields and self.instance._state.adding:
            self.initial.setdefault("taken_at", timezone.localtime())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        staged = _STAGED.get(self.request) if self.request is not None else None
        if isinstance(staged, str):
            self.add_error("copy", staged)
        elif staged is not None:
            cleaned |= {"media_type": staged.media_type, "size": staged.size, "digest": staged.digest}
            self.instance.file, self.instance.text = staged.name, staged.text
        elif "archive_url" in self.fields and not self.errors.get("copy"):
            if not cleaned.get("archive_url") and not self.errors.get("archive_url"):
                self.add_error("copy", "Choose the file, or say below where an archive keeps the copy.")
            else:
                for name in OF_THE_FILE:
                    if cleaned.get(name) in ("", None) and not self.errors.get(name):
                        self.add_error(name, "Say this of a copy that only an archive keeps.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors and self.request is not None and isinstance(_STAGED.get(self.request), Staged):
            # Else the next attempt would be without it, and somebody might not see it.
            self.add_error("copy", "Choose the file again: the browser forgets it when the page comes back.")


class BrokenFilter(YesNoFilter):
    title, parameter_name = "file", "broken"
    yes, no = "Broken", "Not broken"

    def holds(self, request: HttpRequest) -> Q:
        return Q(broken_since__isnull=False)


@admin.register(Snapshot)
class SnapshotAdmin(RecordedModelAdmin):
    form = SnapshotForm
    never_changes = "A snapshot never changes: it shows what the document said then. Add a new one instead."
    list_display = ("document", "taken_at", "state", "download", "archive_link", "media_type", "size_shown", "taken_by")
    list_select_related = ("document", "taken_by")
    label_related = ("document",)
    sortable_by = ("taken_at",)
    list_filter = (PeriodFilter.of("taken_at", title="taken"), BrokenFilter)
    search_fields = ("document__title", "archive_url")
    search_help_text = "Search by the title of the document or the address of the copy."
    autocomplete_fields = ("document",)
    belongs_to = "document"
    prefilled = ("document",)
    readonly_fields = ("state", "download", "size_shown")
    fieldsets = (
        (None, {"fields": ["document", "taken_at"]}),
        (
            "How it was taken",
            {
                "fields": ["final_url", "tool"],
                "description": "The address after redirects, and the program or service that took the copy.",
            },
        ),
        (
            "Kept in an archive",
            {
                "fields": ["archive_url", *OF_THE_FILE],
                "classes": ["collapse"],
                "description": "Where a public archive keeps the copy. Without a file of our own, say what it is.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("text", "document__text")

    def get_fieldsets(self, request: HttpRequest, obj: Snapshot | None = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        first, how = fieldsets[0][1], fieldsets[1][1]
        if obj is None:
            first["fields"] = [*first["fields"], "copy"]
            return fieldsets
        first["fields"] = [*first["fields"], "state", "download"]
        how["fields"] = [*how["fields"], "taken_by"]
        return fieldsets

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.file_view)
        return [path("<path:object_id>/file/", page, name="sources_snapshot_file"), *super().get_urls()]

    def file_view(self, request: HttpRequest, object_id: str) -> Any:
        """The kept file, for the desk."""
        snapshot = self.get_object(request, unquote(object_id))
        if snapshot is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, snapshot):
            raise PermissionDenied
        return copy_response(request, snapshot)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is None and self.has_add_permission(request):
            # Before the transaction, so that others can write while a large file is.
            self.stage(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def stage(self, request: HttpRequest) -> None:
        """Keep the uploaded file; the form says what is wrong with it."""
        if (file := request.FILES.get("copy")) is None:
            return
        try:
            _STAGED[request] = stage_copy(file, file.content_type or "", field="copy")
        except DomainError as problem:
            _STAGED[request] = problem.message

    @admin.display(description="state")
    def state(self, snapshot: Snapshot) -> Any:
        return state_of(snapshot)

    @admin.display(description="kept file")
    def download(self, snapshot: Snapshot) -> Any:
        return download_link(snapshot)

    @admin.display(description="archived at")
    def archive_link(self, snapshot: Snapshot) -> Any:
        return safe_link(snapshot.archive_url)

    @admin.display(description="size")
    def size_shown(self, snapshot: Snapshot) -> str:
        return filesizeformat(snapshot.size)

    def store(self, request: HttpRequest, obj: Snapshot, form: RecordedForm, change: bool) -> None:
        assert isinstance(request.user, User)
        obj.taken_by = request.user
        obj.save()
