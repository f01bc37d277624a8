"""What a search field of a form offers: rows with what tells them apart, a last row that creates one, and those near to
what is being typed into a new one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse

from factcheck.admin.beforehand import CORRECT
from factcheck.admin.links import add_url, admin_url
from factcheck.audit.access import is_desk
from factcheck.base.desk_address import url_of
from factcheck.base.people import Reader
from factcheck.base.text import forbidden_character
from factcheck.models.merged import Mergeable, standing_ones
from factcheck.models.queryset import public_rows
from factcheck.search.near import find_near, find_same_page

LONGEST_TYPED = 500
CLOSED = "published: your role adds to drafts"


_ADDRESS = re.compile(r"(https?://|www\.)\S+$", re.IGNORECASE)


@dataclass(frozen=True)
class Picked:
    """How rows of a noun are offered."""

    details: Callable[[Sequence[Any], Reader], Mapping[Any, str]]
    """What tells rows apart that have the same name, by key."""
    named_by: str = ""
    """The field of a new row that takes what was searched for."""
    near: Mapping[str, Callable[[Any], Sequence[str]]] = field(default_factory=dict)
    """Of fields of a new row the texts of others to which theirs may be near."""
    addresses: Sequence[str] = ()
    """The fields among them that hold an address."""
    related: Sequence[str] = ()
    """The relations that the details need."""


_PICKED: dict[type[Model], Picked] = {}


def offer_with(model: type[Model], picked: Picked) -> None:
    """Say how rows of `model` are offered; the app that knows most of it does so, once."""
    _PICKED[model] = picked


def picked_of(model: type[Model]) -> Picked | None:
    return _PICKED.get(model)


def words_given(model: type[Model], parameters: Mapping[str, str]) -> dict[str, str]:
    """What the address of a form for a new row fills in of its words."""
    picked = picked_of(model)
    if picked is None or not picked.named_by:
        return {}
    given = {name: parameters.get(name, "")[:LONGEST_TYPED] for name in (picked.named_by, *picked.addresses)}
    return {name: text for name, text in given.items() if text and not forbidden_character(text)}


class PickerView(AutocompleteJsonView):
    """As the admin's own, with details, with what may not be chosen, and with the address of a form for a new row."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        self.term, self.model_admin, self.source_field, to_field_name = self.process_request(request)
        if not self.has_perm(request):
            raise PermissionDenied
        self.object_list = self.get_queryset()
        context = self.get_context_data()
        # What is called just so comes first.
        rows = sorted(context["object_list"], key=lambda row: str(row).casefold() != self.term.strip().casefold())
        details, closed = self.details(rows), self.closed(rows)
        results = [
            {
                "id": str(getattr(row, to_field_name)),
                "text": str(row),
                "details": " · ".join(filter(None, (details.get(row.pk, ""), CLOSED if row.pk in closed else ""))),
                "disabled": row.pk in closed,
            }
            for row in rows
        ]
        return JsonResponse(
            {
                "results": results,
                "pagination": {"more": context["page_obj"].has_next()},
                "create": self.create(request),
            }
        )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if issubclass(rows.model, Mergeable):
            rows = rows.filter(merged_into=None)
        picked = picked_of(rows.model)
        return rows.select_related(*picked.related) if picked is not None and picked.related else rows

    def details(self, rows: Sequence[Any]) -> Mapping[Any, str]:
        picked = picked_of(self.model_admin.model)
        return picked.details(rows, self.request.user) if picked is not None and rows else {}

    def closed(self, rows: Sequence[Any]) -> set[Any]:
        """Those to which this user cannot add what is being entered: said here, and not when all is typed."""
        entered = self.model_admin.admin_site._registry.get(self.source_field.model)
        if tuple(getattr(entered, "public_with", ())) != (self.source_field.name,) or self.request.user.has_perm(
            CORRECT
        ):
            return set()
        pks = [row.pk for row in rows]
        model: Any = self.model_admin.model
        return set(public_rows(model).filter(pk__in=pks).values_list("pk", flat=True))

    def create(self, request: HttpRequest) -> dict[str, str] | None:
        """The words and the address of the last row of the list; None where this user creates no such row."""
        if not self.model_admin.has_add_permission(request):
            return None
        picked, noun = picked_of(self.model_admin.model), str(self.model_admin.opts.verbose_name)
        typed = " ".join(self.term.split())[:LONGEST_TYPED]
        given: dict[str, str] = {}
        if picked is not None and picked.named_by and typed:
            given = {picked.addresses[0] if picked.addresses and _ADDRESS.match(typed) else picked.named_by: typed}
        words = f"Create {noun} “{typed}”" if given else f"Create {noun}"
        return {"text": words, "url": add_url(self.model_admin.model, _popup=1, **given)}


def find_named(model: Any, user: Reader, text: str) -> tuple[Any, str]:
    """The row that somebody means by its number or its exact name, for who has no search field (it needs scripts); else
    None and what to do, in words."""
    picked, text = picked_of(model), " ".join(text.split())[:LONGEST_TYPED]
    rows, noun = model.objects.visible_to(user), str(model._meta.verbose_name)
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        row = next(iter(standing_ones(rows.filter(pk=int(text)), rows)), None)
        return row, "" if row is not None else f"There is no {noun} with the number {text}."
    if picked is None or not picked.named_by or forbidden_character(text):
        return None, f"Give the number of the {noun}."
    found = standing_ones(rows.filter(**{f"{picked.named_by}__iexact": text})[:3], rows)
    if len(found) == 1:
        return found[0], ""
    likely = rows.select_related(*picked.related)
    near = found or standing_ones(find_near(likely, text, picked.near[picked.named_by]), likely)
    told = "; ".join(f"{row.pk} is “{row}”" for row in near)
    which = "Several have this name" if found else "None has exactly this name"
    return None, f"{which}: give the number of the {noun}{f' ({told})' if told else ''}."


def near_view(request: HttpRequest) -> HttpResponse:
    """Rows that may be the one being entered: `field` as `sources.source.name`, `text` as far as it is typed."""
    if not is_desk(request.user):
        raise PermissionDenied
    label, _dot, name = request.GET.get("field", "").rpartition(".")
    text, but = request.GET.get("text", "")[:LONGEST_TYPED], request.GET.get("but", "")
    try:
        model: Any = apps.get_model(label)
    except (LookupError, ValueError):
        model = None
    picked = picked_of(model) if model is not None else None
    if picked is None or name not in picked.near or not admin.site.get_model_admin(model).has_view_permission(request):
        raise PermissionDenied
    rows = model.objects.visible_to(request.user).select_related(*picked.related)
    known = int(but) if but.isascii() and but.isdecimal() and len(but) <= 18 else 0
    texts = picked.near[name]
    if name in picked.addresses:
        found = find_same_page(rows.exclude(pk=known), text, lambda row: texts(row)[0])
    else:
        found = find_near(rows.exclude(pk=known), text, texts)
    found = [row for row in standing_ones(found, rows) if row.pk != known]
    details = picked.details(found, request.user) if found else {}
    # What is being changed is stored: it may be merged into the one that it is near to.
    merging = (
        known and issubclass(model, Mergeable) and admin.site.get_model_admin(model).has_change_permission(request)
    )
    page = url_of(model, known, "merge") if merging else ""
    shown = [
        {"id": str(row.pk), "text": str(row), "details": details.get(row.pk, ""), "url": admin_url(row)}
        | ({"merge": f"{page}?into={row.pk}"} if page else {})
        for row in found
    ]
    return JsonResponse({"near": shown})
