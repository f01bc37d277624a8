"""Row history: django-simple-history's, with one audit entry for each historical row, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.utils import timezone
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords

from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import current, recording
from factcheck.audit.models.entry import FrozenQuerySet
from factcheck.base.errors import Frozen

_PAST_TENSE = {"+": "created", "~": "changed", "-": "deleted"}
BOOKKEEPING = {"version", "updated_at", "created_at"}


class HistoricalRowQuerySet(FrozenQuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = super().bulk_create(objs, *args, **kwargs)
        write_entries([row.act() for row in rows])
        return rows


class HistoryQuerySet(FrozenQuerySet, HistoricalQuerySet):
    """What `Claim.history` hands out: readable, never changed."""


class HistoricalRow(models.Model):
    """Base of every historical model: a row is added with its audit entry and never changes."""

    objects = HistoricalRowQuerySet.as_manager()

    before: models.Model | None = None
    past_tense: str | None = None

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen("Historical rows never change.")
        super().save(*args, **kwargs)
        write_entries([self.act()])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("Historical rows are never deleted.")

    def act(self) -> Act:
        """The act that this row stands for, in the words of the row it copies."""
        row = self.instance
        name = row._meta.model_name
        scope = row.audit_scope()
        return Act(
            action=f"{name}.{self.past_tense or _PAST_TENSE[self.history_type]}",
            object_type=name,
            object_id=str(row.pk),
            object_label=row.audit_label(),
            dispute_id=scope.dispute_id,
            claim_id=scope.claim_id,
            changes=self.changed_fields(),
            row=self,
        )

    def changed_fields(self) -> list[str]:
        """Names of the fields whose value differs from the row before; bookkeeping columns are left out."""
        if self.before is None or self.history_type != "~":
            return []
        return [
            f.name
            for f in self.before._meta.concrete_fields
            if f.name not in BOOKKEEPING
            and f.to_python(getattr(self.before, f.attname)) != f.to_python(getattr(self, f.attname))
        ]


class AuditedHistory(HistoricalRecords):
    """`history = AuditedHistory()` on the recorded base: rows of history, each with its entry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            bases=[HistoricalRow],
            inherit=True,
            user_related_name="+",
            historical_queryset=HistoryQuerySet,
            history_change_reason_field=models.TextField(blank=True, default=""),
            **kwargs,
        )

    def post_save(self, instance: Any, created: bool, using: str | None = None, **kwargs: Any) -> None:
        # The library skips raw saves; a fixture is a door like any other.
        self.create_historical_record(instance, "+" if created else "~", using=using)

    def post_delete(self, instance: Any, using: str | None = None, **kwargs: Any) -> None:
        self.create_historical_record(instance, "-", using=using)

    def create_historical_record(self, instance: Any, history_type: str, using: str | None = None) -> None:
        record_rows([instance], history_type, {instance.pk: getattr(instance, "_before", None)})


def record_rows(
    instances: Sequence[Any], history_type: str, before: dict[Any, models.Model | None] | None = None
) -> None:
    """Write a historical row and an audit entry for each of `instances`, as they now are."""
    if not instances:
        return
    with recording() as context:
        model = type(instances[0]).history.model
        user, now = context.user(), timezone.now()
        rows = []
        for instance in instances:
            if any(hasattr(getattr(instance, f.attname), "resolve_expression") for f in model.tracked_fields):
                instance.refresh_from_db()
            row = model(
                history_date=now,
                history_type=history_type,
                history_user=user,
                history_change_reason=current().reason,
                **{f.attname: getattr(instance, f.attname) for f in model.tracked_fields},
            )
            row.before = (before or {}).get(instance.pk)
            row.past_tense = getattr(instance, "_past_tense", None)
            rows.append(row)
        model.objects.bulk_create(rows, batch_size=500)
