"""The guard rails: what must be true of a claim before a verdict on it is published.

First the rules, on plain values; then the queries that ask the register for these values.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from claims.choices import Bearing, ClaimStatus, Leaning
from claims.models import Claim, EvidenceLink, Verdict
from claims.rules.rivalry import rivals_of
from factcheck.audit.context import current
from factcheck.base.errors import RuleViolation

NEEDED_BEARING = {Leaning.SUPPORTED: Bearing.SUPPORTS, Leaning.REFUTED: Bearing.REFUTES}
"""The bearing without which a verdict of this leaning rests on nothing."""


# --- the rules ---


def require_rationale(rationale: str) -> None:
    """A verdict says why. Raises RuleViolation for white space alone."""
    if not rationale.strip():
        raise RuleViolation(
            "Write the rationale: a verdict is published only with the reasons for it.",
            code="rationale_required",
            field="rationale",
        )


def require_evidence(label: str, leaning: str, bearings: Collection[str]) -> None:
    """A verdict rests on evidence, and one that decides rests on evidence of its own bearing.

    `label` and `leaning` are those of its rating, `bearings` those of the evidence that counts on the claim.
    """
    if not bearings:
        raise RuleViolation(
            "Link at least one piece of evidence to the claim: a verdict is published only on evidence. "
            "What is only the claim's own assertion, or depends on a claim that does not hold, is none.",
            code="evidence_required",
            field="rating",
        )
    needed = NEEDED_BEARING.get(Leaning(leaning))
    if needed and needed not in bearings:
        raise RuleViolation(
            f"“{label}” needs evidence that {needed} the claim, and none of the linked evidence that counts does. "
            f"Link evidence with the bearing “{needed}”, or choose another rating.",
            code=f"{needed}_evidence_required",
            field="rating",
        )


def refuse_beside_supported_rival(leaning: str, rival: str | None) -> None:
    """Of two claims that cannot both be true, one at most is published as supported.

    `rival` is a supported rival in words, None where there is none.
    """
    if leaning == Leaning.SUPPORTED and rival is not None:
        raise RuleViolation(
            f"{rival} is published as supported, and the two cannot both be true. "
            "Correct its verdict first, or choose another rating.",
            code="rival_supported",
            field="rating",
        )


def require_day_to_come(review_by: date | None, today: date) -> None:
    """A verdict is not stale from the first: the day by which it is to be looked at again is still to come."""
    if review_by is not None and review_by <= today:
        raise RuleViolation(
            f"It was to be looked at again by {review_by:%d %B %Y}: return it, so that its author names a later day.",
            code="review_by_past",
            field="review_by",
        )


# --- what they are asked of ---


def check_publishable(verdict: Verdict) -> None:
    """Raise RuleViolation, with the rule and the remedy, when `verdict` may not be published as it stands."""
    check_rationale(verdict)
    check_evidence(verdict)
    check_rivals(verdict)
    check_review_by(verdict)


def check_rationale(verdict: Verdict) -> None:
    """Raise RuleViolation unless the verdict says why."""
    require_rationale(verdict.rationale)


def check_evidence(verdict: Verdict) -> None:
    """Raise RuleViolation unless evidence that counts and fits the verdict stands on its claim."""
    bearings = set(EvidenceLink.objects.counting().filter(claim=verdict.claim_id).values_list("bearing", flat=True))
    require_evidence(verdict.rating.label, verdict.rating.leaning, bearings)


def check_rivals(verdict: Verdict) -> None:
    """Raise RuleViolation when the verdict supports the claim and a rival is published as supported."""
    # Only such a verdict can clash: for all others the register need not be asked.
    if verdict.rating.leaning == Leaning.SUPPORTED:
        rival = _supported_rival(verdict.claim)
        refuse_beside_supported_rival(verdict.rating.leaning, _named(rival) if rival is not None else None)


def check_review_by(verdict: Verdict) -> None:
    """Raise RuleViolation when the day by which it is to be looked at again has come."""
    require_day_to_come(verdict.review_by, timezone.localdate())


def _supported_rival(claim: Claim) -> Claim | None:
    rivals = {"claim__in": rivals_of(claim), "claim__status": ClaimStatus.PUBLISHED}
    found = (
        Verdict.objects.current().filter(rating__leaning=Leaning.SUPPORTED, **rivals).select_related("claim").first()
    )
    return found.claim if found is not None else None


def _named(rival: Claim) -> str:
    """The rival in words, as far as whoever publishes may know of it."""
    user = current().user()
    if user is None or Claim.objects.visible_to(user).filter(pk=rival.pk).exists():
        return f"The rival claim {rival.pk} (“{rival}”)"
    return "A rival claim, of a dispute that you may not see,"
