"""Whether the bearing of a piece of evidence counts, and why not. `docs/definitions.md` says it in words.

`claims/services/discount.py` stores what it comes to, for `EvidenceLink.objects.counting()`.
`Premise.objects.failing()` says `fate_of` to the database. One table of examples tests all
(`tests/claims/test_counting.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from claims.choices import ClaimStatus, Discount, Leaning, PremiseFate
from claims.models import Claim, Rating, Verdict
from claims.rules.current_verdict import current_verdict
from factcheck.base.ancestry import ancestors

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


@dataclass(frozen=True, slots=True)
class Linked:
    """The bearing of one piece of evidence on one claim, as far as it decides what counts.

    `undercut` says that a claim on which it depends does not hold, whoever may read that.
    """

    id: int
    claim: int
    evidence: int
    own: bool = False
    undercut: bool = False
    set_name: str = ""
    stands: bool = True


def find_discounts(links: Iterable[Linked], follows: Mapping[int, int | None]) -> dict[int, str]:
    """Why each of these links does not count: a code of `Discount`, or empty where it counts if it stands.

    `links` are all links of their claims. `follows` maps each piece to that from which it derives, in all generations;
    a piece that says why it is independent follows none.
    """
    links = list(links)
    own = {(link.claim, link.evidence) for link in links if link.own and link.stands}
    fallen = {(link.claim, link.evidence) for link in links if link.undercut and link.stands}
    found = {link.id: _alone(link, own, fallen, follows) for link in links}
    linked = {(link.claim, link.set_name, link.evidence) for link in links if link.stands}
    broken = {
        (link.claim, link.set_name)
        for link in links
        if (found[link.id] if link.stands else (link.claim, link.set_name, link.evidence) not in linked)
    }
    for link in links:
        if link.set_name and not found[link.id] and (link.claim, link.set_name) in broken:
            found[link.id] = Discount.BROKEN_SET
    return found


def _alone(
    link: Linked,
    own: Collection[tuple[int, int]],
    fallen: Collection[tuple[int, int]],
    follows: Mapping[int, int | None],
) -> str:
    """Why it does not count, whatever it is part of."""
    if link.own:
        return Discount.OWN_ASSERTION
    above = [(link.claim, piece) for piece in ancestors(link.evidence, follows)]
    if any(one in own for one in above):
        return Discount.REPEATS_OWN
    if link.undercut:
        return Discount.UNDERCUT
    return Discount.REPEATS_UNDERCUT if any(one in fallen for one in above) else ""


def withdrawn_until(claims: Collection[int], moment: datetime) -> dict[int, datetime]:
    """When each of these claims was withdrawn that was so at the moment, as far as its history tells.

    `claims.models.staleness.withdrawn_at` says the same to the database, of today.
    """
    found: dict[int, datetime] = {}
    history = Claim.history.filter(id__in=claims, history_date__lte=moment).order_by("history_id")
    for pk, status, at in history.values_list("id", "status", "history_date"):
        if status == ClaimStatus.WITHDRAWN:
            found.setdefault(pk, at)
        else:
            found.pop(pk, None)
    return found
