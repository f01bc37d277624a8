"""Which form field and widget each kind of column gets, and which rows a reference may point to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest
from unfold import widgets
from unfold.mixins import BaseModelAdminMixin

from factcheck.admin.fields import KnownAutocomplete, ProseField, TagsField, VisibleChoiceField
from factcheck.base.fields import EdtfDateField, HttpURLField, LabelsField, LineField, PlainTextField

TEXT_WIDTH = "max-w-4xl!"

OVERRIDES: dict[Any, dict[str, Any]] = {
    PlainTextField: {
        "form_class": ProseField,
        "widget": widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3, "class": TEXT_WIDTH}),
    },
    LineField: {"widget": widgets.UnfoldAdminTextInputWidget(attrs={"class": TEXT_WIDTH})},
    HttpURLField: {"widget": widgets.UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "class": TEXT_WIDTH})},
    EdtfDateField: {"widget": widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "2025, 2025-07 or 2025-07-01"})},
    LabelsField: {
        "form_class": TagsField,
        "widget": widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "aviation, sanctions", "class": TEXT_WIDTH}),
    },
}


class VisibleFieldsMixin(BaseModelAdminMixin):
    """For a ModelAdmin or an inline: references point only to rows that the user may see."""

    plain_references: tuple[str, ...] = ()
    """References with few rows, shown as a list to choose from instead of a search."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": VisibleChoiceField, **kwargs})

    def get_field_queryset(
        self, db: str | None, db_field: models.ForeignKey, request: HttpRequest
    ) -> models.QuerySet | None:
        remote = db_field.remote_field.model
        admin = self.admin_site._registry.get(remote)
        if remote is get_user_model():
            return remote._default_manager.filter(is_active=True).order_by("username")
        if hasattr(remote._default_manager, "visible_to"):
            rows = remote._default_manager.visible_to(request.user)
            related = getattr(admin, "label_related", ())
            return rows.select_related(*related) if related else rows
        return super().get_field_queryset(db, db_field, request)

    def unseen_references(self, request: HttpRequest, obj: models.Model) -> set[str]:
        """The references of `obj` to rows that the user may not see."""
        unseen = set()
        for field in obj._meta.concrete_fields:
            remote = field.remote_field.model if field.remote_field else None
            pk = getattr(obj, field.attname)
            if remote is None or pk is None or not hasattr(remote._default_manager, "visible_to"):
                continue
            if not remote._default_manager.visible_to(request.user).filter(pk=pk).exists():
                unseen.add(field.name)
        return unseen
