"""Taking back what was published without deleting it."""

from __future__ import annotations

from typing import TypeVar

from django.utils import timezone

from claims.models.claim import Withdrawable
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank

Row = TypeVar("Row", bound=Withdrawable)


def withdraw(*, actor: Reader, row: Row, reason: str) -> Row:
    """The attribution, evidence link, premise, relation, review or inquiry no longer stands; it stays on record with
    the reason.

    Raises Forbidden, RuleViolation without a reason, Conflict when it was withdrawn before.
    """
    require(actor, "claims.withdraw_claim", f"withdraw {row._meta.verbose_name_plural}")
    if is_blank(reason):
        raise RuleViolation("Say why it is withdrawn.", code="reason_required", field="reason")
    with recording(actor=actor, reason=reason):
        row.refresh_from_db()
        if row.withdrawn_at is not None:
            raise Conflict(f"This {row._meta.verbose_name} was already withdrawn.", code="wrong_status")
        row.withdrawn_at = timezone.now()
        row.withdrawn_reason = reason
        row.save(past_tense="withdrawn")
        return row
