"""Bulk changes of recorded rows, and the rule that guards what the public can read."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils import timezone

from factcheck.audit.context import acting, current, recording
from factcheck.audit.history import record_rows
from factcheck.base.errors import Forbidden, Frozen, RuleViolation
from factcheck.base.insertion import NotPlain, insert_rows, update_rows
from factcheck.base.people import Reader
from factcheck.models.guards import ask_guards

if TYPE_CHECKING:  # which is built on these query sets
    from factcheck.models.recorded import RecordedModel


class RecordedQuerySet(models.QuerySet[Any]):
    """Bulk changes that guard frozen rows and leave history, as single saves do."""

    model: Any

    def update(self, **kwargs: Any) -> int:
        with recording():
            before = {row.pk: row for row in self._rows()}
            changes = {self.model._meta.get_field(name).name for name in kwargs}
            # No step is taken in bulk: whoever published or withdrew has done it to one row.
            self.model.guard_step(changes, past_tense=None)
            for row in before.values():
                row.guard_change(changes)
            guard_public(self.model, before, changing=True)
            values = {name: self._checked(name, value) for name, value in kwargs.items()}
            count = super().update(**{"version": F("version") + 1, "updated_at": timezone.now(), **values})
            after = self._reread(before)
            for row in after:
                copy.copy(row).clean()  # a copy, since it may fill fields that were not stored
                row._before = before[row.pk]
            record_rows(after, "~", dict(before))
            # Once more, for what the public could not read before and can now.
            guard_public(self.model, before, changing=False)
            for row in after:
                row._before = before.get(row.pk)
            ask_guards(after)
            return count

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        with recording():
            objs, fields = list(objs), list(fields)
            names = {self.model._meta.get_field(name).name for name in fields}
            others = {f.name for f in self.model._meta.concrete_fields} - names
            stored = {row.pk: row for row in self._reread([row.pk for row in objs])}
            for row in objs:
                row.require_version(stored.get(row.pk))
                row.clean_fields(exclude=row.unchecked_fields() | others)
            # Django's own calls update() above, batch by batch: there the rest is guarded, and recorded.
            count = super().bulk_update(objs, fields, *args, **kwargs)
            for row in objs:
                row.version += 1
            return count

    def change_rows(self, rows: Sequence[Any], reasons: Sequence[str]) -> None:
        """Store these changed rows, each for its own reason, by as few statements as possible.

        What save() does for one after another; rules that look at other rows are asked once, when all are stored.
        Raises what save() raises; then the rows have the versions that they had.
        """
        with recording():
            stored = {row.pk: row for row in self._reread([row.pk for row in rows])}
            why = dict(zip([row.pk for row in rows], reasons, strict=True))
            changing, names = [], set[str]()
            for row in rows:
                before: Any = stored.get(row.pk)
                row.require_version(before)
                row._past_tense, row._before = None, before
                row.clean_fields(exclude=row.unchecked_fields())
                row.clean()
                with acting(reason=why[row.pk]):
                    changes = row.guard_against(before, None, None)
                    if not changes and before.may_be_passed_over(None):
                        continue
                changing.append(row)
                names |= row.changes_from(before) if changes else set()
            for given in (True, False):
                public = [row.pk for row in changing if bool(why[row.pk]) is given]
                with acting(reason=next((why[pk] for pk in public), "")):
                    guard_public(self.model, public, changing=True)
            try:
                for row in changing:
                    row.version += 1
                    for field in self._filled_fields():
                        field.pre_save(row, add=False)
                columns = {self.model._meta.get_field(name).attname for name in names} | {"version", "updated_at"}
                update_rows(changing, columns)
                record_rows(changing, "~", dict(stored), joined=True, reasons=why)
                guard_public(self.model, [row.pk for row in changing], changing=False)
                ask_guards(changing)
            except BaseException:
                for row in changing:
                    row.version = stored[row.pk].version
                raise

    def _filled_fields(self) -> list[Any]:
        """The fields that find their value themselves when a row is stored."""
        return [f for f in self.model._meta.concrete_fields if type(f).pre_save is not models.Field.pre_save]

    def bulk_create(
        self,
        objs: Iterable[Any],
        batch_size: int | None = None,
        *args: Any,
        past_tense: str | None = None,
        joined: bool = False,
        **kwargs: Any,
    ) -> list[Any]:
        """Store new rows, their history and their audit entries, each by as few statements as possible.

        `joined` says that what they refer to is joined to them and was read in this transaction.
        """
        if any(args) or kwargs.get("ignore_conflicts") or kwargs.get("update_conflicts"):
            raise Frozen("Rows of the register are not created over others: what was there would leave no trace.")
        with recording():
            objs = list(objs)
            for row in objs:
                row._past_tense = past_tense
                row.clean_fields(exclude=row.unchecked_fields())
                row.clean()
                self.model.guard_step(row.steps_taken(), past_tense=past_tense)
            rows = self._store_new(objs) or super().bulk_create(objs, batch_size)
            for row in rows:
                row._joined = joined
            record_rows(rows, "+", joined=joined)
            guard_public(self.model, [row.pk for row in rows], changing=False)
            ask_guards(rows)
            for row in rows:
                row._joined = False
            return rows

    def _store_new(self, objs: list[Any]) -> list[Any]:
        """These rows, stored with the moment of now; none where Django has to do it."""
        if any((row.pk is not None) is not row._numbered for row in objs):
            return []
        filling = self._filled_fields()
        for row in objs:
            # As Django does: what a row refers to has to be stored already.
            row._prepare_related_fields_for_save(operation_name="bulk_create")
            for field in filling:
                field.pre_save(row, add=True)
        try:
            insert_rows(objs)
        except NotPlain:
            return []
        for row in objs:
            row._numbered = False
        return objs

    def bulk_restore(self, objs: Iterable[Any], *, unchecked: Collection[str] = ()) -> list[Any]:
        """Store rows of another register with the numbers, versions, moments and steps that they had there.

        Each is recorded as imported. What is somebody's own, such as a verdict, was written by them there: whoever
        imports it need not be its author. What the rows refer to may be joined to them, as read in this transaction.
        Fields that are `unchecked` hold what rows got that were there when these fields were added.
        Raises what bulk_create raises, and IntegrityError for a number that is taken.
        """
        with recording():
            objs = list(objs)
            for row in objs:
                row._past_tense = "imported"
                row.clean_fields(exclude=row.unchecked_fields() | {*unchecked})
            # As a fixture is: bulk_create would set the moments of creation and change to now.
            insert_rows(objs)
            with acting(actor=None):
                for row in objs:
                    # Stored already, so that rules which look at other rows find them all; a copy, since it may fill
                    # fields that were not stored.
                    copy.copy(row).clean()
            record_rows(objs, "+", joined=True)
            guard_public(self.model, [row.pk for row in objs], changing=False)
            return objs

    def delete(self) -> tuple[int, dict[str, int]]:
        with recording():
            rows = self._rows()
            for row in rows:
                row.guard_delete()
            guard_public(self.model, [row.pk for row in rows], changing=True)
            return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]

    def _rows(self) -> list[Any]:
        # A copy, so that what was read before does not stay in this queryset.
        return list(self.all())

    def _reread(self, pks: Collection[Any]) -> list[Any]:
        pks = list(pks)
        found: list[Any] = []
        for start in range(0, len(pks), 500):
            found += self.model._base_manager.filter(pk__in=pks[start : start + 500])
        return found

    def _checked(self, name: str, value: object) -> Any:
        """`value` as the field stores it. Raises ValidationError for what the field refuses."""
        field: Any = self.model._meta.get_field(name)
        if field.is_relation or hasattr(value, "resolve_expression"):
            return value
        try:
            return field.clean(value, None)
        except ValidationError as error:
            raise ValidationError({field.name: error}) from None

    def visible_to(self, user: Reader) -> Self:
        """The rows that `user` may read, by any door; every noun says its own."""
        raise NotImplementedError

    def public(self) -> Self:
        """The rows that anybody may read."""
        return self.visible_to(AnonymousUser())


@cache
def public_rows(model: type[RecordedModel]) -> RecordedQuerySet:
    """The rows of `model` that anybody may read: one query set for all who ask, since every change asks and some rules
    take longer to put into words than to answer. It is only narrowed, never evaluated itself."""
    return model.objects.public()


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
        if not public_rows(model).filter(pk__in=pks[start : start + 500]).exists():
            continue
        if not permitted:
            raise Forbidden(
                f"Ask an editor: the public reads this {model._meta.verbose_name} as soon as it is stored, and you may "
                "change only what it does not read."
                if not changing
                else f"Ask an editor: this {model._meta.verbose_name} is published, and you may change drafts only."
            )
        raise RuleViolation(
            f"Say why you change this published {model._meta.verbose_name}: a correction needs a reason.",
            code="reason_required",
            field="change_reason",
        )
