"""The words of the register on one page, each in one sentence: the nouns and fields as their models say, and what is
reckoned (`claims/logic/glossary.py`)."""

from __future__ import annotations

import inspect
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst

from claims.logic.glossary import TERMS, Term
from factcheck.admin import RecordedModelAdmin
from factcheck.admin.links import list_url
from factcheck.audit.access import is_desk
from factcheck.models.recorded import RecordedModel
from factcheck.unfold import NAVIGATION

OF_EVERY_ROW = tuple(field.name for field in RecordedModel._meta.fields)


def terms(*codes: str) -> list[Term]:
    """The words of these codes, for the line of a page that explains them."""
    return [TERMS[code] for code in codes]


def glossary_view(request: HttpRequest) -> HttpResponse:
    """The nouns that the user may see, with their fields. Raises PermissionDenied outside the desk."""
    if not is_desk(request.user):
        raise PermissionDenied
    pages = [page for page in admin.site._registry.values() if isinstance(page, RecordedModelAdmin)]
    nouns = [_noun(page.model) for page in pages if page.has_view_permission(request)]
    order = [str(item["link"]) for group in NAVIGATION for item in group["items"]]
    nouns.sort(key=lambda noun: order.index(noun["url"]) if noun["url"] in order else len(order))
    every = [_field(field) for field in RecordedModel._meta.fields if field.help_text]
    shown = {"title": "Words", "terms": TERMS.values(), "nouns": nouns, "every": every}
    context = {**admin.site.each_context(request), **shown}
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/claims/glossary.html", context)


def _noun(model: type[models.Model]) -> dict[str, Any]:
    fields = [field for field in model._meta.get_fields() if getattr(field, "help_text", "")]
    return {
        "code": model._meta.model_name,
        "word": capfirst(str(model._meta.verbose_name)),
        "says": " ".join(inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0].split()),
        "url": list_url(model),
        "fields": [_field(field) for field in fields if field.name not in OF_EVERY_ROW],
    }


def _field(field: Any) -> dict[str, Any]:
    return {
        "code": field.name,
        "word": capfirst(str(field.verbose_name)),
        "says": field.help_text,
        "choices": [label for _value, label in field.flatchoices],
    }
