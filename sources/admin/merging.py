"""Merging a twin into the row that stays: both side by side, what will move, the reason, and only then the merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from factcheck.admin import RecordedModelAdmin, YesNoFilter, link_to
from factcheck.admin.fields import KnownAutocomplete
from factcheck.admin.links import admin_url
from factcheck.admin.picker import find_named, picked_of
from factcheck.admin.problems import PROBLEMS, in_words
from factcheck.admin.steps import StepForm, button, text_form
from factcheck.base import edtf
from factcheck.base.fields import EdtfDateField
from factcheck.base.people import Reader
from factcheck.models.merged import Mergeable, standing_ones
from factcheck.search.near import find_near
from sources.services.merging import Merging, Part, Plan, merge, merging_of, plan_merge

CHANGED = "One of the two was changed since this page was opened. Look at both again, then merge them."
ReasonForm = text_form(
    "change_reason", "Why the two are the same", "It is kept in the history of every row that moves."
)


class MergedFilter(YesNoFilter):
    title, parameter_name = "merged", "merged"
    yes, no = "Merged into another", "Standing for itself"

    def holds(self, request: HttpRequest) -> models.Q:
        return models.Q(merged_into__isnull=False)


class MergingAdmin(RecordedModelAdmin):
    """For nouns of which the same thing may be entered twice."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        page = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", page, name=name), *super().get_urls()]

    def get_autocomplete_fields(self, request: HttpRequest) -> Sequence[str]:
        return (*super().get_autocomplete_fields(request), "merged_into")

    def buttons(self, request: HttpRequest, row: Any) -> list[dict[str, Any]]:
        made = super().buttons(request, row)
        # A claim that was published stays on record: the page would say no more than that.
        if self.may_merge(request) and row.merged_into_id is None and not getattr(row, "first_published_at", None):
            made.append(button("Merge into …", admin_url(row, "merge"), icon="merge"))
        return made

    def closed(self, user: Reader, obj: Any) -> str:
        if obj.merged_into_id is not None:
            noun = self.opts.verbose_name
            into = link_to(obj.merged_into, f"{noun} {obj.merged_into_id}")
            return format_html("This {} was merged into {}: use that one.", noun, into)
        return super().closed(user, obj)

    def may_merge(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(merging_of(self.model).permission))

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Which row stays, both side by side with what will move; its POST merges them. Raises PermissionDenied for who
        merges none."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_permission(request, row) and self.may_merge(request)):
            raise PermissionDenied
        given = request.POST.get("into") or request.GET.get("into", "")
        into, unclear = find_named(self.model, request.user, given) if given else (None, "")
        if into is None:
            return self._merge_page(request, row, {"unclear": unclear, "typed": given, **self._choosing(request, row)})
        form, refused = ReasonForm(request.POST if request.method == "POST" else None), ""
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    self._merge(request, row, into, form)
            except PROBLEMS as problem:
                refused = in_words(problem)
            else:
                return HttpResponseRedirect(admin_url(into))
            row = self.get_object(request, unquote(object_id)) or row
            into = self.model._default_manager.get(pk=into.pk)
        return self._merge_page(request, row, self._compared(request, row, into, form, refused))

    def _merge(self, request: HttpRequest, row: Any, into: Any, form: StepForm) -> None:
        if request.POST.get("seen") != _seen(row, into):
            raise forms.ValidationError(CHANGED)
        merge(actor=request.user, twin=row, into=into, reason=form.cleaned_data["change_reason"])
        name = link_to(row, f"{self.opts.verbose_name} {row.pk}")
        messages.success(request, format_html("Merged: all that referred to {} refers to {} now.", name, into))

    def _merge_page(self, request: HttpRequest, row: Any, context: dict[str, Any]) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": f"Merge this {self.opts.verbose_name}",
            "noun": self.opts.verbose_name,
            "row": row,
            "original": row,
            "back": admin_url(row),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        wrong = context.get("unclear") or context.get("refused") or (context.get("form") and context["form"].errors)
        return TemplateResponse(request, "admin/sources/merge.html", frame | context, status=400 if wrong else 200)

    def _choosing(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        reference: Any = self.model._meta.get_field("merged_into")
        field = self.formfield_for_foreignkey(reference, request, widget=KnownAutocomplete(reference, self.admin_site))
        field.label, field.help_text = f"Search for the {self.opts.verbose_name} that stays", ""
        form = type("ChoosingForm", (forms.Form,), {"into": field})(auto_id="search-%s")
        return {"near": self._near(request, row), "choosing": form, "media": self.media + form.media}

    def _near(self, request: HttpRequest, row: Any) -> list[tuple[Any, str, str]]:
        """Rows that may be the same, each with what tells it apart and the address of the page on both."""
        picked, rows = picked_of(self.model), self.model._default_manager.visible_to(request.user)
        if picked is None:
            return []
        rows = rows.select_related(*picked.related)
        found = find_near(rows.exclude(pk=row.pk), str(getattr(row, picked.named_by)), picked.near[picked.named_by])
        found = [one for one in standing_ones(found, rows) if one.pk != row.pk]
        details = picked.details(found, request.user) if found else {}
        return [(one, details.get(one.pk, ""), f"?into={one.pk}") for one in found]

    def _compared(self, request: HttpRequest, row: Any, into: Any, form: Any, refused: str) -> dict[str, Any]:
        plan, how = plan_merge(actor=request.user, twin=row, into=into), merging_of(self.model)
        parts = [_counted(part, request.user) for part in plan.parts]
        return {
            "into": into,
            "into_url": admin_url(into),
            "other_way": f"{admin_url(into, 'merge')}?into={row.pk}",
            "fields": [_beside(row, into, name, plan) for name in how.shown],
            "parts": parts,
            "plan": plan,
            "public": into.is_public() or row.is_public(),
            "says": _says(how, stays=any(doubles for _words, _moving, doubles in parts)),
            "form": form,
            "seen": _seen(row, into),
            "refused": refused,
        }


def _seen(row: Any, into: Any) -> str:
    return f"{row.version}-{into.version}"


def _says(how: Merging, *, stays: bool) -> str:
    """What becomes of what the one that stays has already; `stays` says whether there is any that the reader knows."""
    if how.leaves:
        return "What the other one has already stays with this one, which is withdrawn; so do ratings of evidence."
    return "What the other one has already is not kept twice." if stays else ""


def _counted(part: Part, user: Reader) -> tuple[str, int, int]:
    """The rows that `user` may read, in words, and how many of them move and do not."""
    readable: QuerySet[Any] = part.model.objects.visible_to(user)
    moving = readable.filter(pk__in=part.moving.values("pk")).count()
    return part.words, moving, readable.filter(pk__in=part.doubles.values("pk")).count()


def _beside(row: Mergeable, into: Mergeable, name: str, plan: Plan) -> dict[str, Any]:
    field: Any = type(row)._meta.get_field(name)
    mine, theirs = _in_words(row, field), _in_words(into, field)
    return {
        "label": str(field.verbose_name).capitalize(),
        "mine": mine,
        "theirs": theirs,
        "differs": mine != theirs,
        "taken": name in plan.taken,
    }


def _in_words(row: Any, field: Any) -> str:
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(field, EdtfDateField):
        return edtf.in_words(value)
    return "" if value is None else str(value)
