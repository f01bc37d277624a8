"""Lists of rows that a door gives as one field: the documents of evidence, the members of a dispute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from factcheck.audit.context import recording
from factcheck.models.recorded import RecordedModel


def set_children(
    parent: RecordedModel, model: type[RecordedModel], parent_field: str, child_field: str, wanted: Iterable[Any]
) -> None:
    """Exactly the `wanted` rows are joined to `parent` by a row of `model`; each join made or undone is recorded."""
    with recording():
        joined = {
            getattr(row, f"{child_field}_id"): row for row in model._default_manager.filter(**{parent_field: parent})
        }
        kept = {row.pk: row for row in wanted}
        for pk in joined.keys() - kept.keys():
            joined[pk].delete()
        for pk in kept.keys() - joined.keys():
            model(**{parent_field: parent, child_field: kept[pk]}).save()
