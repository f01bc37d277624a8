"""Why verdicts are stale, as programs of the desk read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.logic.staleness import Reason
from claims.models import Verdict
from claims.reports.load.staleness import load_stale
from factcheck.api.reference import reader_in
from factcheck.audit.access import is_desk
from factcheck.base.errors import Forbidden
from factcheck.base.people import Reader

SCHEMA = {
    "type": "array",
    "readOnly": True,
    "items": {
        "title": "StaleReason",
        "type": "object",
        "required": ["code", "row", "at", "words"],
        "properties": {
            "code": {"type": "string", "description": "What has changed and how, such as “attribution_added”."},
            "row": {"type": "integer", "description": "The id of that row."},
            "at": {"type": "string", "format": "date-time", "description": "When."},
            "words": {"type": "string", "description": "The same as a sentence."},
        },
    },
}


def _in_json(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": row.code, "row": row.row, "at": row.at.isoformat(), "words": row.words} for row in reasons]


@extend_schema_field(SCHEMA)
class StaleField(serializers.Field):
    """The reasons, oldest first; empty outside the desk and for what is not stale."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Iterable[Reason]) -> list[dict[str, Any]]:
        return _in_json(value)


@extend_schema_field(SCHEMA)
class VerdictStaleField(serializers.Field):
    """The reasons of one verdict, looked up where it is shown alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Verdict) -> list[dict[str, Any]]:
        if getattr(self.context.get("view"), "action", "") == "publish":
            # Its reviewer has just looked at all that it rests on, and nobody else writes until this is answered.
            return []
        user = reader_in(self.context)
        current = is_desk(user) and Verdict.objects.current().filter(pk=value.pk).exists()
        found = load_stale([value], user) if current else {}
        return _in_json(found.get(value.claim_id, ()))


def for_the_desk(user: Reader) -> None:
    """Raise Forbidden for who is not told what the desk has still to look at."""
    if not is_desk(user):
        raise Forbidden("What the desk has to look at again is for the desk alone.", code="permission_denied")
