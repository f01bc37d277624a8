"""A whole dispute in one request: questions, sources, documents, claims with attributions, evidence, relations.

All of it is entered or nothing.

Rows of the same request refer to each other by `{"ref": "name"}`, rows that exist already by their id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from claims.api.attribution import AttributionSerializer
from claims.api.evidence import EvidenceLinkSerializer, EvidenceSerializer
from claims.api.relation import RelationSerializer
from claims.models import Dispute
from factcheck.api.problem import Problem
from factcheck.api.reference import ENTERED
from factcheck.api.serializers import MAX_BULK, placed
from factcheck.base.errors import DomainError
from sources.api.document import DocumentSerializer
from sources.api.source import SourceSerializer

SECTIONS = ("questions", "sources", "documents", "claims", "evidence", "relations")


@dataclass(slots=True)
class Waiting:
    """A row that is still to be entered, with where it stands in the request and what hangs on it there."""

    path: str
    row: dict[str, Any]
    hanging: list[Waiting]
    given: dict[str, int] = field(default_factory=dict)
    """The columns that it has from the row on which it hangs."""


class Entry:
    """Creates the rows of one nested request in order, those of a noun at once, and remembers them by their `ref`."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.context = context
        self.ids: dict[str, int] = {}
        self.count = 0

    def listed(self, rows: object, path: str, hanging: str = "", **given: int) -> list[Waiting]:
        """The rows of the list at `path`, with those that stand under `hanging` in each; raise ValidationError when it
        is no list of objects."""
        if not isinstance(rows, list):
            raise ValidationError({path: [ErrorDetail("Give a list of objects.", "not_a_list")]})
        found = []
        for index, row in enumerate(rows):
            place = f"{path}.{index}"
            if not isinstance(row, dict):
                raise ValidationError({place: [ErrorDetail("Give an object.", "invalid")]})
            self.count += 1
            if self.count > MAX_BULK:
                raise ValidationError({place: [ErrorDetail(f"Send at most {MAX_BULK} rows at once.", "bulk_size")]})
            own = {name: value for name, value in row.items() if name != hanging}
            inner = self.listed(row[hanging], f"{place}.{hanging}") if hanging in row else []
            found.append(Waiting(place, own, inner, given))
        return found

    def save_all(self, serializer_class: type[Any], rows: list[Waiting], hanging_by: str = "") -> list[Waiting]:
        """Enter these rows of one noun, as many at once as do not refer to each other; returns what hangs on them,
        by a column of that name."""
        start = 0
        while start < len(rows):
            batch = rows[start : start + self._independent(rows[start:])]
            saved = self._save_together(serializer_class, batch)
            # Which of them is refused, and why, shows when they are entered one by one.
            saved = saved or [self.save(serializer_class, row) for row in batch]
            for row, new in zip(batch, saved, strict=True):
                for inner in row.hanging:
                    inner.given = {hanging_by: new.pk}
            start += len(batch)
        return [inner for row in rows for inner in row.hanging]

    def _independent(self, rows: list[Waiting]) -> int:
        """How many of these rows, from the first on, do not refer to one of them."""
        refs: set[object] = set()
        for number, waiting in enumerate(rows):
            if refs and not refs.isdisjoint(_refs_in(waiting.row)):
                return number
            ref = waiting.row.get("ref")
            refs |= {ref} if isinstance(ref, str) else set()
        return len(rows)

    def _save_together(self, serializer_class: type[Any], rows: list[Waiting]) -> list[Any]:
        """The rows, entered by as few statements as one of them; none where one of them is refused."""
        try:
            with transaction.atomic():
                refs = [self.take_ref(waiting) for waiting in rows]
                if len({*refs} - {None}) < len([ref for ref in refs if ref is not None]):
                    return []
                data = [self.data_of(waiting) for waiting in rows]
                serializer = serializer_class(data=data, many=True, context=self.context)
                serializer.is_valid(raise_exception=True)
                saved = serializer.save()
        except (ValidationError, DomainError, DjangoValidationError, IntegrityError, Problem):
            return []
        for ref, row in zip(refs, saved, strict=True):
            self.remember(ref, row)
        return list(saved)

    def save(self, serializer_class: type[Any], waiting: Waiting) -> Any:
        """Validate and save one row with its noun's own serializer; errors come back under its path."""
        path, ref = waiting.path, self.take_ref(waiting)
        serializer = serializer_class(data=self.data_of(waiting), context=self.context)
        try:
            serializer.is_valid(raise_exception=True)
            saved = serializer.save()
        except ValidationError as error:
            raise ValidationError({path: error.detail}) from error
        except DomainError as error:
            raise placed(error, path, path) from error
        self.remember(ref, saved)
        return saved

    def take_ref(self, waiting: Waiting) -> str | None:
        """The name by which later rows refer to this one."""
        ref = waiting.row.get("ref")
        if ref is not None and (not isinstance(ref, str) or not 0 < len(ref) <= 100 or ref in self.ids):
            message = "Give each row another short text."
            raise ValidationError({f"{waiting.path}.ref": [ErrorDetail(message, "invalid_ref")]})
        return ref

    def remember(self, ref: str | None, saved: Any) -> None:
        """Let later rows refer to this one, without asking for it again."""
        if ref is not None:
            self.ids[ref] = saved.pk
        self.context[ENTERED][type(saved), saved.pk] = saved

    def data_of(self, waiting: Waiting) -> dict[str, Any]:
        """What the serializer is given, with ids in the place of names."""
        told = {name: value for name, value in waiting.row.items() if name != "ref"} | waiting.given
        return {name: self.resolve(value, f"{waiting.path}.{name}") for name, value in told.items()}

    def resolve(self, value: object, path: str) -> Any:
        """The value with every `{"ref": name}` replaced by the id of the row of that name."""
        if isinstance(value, list):
            return [self.resolve(entry, f"{path}.{index}") for index, entry in enumerate(value)]
        if not isinstance(value, dict) or set(value) != {"ref"}:
            return value
        if not isinstance(value["ref"], str) or value["ref"] not in self.ids:
            message = f"No row before this one has the ref {str(value['ref'])[:100]!r}."
            raise ValidationError({path: [ErrorDetail(message, "unknown_ref")]})
        return self.ids[value["ref"]]


