"""Pages of the admin that only show: of records, which nobody writes by hand."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

LONGEST_KEY = 18
"""More digits than any key of ours has; the database would be asked for a number that it cannot hold."""


class ReadOnlyAdmin(ModelAdmin):
    """Nothing is added, changed or deleted here, whoever asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


Row = TypeVar("Row", bound=models.Model)


class RecordPageAdmin(ReadOnlyAdmin, Generic[Row]):
    """Each row has a page with a template of its own instead of a form."""

    page_template: ClassVar[str]

    def page_context(self, request: HttpRequest, row: Row) -> dict[str, Any]:
        """What the template shows of a row that may be seen."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field) if len(object_id) <= LONGEST_KEY else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or object_id is None:
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        context = {**self.admin_site.each_context(request), "opts": self.opts, **self.page_context(request, row)}
        return TemplateResponse(request, self.page_template, context)
