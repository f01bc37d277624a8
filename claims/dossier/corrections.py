"""Loads the newest corrections that one reader may read, in one query."""

from __future__ import annotations

from typing import Any

from claims.dossier.mask import Mask
from claims.logic.corrections import CorrectionNotice
from claims.logic.dossier_rows import CorrectionView
from claims.models import Claim, Dispute, Verdict


def load_corrections(user: Any, limit: int, dispute: Dispute | None = None) -> tuple[CorrectionNotice, ...]:
    """The newest `limit` corrections on published claims, of all disputes or of one."""
    mask = Mask.of(user)
    rows = Verdict.objects.visible_to(user).corrections().filter(claim__in=Claim.objects.published())
    if dispute is not None:
        rows = rows.filter(claim__dispute=dispute)
    rows = rows.select_related(
        "claim__dispute",
        *(f"{path}{name}" for path in ("", "supersedes__") for name in ("rating__scale", "author", "reviewer")),
    )
    return tuple(_notice(row, mask) for row in rows.order_by("-published_at", "-id")[:limit])


def _notice(row: Any, mask: Mask) -> CorrectionNotice:
    dispute = row.claim.dispute
    return CorrectionNotice(
        id=row.pk,
        at=row.published_at,
        claim=row.claim_id,
        text=row.claim.text,
        language=row.claim.language,
        dispute=dispute.title if dispute is not None else "",
        slug=dispute.slug if dispute is not None else "",
        correction=CorrectionView(mask.verdict(row.supersedes), mask.verdict(row)),
    )
