"""Rows as they stood at one moment, read back from their history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from factcheck.models.recorded import RecordedModel


class Versions:
    """The register at `moment`: what was recorded up to and including it, and not deleted by then."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def where(self, model: type[RecordedModel], field: str, values: Collection[Any]) -> dict[int, Any]:
        """The rows of `model` whose `field` then had one of these values, by id and in the order of their ids.

        One query. What the history no longer holds, because it was lawfully erased, does not come back.
        """
        assert field == "id" or field in model.past_by, f"{field} of {model.__name__} has no index in its history"
        if not values:
            return {}
        versions = model.history.filter(history_date__lte=self.moment).order_by()
        # Every row that ever had such a value, since its last version may have another one.
        ever = versions.filter(**{f"{field}__in": values}).values("id")
        found: dict[int, Any] = {}
        for version in versions.filter(id__in=ever).order_by("id", "history_id"):
            found[version.id] = version
        standing = {pk: version.instance for pk, version in found.items() if version.history_type != "-"}
        column: Any = model._meta.get_field("id" if field == "id" else field)
        return {pk: row for pk, row in standing.items() if getattr(row, column.attname) in values}

    def of(self, model: type[RecordedModel], ids: Iterable[int | None]) -> dict[int, Any]:
        """The rows with these ids, which something that stood at the moment refers to.

        A version that was erased is replaced by the row as it is now: what refers to it would make no sense without.
        """
        wanted = {pk for pk in ids if pk is not None}
        rows = self.where(model, "id", wanted)
        return rows | model._base_manager.in_bulk(wanted - rows.keys()) if wanted - rows.keys() else rows


def join(rows: Iterable[Any], name: str, targets: Mapping[Any, Any]) -> None:
    """Let the reference `name` of each row lead to the target of its id; no query is asked for it later."""
    for row in rows:
        key = getattr(row, f"{name}_id")
        if key is not None and key in targets:
            row._state.fields_cache[name] = targets[key]


def join_many(rows: Iterable[Any], name: str, found: Mapping[int, list[Any]]) -> None:
    """Let the reverse relation `name` of each row be what was found under its id, as a prefetch would."""
    for row in rows:
        row._prefetched_objects_cache = {name: found.get(row.pk, [])}
