"""From a form that was sent to rows: all of it is saved or none, and nothing that was typed is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic

from django.contrib import messages
from django.db import transaction
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from factcheck.admin.forms import RecordedForm
from factcheck.admin.problems import FORM_PROBLEMS, FormProblem, NotSaved, naming_form
from factcheck.admin.steps import Row
from factcheck.audit.context import acting, take_writer_lock

PART_GONE = (
    "Somebody has changed this page after you opened it, and a list you filled in is not on it any more. Nothing was "
    "saved: open the page again and repeat your change."
)
ONLY_A_REASON = "You gave a reason but changed nothing, so the reason was not kept."


class SavingMixin(ModelAdmin, Generic[Row]):
    """For a ModelAdmin whose form is a RecordedForm."""

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> Any:
        view = super()._changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        take_writer_lock()
        try:
            with transaction.atomic():
                return view(request, object_id, form_url, extra_context)
        except NotSaved as stopped:
            FORM_PROBLEMS[request] = stopped.problem
        try:
            # The same form once more, which now says what was refused and saves nothing.
            return view(request, object_id, form_url, extra_context)
        except NotSaved as again:
            raise again.__cause__ or again from None

    def _create_formsets(self, request: HttpRequest, obj: Row | None, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        there = {f"{formset.prefix}-TOTAL_FORMS" for formset in formsets}
        sent = {name for name in request.POST if name.endswith("-TOTAL_FORMS")}
        if sent - there and request not in FORM_PROBLEMS:
            raise NotSaved(FormProblem(None, {None: [PART_GONE]}))
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Row, form: RecordedForm, change: bool) -> None:
        if change and not form.has_changed():
            return
        with naming_form(form.prefix), acting(reason=form.reason):
            self.store(request, obj, form, change)

    def store(self, request: HttpRequest, obj: Row, form: RecordedForm, change: bool) -> None:
        """Save the row; nouns with a service for it call that instead."""
        obj.save()

    def save_formset(self, request: HttpRequest, form: RecordedForm, formset: BaseModelFormSet, change: bool) -> None:
        with acting(reason=form.reason):
            super().save_formset(request, form, formset, change)

    def save_related(
        self, request: HttpRequest, form: RecordedForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        if form.reason and not form.has_changed() and not any(formset.has_changed() for formset in formsets):
            messages.warning(request, ONLY_A_REASON)


def save_new(
    admin: SavingMixin[Row],
    request: HttpRequest,
    make: Callable[[], RecordedForm],
    then: Callable[[Row], object] | None = None,
) -> tuple[RecordedForm, Row | None]:
    """Save a new row from a form that stands on a page of its own, by the rules of the noun's page; `then` is done in
    the same transaction. Without a row the form says what is wrong with it. `make` gives the form that was sent."""
    with transaction.atomic():
        take_writer_lock()
        try:
            with transaction.atomic():
                form = make()
                if not form.is_valid():
                    return form, None
                row = form.save(commit=False)
                admin.save_model(request, row, form, change=False)
                form.save_m2m()
                if then is not None:
                    with naming_form(form.prefix):
                        then(row)
                return form, row
        except NotSaved as stopped:
            FORM_PROBLEMS[request] = stopped.problem
        form = make()
        form.is_valid()
        return form, None
