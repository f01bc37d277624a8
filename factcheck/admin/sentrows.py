"""Rows under a page as they are sent: of each its values alone.

The browser puts them on the form of a new row, which the page holds anyway (`factcheck/static/factcheck/rows.js`):
drawn here, each would be as large and take as long as that.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.helpers import InlineAdminForm, InlineAdminFormSet
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.utils.safestring import mark_safe

from factcheck.admin.fields import inner_widget
from factcheck.admin.formsets import RecordedFormSet
from factcheck.base.widgets import escaped

WITHIN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""What would end a script, or begin something in it."""


@dataclass(frozen=True)
class Rows:
    """What a list draws: the forms in `drawn`, and of the rows that are `sent` one without its fields, as a shell."""

    drawn: list[InlineAdminForm]
    shell: InlineAdminForm | None = None
    sent: str = ""


def rows_of(shown: InlineAdminFormSet) -> Rows:
    """The rows of a list to which somebody may add are sent. All others are drawn, and what came back with errors."""
    rows = list(shown)
    formset: Any = shown.formset
    there = len(formset.initial_forms)
    whole = formset.is_bound or not (shown.has_add_permission and shown.has_change_permission)
    if whole or not there or len(rows) != there + 1 or not isinstance(formset, RecordedFormSet):
        return Rows(rows)
    if any(row.show_url for row in rows) or any(_has_parts(field) for field in formset.empty_form.fields.values()):
        return Rows(rows)
    blank = _values(rows[-1])
    told = [_told(row, blank) for row in rows[:-1]]
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return Rows(rows[-1:], rows[0], mark_safe(text.translate(WITHIN_SCRIPT)))  # noqa: S308 - nothing ends the script


def _has_parts(field: forms.Field) -> bool:
    return isinstance(inner_widget(field.widget), forms.MultiWidget | forms.SelectMultiple | forms.FileInput)


def _told(row: Any, blank: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in _values(row).items() if value != blank.get(name)}
    shown = [str(_read_only(field)) for fieldset in row for line in fieldset for field in line if field.is_readonly]
    return {
        "pk": row.original.pk,
        "title": row.model_admin.called(row.original),
        "fields": values,
        **({"shown": shown} if shown else {}),
    }


def _values(row: Any) -> dict[str, Any]:
    """What the fields of the form hold, as `deskValues` has it."""
    fields = [field.field for fieldset in row for line in fieldset for field in line if not field.is_readonly]
    if row.needs_explicit_pk_field():
        fields.append(row.pk_field().field)
    return {bound.name: _value(bound) for bound in fields}


def _value(bound: BoundField) -> Any:
    widget: Any = inner_widget(bound.field.widget)
    value = bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return bool(widget.check_test(value))
    if isinstance(widget, forms.Select):
        if type(widget).optgroups is forms.Select.optgroups and not widget.allow_multiple_selected:
            return _chosen(widget, widget.format_value(value))
        groups = widget.optgroups(bound.html_name, widget.format_value(value))
        options = [option for _name, options, _place in groups for option in options]
        return [[str(one["value"]), str(one["label"])] for one in options if one["selected"] and one["value"] != ""]
    text = widget.format_value(value)
    return "" if text is None else str(text)


def _chosen(widget: forms.Select, values: Sequence[str]) -> list[list[str]]:
    """The option that is chosen among the widget's own. To have all of them made for each row takes a tenth of the time
    of a form with many rows."""
    for value, label in widget.choices:
        for one, words in label if isinstance(label, (list, tuple)) else [(value, label)]:
            if str(one) in values and one not in ("", None):
                return [[str(one), str(words)]]
    return []


def _read_only(field: Any) -> str:
    contents = field.contents()
    return "-" if contents in {"", "None"} else escaped(contents)
