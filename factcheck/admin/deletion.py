"""What would go with a deleted row, named only as far as the user may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.html import format_html

from factcheck.admin.links import link_to


def deletion_of(
    rows: Iterable[models.Model], request: HttpRequest, admin_site: AdminSite
) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
    """As Django's get_deleted_objects: what goes, how many of each noun, what the user may not delete, what is in
    the way. Django names every row; here one that belongs to a restricted dispute is counted, not named, and keeps
    those who may not see it from deleting what it hangs on."""
    rows = list(rows)
    if not rows:
        return [], {}, set(), []
    collector = NestedObjects(using=router.db_for_write(type(rows[0])), origin=rows)
    collector.collect(rows)
    going = _grouped(row for found in collector.model_objs.values() for row in found)
    counts = {str(model._meta.verbose_name_plural): len(found) for model, found in going.items()}
    lacking = set()
    for model, found in going.items():
        admin = admin_site._registry.get(model)
        hidden = len(found) - len(_visible(model, found, request))
        if hidden or (admin is not None and not all(admin.has_delete_permission(request, row) for row in found)):
            lacking.add(str(model._meta.verbose_name))
    return _named(going, request), counts, lacking, _named(_grouped(collector.protected), request)


def _grouped(rows: Iterable[Any]) -> dict[type[models.Model], list[Any]]:
    groups: dict[type[models.Model], list[Any]] = defaultdict(list)
    for row in rows:
        groups[type(row)].append(row)
    return groups


def _visible(model: type[models.Model], rows: Iterable[Any], request: HttpRequest) -> set[Any]:
    pks = {row.pk for row in rows}
    if not hasattr(model._default_manager, "visible_to"):
        return pks
    return set(model._default_manager.visible_to(request.user).filter(pk__in=pks).values_list("pk", flat=True))


def _named(groups: dict[type[models.Model], list[Any]], request: HttpRequest) -> list[Any]:
    lines: list[Any] = []
    for model, rows in groups.items():
        visible = _visible(model, rows, request)
        noun = str(model._meta.verbose_name).capitalize()
        shown = [row for row in rows if row.pk in visible]
        lines += [format_html("{}: {}", noun, _link(row)) for row in shown]
        if hidden := len(rows) - len(shown):
            lines.append(f"{noun}: {hidden} that you may not see")
    return lines


def _link(row: models.Model) -> str:
    try:
        return link_to(row)
    except NoReverseMatch:
        # Rows without a page of their own.
        return str(row)
