"""How far disputes are decided, read for any number of them with the same number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from claims.logic.dispute_state import Side, dispute_state
from claims.models import Claim, ClaimRelation, Dispute, EvidenceLink, Verdict


def load_states(disputes: Sequence[Dispute]) -> None:
    """Attach `state` to each dispute; four queries."""
    published = Claim.objects.published().prefetch_related(
        Prefetch("verdicts", Verdict.objects.current().select_related("rating"), to_attr="current_verdicts"),
        Prefetch("evidence_links", EvidenceLink.objects.standing(), to_attr="standing_links"),
        # One direction is enough: a relation is found on either of its claims.
        Prefetch("relations", ClaimRelation.objects.rivalries(), to_attr="rivalries"),
    )
    prefetch_related_objects(disputes, Prefetch("claims", published, to_attr="published_claims"))
    for dispute in disputes:
        claims: Any = dispute.published_claims  # type: ignore[attr-defined]
        rivals: dict[int, set[int]] = {claim.pk: set() for claim in claims}
        for claim in claims:
            for relation in claim.rivalries:
                rivals[claim.pk].add(relation.other_id)
                rivals.setdefault(relation.other_id, set()).add(claim.pk)
        sides = [
            Side(
                leaning=next((verdict.rating.leaning for verdict in claim.current_verdicts), None),
                bearings=frozenset(link.bearing for link in claim.standing_links),
                claim=claim.pk,
                rivals=frozenset(rivals[claim.pk]),
            )
            for claim in claims
        ]
        dispute.state = dispute_state(sides, exclusive=dispute.exclusive)  # type: ignore[attr-defined]
