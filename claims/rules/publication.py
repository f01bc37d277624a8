"""The guard rails: what must be true of a claim before a verdict on it is published."""

from __future__ import annotations

from claims.choices import Bearing, ClaimStatus, Leaning
from claims.models import Claim, ClaimRelation, EvidenceLink, Verdict
from factcheck.audit.context import current
from factcheck.base.errors import RuleViolation

NEEDED_BEARING = {Leaning.SUPPORTED: Bearing.SUPPORTS, Leaning.REFUTED: Bearing.REFUTES}


def check_publishable(verdict: Verdict) -> None:
    """Raise RuleViolation, with the rule and the remedy, when `verdict` may not be published as it stands."""
    check_rationale(verdict)
    check_evidence(verdict)
    check_rivals(verdict)


def check_rationale(verdict: Verdict) -> None:
    """A verdict says why."""
    if not verdict.rationale.strip():
        raise RuleViolation(
            "Write the rationale: a verdict is published only with the reasons for it.",
            code="rationale_required",
            field="rationale",
        )


def check_evidence(verdict: Verdict) -> None:
    """A verdict rests on evidence, and one that decides rests on evidence of its own bearing."""
    bearings = set(EvidenceLink.objects.standing().filter(claim=verdict.claim_id).values_list("bearing", flat=True))
    if not bearings:
        raise RuleViolation(
            "Link at least one piece of evidence to the claim: a verdict is published only on evidence.",
            code="evidence_required",
            field="rating",
        )
    needed = NEEDED_BEARING.get(Leaning(verdict.rating.leaning))
    if needed and needed not in bearings:
        verb = {"supports": "supports", "refutes": "refutes"}[needed]
        raise RuleViolation(
            f"“{verdict.rating.label}” needs evidence that {verb} the claim, and none of the linked evidence does. "
            f"Link evidence with the bearing “{needed}”, or choose another rating.",
            code=f"{needed}_evidence_required",
            field="rating",
        )


def check_rivals(verdict: Verdict) -> None:
    """Of two claims that cannot both be true, one at most is published as supported."""
    if verdict.rating.leaning != Leaning.SUPPORTED:
        return
    rival = (
        Verdict.objects.current()
        .filter(
            rating__leaning=Leaning.SUPPORTED,
            claim__in=rivals_of(verdict.claim),
            claim__status=ClaimStatus.PUBLISHED,
        )
        .select_related("claim")
        .first()
    )
    if rival is not None:
        raise RuleViolation(
            f"{_named(rival.claim)} is published as supported, and the two cannot both be true. "
            "Correct its verdict first, or choose another rating.",
            code="rival_supported",
            field="rating",
        )


def _named(rival: Claim) -> str:
    user = current().user()
    if user is None or Claim.objects.visible_to(user).filter(pk=rival.pk).exists():
        return f"The rival claim {rival.pk} (“{rival}”)"
    return "A rival claim, of a dispute that you may not see,"


def rivals_of(claim: Claim) -> list[int]:
    """The ids of the rivals of `claim`: by a standing relation, and in an exclusive dispute all other claims."""
    pairs = ClaimRelation.objects.rivalries().touching(claim).values_list("claim_id", "other_id")
    rivals = {pk for pair in pairs for pk in pair}
    if claim.dispute is not None and claim.dispute.exclusive:
        rivals.update(claim.dispute.claims.values_list("pk", flat=True))
    return sorted(rivals - {claim.pk})
