"""A whole dispute, or claims with what hangs on them, in one request.

All of it is entered or nothing.

Rows of the same request refer to each other by `{"ref": "name"}`, rows that exist already by their id or short name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework.exceptions import ErrorDetail, ValidationError

from claims.api.attribution import AttributionSerializer
from claims.api.evidence import EvidenceLinkSerializer, EvidenceSerializer
from claims.api.nested_refs import refer_to_each_other, refusal_of
from claims.api.premise import PremiseSerializer
from claims.api.relation import RelationSerializer
from claims.models import Claim, Dispute
from factcheck.api.problem import Problem
from factcheck.api.reference import ENTERED, NUMBERS, EnteredId, reader_in
from factcheck.api.rowlist import placed
from factcheck.api.serializers import MAX_BULK
from factcheck.audit.access import require
from factcheck.audit.trust import is_trusting
from factcheck.base.errors import DomainError
from factcheck.base.insertion import reserve_numbers
from sources.api.document import DocumentSerializer
from sources.api.source import SourceSerializer

SECTIONS = ("questions", "sources", "documents", "claims", "evidence", "relations")
Hanging = Mapping[str, Any]
"""The lists that stand in a row, by name, each with those that stand in its rows."""
ON_LINK: Hanging = {"premises": {}}
ON_CLAIM: Hanging = {"attributions": {}, "evidence": ON_LINK, "relations": {}}
ALONE: Hanging = {"sources": {}, "documents": {}, **ON_CLAIM}
"""What may come with a claim that is entered by itself."""


@dataclass(slots=True)
class Waiting:
    """A row that is still to be entered, with where it stands in the request and what hangs on it there."""

    path: str
    row: dict[str, Any]
    hanging: dict[str, list[Waiting]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    """The columns that it has from the row on which it hangs."""
    saved: Any = None


class Entry:
    """Creates the rows of one nested request in order, those of a noun at once, and remembers them by their `ref`."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.context = context
        self.ids: dict[str, EnteredId] = {}
        self.places: dict[str, str] = {}
        """Where the row of each name stands in the request."""
        self.count = 0

    def listed(self, rows: object, path: str, hanging: Hanging | None = None, **given: int) -> list[Waiting]:
        """The rows of the list at `path`, with those that stand in each; raise ValidationError when it is no list of
        objects."""
        if not isinstance(rows, list):
            raise ValidationError({path: [ErrorDetail("Give a list of objects.", "not_a_list")]})
        found = [self.waiting(row, f"{path}.{index}", hanging or {}) for index, row in enumerate(rows)]
        for waiting in found:
            waiting.given |= given
        return found

    def waiting(self, row: object, place: str, hanging: Hanging) -> Waiting:
        """One row, with those that stand in it."""
        if not isinstance(row, dict):
            raise ValidationError({place: [ErrorDetail("Give an object.", "invalid")]})
        self.count += 1
        if self.count > MAX_BULK:
            raise ValidationError({place: [ErrorDetail(f"Send at most {MAX_BULK} rows at once.", "bulk_size")]})
        inner = {
            name: self.listed(row[name], f"{place}.{name}" if place else name, within)
            for name, within in hanging.items()
            if name in row
        }
        return Waiting(place, {name: value for name, value in row.items() if name not in hanging}, inner)

    def save_all(self, serializer_class: type[Any], rows: list[Waiting]) -> None:
        """Enter these rows of one noun, as many at once as do not refer to each other."""
        if not rows:
            return
        meta = serializer_class.Meta.model._meta
        permission = f"{meta.app_label}.add_{meta.model_name}"
        require(reader_in(self.context), permission, f"enter {meta.verbose_name_plural}")
        # Which of them is refused, and why, shows when they are entered one by one.
        saved = self._save_together(serializer_class, rows) or [self.save(serializer_class, row) for row in rows]
        for row, new in zip(rows, saved, strict=True):
            row.saved = new

    def _save_together(self, serializer_class: type[Any], rows: list[Waiting]) -> list[Any]:
        """The rows, entered by as few statements as one of them; none where one of them is refused. Raises
        ValidationError where it is known already which, and why."""
        ids, entered, context = dict(self.ids), dict(self.context[ENTERED]), dict(self.context)
        refusal: ValidationError | None = None
        try:
            with transaction.atomic(savepoint=not is_trusting()):
                if refer_to_each_other(rows):
                    # Their numbers are known before any is stored, so that they can be stored at once.
                    numbers = reserve_numbers(serializer_class.Meta.model, len(rows))
                    context[NUMBERS] = iter(numbers)
                    data = [self.numbered(serializer_class, *row) for row in zip(rows, numbers, strict=True)]
                else:
                    data = [self.data_of(waiting) for waiting in rows]
                serializer = serializer_class(data=data, many=True, context=context)
                if not serializer.is_valid():
                    refusal = refusal_of(serializer, rows, data)
                    raise ValidationError(serializer.errors)
                saved = serializer.save()
                for waiting, row in zip(rows, saved, strict=True):
                    self.remember(waiting.row.get("ref") if NUMBERS in context else self.take_ref(waiting), row)
        except (ValidationError, DomainError, DjangoValidationError, IntegrityError, Problem):
            if is_trusting():
                raise
            self.ids, self.context[ENTERED] = ids, entered
            if refusal is not None:
                raise refusal from None
            return []
        return list(saved)

    def numbered(self, serializer_class: type[Any], waiting: Waiting, number: int) -> dict[str, Any]:
        """What the serializer is given for a row that gets this number, by which later ones refer to it."""
        data, ref = self.data_of(waiting), self.take_ref(waiting)
        if ref is not None:
            self.ids[ref] = EnteredId.of(serializer_class.Meta.model, number)
        return data

    def save(self, serializer_class: type[Any], waiting: Waiting) -> Any:
        """Validate and save one row with its noun's own serializer; errors come back under its path."""
        path, ref = waiting.path, self.take_ref(waiting)
        serializer = serializer_class(data=self.data_of(waiting), context=self.context)
        try:
            serializer.is_valid(raise_exception=True)
            saved = serializer.save()
        except ValidationError as error:
            raise ValidationError({path: _as_sent(waiting, error.detail)}) from error
        except DomainError as error:
            raise placed(error, path, path) from error
        self.remember(ref, saved)
        return saved

    def take_ref(self, waiting: Waiting) -> str | None:
        """The name by which later rows refer to this one."""
        ref = waiting.row.get("ref")
        message = ""
        if ref is not None and (not isinstance(ref, str) or not 0 < len(ref) <= 100):
            message = "Give each row a text of its own, of 1 to 100 characters."
        elif ref in self.ids:
            first = self.places[ref] or "the claim itself"
            message = f"{ref!r} names {first} already: give this row another name."
        if message:
            path = f"{waiting.path}.ref".removeprefix(".")
            raise ValidationError({path: [ErrorDetail(message, "invalid_ref")]})
        if ref is not None:
            self.places[ref] = waiting.path
        return ref

    def remember(self, ref: str | None, saved: Any) -> None:
        """Let later rows refer to this one, without asking for it again."""
        if ref is not None:
            self.ids[ref] = EnteredId.of(type(saved), saved.pk)
        self.context[ENTERED][type(saved), saved.pk] = saved

    def data_of(self, waiting: Waiting) -> dict[str, Any]:
        """What the serializer is given, with ids in the place of names."""
        for name in waiting.given.keys() & waiting.row.keys():
            self.refuse_another(waiting, name)
        told = {name: value for name, value in waiting.row.items() if name != "ref"} | waiting.given
        return {name: self.resolve(value, f"{waiting.path}.{name}") for name, value in told.items()}

    def refuse_another(self, waiting: Waiting, name: str) -> None:
        """Raise ValidationError where a row says that it hangs on another one than that in which it stands."""
        path, pk = f"{waiting.path}.{name}", waiting.given[name]
        value = self.resolve(waiting.row[name], path)
        same = {getattr(row, "slug", None) for (_model, number), row in self.context[ENTERED].items() if number == pk}
        if (value.get("id") if isinstance(value, dict) else value) not in {pk, *same} - {None}:
            message = f"Leave it out: the {name} is the one with which this row stands here."
            raise ValidationError({path: [ErrorDetail(message, "invalid")]})

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


