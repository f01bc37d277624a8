"""Row history: django-simple-history's, with one audit entry for each historical row, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.signals import pre_save
from django.utils import timezone
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords

from factcheck.audit.chain import Act, write_entries
from factcheck.audit.context import recording, take_writer_lock
from factcheck.audit.followers import inform_followers
from factcheck.audit.models.entry import FrozenQuerySet
from factcheck.audit.trust import gather
from factcheck.base.errors import Frozen
from factcheck.base.insertion import insert_rows

_PAST_TENSE = {"+": "created", "~": "changed", "-": "deleted"}
BOOKKEEPING = {"version", "updated_at", "created_at"}
_PLAIN = {type(None), bool, int, str, datetime}
"""What is no expression, seen by its type."""


class Recorded(models.Model):
    """What history asks of a row; `factcheck.models.RecordedModel`, which stands above this package, answers."""

    history: ClassVar[Any]

    past_by: ClassVar[frozenset[str]] = frozenset()
    """By what rows of its history are looked up, beside the id of the row: these columns have an index there."""

    _before: Self | None = None
    _past_tense: str | None = None
    """For the row of history that follows: what the row in hand replaces, and the name of the act."""

    class Meta:
        abstract = True

    def prepare_raw(self) -> None:
        raise NotImplementedError

    def audit_label(self) -> str:
        raise NotImplementedError

    @classmethod
    def audit_scopes(cls, rows: Sequence[Any]) -> Sequence[tuple[int | None, int | None]]:
        raise NotImplementedError


class HistoricalRowQuerySet(FrozenQuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        self.refuse_conflicts(*args, **kwargs)
        with recording(alone=False):
            rows = list(objs)
            insert_rows(rows)
            gather(write_entries, acts_of(rows))
            return rows


class HistoryQuerySet(HistoricalRowQuerySet, HistoricalQuerySet):
    """What `Claim.history` hands out: readable, never changed."""


class RowHistoryManager(HistoryManager):
    """What hands it out, built once: the library builds the class anew whenever somebody says `Claim.history`."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[models.QuerySet], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class HistoricalRow(models.Model):
    """Base of every historical model: a row is added with its audit entry and never changes."""

    objects = HistoricalRowQuerySet.as_manager()

    instance: Recorded
    instance_type: type[Recorded]
    tracked_fields: Sequence[models.Field]
    history_type: str
    history_change_reason: str
    before: models.Model | None = None
    past_tense: str | None = None
    copied: Recorded | None = None
    """The row that it copies, where what that refers to need not be asked for again: label and scope are made of it."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Frozen("Historical rows never change.")
        with recording():
            # Without force_insert a new object with the number of a row would be written over it.
            super().save(force_insert=True)
            write_entries(acts_of([self]))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen("Historical rows are never deleted.")

    def changed_fields(self) -> list[str]:
        """Names of the fields whose value differs from the row before; bookkeeping columns are left out."""
        if self.before is None or self.history_type != "~":
            return []
        return [
            f.name
            for f in self.before._meta.concrete_fields
            if f.name not in BOOKKEEPING and getattr(self.before, f.attname) != getattr(self, f.attname)
        ]


def acts_of(rows: Sequence[HistoricalRow]) -> list[Act]:
    """The acts for which these rows of one noun stand, in the words of the rows that they copy."""
    copied = [row.copied or row.instance for row in rows]
    scopes = type(copied[0]).audit_scopes(copied) if copied else ()
    return [
        Act(
            action=f"{of._meta.model_name}.{row.past_tense or _PAST_TENSE[row.history_type]}",
            object_type=of._meta.model_name or "",
            object_id=str(of.pk),
            object_label=of.audit_label(),
            dispute_id=dispute_id,
            claim_id=claim_id,
            changes=row.changed_fields(),
            row=row,
            reason=row.history_change_reason,
        )
        for row, of, (dispute_id, claim_id) in zip(rows, copied, scopes, strict=True)
    ]


class AuditedHistory(HistoricalRecords):
    """`history = AuditedHistory()` on the recorded base: rows of history, each with its entry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            bases=[HistoricalRow],
            inherit=True,
            history_manager=RowHistoryManager,
            historical_queryset=HistoryQuerySet,
            **kwargs,
        )

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if hasattr(sender._meta, "simple_history_manager_attribute"):
            pre_save.connect(self.pre_save, sender=sender, weak=False)

    def pre_save(self, instance: Recorded, raw: bool = False, **kwargs: Any) -> None:
        # A fixture is a door like any other, but it passes save(): what it replaces is looked up here.
        if raw:
            take_writer_lock()
            instance.prepare_raw()

    def post_save(
        self,
        instance: Recorded,
        created: bool,
        using: str | None = None,
        update_fields: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        if update_fields is not None:
            # The other fields were not stored, whatever the instance holds.
            stored = type(instance)._base_manager.get(pk=instance.pk)
            stored._before, stored._past_tense = instance._before, instance._past_tense
            instance = stored
        self.create_historical_record(instance, "+" if created else "~", using=using)

    def copy_fields(self, model: type[Recorded]) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            if field.is_relation:
                field.db_index = name in model.past_by
        return fields

    def get_extra_fields(self, model: type[Recorded], fields: dict[str, models.Field]) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        extra["history_date"].db_index = "history_date" in model.past_by
        return extra

    def _get_history_change_reason_field(self) -> models.Field:
        # A field of its own for each model: the library would hand one instance to all, which then belongs to the last.
        return models.TextField(blank=True, default="")

    def _get_history_user_fields(self) -> dict[str, models.Field]:
        # An account may go; the rows of history that name it stay as they are, or their digests would not hold.
        user = models.ForeignKey(
            settings.AUTH_USER_MODEL,
            models.DO_NOTHING,
            null=True,
            related_name="+",
            db_constraint=False,
            db_index=False,
        )
        return {"history_user": user}

    def post_delete(self, instance: Recorded, using: str | None = None, **kwargs: Any) -> None:
        self.create_historical_record(instance, "-", using=using)

    def create_historical_record(self, instance: Recorded, history_type: str, using: str | None = None) -> None:
        record_rows([instance], history_type, {instance.pk: instance._before})


def record_rows(
    instances: Sequence[Recorded],
    history_type: str,
    before: dict[Any, models.Model | None] | None = None,
    *,
    joined: bool = False,
    reasons: Mapping[Any, str] | None = None,
) -> None:
    """Write a historical row and an audit entry for each of `instances`, as they now are; where each has a reason of
    its own, these are in `reasons`, by their ids.

    `joined` says that what they refer to is joined to them and was read in this transaction.
    """
    if not instances:
        return
    with recording(alone=False) as context:
        model = type(instances[0]).history.model
        user = context.user()
        shared = {
            "history_id": None,
            "history_date": timezone.now(),
            "history_type": history_type,
            "history_user_id": user.pk if user is not None else None,
            "history_change_reason": context.reason,
        }
        # As the database keeps it: the digest is taken now and compared with what is read back later.
        kept = [(f.attname, f.to_python) for f in model.tracked_fields]
        columns = [f.attname for f in model._meta.concrete_fields]
        rows = []
        for instance in instances:
            taken = {name: getattr(instance, name) for name, _to_python in kept}
            if any(hasattr(value, "resolve_expression") for value in taken.values() if type(value) not in _PLAIN):
                instance.refresh_from_db()
                taken = {name: getattr(instance, name) for name in taken}
            if reasons is not None:
                shared["history_change_reason"] = reasons[instance.pk]
            values = shared | {name: to_python(taken[name]) for name, to_python in kept}
            # By their order a model takes values in half the time.
            row = model(*[values[name] for name in columns])
            row.before = (before or {}).get(instance.pk)
            row.past_tense = instance._past_tense
            if joined:
                row.copied = instance
            rows.append(row)
        model.objects.bulk_create(rows)
        inform_followers(instances, deleted=history_type == "-", new=history_type == "+")
