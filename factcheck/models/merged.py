"""Rows that turned out to be twins of others: each leads to the one that stays, and takes nothing new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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


_REFERENCES: dict[type[RecordedModel], list[tuple[str, type[Mergeable]]]] = {}
"""Of each noun the fields by which it refers to others that may be merged."""


def guard_twins(*nouns: type[Mergeable]) -> None:
    """Have every row that begins to refer to a row of these nouns asked whether that was merged into another."""
    for noun in nouns:
        for model, name in references_to(noun):
            if model not in _REFERENCES:
                guard(model, partial(_refuse_twins, _REFERENCES.setdefault(model, [])))
            _REFERENCES[model].append((name, noun))


def _refuse_twins(references: Sequence[tuple[str, type[Mergeable]]], rows: Sequence[Any]) -> None:
    """Raise Conflict for a row that now refers to a twin. One query, whatever the rows refer to."""
    begun: dict[type[Mergeable], set[int]] = {}
    for name, noun in references:
        referring = (row for row in changed(rows, f"{name}_id") if not _surely_stands(row.joined_row(name)))
        begun.setdefault(noun, set()).update(getattr(row, f"{name}_id") for row in referring)
    asked = [_twins_among(noun, pks - {None}) for noun, pks in begun.items() if pks - {None}]
    for noun_name, pk, into in asked[0].union(*asked[1:])[:1] if asked else ():
        name = next(
            name
            for name, noun in references
            if noun._meta.model_name == noun_name and any(getattr(row, f"{name}_id") == pk for row in rows)
        )
        message = f"{noun_name.capitalize()} {pk} was merged into {into}: choose that one."
        raise Conflict(message, code="merged", field=name)


def _surely_stands(row: Mergeable | None) -> bool:
    return row is not None and row.merged_into_id is None


def _twins_among(noun: type[Mergeable], pks: Collection[int]) -> models.QuerySet[Any, Any]:
    twins: Any = noun._base_manager.filter(pk__in=pks, merged_into__isnull=False).order_by()
    named = models.Value(noun._meta.model_name, output_field=models.CharField())
    return twins.values_list(named, "pk", "merged_into_id")
