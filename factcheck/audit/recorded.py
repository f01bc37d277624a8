"""The base of every noun: a versioned row whose changes leave a trace by any door."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F
from django.utils import timezone

from factcheck.audit.context import current, recording
from factcheck.audit.history import BOOKKEEPING, AuditedHistory, record_rows
from factcheck.base.errors import Forbidden, Frozen, RuleViolation, StaleVersion


class Scope(NamedTuple):
    """The dispute and the claim that a row belongs to, for whoever may or may not read about it."""

    dispute_id: int | None = None
    claim_id: int | None = None


class RecordedQuerySet(models.QuerySet):
    """Bulk changes that guard frozen rows and leave history, as single saves do."""

    def update(self, **kwargs: Any) -> int:
        with recording():
            before = {row.pk: row for row in self._clone()}
            changes = {self.model._meta.get_field(name).name for name in kwargs}
            self.model.guard_step(changes, past_tense=None)
            for row in before.values():
                row.guard_change(changes)
            guard_public(self.model, before, changing=True)
            kwargs.setdefault("version", F("version") + 1)
            kwargs.setdefault("updated_at", timezone.now())
            count = super().update(**kwargs)
            record_rows(self._reread(before), "~", dict(before))
            return count

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        if kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise Frozen("Rows of the register are not created over others: what was there would leave no trace.")
        past_tense = kwargs.pop("past_tense", None)
        with recording():
            objs = list(objs)
            for row in objs:
                row._past_tense = past_tense
                self.model.guard_step(row.steps_taken(), past_tense=past_tense)
            rows = super().bulk_create(objs, *args, **kwargs)
            record_rows(rows, "+")
            guard_public(self.model, [row.pk for row in rows], changing=False)
            return rows

    def delete(self) -> tuple[int, dict[str, int]]:
        with recording():
            for row in self._clone():
                row.guard_delete()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _reread(self, pks: Collection[Any]) -> list[Any]:
        pks = list(pks)
        found: list[Any] = []
        for start in range(0, len(pks), 500):
            found += self.model._base_manager.filter(pk__in=pks[start : start + 500])
        return found

    def visible_to(self, user: Any) -> Self:
        """The rows that `user` may read, by any door; every noun says its own."""
        raise NotImplementedError

    def public(self) -> Self:
        """The rows that anybody may read."""
        return self.visible_to(AnonymousUser())


def guard_public(model: type[RecordedModel], pks: Collection[Any], *, changing: bool) -> None:
    """Refuse to touch what the public can read without the right to do so, or to change it without a reason.

    The system itself has every right, but it too must say why. Raises Forbidden or RuleViolation.
    """
    context = current()
    user = context.user()
    permitted = user is None or user.has_perm("sources.correct_published")
    if permitted and (context.reason or not changing):
        return
    pks = list(pks)
    for start in range(0, len(pks), 500):
        if not model._default_manager.public().filter(pk__in=pks[start : start + 500]).exists():
            continue
        if not permitted:
            raise Forbidden(
                f"Ask an editor: this {model._meta.verbose_name} is published, and you may change drafts only."
            )
        raise RuleViolation(
            f"Say why you change this published {model._meta.verbose_name}: a correction needs a reason.",
            code="reason_required",
            field="change_reason",
        )


class RecordedModel(models.Model):
    """A row with a version, whose every change is kept and entered in the audit trail."""

    version = models.PositiveIntegerField(
        default=1,
        editable=False,
        help_text="Counts the changes of this row; a change names the version it is based on.",
    )
    created_at = models.DateTimeField(auto_now_add=True, help_text="When this row was entered.")
    updated_at = models.DateTimeField(auto_now=True, help_text="When this row was last changed.")

    step_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that only a named step (submit, publish, withdraw) may set, never a plain change."""

    history = AuditedHistory()
    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, past_tense: str | None = None, **kwargs: Any) -> None:
        """Store the row, its history and its audit entry.

        `past_tense` names the act when it is more than created or changed ("published"). Raises ValidationError
        for what a field refuses, Frozen for a row that never changes, StaleVersion when the row was changed since
        it was read; IntegrityError when a constraint refuses.
        """
        self._past_tense = past_tense
        with recording():
            stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
            self.clean_fields(exclude=self._unchecked_fields())
            self.clean()
            if stored is None:
                self.guard_step(self.steps_taken(), past_tense)
            else:
                self._guard_against(stored, past_tense)
            self._before = stored
            version = self.version
            if stored is not None:
                self.version = version + 1
                if (names := kwargs.get("update_fields")) is not None:
                    kwargs["update_fields"] = {*names, "version", "updated_at"}
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version = version
                raise
            if stored is None:
                guard_public(type(self), [self.pk], changing=False)

    def _guard_against(self, stored: Self, past_tense: str | None) -> None:
        if stored.version != self.version:
            raise StaleVersion(
                f"This {self._meta.verbose_name} was changed by somebody else since you read it. "
                "Read it again and repeat your change.",
                field="version",
            )
        changes = {
            f.name
            for f in self._meta.concrete_fields
            if f.name not in BOOKKEEPING and getattr(stored, f.attname) != getattr(self, f.attname)
        }
        self.guard_step(changes, past_tense)
        stored.guard_change(changes)
        if changes:
            guard_public(type(self), [self.pk], changing=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row; its history stays. Raises Frozen for anything that was ever published."""
        self._past_tense = None
        with recording():
            self.guard_delete()
            return super().delete(*args, **kwargs)

    @classmethod
    def guard_step(cls, changes: set[str], past_tense: str | None) -> None:
        """Raise Frozen when a plain change touches what only a named step may set."""
        if past_tense is None and (steps := changes & cls.step_fields):
            names = ", ".join(sorted(steps))
            raise Frozen(
                f"A plain change cannot set {names} of a {cls._meta.verbose_name}: use the action that does it "
                "(submit, return, publish, withdraw, correct).",
                field=min(steps),
            )

    def steps_taken(self) -> set[str]:
        """The step fields of a new row that do not have their first value."""
        fields = [self._meta.get_field(name) for name in self.step_fields]
        return {f.name for f in fields if getattr(self, f.attname) != f.get_default()}

    def guard_change(self, changes: set[str]) -> None:
        """Raise Frozen or Forbidden when this row, as stored, may not change in these fields."""

    def guard_delete(self) -> None:
        """Raise Frozen when this row may not be deleted: whatever the public has seen is withdrawn instead."""
        if self.was_published():
            raise Frozen(
                f"This {self._meta.verbose_name} was published and stays in the record. "
                "Withdraw it with a reason instead of deleting it."
            )

    def was_published(self) -> bool:
        """Whether the public has been able to read this row; nouns that know it longer than now override it."""
        return self.is_public()

    def is_public(self) -> bool:
        """Whether anybody may read this row now."""
        return self.pk is not None and type(self)._default_manager.public().filter(pk=self.pk).exists()

    def shown_to(self, user: Any) -> Self:
        """This row as `user` may see it; nouns that name a withheld source blank what names it."""
        return self

    def audit_label(self) -> str:
        """The row in words, for the trail; must not quote rows whose readers may be fewer than its own."""
        return str(self)[:500]

    def audit_scope(self) -> Scope:
        """The dispute and claim under which the trail files this row."""
        return Scope()

    def _unchecked_fields(self) -> set[str]:
        # Foreign keys are the database's to check: one query for each, at every save, would tell nothing new.
        return {
            f.name
            for f in self._meta.concrete_fields
            if f.is_relation or hasattr(getattr(self, f.attname), "resolve_expression")
        }
