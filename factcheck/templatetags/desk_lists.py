"""The rows of a list of the desk: the markup of the theme, which draws each cell with several templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from unfold.admin import checkbox
from unfold.templatetags.unfold_list import CHECKBOX_CLASSES, LINK_CLASSES, ROW_CLASSES, result_headers
from unfold.utils import display_for_field, display_for_value

from factcheck.base.desk_address import url_of
from factcheck.base.widgets import escaped

register = Library()

BODY = '<tbody class="block relative lg:table-row-group {}" x-data="{{rowOpen: false}}">'
SHADES = ("", "bg-base-50 dark:bg-white/[.02]")
ROW = (
    '<tr class="data-row block border border-base-200 mb-3 relative rounded-default lg:table-row lg:border-none '
    'lg:mb-0 lg:rounded-none dark:border-base-800">'
)
CHECKBOX, KEY = "action_checkbox", "@key@"
NO_WRAP = models.DateField | models.TimeField | models.ForeignKey


@dataclass(frozen=True)
class Column:
    """One column: how its cells begin and end, and whether they lead to the page of the row."""

    name: str
    source: Any
    """The field, the method or the function that it shows."""
    begins: SafeString
    ends: str
    links: bool


@register.inclusion_tag("admin/factcheck/rows_of_list.html")
def list_rows(cl: ChangeList) -> dict[str, Any]:
    """The table of `cl`."""
    headers = list(result_headers(cl))
    return {
        "cl": cl,
        "result_headers": headers,
        "brief": bool(getattr(cl.model_admin, "brief", ())),
        "num_sorted_fields": sum(bool(header["sortable"] and header["sorted"]) for header in headers),
        "rows": mark_safe("".join(_rows(cl, headers))),  # noqa: S308 - each cell was escaped
    }


def _rows(cl: ChangeList, headers: list[dict[str, Any]]) -> Iterator[str]:
    columns = list(_columns(cl, headers))
    empty = cl.model_admin.get_empty_value_display()
    shades = [BODY.format(shade) + ROW for shade in SHADES]
    address = _addresses(cl)
    for place, row in enumerate(cl.result_list):
        cells = "".join(_cell(column, row, cl, empty, address) for column in columns)
        yield f"{shades[place % 2]}{cells}</tr></tbody>"


def _columns(cl: ChangeList, headers: list[dict[str, Any]]) -> Iterator[Column]:
    first = True
    brief = getattr(cl.model_admin, "brief", ())
    for place, (name, header) in enumerate(zip(cl.list_display, headers, strict=True)):
        links = bool(cl.list_display_links is not None and (first and not cl.list_display_links))
        links = links or name in (cl.list_display_links or ())
        tag = "th" if links and first else "td"
        first = first and not links
        # As the theme calls a column that is a function.
        shown_name = getattr(name, "__name__", str(place)) if callable(name) else name
        classes = [f"field-{shown_name}", *ROW_CLASSES, *(["nowrap"] if _stays_on_one_line(cl, name) else [])]
        if brief and not (links or shown_name in brief):
            classes.append("desk-rest")
        label = header["text"]
        if shown_name == CHECKBOX:
            classes, label = CHECKBOX_CLASSES, "Select record"
        begins = format_html('<{} class="{}" data-label="{}">', tag, " ".join(classes), label)
        yield Column(shown_name, name, begins, f"</{tag}>", links)


def _stays_on_one_line(cl: ChangeList, name: Any) -> bool:
    fields = {field.name: field for field in cl.lookup_opts.concrete_fields}
    return isinstance(fields.get(name), NO_WRAP)


def _cell(column: Column, row: models.Model, cl: ChangeList, empty: str, address: Callable[[models.Model], str]) -> str:
    if column.name == CHECKBOX:
        return f"{column.begins}{_checkbox().replace(KEY, escaped(row.pk))}{column.ends}"
    value = escaped(_value(column.source, row, cl, empty))
    if not column.links:
        return f"{column.begins}{value}{column.ends}"
    popup = format_html(' data-popup-opener="{}"', _opens(row, cl)) if cl.is_popup else ""
    link = f'<a href="{address(row)}" class="{" ".join(LINK_CLASSES)}"{popup}>{value}</a>'
    return f"{column.begins}{link}{column.ends}"


def _opens(row: models.Model, cl: ChangeList) -> Any:
    """What a popup gives back for the row."""
    return row.serializable_value(str(cl.to_field) if cl.to_field else cl.lookup_opts.pk.attname)


def _value(name: Any, row: models.Model, cl: ChangeList, empty: str) -> Any:
    try:
        field, attr, value = lookup_field(name, row, cl.model_admin)
    except ObjectDoesNotExist:
        return empty
    empty = getattr(attr, "empty_value_display", empty)
    if field is None or field.auto_created:
        return display_for_value(value, empty, getattr(attr, "boolean", False))
    if isinstance(field.remote_field, models.ManyToOneRel):
        related = getattr(row, field.name)
        return empty if related is None else related
    return display_for_field(value, field, empty)


def _addresses(cl: ChangeList) -> Callable[[models.Model], str]:
    """Says where the page of a row is; what follows its address, to come back to this list, is the same for all."""
    if not len(cl.result_list):
        return str
    url = cl.url_for_result(cl.result_list[0])
    whole = add_preserved_filters({"preserved_filters": cl.preserved_filters, "opts": cl.opts}, url)
    return partial(_address, cl, escaped(whole.removeprefix(url)))


def _address(cl: ChangeList, tail: str, row: models.Model) -> str:
    return f"{url_of(cl.model, row.pk)}{tail}"


@cache
def _checkbox() -> str:
    """The box by which a row is chosen for an action."""
    return str(checkbox.render(ACTION_CHECKBOX_NAME, KEY))
