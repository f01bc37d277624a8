"""Sources, and what they were before, as members of the bodies for which they may speak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from claims.logic.affiliation import Belonging, Member
from claims.reports.load.redact import Redaction
from sources.models import Affiliation, Source


def members_of(
    sources: Iterable[Source], before: Mapping[int, Sequence[Affiliation]], redaction: Redaction
) -> dict[int, Member]:
    """Those that the reader may know, by id: who is withheld belongs to nobody, and nobody to them."""
    return {row.pk: _member(row, before.get(row.pk, ())) for row in sources if not redaction.hides(row)}


def _member(row: Source, before: Sequence[Affiliation]) -> Member:
    earlier = tuple(Belonging(past.part_of_id, past.since, past.until) for past in before)
    return Member(row.kind, row.part_of_id, row.part_of_since, earlier)
