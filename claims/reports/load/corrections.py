"""Loads the corrections that one reader may read, the newest first, in one query."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet

from claims.models import Claim, Dispute, Verdict
from claims.reports.content.corrections import CorrectionNotice
from claims.reports.content.rows import CorrectionContent
from claims.reports.load.redact import Redaction
from factcheck.base.people import Reader
from factcheck.models.choosing import first_rows, has_any


def load_corrections(user: Reader, limit: int, dispute: Dispute | None = None) -> tuple[CorrectionNotice, ...]:
    """The newest `limit` corrections on published claims, of all disputes or of one."""
    return notices(first_rows(corrections_for(user, dispute), limit), user)


def corrections_for(user: Reader, dispute: Dispute | None = None) -> QuerySet[Verdict]:
    """The rows behind them, which a door may turn the pages of."""
    claims = Claim.objects.published().visible_to(user).filter(pk=OuterRef("claim"))
    rows = Verdict.objects.corrections().filter(has_any(claims))
    if dispute is not None:
        rows = rows.filter(claim__dispute=dispute)
    rows = rows.select_related(
        "claim__dispute",
        *(f"{path}{name}" for path in ("", "supersedes__") for name in ("rating__scale", "author", "reviewer")),
    )
    return rows.order_by("-published_at", "-id")


def notices(rows: Iterable[Verdict], user: Reader) -> tuple[CorrectionNotice, ...]:
    """Each of these corrections as `user` may know it."""
    redaction = Redaction.of(user)
    return tuple(_notice(row, redaction) for row in rows)


def _notice(row: Verdict, redaction: Redaction) -> CorrectionNotice:
    # A correction is a published verdict that supersedes another: the query asks for nothing else.
    assert row.published_at is not None
    assert row.supersedes is not None
    dispute, says = row.claim.dispute, row.claim.text
    return CorrectionNotice(
        id=row.pk,
        at=row.published_at,
        claim=row.claim_id,
        text=row.claim.text,
        language=row.claim.language,
        dispute=dispute.title if dispute is not None else "",
        slug=dispute.slug if dispute is not None else "",
        correction=CorrectionContent(redaction.verdict(row.supersedes, says), redaction.verdict(row, says)),
    )