def _refs_in(value: object) -> Iterator[str]:
    """The names by which a row refers to others."""
    if isinstance(value, dict):
        if set(value) == {"ref"} and isinstance(value["ref"], str):
            yield value["ref"]
        value = [inner for inner in value.values() if isinstance(inner, list | dict)]
    if isinstance(value, list):
        for inner in value:
            yield from _refs_in(inner)


def enter_sections(
    dispute: Dispute,
    sections: dict[str, Any],
    context: dict[str, Any],
    question_serializer: type[Any],
    claim_serializer: type[Any],
) -> None:
    """Create what comes with a new dispute; the caller's transaction makes it all or nothing.

    Raises ValidationError whose paths say which row and field: `claims.1.attributions.0.source`.
    """
    entry = Entry({**context, ENTERED: {(Dispute, dispute.pk): dispute}})

    def listed(name: str, hanging: str = "", **given: int) -> list[Waiting]:
        return entry.listed(sections.get(name, []), name, hanging, **given)

    entry.save_all(question_serializer, listed("questions", dispute=dispute.pk))
    entry.save_all(SourceSerializer, listed("sources"))
    entry.save_all(DocumentSerializer, listed("documents"))
    said = entry.save_all(claim_serializer, listed("claims", "attributions", dispute=dispute.pk), "claim")
    entry.save_all(AttributionSerializer, said)
    shown = entry.save_all(EvidenceSerializer, listed("evidence", "links", dispute=dispute.pk), "evidence")
    entry.save_all(EvidenceLinkSerializer, shown)
    entry.save_all(RelationSerializer, listed("relations"))


# What follows describes the request for the documentation; the rows are read by their nouns' own serializers.


class RefMixin(serializers.Serializer):
    takes_refs = True

    ref = serializers.CharField(
        max_length=100, required=False, help_text="A name by which later rows refer to this one."
    )


def described(name: str, base: type[Any], *left_out: str, **extra: Any) -> type[Any]:
    """A serializer like `base` with a `ref` and nested lists, for the documentation."""
    meta = base.Meta
    own = [f for f in meta.fields if f not in left_out and f not in meta.read_only_fields]
    fields = (*(("ref",) if "ref" not in left_out else ()), *own, *extra)
    nested_meta = type("Meta", (meta,), {"fields": fields, "read_only_fields": ()})
    cls: Any = type(
        name, (RefMixin, base), {"Meta": nested_meta, "__module__": __name__, "__doc__": base.__doc__, **extra}
    )
    cls.takes_refs = "ref" not in left_out
    return extend_schema_serializer(component_name=name)(cls)


NestedAttribution = described("NestedAttribution", AttributionSerializer, "claim")
NestedLink = described("NestedEvidenceLink", EvidenceLinkSerializer, "evidence")
NestedEvidence = described(
    "NestedEvidence",
    EvidenceSerializer,
    "dispute",
    links=NestedLink(many=True, required=False, help_text="The bearing of the evidence on claims of this request."),
)
