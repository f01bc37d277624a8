"""What changed since an earlier report, or is dated since, under the columns of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claims.reports.content.dated import dated_since
from claims.reports.content.dossier import Dossier


def report_rows(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """A row for each thing that changed, or one that says that nothing did; none where nobody asked.

    Where there was nothing to read then, a row for each thing that is dated since follows, with its own date.
    """
    if not dossier.since:
        return
    shared = {"row_type": "change", "address": dossier.query, "date": dossier.since.text}
    claims = {claim.id: claim for claim in dossier.claims}
    for row in dossier.changes:
        claim = claims.get(row.claim) if row.claim else None
        yield {
            **shared,
            "id": row.id,
            "kind": row.noun.code,
            "status": row.change.code,
            "title": row.label,
            "text": row.details,
            "claim_id": row.claim,
            "claim": claim.text if claim else "",
            "reason": row.reason,
            "change": row.sentence,
        }
    if not dossier.changes:
        yield {**shared, "change": dossier.changes_sentence}
    for dated in dated_since(dossier):
        claim = claims.get(dated.claim) if dated.claim else None
        yield {
            "row_type": "dated_since",
            "address": dossier.query,
            "date": dated.date.text,
            "id": dated.id,
            "kind": dated.noun.code,
            "status": dated.act.code,
            "title": dated.who,
            "text": dated.what,
            "claim_id": dated.claim,
            "claim": claim.text if claim else "",
            "change": dated.sentence,
        }
