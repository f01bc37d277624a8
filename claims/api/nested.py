"""A whole dispute in one request: questions, sources, documents, claims with attributions, evidence, relations.

All of it is entered or nothing.

Rows of the same request refer to each other by `{"ref": "name"}`, rows that exist already by their id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from claims.api.attribution import AttributionSerializer
from claims.api.evidence import EvidenceLinkSerializer, EvidenceSerializer
from claims.api.relation import RelationSerializer
from claims.models import Dispute
from factcheck.api.reference import ENTERED
from factcheck.api.serializers import MAX_BULK, placed
from factcheck.base.errors import DomainError
from sources.api.document import DocumentSerializer
from sources.api.source import SourceSerializer

SECTIONS = ("questions", "sources", "documents", "claims", "evidence", "relations")


class Entry:
    """Creates the rows of one nested request in order, and remembers them by their `ref`."""

    def __init__(self, context: dict[str, Any]) -> None:
        self.context = context
        self.ids: dict[str, int] = {}
        self.count = 0

    def each(self, rows: object, path: str, create: Callable[[dict[str, Any], str], None]) -> None:
        """Call `create` for every row of the list at `path`; raise ValidationError when it is no list of objects."""
        if not isinstance(rows, list):
            raise ValidationError({path: [ErrorDetail("Give a list of objects.", "not_a_list")]})
        for index, row in enumerate(rows):
            place = f"{path}.{index}"
            if not isinstance(row, dict):
                raise ValidationError({place: [ErrorDetail("Give an object.", "invalid")]})
            self.count += 1
            if self.count > MAX_BULK:
                raise ValidationError({place: [ErrorDetail(f"Send at most {MAX_BULK} rows at once.", "bulk_size")]})
            create(dict(row), place)

    def save(self, serializer_class: type[Any], row: dict[str, Any], path: str, **given: Any) -> Any:
        """Validate and save one row with its noun's own serializer; errors come back under `path`."""
        ref = row.pop("ref", None)
        if ref is not None and (not isinstance(ref, str) or not 0 < len(ref) <= 100 or ref in self.ids):
            raise ValidationError({f"{path}.ref": [ErrorDetail("Give each row another short text.", "invalid_ref")]})
        data = {name: self.resolve(value, f"{path}.{name}") for name, value in {**row, **given}.items()}
        serializer = serializer_class(data=data, context=self.context)
        try:
            serializer.is_valid(raise_exception=True)
            saved = serializer.save()
        except ValidationError as error:
            raise ValidationError({path: error.detail}) from error
        except DomainError as error:
            raise placed(error, path, path) from error
        if ref is not None:
            self.ids[ref] = saved.pk
        self.context[ENTERED][type(saved), saved.pk] = saved
        return saved

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
    entry.each(
        sections.get("questions", []),
        "questions",
        lambda row, at: entry.save(question_serializer, row, at, dispute=dispute.pk),
    )
    entry.each(sections.get("sources", []), "sources", lambda row, at: entry.save(SourceSerializer, row, at))
    entry.each(sections.get("documents", []), "documents", lambda row, at: entry.save(DocumentSerializer, row, at))

    def create_claim(row: dict[str, Any], path: str) -> None:
        attributions = row.pop("attributions", [])
        claim = entry.save(claim_serializer, row, path, dispute=dispute.pk)
        entry.each(
            attributions,
            f"{path}.attributions",
            lambda item, at: entry.save(AttributionSerializer, item, at, claim=claim.pk),
        )

    def create_evidence(row: dict[str, Any], path: str) -> None:
        links = row.pop("links", [])
        evidence = entry.save(EvidenceSerializer, row, path, dispute=dispute.pk)
        entry.each(
            links, f"{path}.links", lambda item, at: entry.save(EvidenceLinkSerializer, item, at, evidence=evidence.pk)
        )

    entry.each(sections.get("claims", []), "claims", create_claim)
    entry.each(sections.get("evidence", []), "evidence", create_evidence)
    entry.each(sections.get("relations", []), "relations", lambda row, at: entry.save(RelationSerializer, row, at))


# What follows describes the request for the documentation; the rows are read by their nouns' own serializers.


class RefMixin(serializers.Serializer):
    ref = serializers.CharField(
        max_length=100, required=False, help_text="A name by which later rows refer to this one."
    )


def described(name: str, base: type[Any], *left_out: str, **extra: Any) -> type[Any]:
    """A serializer like `base` with a `ref` and nested lists, for the documentation."""
    meta = base.Meta
    fields = ("ref", *(f for f in meta.fields if f not in left_out and f not in meta.read_only_fields), *extra)
    nested_meta = type("Meta", (meta,), {"fields": fields, "read_only_fields": ()})
    cls = type(name, (RefMixin, base), {"Meta": nested_meta, "__module__": __name__, **extra})
    return extend_schema_serializer(component_name=name)(cls)


NestedAttribution = described("NestedAttribution", AttributionSerializer, "claim")
NestedLink = described("NestedEvidenceLink", EvidenceLinkSerializer, "evidence")
NestedEvidence = described(
    "NestedEvidence",
    EvidenceSerializer,
    "dispute",
    links=NestedLink(many=True, required=False, help_text="The bearing of the evidence on claims of this request."),
)
