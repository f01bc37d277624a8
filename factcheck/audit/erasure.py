"""Lawful erasure: what history keeps of a row goes, that and why it went stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models

from factcheck.audit.access import require
from factcheck.audit.chain import ERASED, Act, write_entries
from factcheck.audit.context import recording
from factcheck.audit.differences import history_models
from factcheck.audit.followers import ERASURE, note_touched
from factcheck.audit.history import BOOKKEEPING, HistoricalRow
from factcheck.audit.models import AuditEntry, IdempotencyKey
from factcheck.audit.triggers import unguarded
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank

PERMISSION = "audit.erase_history"


def erase_history(
    *, actor: Reader | None, rows: Iterable[tuple[str, int | str]], reason: str, fields: Collection[str] = ()
) -> list[AuditEntry]:
    """The earlier versions of `rows`, given as (object type, id), are gone, or empty in `fields` alone.

    With them go the labels and reasons of their entries, and the salts, without which nobody can test a guess
    against a digest. The chain still verifies: an entry `audit.erased` for each row names the entries, says who did
    it and why, and is returned. The reason must not repeat what is erased. A version of which only `fields` were
    emptied can be read but no longer be verified.

    The version that stands is no history and stays: change or delete the row first, by the doors that everybody
    uses. What is published and frozen therefore stays too; where a court wants a verdict out of sight, its claim is
    withdrawn. Other rows may quote this one in their labels (the verdicts of a claim): name them as well.

    Answers that are kept for requests with a key are emptied, and files of exports go, whatever they hold: none is
    looked into. Bytes outlive rows in the files of the database, until `remains.rewrite`; in backups, until these go.

    Raises Forbidden without the permission, RuleViolation without a reason or for what cannot be erased, Conflict
    when a row has no earlier version.
    """
    require(actor, PERMISSION, "erase history")
    if is_blank(reason):
        raise RuleViolation(
            "Say why the history is erased, by which law or order.", code="reason_required", field="reason"
        )
    with recording(actor=actor, reason=reason):
        note_touched([ERASURE])
        IdempotencyKey.objects.empty()
        return write_entries([_erase(object_type, str(object_id), fields) for object_type, object_id in rows])


def _erase(object_type: str, object_id: str, fields: Collection[str]) -> Act:
    history = history_models().get(object_type)
    if history is None or not object_id.isdecimal():
        raise RuleViolation(f"“{object_type} {object_id}” names no row of the register.", code="unknown_row")
    versions = _earlier_versions(history, object_id)
    entries = list(
        AuditEntry.objects.filter(object_type=object_type, object_id=str(int(object_id)), history_id__in=versions)
        .exclude(salt="")
        .order_by("id")
    )
    if not entries:
        raise Conflict(
            f"{object_type} {object_id} has no earlier version. What stands is changed or deleted first, as usual.",
            code="no_history",
        )
    rows = _past_the_guards(history, versions)
    emptied = _emptied(history, fields)
    with unguarded(history, AuditEntry):
        if fields:
            rows.update(history_change_reason="", **emptied)
        else:
            rows.delete()
        _past_the_guards(AuditEntry, [entry.pk for entry in entries]).update(salt="", object_label="", reason="")
    last = entries[-1]
    return Act(
        ERASED,
        object_type,
        object_id,
        dispute_id=last.dispute_id,
        claim_id=last.claim_id,
        changes=[str(entry.pk) for entry in entries],
    )


def _earlier_versions(history: type[HistoricalRow], object_id: str) -> list[int]:
    model = history.instance_type
    versions = history._base_manager.filter(**{model._meta.pk.attname: object_id}).order_by("pk")
    pks = list(versions.values_list("pk", flat=True))
    return pks[:-1] if model._base_manager.filter(pk=object_id).exists() else pks


def _emptied(history: type[HistoricalRow], names: Collection[str]) -> dict[str, Any]:
    known = {f.name: f for f in history.tracked_fields if f.name not in BOOKKEEPING and not f.primary_key}
    values = {}
    for name in names:
        if name not in known:
            raise RuleViolation(f"“{name}” is no field that can be emptied.", code="unknown_field", field=name)
        field = known[name]
        values[name] = None if field.null or field.is_relation else field.get_default()
        if values[name] is None and not history._meta.get_field(name).null:
            raise RuleViolation(f"“{name}” cannot be empty: erase the versions whole.", code="not_empty", field=name)
    return values


def _past_the_guards(model: type[models.Model], pks: list[int]) -> models.QuerySet:
    # The one place that does so. Raw, since the guards of these rows have no exception.
    return models.QuerySet(model).filter(pk__in=pks)
