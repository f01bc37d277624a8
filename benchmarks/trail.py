"""The audit trail of rows that were written past the recorded doors: one entry a row, its chain whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.bulk import add
from benchmarks.subjects import Row
from factcheck.audit.chain import GENESIS, digest_of, hash_of
from factcheck.audit.models import AuditEntry


def add_entries(model: Any, actor: int, name: str, dispute_of: Callable[[Any], int | None], told: Any) -> None:
    """One entry for each historical row of `model` that has none, after the last that there is."""
    add(AuditEntry, _entries(model, actor, name, dispute_of), told)


def _entries(model: Any, actor: int, name: str, dispute_of: Callable[[Any], int | None]) -> Iterator[Row]:
    noun = model._meta.model_name
    last = AuditEntry.objects.order_by("-id").values_list("id", "hash").first()
    number, previous = last or (0, GENESIS)
    for row in model.history.model._base_manager.order_by("history_id").iterator(chunk_size=2_000):
        number += 1
        entry = AuditEntry(
            id=number,
            at=row.history_date,
            action=f"{noun}.created",
            actor_id=actor,
            actor_name=name,
            object_type=noun,
            object_id=str(row.id),
            object_label=f"{model._meta.verbose_name} {row.id}, as it was entered for a measurement",
            dispute_id=dispute_of(row),
            claim_id=row.id if noun == "claim" else getattr(row, "claim_id", None),
            changes=[],
            history_id=row.history_id,
            request_id=f"{number:032x}",
            salt=hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest(),
        )
        entry.digest = digest_of(entry, row)
        entry.hash = previous = hash_of(entry, previous)
        yield {field.attname: getattr(entry, field.attname) for field in AuditEntry._meta.concrete_fields}
