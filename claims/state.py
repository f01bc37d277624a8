"""How far disputes are decided, read for any number of them with the same number of queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch, prefetch_related_objects

from claims.logic.dispute_state import Side, dispute_state
from claims.models import Claim, Dispute, EvidenceLink, Verdict


def load_states(disputes: Sequence[Dispute]) -> None:
    """Attach `state` to each dispute; three queries."""
    published = Claim.objects.published().prefetch_related(
        Prefetch("verdicts", Verdict.objects.current().select_related("rating"), to_attr="current_verdicts"),
        Prefetch("evidence_links", EvidenceLink.objects.standing(), to_attr="standing_links"),
    )
    prefetch_related_objects(disputes, Prefetch("claims", published, to_attr="published_claims"))
    for dispute in disputes:
        dispute.state = dispute_state(  # type: ignore[attr-defined]
            Side(
                leaning=next((verdict.rating.leaning for verdict in claim.current_verdicts), None),
                bearings=frozenset(link.bearing for link in claim.standing_links),
            )
            for claim in dispute.published_claims  # type: ignore[attr-defined]
        )
