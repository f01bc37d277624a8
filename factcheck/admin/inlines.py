"""Rows of one noun on the page of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import StackedInline, TabularInline

from factcheck.admin.fields import inner_widget
from factcheck.admin.formfields import OVERRIDES, VisibleFieldsMixin
from factcheck.admin.forms import RecordedRowForm
from factcheck.admin.formsets import RecordedFormSet
from factcheck.admin.once import was_published
from factcheck.audit.access import is_desk
from factcheck.models.recorded import RecordedModel


class RecordedInlineMixin(VisibleFieldsMixin):
    """Visible rows only, each with the version it is based on."""

    form = RecordedRowForm
    formset = RecordedFormSet
    formfield_overrides = OVERRIDES
    extra = 0
    show_change_link = True
    tab = True
    show_count = True
    template_before = "admin/factcheck/nothing.html"
    template_after = "admin/factcheck/rows.html"
    belongs: ClassVar[str] = ""
    """What belongs here, said where there is no row yet."""
    label_related: ClassVar[Sequence[str]] = ()
    standing_only: ClassVar[bool] = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = self.model._default_manager.visible_to(request.user)
        if self.standing_only:
            rows = rows.standing()
        return rows.select_related(*self.label_related) if self.label_related else rows

    def get_formset(self, request: HttpRequest, obj: RecordedModel | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request
        return formset

    def get_fieldsets(self, request: HttpRequest, obj: RecordedModel | None = None) -> list[Any]:
        fieldsets = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        if self.editable(request, obj):
            fieldsets[0][1]["fields"] = [*fieldsets[0][1]["fields"], "seen_version"]
        return fieldsets

    def called(self, row: Any) -> str:
        """What the row is called on this page, which says already what it hangs on."""
        return str(row)

    def editable(self, request: HttpRequest, obj: RecordedModel | None) -> bool:
        """Whether rows can be changed here: the page itself must be open to the user."""
        parent = self.admin_site._registry.get(self.parent_model)
        if obj is not None and parent is not None and not parent.has_change_permission(request, obj):
            return False
        return self.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        return is_desk(request.user) and super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        published = obj is not None and obj.pk is not None and was_published(obj)
        return not published and super().has_delete_permission(request, obj)


class RecordedTabularInline(RecordedInlineMixin, TabularInline):
    """One line for each row; its fields stand below the heads of columns, which are no labels."""

    def get_formset(self, request: HttpRequest, obj: RecordedModel | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        for name, field in formset.form.base_fields.items():
            inner_widget(field.widget).attrs["aria-label"] = capfirst(field.label or name)
        return formset


class RecordedStackedInline(RecordedInlineMixin, StackedInline):
    """One block for each row."""

    template_before = "admin/factcheck/row_errors.html"


class ReadOnlyInline(RecordedInlineMixin, TabularInline):
    """Rows that are only shown."""

    def has_add_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RecordedModel | None = None) -> bool:
        return False