def _as_sent(waiting: Waiting, detail: Any) -> Any:
    """The errors of a row; what is about a field that follows from where it stands is about the whole row."""
    if not isinstance(detail, dict):
        return detail
    follows = waiting.given.keys() - waiting.row.keys()
    whole = [one for name, details in detail.items() if name in {*follows, "non_field_errors"} for one in details]
    told = {name: details for name, details in detail.items() if name not in {*follows, "non_field_errors"}}
    return {**told, "non_field_errors": whole} if whole else told


def hung(rows: list[Waiting], name: str, column: str = "") -> list[Waiting]:
    """What hangs under this name on rows that are entered; it refers to them by the column."""
    found = []
    for row in rows:
        for inner in row.hanging.get(name, ()):
            inner.given |= {column: row.saved.pk} if column else {}
            found.append(inner)
    return found


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

    def listed(name: str, hanging: Hanging | None = None, **given: int) -> list[Waiting]:
        return entry.listed(sections.get(name, []), name, hanging, **given)

    entry.save_all(question_serializer, listed("questions", dispute=dispute.pk))
    entry.save_all(SourceSerializer, listed("sources"))
    entry.save_all(DocumentSerializer, listed("documents"))
    claims = listed("claims", ON_CLAIM, dispute=dispute.pk)
    entry.save_all(claim_serializer, claims)
    shown = listed("evidence", {"links": ON_LINK}, dispute=dispute.pk)
    entry.save_all(EvidenceSerializer, shown)
    enter_hanging(entry, claims, hung(shown, "links", "evidence"))
    entry.save_all(RelationSerializer, listed("relations"))


