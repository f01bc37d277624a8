"""Whether the bearing of a piece of evidence counts, and why not. `docs/definitions.md` says it in words.

`EvidenceLink.objects.counting()` and `Premise.objects.failing()` say the same to the database; they stand in the files
of their models, since other conditions rest on them. One table of examples tests both
(`tests/claims/test_counting.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from claims.choices import ClaimStatus, Discount, Leaning, PremiseFate
from claims.models import Claim, Rating, Verdict
from claims.rules.current_verdict import current_verdict

REFUTED = 1
"""The ClaimReview value of a rating that refutes a claim and does not merely lean to it."""


def refutes_fully(rating: Rating) -> bool:
    """Whether a verdict with this rating says that its claim does not hold, without reserve."""
    return rating.leaning == Leaning.REFUTED and rating.claimreview_value == REFUTED


def fate_of(
    claim: Claim, verdicts: Iterable[Verdict], withdrawn_at: datetime | None = None
) -> tuple[str, datetime | None]:
    """Why a claim on which evidence depends does not hold, by all its verdicts: a code of `PremiseFate`, or empty.
    With it since when: of a withdrawn claim without `withdrawn_at`, since it was last changed."""
    if claim.status == ClaimStatus.WITHDRAWN:
        return PremiseFate.WITHDRAWN, min(withdrawn_at or claim.updated_at, claim.updated_at)
    verdict = current_verdict(verdicts)
    if verdict is None or not refutes_fully(verdict.rating):
        return "", None
    return PremiseFate.REFUTED, verdict.published_at


def why_discounted(*, own_assertion: bool, fates: Iterable[str]) -> str:
    """Why a standing link does not count: a code of `Discount`, or empty where it counts.

    `fates` are those of all claims on which it depends, whoever may read them.
    """
    if own_assertion:
        return Discount.OWN_ASSERTION
    return Discount.UNDERCUT if any(fates) else ""


def withdrawn_until(claims: Collection[int], moment: datetime) -> dict[int, datetime]:
    """When each of these claims was withdrawn that was so at the moment, as far as its history tells.

    `claims.models.claim.withdrawn_at` says the same to the database, of today.
    """
    found: dict[int, datetime] = {}
    history = Claim.history.filter(id__in=claims, history_date__lte=moment).order_by("history_id")
    for pk, status, at in history.values_list("id", "status", "history_date"):
        if status == ClaimStatus.WITHDRAWN:
            found.setdefault(pk, at)
        else:
            found.pop(pk, None)
    return found
