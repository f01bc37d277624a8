"""Who contradicts a claim, and who took back what they said of it, as programs read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.logic import wording
from claims.models.parts import Contradicting, TakenBack
from claims.reports.load.fields import when
from factcheck.api.reference import Reference

_SOURCE = {"$ref": "#/components/schemas/SourceReference"}

_STANCE = {"allOf": [{"$ref": "#/components/schemas/Stance"}]}
_RIVAL = {
    "anyOf": [{"$ref": "#/components/schemas/ClaimReference"}, {"type": "null"}],
    "description": "The rival that it says, which cannot be true together with this claim, or the claim that it denies "
    "where that repeats this one; null where it denies this one.",
}

_BODY = {
    "anyOf": [_SOURCE, {"type": "null"}],
    "description": "For whom it spoke, where that was one body each time that it did so and may be told.",
}
_REMARKS = {
    "type": "array",
    "items": {"type": "string"},
    "description": "What held each time, in words: “in a retracted work”, “speaker not named”.",
}


def _list_of(title: str, **properties: Any) -> dict[str, Any]:
    item = {"title": title, "type": "object", "required": list(properties), "properties": properties}
    return {"type": "array", "readOnly": True, "items": item}


class _ReferringField(serializers.Field):
    """A field of entries that refer to rows as the rest of the API does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)
        self.reference = Reference(read_only=True)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self.reference.bind(field_name, parent)

    def refer_to(self, row: Any) -> dict[str, Any]:
        """The small object that stands for a row."""
        found: dict[str, Any] = self.reference.to_representation(row)
        return found


@extend_schema_field(
    _list_of(
        "ContradictedBy",
        attribution={"type": "integer", "description": "The id of the first attribution by which it does."},
        source=_SOURCE,
        stance={**_STANCE, "description": "What it does: with this claim or the rival."},
        said_on={"type": "string", "description": "When, as exactly as known; empty where it is not."},
        claim=_RIVAL,
        body=_BODY,
        remarks=_REMARKS,
        words={"type": "string", "description": "The same in words."},
        earlier_wording={"type": "boolean", "description": "Whether it did so of an earlier wording of that claim."},
    )
)
class ContradictedByField(_ReferringField):
    """Those who deny the claim, then those who say a rival."""

    def to_representation(self, value: Iterable[Contradicting]) -> list[dict[str, Any]]:
        return [self._told(self.refer_to(row.source), row) for row in value]

    def _told(self, source: dict[str, Any], row: Contradicting) -> dict[str, Any]:
        body = self.refer_to(row.body) if row.body is not None else None
        return {
            "attribution": row.attribution,
            "source": source,
            "stance": row.stance,
            "said_on": row.said_on,
            "claim": self.refer_to(row.other) if row.other is not None else None,
            "body": body,
            "remarks": list(row.remarks),
            "words": row.told(source["label"], body["label"] if body is not None else ""),
            "earlier_wording": row.earlier_wording,
        }


@extend_schema_field(
    _list_of(
        "TakenBack",
        attribution={"type": "integer", "description": "The id of the attribution that was taken back."},
        source=_SOURCE,
        stance={**_STANCE, "description": "What the source had done with the claim."},
        said_on={"type": "string", "description": "When, as exactly as known; empty where it is not."},
        taken_back_on={"type": "string", "description": "When it took that back; empty where it is not known."},
        words={"type": "string", "description": "The same in words."},
    )
)
class TakenBackField(_ReferringField):
    """What was taken back by its source, or by the body for which that spoke."""

    def to_representation(self, value: Iterable[TakenBack]) -> list[dict[str, Any]]:
        return [self._told(self.refer_to(row.source), row) for row in value]

    def _told(self, source: dict[str, Any], row: TakenBack) -> dict[str, Any]:
        return {
            "attribution": row.attribution,
            "source": source,
            "stance": row.stance,
            "said_on": row.said_on,
            "taken_back_on": row.taken_back_on,
            "words": f"{self.refer_to(row.by)['label']} {wording.took_back(when(row.taken_back_on).on)}",
        }
