"""Somebody changed a row after its form was opened: what was typed is laid upon what they saved, field by field.

Of a field that only they changed, the form now has their value; one that both changed keeps what was typed, and theirs
is shown beside it. The form then is about the row as it stands, and can be saved.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.widgets import DateTimeBaseInput
from django.utils.text import capfirst, get_text_list

from factcheck.admin.fields import NOT_VISIBLE, inner_widget
from factcheck.audit.models import AuditEntry

LONGEST_SHOWN = 500
"""Letters of a value that are shown beside a field; the button takes all of it."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the form of a row does after somebody else changed the row."""

    taken: tuple[str, ...]
    """The fields, as the form names them, that only they changed: their values stand in the form now."""
    both: tuple[str, ...]
    """Those that both changed, or may have: what was typed stands in the form."""


def lay_upon_stored(form: Any, seen: int | None) -> Conflict:
    """Bring a bound form, opened at version `seen` of its row, onto the row as it is stored; `form.instance` is that
    row, nothing of what was typed being in it yet. What the version had is looked up in the history: of an erased one
    nothing is known, and what differs counts as changed by both."""
    row = form.instance
    versions = type(row).history.filter(id=row.pk, version=seen) if seen is not None else type(row).history.none()
    before = versions.order_by("history_id").last()
    form.data = form.data.copy()
    taken, both = [], []
    for name, field, column in _compared(form):
        stored, typed = form.get_initial_for_field(field, name), form[name].data
        if not field.has_changed(stored, typed):
            continue
        old = column.value_from_object(before) if before is not None and not column.many_to_many else None
        known = before is not None and not column.many_to_many
        if known and old == column.value_from_object(row):
            continue
        if known and not field.has_changed(old, typed) and _put(form, name, stored):
            taken.append(name)
        else:
            both.append(name)
            _show(form, name, stored)
    _put(form, "seen_version", row.version)
    return Conflict(tuple(str(form[name].label) for name in taken), tuple(both))


def _compared(form: Any) -> Iterator[tuple[str, Any, Any]]:
    """The fields of the form that are columns of the row, by name."""
    for name, field in form.fields.items():
        try:
            column = form._meta.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if not field.disabled:
            yield name, field, column


def _put(form: Any, name: str, value: Any) -> bool:
    """Have the form say this value of the field; False where its widget is of several parts."""
    key, field = form.add_prefix(name), form.fields[name]
    widget, told = inner_widget(field.widget), _prepared(field, value)
    if isinstance(widget, forms.MultiWidget | forms.FileInput):
        return False
    if isinstance(widget, forms.CheckboxInput):
        form.data.pop(key, None)
        if value:
            form.data[key] = "on"
    elif isinstance(told, list):
        form.data.setlist(key, [str(one) for one in told])
    else:
        # A day is written as the field itself writes it.
        form.data[key] = widget.format_value(value) if isinstance(widget, DateTimeBaseInput) else told
    return True


def _prepared(field: Any, value: Any) -> Any:
    """The value as a browser would send it."""
    told = field.prepare_value(value)
    if told is None:
        return ""
    return [*told] if isinstance(told, list | tuple | set | models.QuerySet) else str(told)


def _show(form: Any, name: str, value: Any) -> None:
    """Mark the field with the other value, for the button that takes it."""
    field = form.fields[name]
    told = bool(value) if isinstance(inner_widget(field.widget), forms.CheckboxInput) else _prepared(field, value)
    inner_widget(field.widget).attrs["data-theirs"] = json.dumps([told, in_words(form, name)])


def in_words(form: Any, name: str) -> str:
    """The stored value of a field of the form, as its reader may see it."""
    row, field = form.instance, form.fields[name]
    column = row._meta.get_field(name)
    if column.many_to_many:
        return get_text_list([str(one) for one in getattr(row, name).all()], "and")
    value = column.value_from_object(row)
    if column.is_relation and value is not None:
        hidden = getattr(field, "kept", None) is not None or not hasattr(field, "label_from_instance")
        return NOT_VISIBLE if hidden else str(field.label_from_instance(getattr(row, name)))
    if column.flatchoices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(_prepared(field, value))


def beside_field(form: Any, name: str) -> str:
    """What stands below a field that both changed."""
    theirs = in_words(form, name)
    shown = f"{theirs[:LONGEST_SHOWN]}…" if len(theirs) > LONGEST_SHOWN else theirs
    return f"It is now “{shown}”; what you typed stands in the field." if theirs else (
        "It is now empty; what you typed stands in the field."
    )  # fmt: skip


def stale_message(row: models.Model, conflict: Conflict | None = None, labels: tuple[str, ...] = ()) -> str:
    """Who changed the row in the meantime, and what to do now."""
    entry = AuditEntry.objects.of(row).first()
    who = f"by {entry.actor_name} at {entry.at:%H:%M} UTC on {entry.at:%d.%m.%Y}" if entry else "by somebody else"
    start = f"This {row._meta.verbose_name} was changed {who}, after you opened it. Nothing of yours was saved"
    if conflict is None:
        return f"{start}; reload the page and repeat your change."
    told = [f"{start}; it is still in the form."]
    if conflict.taken:
        told.append(f"What only they changed is taken over: {_listed(conflict.taken)}.")
    if labels:
        told.append(f"Of what differs from yours you choose: {_listed(labels)}.")
    return " ".join([*told, "Look it through and save again."])


def _listed(labels: tuple[str, ...]) -> str:
    return get_text_list([capfirst(label) for label in labels], "and")
