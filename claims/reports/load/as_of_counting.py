"""What counted as evidence at one moment, marked on rows of that moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from claims.models import Claim, Evidence, EvidenceLink, Premise, Verdict
from claims.rules.counting import Linked, fate_of, find_discounts


def mark_fates(
    premises: Collection[Premise],
    claims: Mapping[int, Claim],
    verdicts: Mapping[int, list[Verdict]],
    withdrawn: Mapping[int, datetime],
) -> None:
    """Each premise knows whether its claim held, by all verdicts on that, and when it was withdrawn, if so."""
    for row in premises:
        if (claim := claims.get(row.claim_id)) is not None:
            row.fate, row.fell_at = fate_of(claim, verdicts.get(claim.pk, []), withdrawn.get(claim.pk))


def mark_discounts(
    links: Collection[EvidenceLink], premises: Collection[Premise], pieces: Mapping[int, Evidence]
) -> None:
    """Each link knows why it did not count: `links` are all that their claims had, `pieces` the evidence and all from
    which that derives."""
    undercut = {row.link_id for row in premises if row.fate and row.withdrawn_at is None}
    linked = [
        Linked(
            id=row.pk,
            claim=row.claim_id,
            evidence=row.evidence_id,
            own=row.own_assertion,
            undercut=row.pk in undercut,
            set_name=row.set_name,
            stands=row.withdrawn_at is None,
        )
        for row in links
    ]
    follows = {pk: row.derived_from_id for pk, row in pieces.items() if not row.independent_because}
    found = find_discounts(linked, follows)
    for row in links:
        row.discount = found[row.pk]
