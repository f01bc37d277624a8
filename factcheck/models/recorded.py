"""The base of every noun: a versioned row whose changes leave a trace by any door."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, NamedTuple, Self

from django.core.exceptions import ValidationError
from django.db import models

from factcheck.audit.context import current, recording
from factcheck.audit.history import BOOKKEEPING, AuditedHistory, Recorded
from factcheck.base.errors import Frozen, StaleVersion
from factcheck.base.http.constraints import told_by_rules
from factcheck.base.people import Reader
from factcheck.models.conditions import surely_keeps
from factcheck.models.guards import ask_guards
from factcheck.models.queryset import RecordedQuerySet, guard_public, public_rows


class Scope(NamedTuple):
    """The dispute and the claim that a row belongs to, for whoever may or may not read about it."""

    dispute_id: int | None = None
    claim_id: int | None = None


class RecordedModel(Recorded):
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

    chosen_at_desk: ClassVar[frozenset[str]] = frozenset()
    """Fields whose default is for programs that say nothing; a form has nothing chosen there: it would be a guess."""

    masked: ClassVar[frozenset[str]] = frozenset()
    """What `shown_to` may empty, since it would tell of a name that is withheld, or of what was withdrawn."""

    created_alone: ClassVar[bool] = False
    """Whether save() does more for a new row than bulk_create does."""

    changed_alone: ClassVar[bool] = False
    """Whether save() does more for a changed row than change_rows does."""

    reference_fields: ClassVar[tuple[str, ...]] = ()
    """What is told of the row, beside its id and its words, where another row refers to it."""

    short_name: ClassVar[str] = ""
    """The column by which callers name a row instead of its id, where the noun has one."""

    short_name_within: ClassVar[str] = ""
    """The reference within whose rows that name stands once, where it does not in the whole register: theirs goes
    before it, as in `stars:supported`."""

    _numbered: bool = False
    """Whether the row is not stored yet and has its number already, which no other row has had."""

    _joined: bool = False
    """Whether the row is being stored, and what it refers to is joined to it as it was read in the same transaction."""

    history = AuditedHistory()
    objects = RecordedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def get_constraints(self) -> list[tuple[type[models.Model], Any]]:
        """Those of which only the database can say whether the row keeps them."""
        return [
            (model, [one for one in constraints if not surely_keeps(self, one)])
            for model, constraints in super().get_constraints()
        ]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Raise ValidationError for what a constraint refuses, by the field of the rule that the constraint holds."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            raise ValidationError(told_by_rules(type(self), error, exclude or ())) from error

    def save(self, *args: Any, past_tense: str | None = None, **kwargs: Any) -> None:
        """Store the row, its history and its audit entry; what would change nothing writes nothing.

        `past_tense` names the act when it is more than created or changed ("published"). Raises ValidationError
        for what a field refuses, Frozen for a row that never changes, StaleVersion when the row was changed since
        it was read; IntegrityError when a constraint refuses.
        """
        self._past_tense = past_tense
        with recording():
            stored = self._stored()
            if stored is not None or (self.pk and not self._state.adding):
                self.require_version(stored)
            self._before = stored
            self.clean_fields(exclude=self.unchecked_fields())
            self.clean()
            names = kwargs.get("update_fields")
            if stored is None:
                self.guard_step(self.steps_taken(), past_tense)
            elif self.guard_against(stored, past_tense, names):
                guard_public(type(self), [self.pk], changing=True)
            elif stored.may_be_passed_over(past_tense):
                return
            pk, version = self.pk, self.version
            if stored is not None:
                self.version = version + 1
                if names is not None:
                    kwargs["update_fields"] = {*names, "version", "updated_at"}
            try:
                super().save(*args, **kwargs)
                # Also what was no business of the public's before: the change may have made it so.
                guard_public(type(self), [self.pk], changing=False)
                ask_guards([self])
            except BaseException:
                # Nothing was stored: the same object may be saved again once it is put right.
                self.pk, self.version, self._state.adding = pk, version, stored is None
                raise

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row; its history stays. Raises Frozen for anything that was ever published, StaleVersion when
        the row was changed or removed since it was read."""
        with recording():
            # The stored row is asked and recorded: the one in memory may be older, or hold what was never saved.
            stored = self._stored()
            self.require_version(stored)
            stored.guard_delete()
            guard_public(type(self), [self.pk], changing=True)
            deleted = super(RecordedModel, stored).delete(*args, **kwargs)
            self.pk = None
            return deleted

    def prepare_raw(self) -> None:
        """What save() does, for a fixture, which passes it: check the fields, guard and remember what is replaced.

        Steps are allowed: a fixture holds published rows.
        """
        self._past_tense = None
        self._before = stored = self._stored()
        self.clean_fields(exclude=self.unchecked_fields())
        if stored is not None:
            if changes := self.changes_from(stored):
                stored.guard_change(changes)
                guard_public(type(self), [self.pk], changing=True)
            self.version = stored.version + 1

    def require_version(self, stored: Self | None) -> None:
        """Raise StaleVersion unless `stored` is the version that this row was read as."""
        if stored is None or stored.version != self.version:
            act = "removed" if stored is None else "changed"
            raise StaleVersion(
                f"This {self._meta.verbose_name} was {act} by somebody else since you read it. "
                "Read it again and repeat your change.",
                field="version",
            )

    def _stored(self) -> Any:
        return type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None

    def guard_against(self, stored: Self, past_tense: str | None, update_fields: Iterable[str] | None) -> set[str]:
        """The fields that change. Raises for what may not, whoever reads it."""
        changes = self.changes_from(stored)
        if update_fields is not None:
            changes &= {self._meta.get_field(name).name for name in update_fields}
        self.guard_step(changes, past_tense)
        stored.guard_change(changes)
        return changes

    def changes_from(self, stored: Self) -> set[str]:
        """The fields, bookkeeping aside, in which the row differs from the stored one."""
        return {
            f.name
            for f in self._meta.concrete_fields
            if f.name not in BOOKKEEPING and getattr(stored, f.attname) != getattr(self, f.attname)
        }

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

    @property
    def is_new(self) -> bool:
        """Whether no stored row can refer to it."""
        return self.pk is None or self._numbered

    def steps_taken(self) -> set[str]:
        """The step fields of a new row that do not have their first value."""
        fields: list[Any] = [self._meta.get_field(name) for name in self.step_fields]
        return {f.name for f in fields if getattr(self, f.attname) != f.get_default()}

    def guard_change(self, changes: set[str]) -> None:
        """Raise Frozen or Forbidden when this row, as stored, may not change in these fields."""

    def may_be_passed_over(self, past_tense: str | None) -> bool:
        """Whether storing this row again as it stands would say nothing."""
        return past_tense is None and not (current().reason and self.is_confirmed_unchanged())

    def is_confirmed_unchanged(self) -> bool:
        """Whether who stores the row again as it is, with a reason, says something by that."""
        return False

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
        return self.pk is not None and public_rows(type(self)).filter(pk=self.pk).exists()

    def without(self, names: Iterable[str]) -> Self:
        """A copy of this row in which these fields are empty."""
        blank = copy.copy(self)
        for name in names:
            field: Any = self._meta.get_field(name)
            setattr(blank, name, field.get_default())
        return blank

    def shown_to(self, user: Reader) -> Self:
        """This row as `user` may see it; nouns that name a withheld source blank what names it."""
        return self

    def reference_as(self, label: str) -> dict[str, Any]:
        """The small object that stands for the row where another row refers to it: id, words, `reference_fields`."""
        return {"id": self.pk, "label": label, **{name: getattr(self, name) for name in self.reference_fields}}

    def as_reference(self, user: Reader) -> dict[str, Any]:
        """The same as `user` may read it; nouns whose words depend on the reader override it."""
        return self.reference_as(str(self))

    def audit_label(self) -> str:
        """The row in words, for the trail; must not quote rows whose readers may be fewer than its own."""
        return str(self)[:500]

    def audit_scope(self) -> Scope:
        """The dispute and claim under which the trail files this row."""
        return Scope()

    @classmethod
    def audit_scopes(cls, rows: Sequence[Any]) -> Sequence[tuple[int | None, int | None]]:
        """Those of these rows of this noun; nouns that ask the database for them ask once for all."""
        return [row.audit_scope() for row in rows]

    def joined_row(self, name: str) -> Any:
        """What the row refers to by `name`, where that need not be asked for; else None."""
        return self._state.fields_cache.get(name) if self._joined else None

    def unchecked_fields(self) -> set[str]:
        """Expressions, and foreign keys, which are the database's to check: a query for each would tell nothing new."""
        return {
            f.name
            for f in self._meta.concrete_fields
            if f.is_relation or hasattr(getattr(self, f.attname), "resolve_expression")
        }
