"""Which form field and widget each kind of column gets, and which rows a reference may point to."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from unfold import widgets
from unfold.mixins import BaseModelAdminMixin

from factcheck.admin.fields import KnownAutocomplete, ProseField, TagsField, VisibleChoiceField
from factcheck.admin.picker import picked_of
from factcheck.admin.typedfields import (
    LONGEST_TYPED,
    TypedAddressField,
    TypedDateField,
    TypedDayField,
    TypedLanguageField,
)
from factcheck.base.fields import EdtfDateField, HttpURLField, LabelsField, LineField, PlainTextField
from factcheck.base.places import validate_language

TEXT_WIDTH = "max-w-4xl!"

OVERRIDES: dict[Any, dict[str, Any]] = {
    PlainTextField: {
        "form_class": ProseField,
        "widget": widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3, "class": TEXT_WIDTH, "dir": "auto"}),
    },
    LineField: {"widget": widgets.UnfoldAdminTextInputWidget(attrs={"class": TEXT_WIDTH, "dir": "auto"})},
    HttpURLField: {
        "form_class": TypedAddressField,
        "widget": widgets.UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "class": TEXT_WIDTH}),
    },
    EdtfDateField: {
        "form_class": TypedDateField,
        "max_length": LONGEST_TYPED,
        "widget": widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "17 July 2014, July 2014 or 2014"}),
    },
    models.DateField: {"form_class": TypedDayField, "widget": widgets.UnfoldAdminSingleDateWidget},
    LabelsField: {
        "form_class": TagsField,
        "widget": widgets.UnfoldAdminTextInputWidget(attrs={"placeholder": "aviation, sanctions", "class": TEXT_WIDTH}),
    },
}


class VisibleFieldsMixin(BaseModelAdminMixin):
    """For a ModelAdmin or an inline: references point only to rows that the user may see."""

    plain_references: tuple[str, ...] = ()
    """References with few rows, shown as a list to choose from instead of a search."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if validate_language in db_field.validators:
            kwargs |= {"form_class": TypedLanguageField, "max_length": LONGEST_TYPED}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and "data-understood" in field.widget.attrs:
            field.widget.attrs["data-understood-at"] = reverse("understood")
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            # A row is not deleted in passing, from a form that refers to it.
            field.widget.can_delete_related = False
        picked = picked_of(self.model)
        if field is not None and picked is not None and db_field.name in picked.near:
            # The page asks for rows near to what is typed here.
            field.widget.attrs |= {
                "data-near": f"{self.opts.label_lower}.{db_field.name}",
                "data-near-at": reverse("near"),
            }
        return field

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        # Of what the register does not know beforehand no entry stands chosen: it would be the first, and wrong.
        unchosen = db_field.name in getattr(db_field.model, "chosen_at_desk", ())
        unknown = db_field.blank or not db_field.has_default() or unchosen
        given = db_field.get_choices(include_blank=unknown, blank_choice=[("", "Select value")])
        return super().formfield_for_choice_field(db_field, request, **{"choices": given, **kwargs})

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
        # Put together for the field that is asked for them, which is one in four.
        kwargs.setdefault(
            "queryset", SimpleLazyObject(lambda: self._rows_offered(db_field, request, kwargs.get("using")))
        )
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": VisibleChoiceField, **kwargs})

    def _rows_offered(self, db_field: models.ForeignKey, request: HttpRequest, db: str | None) -> models.QuerySet:
        rows = self.get_field_queryset(db, db_field, request)
        return db_field.remote_field.model._default_manager.all() if rows is None else rows

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
