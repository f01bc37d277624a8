"""From a form that was sent to rows: all of it is saved or none, and nothing that was typed is dropped in silence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from factcheck.admin.refusals import Refused, refusing
from factcheck.audit.context import acting, take_writer_lock

PART_GONE = (
    "Somebody has changed this page after you opened it, and a list you filled in is not on it any more. Nothing was "
    "saved: open the page again and repeat your change."
)
ONLY_A_REASON = "You gave a reason but changed nothing, so the reason was not kept."


class SavingMixin:
    """For a ModelAdmin whose form is a RecordedForm."""

    def _changeform_view(self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any) -> Any:
        view = super()._changeform_view  # type: ignore[misc]
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        take_writer_lock()
        try:
            with transaction.atomic():
                return view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused = refused  # type: ignore[attr-defined]
        try:
            # The same form once more, which now says what was refused and saves nothing.
            return view(request, object_id, form_url, extra_context)
        except Refused as again:
            raise again.__cause__ or again from None

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        there = {f"{formset.prefix}-TOTAL_FORMS" for formset in formsets}
        sent = {name for name in request.POST if name.endswith("-TOTAL_FORMS")}
        if sent - there and not hasattr(request, "refused"):
            raise Refused(None, {None: [PART_GONE]})
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and not form.has_changed():
            return
        with refusing(form.prefix), acting(reason=form.reason):
            self.store(request, obj, form, change)

    def store(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row; nouns with a service for it call that instead."""
        obj.save()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        with acting(reason=form.reason):
            super().save_formset(request, form, formset, change)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        if form.reason and not form.has_changed() and not any(formset.has_changed() for formset in formsets):
            messages.warning(request, ONLY_A_REASON)
