"""Where one is after a save: on the page that one was on, or back where one came from, with the new row marked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin

from factcheck.admin.links import add_url, admin_url, with_query

BACK_VAR, NEW_VAR = "back", "new"
"""The parameter of a form that names the page from which it was opened, and the one by which that page marks a row."""


def back_to(row: models.Model) -> dict[str, str]:
    """What is added to the address of a form, so that it leads back to the page of `row`."""
    return {BACK_VAR: f"{row._meta.label_lower}.{row.pk}"}


class ReturningMixin(ModelAdmin):
    """For a ModelAdmin whose new rows belong to a row of another noun."""

    belongs_to: ClassVar[str] = ""
    """The reference to the row on whose page a new row is seen; the next one is entered for the same."""
    kept_for_next: ClassVar[tuple[str, ...]] = ()
    """Further references that the next row takes over."""

    def owner(self, row: Any) -> Any:
        return getattr(row, self.belongs_to) if self.belongs_to else None

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        places = (self.came_from(request), self.owner(obj))
        place = next((one for one in places if one is not None and self._may_see(request, one)), None)
        if place is None:
            return HttpResponseRedirect(admin_url(obj))
        mark = {NEW_VAR: f"{obj._meta.model_name}.{obj.pk}"}
        return HttpResponseRedirect(with_query(admin_url(place), mark))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        place = self.came_from(request)
        if place is not None and self._may_see(request, place):
            return HttpResponseRedirect(with_query(admin_url(place), {NEW_VAR: f"{obj._meta.model_name}.{obj.pk}"}))
        # With the filters of the list to which the page leads back, and in the tab that was open.
        return HttpResponseRedirect(request.get_full_path())

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST and self.belongs_to and "_popup" not in request.POST:
            kept = {name: getattr(obj, f"{name}_id") for name in (self.belongs_to, *self.kept_for_next)}
            given: dict[str, Any] = {name: pk for name, pk in kept.items() if pk is not None}
            if back := request.GET.get(BACK_VAR):
                given[BACK_VAR] = back
            return HttpResponseRedirect(add_url(type(obj), **given))
        return response

    def came_from(self, request: HttpRequest) -> Any:
        """The row from whose page the form was opened, if its address says so."""
        label, _dot, key = request.GET.get(BACK_VAR, "").rpartition(".")
        found = next((model for model in self.admin_site._registry if model._meta.label_lower == label), None)
        if found is None or not (key.isascii() and key.isdecimal() and len(key) <= 18):
            return None
        return self.admin_site._registry[found].get_queryset(request).filter(pk=int(key)).first()

    def _may_see(self, request: HttpRequest, row: Any) -> bool:
        admin = self.admin_site._registry.get(type(row))
        return admin is not None and admin.has_view_permission(request, row)

    def saving_words(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the buttons of the form say they do."""
        another = "Save and add another"
        if self.belongs_to:
            another += f" on this {self.opts.get_field(self.belongs_to).related_model._meta.verbose_name}"
        return {
            "another_words": another,
            # Where a save stays on the page, one button for that is enough.
            "show_save_and_continue": row is None or self.came_from(request) is not None,
        }
