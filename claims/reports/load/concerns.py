"""Looks for what is amiss with a dispute, in the rows of its dossier."""

from __future__ import annotations

from datetime import date

from claims.choices import ClaimStatus, Outcome
from claims.reports.content.concerns import Concern, Entered, concerns
from claims.reports.content.dossier import ClaimContent
from claims.reports.load.fields import day
from claims.reports.load.rows import Rows
from claims.rules.rivalry import Rivalry


def find_concerns(
    claims: tuple[ClaimContent, ...], rows: Rows, rivalry: Rivalry, *, today: date
) -> tuple[Concern, ...]:
    """What the desk should look at on `today`: that of the moment which the dossier shows."""
    standing = [view for view in claims if view.status.code != ClaimStatus.WITHDRAWN]
    entered = [_entered(view, rows, rivalry, today) for view in standing]
    titles = {link.evidence_id: link.evidence.title for found in rows.links.values() for link in found}
    return concerns(entered, titles)


def _entered(view: ClaimContent, rows: Rows, rivalry: Rivalry, today: date) -> Entered:
    said = {row.pk: row for row in rows.attributions.get(view.id, [])}
    return Entered(
        id=view.id,
        number=view.number,
        linked=frozenset(link.evidence_id for link in rows.links.get(view.id, [])),
        discounted=frozenset(row.id for row in view.discounted),
        rated=frozenset(row.evidence_id for row in rows.assessments.get(view.id, [])),
        rivals=frozenset(rivalry.of(view.id)),
        question=view.question_id,
        leaning=view.verdict.rating.leaning if view.verdict and view.is_published else "",
        orphaned=tuple(
            row.source.name
            for row in said.values()
            if row.relayed_from_id is not None and row.relayed_from_id not in said
        ),
        stale=view.stale[0].words if view.stale else "",
        overdue=tuple(
            f"{row.source.name}, who was asked for one by {day(row.due_on)}"
            for row in rows.inquiries.get(view.id, [])
            if row.outcome == Outcome.AWAITING and row.due_on is not None and row.due_on < today
        ),
    )
