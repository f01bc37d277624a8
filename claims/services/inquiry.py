"""Silence as an answer to an inquiry."""

from __future__ import annotations

from claims.choices import Outcome
from claims.models import Inquiry
from factcheck.audit.access import require
from factcheck.audit.context import acting, current, recording
from factcheck.base.errors import Conflict
from factcheck.base.people import Reader


def record_silence(*, actor: Reader, inquiry: Inquiry) -> Inquiry:
    """The inquiry was not answered by the day by which an answer was asked for.

    Raises Forbidden, Conflict unless it stands and awaits an answer, ValidationError before that day has passed.
    """
    require(actor, "claims.change_inquiry", "record what came of inquiries")
    with recording(actor=actor):
        inquiry = Inquiry.objects.select_related("claim", "source").get(pk=inquiry.pk)
        if inquiry.withdrawn_at is not None or inquiry.outcome != Outcome.AWAITING:
            raise Conflict("This inquiry does not await an answer any more.", code="wrong_status", field="outcome")
        inquiry.outcome = Outcome.SILENCE
        with acting(reason=current().reason or f"No answer came by {inquiry.due_on}."):
            inquiry.save(past_tense="left_unanswered")
        return inquiry
