"""The steps of a claim: submit, return, publish, withdraw."""

from __future__ import annotations

from django.utils import timezone

from claims.choices import ClaimStatus
from claims.models import Claim, Verdict
from claims.rules.publication import check_relations
from factcheck.audit.access import require
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank


def submit_claim(*, actor: Reader, claim: Claim) -> Claim:
    """The claim waits for review. Raises Forbidden, and Conflict unless it is a draft."""
    require(actor, "claims.change_claim", "submit claims")
    with recording(actor=actor):
        return _step(_locked(claim), ClaimStatus.IN_REVIEW, "submitted", since=(ClaimStatus.DRAFT,))


def return_claim(*, actor: Reader, claim: Claim, note: str) -> Claim:
    """The claim is a draft again, the note is the reason in its history. Raises Forbidden, Conflict, RuleViolation."""
    require(actor, "claims.publish_claim", "return claims")
    _require_note(note, "Say what has to be done before the claim can be published.", "note")
    with recording(actor=actor, reason=note):
        return _step(_locked(claim), ClaimStatus.DRAFT, "returned", since=(ClaimStatus.IN_REVIEW,))


def publish_claim(*, actor: Reader | None, claim: Claim) -> Claim:
    """Everybody who may see its dispute reads the claim. Raises Forbidden, and Conflict when it is published already.

    A withdrawn claim may be published again; the reason of its withdrawal stays in its history. Its verdict comes
    back with it: raises RuleViolation when a rival was published as supported in the meantime.
    """
    require(actor, "claims.publish_claim", "publish claims")
    with recording(actor=actor):
        claim = _locked(claim)
        for verdict in Verdict.objects.current().filter(claim=claim).select_related("claim", "rating"):
            check_relations(verdict)
        claim.first_published_at = claim.first_published_at or timezone.now()
        claim.withdrawn_reason = ""
        return _step(
            claim,
            ClaimStatus.PUBLISHED,
            "published",
            since=(ClaimStatus.DRAFT, ClaimStatus.IN_REVIEW, ClaimStatus.WITHDRAWN),
        )


def withdraw_claim(*, actor: Reader, claim: Claim, reason: str) -> Claim:
    """The public no longer reads the claim; it stays in the register with the reason.

    Raises Forbidden, RuleViolation without a reason, Conflict unless it is published.
    """
    require(actor, "claims.withdraw_claim", "withdraw claims")
    _require_note(reason, "Say why the claim is withdrawn.", "reason")
    with recording(actor=actor, reason=reason):
        claim = _locked(claim)
        claim.withdrawn_reason = reason
        return _step(claim, ClaimStatus.WITHDRAWN, "withdrawn", since=(ClaimStatus.PUBLISHED,))


def _locked(claim: Claim) -> Claim:
    # Inside the writer lock the stored row is the last word; what the caller holds may be older, or never saved.
    claim.refresh_from_db()
    return claim


def _step(claim: Claim, status: ClaimStatus, past_tense: str, *, since: tuple[ClaimStatus, ...]) -> Claim:
    if claim.status not in since:
        allowed = " or ".join(ClaimStatus(status).label.lower() for status in since)
        raise Conflict(
            f"The claim is {ClaimStatus(claim.status).label.lower()}; "
            f"only a claim that is {allowed} can be {past_tense}.",
            code="wrong_status",
            field="status",
        )
    claim.status = status
    claim.save(past_tense=past_tense)
    return claim


def _require_note(text: str, message: str, field: str) -> None:
    if is_blank(text):
        raise RuleViolation(message, code="reason_required", field=field)