def enter_parts(claims: list[Claim], rows: list[dict[str, Any]], context: dict[str, Any], *, many: bool) -> None:
    """Create what came with these claims, which are entered: `rows` has their `ref` and their lists.

    Raises ValidationError whose paths say which row and field: `attributions.0.source`, with the number of the claim
    before it where there are `many`.
    """
    entry = Entry({**context, ENTERED: {}})
    waiting = [entry.waiting(row, str(index) if many else "", ALONE) for index, row in enumerate(rows)]
    for claim, row in zip(claims, waiting, strict=True):
        row.saved = claim
        entry.remember(entry.take_ref(row), claim)
    entry.save_all(SourceSerializer, hung(waiting, "sources"))
    entry.save_all(DocumentSerializer, hung(waiting, "documents"))
    enter_hanging(entry, waiting)


def enter_hanging(entry: Entry, claims: list[Waiting], links: Collection[Waiting] = ()) -> None:
    """Create what hangs on these claims, which are entered, and on these links beside theirs, which are not."""
    entry.save_all(AttributionSerializer, hung(claims, "attributions", "claim"))
    bearing, shown = hung(claims, "evidence", "claim"), []
    disputes = {claim.saved.pk: claim.saved.dispute_id for claim in claims}
    for link in bearing:
        given = link.row.get("evidence")
        if isinstance(given, dict) and "id" not in given and set(given) != {"ref"}:
            found = entry.waiting(given, f"{link.path}.evidence", {})
            dispute = disputes[link.given["claim"]]
            found.given |= {} if dispute is None else {"dispute": dispute}
            del link.row["evidence"]
            shown.append((link, found))
    entry.save_all(EvidenceSerializer, [found for _link, found in shown])
    for link, found in shown:
        link.given["evidence"] = found.saved.pk
    links = [*bearing, *links]
    entry.save_all(EvidenceLinkSerializer, links)
    entry.save_all(PremiseSerializer, hung(links, "premises", "link"))
    related = hung(claims, "relations", "claim")
    for relation in related:
        if "claim" in relation.row:
            # It is the other one to which that claim bears the relation.
            if "other" in relation.row:
                message = "Give the claim or the other one: the new claim is the one that you leave out."
                raise ValidationError({f"{relation.path}.claim": [ErrorDetail(message, "invalid")]})
            relation.given["other"] = relation.given.pop("claim")
    entry.save_all(RelationSerializer, related)
