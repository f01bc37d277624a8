"""Rating evidence against claims, many cells at once."""

from __future__ import annotations

from collections.abc import Mapping

from claims.choices import Consistency
from claims.models import Assessment, Claim, Evidence
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import RuleViolation
from factcheck.base.people import Reader

WITHDRAW = "withdraw"
Cell = tuple[int, int]


def rate_evidence(*, actor: Reader, ratings: Mapping[Cell, str]) -> int:
    """The ratings of `actor` for these cells, (evidence, claim), are these, or are gone where WITHDRAW says so.

    All or nothing; returns how many changed. Raises Forbidden without the right to rate, RuleViolation for a cell
    that `actor` may not see and for a word that is no rating.
    """
    analyst = require(actor, "claims.add_assessment", "rate evidence")
    with recording(actor=actor):
        evidence = Evidence.objects.visible_to(actor).in_bulk({cell[0] for cell in ratings})
        claims = Claim.objects.visible_to(actor).in_bulk({cell[1] for cell in ratings})
        own = Assessment.objects.filter(analyst_id=analyst.pk, evidence__in=evidence, claim__in=claims)
        found = {(row.evidence_id, row.claim_id): row for row in own.select_related("claim", "evidence")}
        changed = 0
        for cell, rating in ratings.items():
            if cell[0] not in evidence or cell[1] not in claims:
                raise RuleViolation(
                    "This cell is not in the matrix any more. Load the page again.", code="no_such_cell"
                )
            if rating not in {*Consistency.values, WITHDRAW}:
                raise RuleViolation(f"“{rating[:20]}” is no rating. Choose one of the list.", code="no_such_rating")
            row = found.get(cell)
            if rating == WITHDRAW:
                changed += bool(row)
                if row:
                    row.delete()
            elif row is None:
                Assessment(evidence=evidence[cell[0]], claim=claims[cell[1]], analyst=analyst, rating=rating).save()
                changed += 1
            elif row.rating != rating:
                row.rating = rating
                row.save()
                changed += 1
        return changed
