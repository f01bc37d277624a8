"""The hash chain: how an entry is written, and what its hashes cover."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, models
from django.utils import timezone

from factcheck.audit.context import current
from factcheck.audit.models import AuditEntry
from factcheck.audit.models.entry import GENESIS
from factcheck.audit.trust import write_gathered

SYSTEM = "system"
ERASED = "audit.erased"
"""The action of an entry that says which entries, listed in its `changes`, lost their salt and what it covered."""
HistoricalValues = models.Model | Mapping[str, Any]
_PLAIN = frozenset({type(None), bool, int, float, str, list, dict})
_HOLDING = frozenset({float, list, dict, tuple})


@dataclass(slots=True)
class Act:
    """One act to be entered: its action, its object, and the historical row it stands for (None for a plain event)."""

    action: str
    object_type: str
    object_id: str
    object_label: str = ""
    dispute_id: int | None = None
    claim_id: int | None = None
    changes: list[str] = field(default_factory=list)
    row: models.Model | None = None
    reason: str | None = None
    """By default that of the context."""


def write_entries(acts: Sequence[Act]) -> list[AuditEntry]:
    """Append one entry an act to the chain, with actor, reason and request of the context.

    Must run inside `recording()`, whose lock makes the last entry the last.
    """
    write_gathered()
    context = current()
    user = context.user()
    actor = user.pk if user is not None else None
    name = (user.get_full_name() or user.get_username())[:200] if user is not None else SYSTEM
    now = timezone.now()
    number, previous = _last_entry()
    entries = []
    for act in acts:
        number += 1
        # By their order a model takes values in half the time.
        values: list[Any] = [
            number,
            now,
            act.action,
            actor,
            name,
            act.object_type,
            act.object_id,
            act.object_label,
            act.dispute_id,
            act.claim_id,
            act.changes,
            act.row.pk if act.row is not None else None,
            context.reason if act.reason is None else act.reason,
            context.request_id,
            secrets.token_hex(16),
        ]
        entry = AuditEntry(*values)  # type: ignore[misc]
        entry.digest = digest_of(entry, act.row)
        entry.hash = previous = hash_of(entry, previous)
        entries.append(entry)
    return AuditEntry.objects.bulk_create(entries)


def _last_entry() -> tuple[int, str]:
    """Number and hash of the entry that the next one follows. In plain SQL, since every change asks."""
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, hash FROM {table} ORDER BY id DESC LIMIT 1")  # noqa: S608 - our own table
        number, previous = cursor.fetchone() or (0, bytes.fromhex(GENESIS))
    return number, bytes(previous).hex()


def record_event(action: str, object_type: str, object_id: object, label: str = "") -> AuditEntry:
    """Enter an event that changes no recorded row, such as a token that was created."""
    return write_entries([Act(action, object_type, str(object_id), label)])[0]


def digest_of(entry: AuditEntry, row: HistoricalValues | None, columns: Collection[str] | None = None) -> str:
    """SHA-256 over the salt and everything an erasure may have to remove: hex, 64 characters.

    `row` is the historical row or its columns. Of it these `columns` only, where they are given: those that there were
    when the entry was written.
    """
    payload = {
        "row": canonical_row(row, columns) if row is not None else None,
        "label": entry.object_label,
        "reason": entry.reason,
        "actor": entry.actor_name,
        "changes": entry.changes,
    }
    return hashlib.sha256(_text(entry.salt) + _json(payload)).hexdigest()


def hash_of(entry: AuditEntry, previous: str) -> str:
    """SHA-256 over the hash of the entry before it and the entry's lasting fields: hex, 64 characters."""
    lasting = [
        previous,
        entry.id,
        plain(entry.at),
        entry.action,
        entry.actor_id,
        entry.object_type,
        entry.object_id,
        entry.dispute_id,
        entry.claim_id,
        entry.history_id,
        entry.request_id,
        entry.digest,
    ]
    return hashlib.sha256(_json(lasting)).hexdigest()


def canonical_row(row: HistoricalValues, columns: Collection[str] | None = None) -> dict[str, Any]:
    """A historical row as plain values, by all of its columns or by these."""
    if not isinstance(row, Mapping):
        row = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return {
        name: value if type(value) in _PLAIN else plain(value)
        for name, value in row.items()
        if columns is None or name in columns
    }


def plain(value: object) -> Any:
    """A column's value as JSON has it: the same before it is stored and after it is read back."""
    if type(value) in _PLAIN:
        return value
    match value:
        case datetime():
            return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="microseconds")
        case Decimal():
            # A database keeps no sign of zero.
            return format(value.normalize(), "f") if value else "0"
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case tuple():
            return list(value)
    return str(value)


def _json(value: dict[str, Any] | list[Any]) -> bytes:
    """As the JSON module of Python writes it, which takes several times as long."""
    if not _has_float(value):
        # A number with an exponent is written otherwise by the two. What only Python writes: halves of characters,
        # numbers of more than 64 bits.
        with suppress(TypeError):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return _text(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _has_float(value: object) -> bool:
    if not isinstance(value, dict | list | tuple):
        return isinstance(value, float)
    held = value.values() if isinstance(value, dict) else value
    # Of nearly all rows the types alone tell that there is none.
    return not _HOLDING.isdisjoint(map(type, held)) and any(map(_has_float, held))


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
