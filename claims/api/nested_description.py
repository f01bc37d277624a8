"""How requests with rows in rows are described: like their nouns' own, with a `ref` and the lists that stand in them.

The rows themselves are read by their nouns' own serializers (`claims.api.nested`).
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from claims.api.attribution import AttributionSerializer
from claims.api.evidence import EvidenceLinkSerializer, EvidenceSerializer
from claims.api.premise import PremiseSerializer
from claims.api.relation import RelationSerializer
from claims.models import Claim, Evidence
from factcheck.api.reference import Reference
from sources.api.document import DocumentSerializer
from sources.api.source import SourceSerializer


class RefMixin(serializers.Serializer):
    takes_refs = True

    ref = serializers.CharField(
        max_length=100, required=False, help_text="A name by which later rows refer to this one."
    )


def described(name: str, base: type[Any], *left_out: str, **extra: Any) -> type[Any]:
    """A serializer like `base` with a `ref` and nested lists, for the documentation."""
    meta = base.Meta
    own = [f for f in meta.fields if f not in left_out and f not in meta.read_only_fields]
    fields = (*(("ref",) if "ref" not in left_out else ()), *own, *(name for name in extra if name not in own))
    nested_meta = type("Meta", (meta,), {"fields": fields, "read_only_fields": ()})
    cls: Any = type(
        name, (RefMixin, base), {"Meta": nested_meta, "__module__": __name__, "__doc__": base.__doc__, **extra}
    )
    cls.takes_refs = "ref" not in left_out
    return extend_schema_serializer(component_name=name)(cls)


def listed(serializer_class: type[Any], text: str) -> Any:
    """A list of rows that may stand in another one."""
    return serializer_class(many=True, required=False, help_text=text)


NewEvidence = described("NewEvidence", EvidenceSerializer, "dispute")


class KnownOrNew(Reference):
    """Evidence that is there, or the whole of new evidence."""

    or_new = NewEvidence


PREMISES = listed(described("NestedPremise", PremiseSerializer, "link"), "The claims on which the bearing depends.")
ATTRIBUTIONS = listed(
    described("NestedAttribution", AttributionSerializer, "claim"), "Who said, denied or passed the claim on."
)
LINKS = listed(
    described("NestedEvidenceLink", EvidenceLinkSerializer, "evidence", premises=PREMISES),
    "The bearing of the evidence on claims.",
)
NestedEvidence = described("NestedEvidence", EvidenceSerializer, "dispute", links=LINKS)
SOURCES = listed(described("NestedSource", SourceSerializer), "New sources.")
DOCUMENTS = listed(described("NestedDocument", DocumentSerializer), "New documents.")
NestedRelation = described("NestedRelation", RelationSerializer)
ON_CLAIM = {
    "attributions": ATTRIBUTIONS,
    "evidence": listed(
        described(
            "ClaimEvidenceLink",
            EvidenceLinkSerializer,
            "claim",
            evidence=KnownOrNew(queryset=Evidence.objects.all(), help_text="The evidence: known, or new and whole."),
            premises=PREMISES,
        ),
        "What bears on the claim, and how.",
    ),
    "relations": listed(
        described(
            "ClaimSideRelation",
            RelationSerializer,
            claim=Reference(
                queryset=Claim.objects.all(), required=False, help_text="The claim that bears on it, if another does."
            ),
            other=Reference(
                queryset=Claim.objects.all(), required=False, help_text="The claim on which it bears, if it does."
            ),
        ),
        "How the claim bears on others, or one of them on it.",
    ),
}
"""What may stand in a claim that is entered."""
