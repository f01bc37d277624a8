"""Why verdicts are stale, as programs of the desk read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.logic.staleness import Reason
from claims.models import Verdict
from claims.reports.load.staleness import load_stale
from factcheck.audit.access import is_desk
from factcheck.base.errors import Forbidden


@extend_schema_field(
    {
        "type": "array",
        "readOnly": True,
        "items": {
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
)
class StaleField(serializers.Field):
    """The reasons, oldest first; empty outside the desk and for what is not stale."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Iterable[Reason]) -> list[dict[str, Any]]:
        return [{"code": row.code, "row": row.row, "at": row.at.isoformat(), "words": row.words} for row in value]


def attach_stale(verdicts: Iterable[Verdict], user: Any) -> None:
    """Attach `shown_stale` to each verdict; a fixed number of queries, none outside the desk."""
    verdicts = list(verdicts)
    current: set[int] = set()
    if is_desk(user) and verdicts:
        ids = [row.pk for row in verdicts]
        current.update(Verdict.objects.current().filter(pk__in=ids).values_list("pk", flat=True))
    found = load_stale([row for row in verdicts if row.pk in current], user) if verdicts else {}
    for row in verdicts:
        row.shown_stale = found.get(row.claim_id, ()) if row.pk in current else ()  # type: ignore[attr-defined]


def for_the_desk(user: Any) -> None:
    """Raise Forbidden for who is not told what the desk has still to look at."""
    if not is_desk(user):
        raise Forbidden("What the desk has to look at again is for the desk alone.", code="permission_denied")
