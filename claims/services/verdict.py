"""The steps of a verdict: draft, submit, return, publish, correct."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from claims.choices import ClaimStatus, VerdictStatus
from claims.models import Claim, Verdict
from claims.rules.publication import check_publishable
from claims.services.claim import publish_claim
from factcheck.audit.access import require
from factcheck.audit.context import acting, current, recording
from factcheck.base.errors import Conflict, Forbidden, RuleViolation
from factcheck.base.people import Reader
from factcheck.base.text import is_blank


def draft_verdict(*, actor: Reader, claim: Claim, **content: Any) -> Verdict:
    """A new draft by `actor` stands on the claim; `content` is its rating, summary, rationale and the like."""
    author = require(actor, "claims.add_verdict", "draft verdicts")
    with recording(actor=actor):
        verdict = Verdict(claim=claim, author=author, **content)
        verdict.save(past_tense="drafted")
        return verdict


def submit_verdict(*, actor: Reader, verdict: Verdict) -> Verdict:
    """The draft waits for a second person. Raises Forbidden unless `actor` is its author, Conflict unless a draft."""
    require(actor, "claims.change_verdict", "submit verdicts")
    with recording(actor=actor):
        verdict = _stored(verdict)
        if verdict.author_id != actor.pk:
            raise Forbidden("Only its author submits a draft verdict.", code="not_the_author")
        _require_status(verdict, VerdictStatus.DRAFT, "submitted")
        verdict.status = VerdictStatus.IN_REVIEW
        verdict.claim_text = verdict.claim_text or verdict.claim.text
        verdict.submitted_at = timezone.now()
        verdict.save(past_tense="submitted")
        return verdict


def return_verdict(*, actor: Reader, verdict: Verdict, note: str) -> Verdict:
    """The verdict is its author's draft again, with the reviewer's note.

    Raises Forbidden, RuleViolation without a note, Conflict unless it is in review.
    """
    require(actor, "claims.publish_verdict", "return verdicts")
    if is_blank(note):
        raise RuleViolation(
            "Say what the author has to do before it can be published.", code="note_required", field="note"
        )
    with recording(actor=actor, reason=note):
        verdict = _stored(verdict)
        _require_status(verdict, VerdictStatus.IN_REVIEW, "returned")
        verdict.status = VerdictStatus.DRAFT
        verdict.review_note = note
        if verdict.supersedes_id is None:
            verdict.claim_text = ""
        verdict.save(past_tense="returned")
        return verdict


def publish_verdict(*, actor: Reader | None, verdict: Verdict) -> Verdict:
    """The verdict is public and frozen, `actor` its reviewer; an unpublished claim is published with it, and a claim
    that a correction rewords says what the correction judges.

    Raises Forbidden for its author and for who may not publish, RuleViolation where a guard rail says no, Conflict
    unless it is in review, on a withdrawn claim or one that was reworded since the verdict was submitted, or when
    another published verdict stands that it does not supersede.
    """
    with recording(actor=actor):
        verdict = _stored(verdict)
        # Before the role: whoever drafted it is told the rule, not sent to look for the right to break it.
        if actor is not None and verdict.author_id == actor.pk:
            raise Forbidden(
                "A verdict takes two people: you drafted it, so somebody else has to review and publish it.",
                code="two_people",
            )
        reviewer = require(actor, "claims.publish_verdict", "publish verdicts")
        _require_status(verdict, VerdictStatus.IN_REVIEW, "published")
        _require_succession(verdict)
        check_publishable(verdict)
        _require_wording(verdict)
        _require_claim(verdict)
        if verdict.claim.status != ClaimStatus.PUBLISHED:
            publish_claim(actor=actor, claim=verdict.claim)
        verdict.status = VerdictStatus.PUBLISHED
        verdict.reviewer = reviewer
        verdict.published_at = timezone.now()
        verdict.claim_text = verdict.claim_text or verdict.claim.text
        with acting(reason=current().reason or verdict.correction_reason):
            verdict.save(past_tense="corrected" if verdict.supersedes_id else "published")
            _reword(verdict)
        return verdict


def tell_conflicts(verdict: Verdict) -> list[str]:
    """Why `verdict`, which is in review, would be refused by what was done to its claim meanwhile, in words; what the
    rules say of it is told by `claims.rules.publication`."""
    told = []
    for require_it in (_require_succession, _require_wording, _require_claim):
        try:
            require_it(verdict)
        except Conflict as conflict:
            told.append(conflict.message)
    return told


def _require_claim(verdict: Verdict) -> None:
    if verdict.claim.status == ClaimStatus.WITHDRAWN:
        raise Conflict("The claim is withdrawn; publish it again before a verdict on it.", code="claim_withdrawn")


def _require_wording(verdict: Verdict) -> None:
    if verdict.supersedes_id is None and verdict.claim_text not in {"", verdict.claim.text}:
        raise Conflict(
            f"The claim was reworded after this verdict was submitted, which judges “{verdict.claim_text}”. "
            "Return it, so that its author looks at the new wording.",
            code="reworded",
            field="claim_text",
        )


def _reword(verdict: Verdict) -> None:
    """The claim says what its verdict judges, if that carries another wording."""
    claim = verdict.claim
    if claim.text != verdict.claim_text:
        claim.text = verdict.claim_text
        with acting(reason=verdict.correction_reason):
            claim.save(past_tense="reworded")


def correct_verdict(*, actor: Reader, verdict: Verdict, reason: str, severity: str, **content: Any) -> Verdict:
    """A new draft by `actor` stands that will supersede the published `verdict`; what is not given is copied from it.

    The day by which that was to be looked at again is not. `claim_text` is the new wording of the claim, if any.

    Raises Forbidden, RuleViolation without reason or severity, Conflict unless `verdict` is the current one.
    """
    author = require(actor, "claims.add_verdict", "correct verdicts")
    for field, value, what in (("reason", reason, "why"), ("severity", severity, "how grave")):
        if is_blank(value):
            raise RuleViolation(f"Say {what} the correction is.", code=f"{field}_required", field=field)
    with recording(actor=actor, reason=reason):
        verdict = _stored(verdict)
        if not Verdict.objects.current().filter(pk=verdict.pk).exists():
            raise Conflict("Only the current published verdict of a claim can be corrected.", code="not_current")
        kept = {name: getattr(verdict, name) for name in ("rating", "summary", "rationale", "likelihood", "confidence")}
        correction = Verdict(
            claim=verdict.claim,
            author=author,
            supersedes=verdict,
            correction_reason=reason,
            correction_severity=severity,
            **{**kept, **content},
        )
        correction.save(past_tense="correction_drafted")
        return correction


def _stored(verdict: Verdict) -> Verdict:
    # Inside the writer lock the stored row is the last word; what the caller read may be older.
    return Verdict.objects.select_related("claim", "rating").get(pk=verdict.pk)


def _require_status(verdict: Verdict, status: VerdictStatus, past_tense: str) -> None:
    if verdict.status != status:
        raise Conflict(
            f"The verdict is {VerdictStatus(verdict.status).label.lower()}; "
            f"only one that is {status.label.lower()} can be {past_tense}.",
            code="wrong_status",
            field="status",
        )


def _require_succession(verdict: Verdict) -> None:
    current = Verdict.objects.current().filter(claim=verdict.claim_id).values_list("pk", flat=True).first()
    if current != verdict.supersedes_id:
        raise Conflict(
            "The claim has a published verdict that this draft does not supersede. Correct that verdict instead.",
            code="verdict_exists",
        )
