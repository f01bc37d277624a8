"""Steps of a row (submit, publish, withdraw) as buttons on its page and actions of its list.

A button leads to a small page that says what the step does and what stands in its way; only its POST does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from factcheck.admin.fields import ProseField
from factcheck.admin.links import admin_url, link_to
from factcheck.admin.lists import MOST_AT_ONCE, TOO_MANY_SELECTED
from factcheck.admin.problems import PROBLEMS, in_words, messages_of
from factcheck.base.people import Reader
from factcheck.base.text import check_text
from factcheck.models.recorded import RecordedModel

Row = TypeVar("Row", bound=RecordedModel)


class StepForm(forms.Form):
    """A step that asks for nothing."""


def text_form(name: str, label: str, help_text: str, **choices: Any) -> type[StepForm]:
    """A form that asks for one text, and for one choice for each of `choices` (field=(label, choices, help))."""
    fields: dict[str, Any] = {
        name: ProseField(
            label=label,
            help_text=help_text,
            max_length=10_000,
            validators=[check_text],
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        )
    }
    for field_name, (field_label, options, field_help) in choices.items():
        fields[field_name] = forms.ChoiceField(
            label=field_label,
            help_text=field_help,
            choices=[("", "Select value"), *options],
            widget=UnfoldAdminSelectWidget(),
        )
    return type("TextStepForm", (StepForm,), fields)


def _always(user: Reader, row: RecordedModel) -> bool:
    return True


def _no_facts(row: RecordedModel) -> Sequence[tuple[str, Any]]:
    return ()


def _nothing(user: Reader, row: RecordedModel) -> list[str]:
    return []


@dataclass(frozen=True)
class Step:
    """One step: what it is called, when its button is shown, what it asks for and which service does it."""

    name: str
    label: str
    says: str
    run: Callable[..., Any]
    done: str
    offered: Callable[[Any, Any], bool] = _always
    violations: Callable[[Any, Any], list[str]] = _nothing
    form: type[StepForm] = StepForm
    icon: str = "arrow_forward"
    variant: ActionVariant = ActionVariant.DEFAULT
    in_lists: bool = False
    context: Callable[[Any], Sequence[tuple[str, Any]]] = _no_facts
    page: str = ""
    """The page of the row on which it is taken, where that is not one of its own."""
    prepare: Callable[..., Any] | None = None
    """What takes its time, done before the transaction begins; `run` gets the outcome as `prepared`."""


class StepsMixin(ModelAdmin, Generic[Row]):
    """For a ModelAdmin: `steps` become buttons, pages and, where sensible, actions of the list."""

    steps: tuple[Step, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        info = self.opts.app_label, self.opts.model_name
        own = [
            path(
                f"<path:object_id>/{step.name}/",
                self.admin_site.admin_view(self._page_of(step)),
                name="{}_{}_{}".format(*info, step.name),
            )
            for step in self.steps
        ]
        return own + super().get_urls()

    def buttons(self, request: HttpRequest, row: Row) -> list[dict[str, Any]]:
        """The buttons on the page of `row`."""
        return [
            button(step.label, admin_url(row, step.page or step.name), icon=step.icon, variant=step.variant)
            for step in self.steps
            if step.offered(request.user, row)
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            row = response.context_data.get("original")
            if row is not None and request.method == "POST":
                # What the form holds is not saved: around it stands what is.
                row = response.context_data["original"] = self.get_object(request, unquote(object_id or "")) or row
            if row is not None:
                response.context_data |= {"actions_detail": self.buttons(request, row), **self.panel(request, row)}
        return response

    def panel(self, request: HttpRequest, row: Row) -> dict[str, Any]:
        """What the page of `row` shows beside its form."""
        return {}

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        for step in self.steps:
            if step.in_lists:
                name = f"{step.name}_selected"
                label = f"{step.label} (selected {self.opts.verbose_name_plural})"
                actions[name] = (_action_of(step), name, label)
        return actions

    def _page_of(self, step: Step) -> Callable[..., HttpResponse]:
        def page(request: HttpRequest, object_id: str) -> HttpResponse:
            if step.page:
                return HttpResponseRedirect(f"../{step.page}/")
            return self._step_page(request, step, object_id)

        return page

    def _step_page(self, request: HttpRequest, step: Step, object_id: str) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        form = step.form(request.POST if request.method == "POST" else None)
        refused: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                given = dict(form.cleaned_data)
                if step.prepare is not None:
                    given["prepared"] = step.prepare(actor=request.user, row=row, **given)
                with transaction.atomic():
                    outcome = step.run(actor=request.user, row=row, **given)
            except PROBLEMS as problem:
                for name, texts in messages_of(problem).items():
                    if name in form.fields:
                        form.add_error(name, texts)
                    else:
                        refused += texts
            else:
                shown = outcome if isinstance(outcome, models.Model) else row
                messages.success(request, format_html("{} {}", step.done, link_to(shown)))
                return HttpResponseRedirect(admin_url(shown))
        violations = [] if refused else step.violations(request.user, row)
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "row": row,
            "original": row,
            "back": admin_url(row),
            "form": form,
            "refused": refused or violations,
            "open": not violations,
            "facts": step.context(row),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        status = 200 if request.method != "POST" else 400
        return TemplateResponse(request, "admin/factcheck/step.html", context, status=status)


def _action_of(step: Step) -> Callable[..., None]:
    def act(model_admin: ModelAdmin, request: HttpRequest, queryset: models.QuerySet) -> None:
        done, refused = 0, []
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            messages.error(request, TOO_MANY_SELECTED)
            return
        for row in rows:
            try:
                with transaction.atomic():
                    step.run(actor=request.user, row=row)
                done += 1
            except PROBLEMS as problem:
                refused.append((row, in_words(problem)))
        if done:
            noun = model_admin.opts.verbose_name if done == 1 else model_admin.opts.verbose_name_plural
            messages.success(request, f"{done} {noun}: {step.done.rstrip('.:')}.")
        for row, words in refused[:10]:
            messages.error(request, format_html("{}: {}", link_to(row), words))
        if len(refused) > 10:
            messages.error(request, f"Refused beside these: {len(refused) - 10}.")

    return act


def button(
    title: str,
    url: str = "",
    *,
    icon: str = "",
    variant: ActionVariant = ActionVariant.DEFAULT,
    items: Sequence[dict[str, Any]] = (),
    name: str = "",
) -> dict[str, Any]:
    """A button above the page, or with `items` a menu of links, in the shape that the theme's templates read."""
    return {
        "title": title,
        "icon": icon,
        "variant": variant,
        "attrs": {},
        "path": url,
        "items": list(items),
        "method_name": name or "".join(filter(str.isalnum, title)),
    }
