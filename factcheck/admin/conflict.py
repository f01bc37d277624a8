"""Somebody changed a row after its form was opened: what was typed is laid upon what they saved, field by field.

Of a field that only they changed, the form now has their value; one that both changed keeps what was typed, and theirs
is shown beside it. The form then is about the row as it stands, and can be saved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.forms.widgets import DateTimeBaseInput
from django.utils.text import capfirst, get_text_list

from factcheck.admin.fields import NOT_VISIBLE, inner_widget
from factcheck.audit.models import AuditEntry
from factcheck.base.text import shortened

LONGEST_SHOWN = 500
"""Letters of a value that are shown beside a field; the button takes all of it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the form of a row does after somebody else changed the row; fields are called as the form labels them."""

    taken: tuple[str, ...]
    """Those that only they changed: their values stand in the form now."""
    both: Mapping[str, str]
    """Those that both changed, or may have, by name: what was typed stands in the form."""


def lay_upon_stored(form: Any, seen: int | None) -> Conflict:
    """Bring a bound form, opened at version `seen` of its row, onto the row as it is stored; `form.instance` is that
    row, nothing of what was typed being in it yet. What the version had is looked up in the history: of an erased one
    nothing is known, and what differs counts as changed by both."""
    row = form.instance
    before = type(row).history.filter(id=row.pk, version=seen).order_by("history_id").last()
    form.data = form.data.copy()
    taken, both = [], {}
    for name, field, column in _compared(form):
        stored, typed = form.get_initial_for_field(field, name), form[name].data
        if not field.has_changed(stored, typed):
            continue
        old = column.value_from_object(before) if before is not None else None
        if before is not None and old == column.value_from_object(row):
            continue
        label = str(form[name].label)
        if before is not None and not field.has_changed(old, typed) and _put(form, name, stored):
            taken.append(label)
        else:
            both[name] = label
            _show(form, name, stored)
    _put(form, "seen_version", row.version)
    return Conflict(tuple(taken), both)


def _compared(form: Any) -> Iterator[tuple[str, Any, Any]]:
    """The fields of the form that are columns of the row, by name."""
    columns = {column.name: column for column in form.instance._meta.concrete_fields}
    for name, field in form.fields.items():
        if name in columns and not field.disabled:
            yield name, field, columns[name]


def _put(form: Any, name: str, value: Any) -> bool:
    """Have the form say this value of the field; False where its widget is of several parts."""
    key, field = form.add_prefix(name), form.fields[name]
    widget = inner_widget(field.widget)
    if isinstance(widget, forms.MultiWidget | forms.FileInput):
        return False
    if isinstance(widget, forms.CheckboxInput):
        form.data.pop(key, None)
        if value:
            form.data[key] = "on"
    else:
        form.data[key] = _as_sent(field, value)
    return True


def _as_sent(field: Any, value: Any) -> str:
    """The value as a browser sends it; a day is written as the field itself writes it."""
    widget = inner_widget(field.widget)
    told = widget.format_value(value) if isinstance(widget, DateTimeBaseInput) else field.prepare_value(value)
    return "" if told is None else str(told)


def _show(form: Any, name: str, value: Any) -> None:
    """Give the field the other value, as `values.js` takes it, for the button that puts it in."""
    field = form.fields[name]
    widget, sent = inner_widget(field.widget), _as_sent(field, value)
    told: Any = sent
    if isinstance(widget, forms.CheckboxInput):
        told = bool(value)
    elif isinstance(widget, forms.Select):
        told = [[sent, in_words(form, name)]]
    widget.attrs["data-theirs"] = json.dumps(told)


def in_words(form: Any, name: str) -> str:
    """The stored value of a field of the form, as its reader may see it."""
    row, field = form.instance, form.fields[name]
    column = row._meta.get_field(name)
    value = column.value_from_object(row)
    if column.is_relation and value is not None:
        hidden = getattr(field, "kept", None) is not None or not hasattr(field, "label_from_instance")
        return NOT_VISIBLE if hidden else str(field.label_from_instance(getattr(row, name)))
    if column.flatchoices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _as_sent(field, value)


def beside_field(form: Any, name: str) -> str:
    """What stands below a field that both changed."""
    theirs = shortened(in_words(form, name), LONGEST_SHOWN)
    return f"{f'It is now “{theirs}”' if theirs else 'It is now empty'}; yours stands in the field."


def stale_message(row: models.Model) -> str:
    """Who changed the row in the meantime."""
    entry = AuditEntry.objects.of(row).first()
    who = f"by {entry.actor_name} at {entry.at:%H:%M} UTC on {entry.at:%d.%m.%Y}" if entry else "by somebody else"
    return f"This {row._meta.verbose_name} was changed {who}, after you opened it. Nothing of yours was saved"


def what_to_choose(row: models.Model, conflict: Conflict) -> str:
    """The same, with what became of each field, and what to do now."""
    told = [f"{stale_message(row)}; it is still in the form."]
    if conflict.taken:
        told.append(f"What only they changed is taken over: {_listed(conflict.taken)}.")
    if conflict.both:
        told.append(f"Of what differs from yours you choose: {_listed(conflict.both.values())}.")
    return " ".join([*told, "Look it through and save again."])


def _listed(labels: Iterable[str]) -> str:
    return get_text_list([capfirst(label) for label in labels], "and")
