"""What a change replaced: values before and after, read from the row history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps

from factcheck.audit.chain import plain
from factcheck.audit.history import BOOKKEEPING, HistoricalRow
from factcheck.audit.models import AuditEntry


def recorded_models() -> dict[str, Any]:
    """Every noun whose changes are kept, a class that derives from RecordedModel, by its object type in the trail."""
    return {
        model._meta.model_name or "": model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    }


def history_models() -> dict[str, type[HistoricalRow]]:
    """The historical model of every noun, by its object type in the trail."""
    return {name: model.history.model for name, model in recorded_models().items()}


def differences_of(entries: Iterable[AuditEntry]) -> dict[int, list[dict[str, Any]]]:
    """For each entry id, the fields that the change set or replaced, with their plain values before and after.

    One query for each noun that occurs among the entries. The first version of a row shows what was set, a deletion
    what was lost.
    """
    nouns = history_models()
    wanted: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        if entry.history_id is not None and entry.object_type in nouns:
            wanted[entry.object_type].append(entry)
    found: dict[int, list[dict[str, Any]]] = {}
    for name, group in wanted.items():
        model = nouns[name]
        key = model.instance_type._meta.pk.attname
        rows: dict[str, list[HistoricalRow]] = defaultdict(list)
        for row in model._default_manager.filter(**{f"{key}__in": {e.object_id for e in group}}).order_by("history_id"):
            rows[str(getattr(row, key))].append(row)
        for entry in group:
            versions = rows[entry.object_id]
            place = next((i for i, row in enumerate(versions) if row.pk == entry.history_id), None)
            if place is not None:
                found[entry.pk] = differences_between(versions[place - 1] if place else None, versions[place])
    return found


def differences_between(before: HistoricalRow | None, version: HistoricalRow) -> list[dict[str, Any]]:
    """The fields in which a later version of a row differs from an earlier one, with their plain values."""
    after: HistoricalRow | None = version
    if version.history_type == "-":
        before, after = version, None
    elif version.history_type == "+":
        before = None
    result = []
    for field in type(version).tracked_fields:
        if field.name in BOOKKEEPING or field.primary_key:
            continue
        old = plain(getattr(before, field.attname)) if before is not None else None
        new = plain(getattr(after, field.attname)) if after is not None else None
        # A mark that no door sets, and that is not there, was not set.
        empty: tuple[object, ...] = (None, "", [], {}) if field.editable else (None, "", [], {}, False)
        if old != new and not (old in empty and new in empty):
            result.append({"field": field.name, "before": old, "after": new})
    return result
