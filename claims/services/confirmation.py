"""A reviewer's word that a stale verdict still holds."""

from __future__ import annotations

from claims.models import Confirmation, Verdict
from claims.rules.publication import check_confirmable
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank


def confirm_verdict(*, actor: Reader | None, verdict: Verdict, reason: str) -> Confirmation:
    """The verdict is not stale any more: `actor` has looked at what changed and says why it holds.

    Raises Forbidden for its author and for who may not publish, RuleViolation without a reason and where a guard rail
    of publication says no today, Conflict unless it is the current verdict on a published claim and, as far as `actor`
    may know, stale.
    """
    with recording(actor=actor, reason=reason):
        # Inside the writer lock the stored rows are the last word: of two who confirm at once, the second is told.
        verdict = Verdict.objects.select_related("claim", "rating").get(pk=verdict.pk)
        if actor is not None and verdict.author_id == actor.pk:
            raise Forbidden(
                "A verdict takes two people: you drafted it, so somebody else has to confirm it.", code="two_people"
            )
        reviewer = require(actor, "claims.publish_verdict", "confirm verdicts")
        if is_blank(reason):
            raise RuleViolation(
                "Say why the verdict still holds in spite of what has changed.", code="reason_required", field="reason"
            )
        if not Verdict.objects.current().filter(pk=verdict.pk).exists():
            raise Conflict("Only the current published verdict of a claim can be confirmed.", code="not_current")
        if not Verdict.objects.stale(actor).filter(pk=verdict.pk).exists():
            raise Conflict(
                "Nothing that this verdict rests on has changed since it was last looked at, "
                "or its claim is not published.",
                code="not_stale",
            )
        check_confirmable(verdict)
        confirmation = Confirmation(verdict=verdict, reviewer=reviewer, reason=reason)
        confirmation.save()
        return confirmation
