"""Rows that turned out to be twins of others: each leads to the one that stays, and takes nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import models

from factcheck.base.errors import Conflict, Frozen
from factcheck.models.guards import changed, guard
from factcheck.models.recorded import RecordedModel

MERGED = "merged"
"""The act that a twin goes through."""


class Mergeable(RecordedModel):
    """A noun of which the same thing may be entered twice: the second is then merged into the first."""

    step_fields = frozenset({"merged_into"})
    merged_into_id: int | None

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="twins",
        help_text="The row that it was a twin of and into which it was merged; empty while it stands for itself.",
    )

    class Meta(RecordedModel.Meta):
        abstract = True

    def guard_change(self, changes: set[str]) -> None:
        super().guard_change(changes)
        if self.merged_into is None:
            return
        # Where the one that stayed turned out to be a twin itself, it leads on to where that leads.
        if changes != {"merged_into"} or self.merged_into.merged_into_id is None:
            raise Frozen(leads_on(self), code="merged")

    def guard_delete(self) -> None:
        super().guard_delete()
        if self.merged_into_id is not None:
            raise Frozen(f"{leads_on(self)} It stays on record, so that its address leads there.", code="merged")


def leads_on(twin: Any) -> str:
    noun = twin._meta.verbose_name
    return f"This {noun} was merged into {noun} {twin.merged_into_id}: use that one."


def standing_ones(rows: Iterable[Any], readable: models.QuerySet[Any]) -> list[Any]:
    """These rows, each twin among them as the one into which it was merged, if that is `readable`; every one once and
    in their order."""
    rows = list(rows)
    wanted = {row.merged_into_id for row in rows if getattr(row, "merged_into_id", None) is not None}
    into = readable.filter(pk__in=wanted).in_bulk() if wanted else {}
    found = [into.get(row.merged_into_id) if getattr(row, "merged_into_id", None) is not None else row for row in rows]
    return list({row.pk: row for row in found if row is not None}.values())


def references_to(model: type[models.Model]) -> Iterator[tuple[type[RecordedModel], str]]:
    """The recorded nouns that refer to `model`, each with the field by which it does; twins of its own aside."""
    for relation in model._meta.related_objects:
        field: Any = relation.field
        if issubclass(field.model, RecordedModel) and field.name != "merged_into":
            yield field.model, field.name


def guard_twins(*nouns: type[Mergeable]) -> None:
    """Have every row that begins to refer to a row of these nouns asked whether that was merged into another."""
    fields: dict[type[RecordedModel], list[tuple[str, type[Mergeable]]]] = {}
    for noun in nouns:
        for model, name in references_to(noun):
            fields.setdefault(model, []).append((name, noun))
    for model, named in fields.items():
        guard(model, partial(_refuse_twins, named))


def _refuse_twins(named: Sequence[tuple[str, type[Mergeable]]], rows: Sequence[Any]) -> None:
    """Raise Conflict for a row that now refers to a twin."""
    for noun in {noun for _name, noun in named}:
        names = [name for name, of in named if of is noun]
        begun = {(name, getattr(row, f"{name}_id")) for name in names for row in changed(rows, f"{name}_id")} - {
            (name, None) for name in names
        }
        if not begun:
            continue
        merged: Any = noun._base_manager.filter(pk__in={pk for _name, pk in begun}, merged_into__isnull=False)
        for twin in merged.order_by("pk")[:1]:
            raise Conflict(
                f"{str(noun._meta.verbose_name).capitalize()} {twin.pk} was merged into {twin.merged_into_id}: choose "
                "that one.",
                code="merged",
                field=next(name for name, pk in sorted(begun) if pk == twin.pk),
            )
