"""How far disputes are decided, read for any number of them with the same number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from claims.choices import ClaimStatus
from claims.models import Claim, ClaimRelation, Dispute, EvidenceLink, Verdict
from claims.rules.dispute_state import Side, dispute_state


def load_states(disputes: Sequence[Dispute]) -> None:
    """Attach `state` to each dispute; four queries, of values alone: a dispute may have thousands of claims."""
    ids = [dispute.pk for dispute in disputes]
    published = {"claim__dispute__in": ids, "claim__status": ClaimStatus.PUBLISHED}
    leanings = dict(Verdict.objects.current().filter(**published).values_list("claim_id", "rating__leaning"))
    bearings: dict[int, set[str]] = defaultdict(set)
    for claim, bearing in EvidenceLink.objects.standing().filter(**published).values_list("claim_id", "bearing"):
        bearings[claim].add(bearing)
    # One direction is enough: a relation is found on either of its claims.
    rivals: dict[int, set[int]] = defaultdict(set)
    for claim, other in ClaimRelation.objects.rivalries().filter(**published).values_list("claim_id", "other_id"):
        rivals[claim].add(other)
        rivals[other].add(claim)
    sides: dict[int, list[Side]] = defaultdict(list)
    claims = Claim.objects.published().filter(dispute__in=ids).order_by("pk")
    for claim, dispute_id in claims.values_list("pk", "dispute_id"):
        side = Side(leanings.get(claim), frozenset(bearings[claim]), claim, frozenset(rivals[claim]))
        sides[dispute_id].append(side)
    for dispute in disputes:
        dispute.state = dispute_state(sides[dispute.pk], exclusive=dispute.exclusive)  # type: ignore[attr-defined]
