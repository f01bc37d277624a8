"""Looks for what waits for the desk in a dispute, in the rows of its dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from claims.choices import ClaimStatus, Outcome
from claims.models import Question
from claims.reports.content.concerns import Concern, Entered, concerns, gravest_first
from claims.reports.content.dossier import ClaimContent
from claims.reports.load.fields import day
from claims.reports.load.rows import Rows
from claims.rules.catalogue import RULES
from claims.rules.judgement import load_levels


def find_concerns(
    claims: tuple[ClaimContent, ...], rows: Rows, questions: Sequence[Question], moment: datetime | None
) -> tuple[Concern, ...]:
    """What the desk should look at, or should have at `moment`, with the levels that the rules have or had then; one
    query, and two for a moment that is past.

    That a rule on verdicts is broken is told by `load_breaches`, of the present alone.
    """
    standing = [view for view in claims if view.status.code != ClaimStatus.WITHDRAWN]
    overtaken = {row.pk: row.text for row in questions if row.found is not None and row.found.overtaken_on}
    entered = [_entered(view, rows, timezone.localdate(moment)) for view in standing]
    titles = {link.evidence_id: link.evidence.title for found in rows.links.values() for link in found}
    levels = load_levels(moment)
    found = concerns(entered, titles, overtaken)
    return gravest_first(replace(one, level=str(levels[one.code]), remedy=RULES[one.code].remedy) for one in found)


def _entered(view: ClaimContent, rows: Rows, today: date) -> Entered:
    said = {row.pk: row for row in rows.attributions.get(view.id, [])}
    return Entered(
        id=view.id,
        number=view.number,
        linked=frozenset(link.evidence_id for link in rows.links.get(view.id, [])),
        discounted=frozenset(row.id for row in view.discounted),
        rated=frozenset(row.evidence_id for row in rows.assessments.get(view.id, [])),
        question=view.question_id,
        judged=view.verdict is not None and view.is_published,
        orphaned=tuple(
            row.source.name
            for row in said.values()
            if row.relayed_from_id is not None and row.relayed_from_id not in said
        ),
        outdated=_is_outdated(view.id, rows),
        stale=view.stale[0].words if view.stale else "",
        overdue=tuple(
            f"{row.source.name}, who was asked for one by {day(row.due_on)}"
            for row in rows.inquiries.get(view.id, [])
            if row.outcome == Outcome.AWAITING and row.due_on is not None and row.due_on < today
        ),
    )


def _is_outdated(claim: int, rows: Rows) -> bool:
    """Whether evidence was linked to the claim, or a relation of it entered, before it got its present wording."""
    ends = [(link.claim, link.updated_at) for link in rows.links.get(claim, [])]
    ends += [(end, row.updated_at) for row in rows.relations.get(claim, []) for end in (row.claim, row.other)]
    return any(
        end.pk == claim and end.reworded_at is not None and updated_at < end.reworded_at for end, updated_at in ends
    )
