"""How far a dispute is decided, from its published claims alone.

The rule stands first; below it are the rows it is asked of, and the same rule as conditions for the database. One table
of examples tests both (`tests/claims/test_dispute_state.py`): whoever changes one changes the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.choices import Bearing, ClaimStatus, DisputeState, Leaning
from claims.models import Claim, ClaimRelation, Dispute, EvidenceLink, Verdict


@dataclass(frozen=True, slots=True)
class Side:
    """One published claim of a dispute: what its current verdict says, and the bearings of its evidence that counts.

    `leaning` is "supported", "refuted" or "neither", and None without a published verdict. `claim` is its id, `rivals`
    the ids of the claims that a relation makes its rivals.
    """

    leaning: str | None
    bearings: frozenset[str] = frozenset()
    claim: int = 0
    rivals: frozenset[int] = frozenset()


def dispute_state(sides: Iterable[Side], *, exclusive: bool = False) -> str:
    """ "open", "contested" or "settled".

    Asked are the claims that compete: those linked as rivals, or all of them where none are or where the dispute is
    `exclusive`, so that an undisputed circumstance does not count as a side. Open: none of them has a verdict.
    Settled: exactly one is supported and its rivals are refuted. Contested: evidence speaks on more than one side and
    no verdict has refuted it away, that is, two rivals that are not refuted have supporting evidence, or one claim
    that is not refuted has evidence both for and against it. What has verdicts but is neither is still open.
    """
    sides = list(sides)
    rivals = _with_rivals(sides)
    linked = [side for side in sides if side.claim in rivals]
    everyone = exclusive or not linked
    competing = sides if everyone else linked
    if not any(side.leaning for side in competing):
        return "open"
    supported = [side for side in competing if side.leaning == "supported"]
    if len(supported) == 1:
        others = [side for side in competing if side is not supported[0]]
        against = others if everyone else [side for side in others if _rivals(side, supported[0])]
        if all(side.leaning == "refuted" for side in against):
            return "settled"
    alive = [side for side in competing if side.leaning != "refuted"]
    backed = [side for side in alive if "supports" in side.bearings]
    divided = any(everyone or _rivals(one, other) for one, other in combinations(backed, 2))
    torn = any({"supports", "refutes"} <= side.bearings for side in alive)
    return "contested" if divided or torn else "open"


def _with_rivals(sides: list[Side]) -> set[int]:
    """The claims that have a rival among the others, found in one walk: some disputes have thousands of claims."""
    claims = {side.claim for side in sides}
    pairs = [(side.claim, other) for side in sides for other in side.rivals if other in claims and other != side.claim]
    return {claim for pair in pairs for claim in pair}


def _rivals(one: Side, other: Side) -> bool:
    return one.claim in other.rivals or other.claim in one.rivals


def states_of(disputes: Sequence[Dispute] | QuerySet[Dispute]) -> dict[int, str]:
    """The state of each of these disputes, by id; four queries, of values alone: a dispute may have thousands of
    claims."""
    ids = [dispute.pk for dispute in disputes]
    published = {"claim__dispute__in": ids, "claim__status": ClaimStatus.PUBLISHED}
    leanings = dict(Verdict.objects.current().filter(**published).values_list("claim_id", "rating__leaning"))
    bearings: dict[int, set[str]] = defaultdict(set)
    for claim, bearing in EvidenceLink.objects.counting().filter(**published).values_list("claim_id", "bearing"):
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
    return {dispute.pk: dispute_state(sides[dispute.pk], exclusive=dispute.exclusive) for dispute in disputes}


Disputes = TypeVar("Disputes", bound=QuerySet[Any])


def in_state(disputes: Disputes, state: str) -> Disputes:
    """Those of the disputes that are in this state.

    Conditions on the rows of one dispute, not figures of all of them: a page of disputes costs its own claims. They
    count what is published, whoever asks, as the state that is shown does.
    """
    if state == DisputeState.SETTLED:
        return disputes.filter(_settled())
    if state == DisputeState.CONTESTED:
        return disputes.filter(_contested(), ~_settled())
    return disputes.filter(~(_settled() | _contested()))


def _decided() -> Q:
    return _either(everyone=_sides().filter(_judged()), linked=_linked().filter(_judged()))


def _settled() -> Q:
    """One supported claim, and no other that is supported too or, being its rival, not refuted."""
    others = _beside()
    alone = _sides().filter(_judged(Leaning.SUPPORTED)).filter(~Exists(others.filter(~_judged(Leaning.REFUTED))))
    also = others.filter(_rivalled(), _judged(Leaning.SUPPORTED))
    ahead = _linked().filter(_judged(Leaning.SUPPORTED)).filter(~Exists(also), ~_alive_rival())
    return _either(everyone=alone, linked=ahead)


def _contested() -> Q:
    """Two rivals with evidence for them, or one claim with evidence both ways, and no verdict that refutes it away."""
    alive = ~_judged(Leaning.REFUTED)
    backed = alive & _shown(Bearing.SUPPORTS)
    torn = backed & _shown(Bearing.REFUTES)
    divided = _sides().filter(backed).filter(Exists(_beside().filter(backed)))
    against = _linked().filter(backed).filter(_alive_rival(backed=True))
    open_to_doubt = _either(everyone=divided, linked=against) | _either(
        everyone=_sides().filter(torn), linked=_linked().filter(torn)
    )
    return open_to_doubt & _decided()


def _either(*, everyone: QuerySet[Claim], linked: QuerySet[Claim]) -> Q:
    """All claims compete where a dispute is exclusive or none are linked as rivals, otherwise those that are."""
    no_rivals = Q(exclusive=True) | ~Exists(_linked())
    return (no_rivals & Exists(everyone)) | (~no_rivals & Exists(linked))


def _sides() -> QuerySet[Claim]:
    """The published claims of the dispute."""
    return Claim._base_manager.filter(dispute=OuterRef("pk"), status=ClaimStatus.PUBLISHED)


def _linked() -> QuerySet[Claim]:
    return _sides().filter(_rivalled())


def _beside() -> QuerySet[Claim]:
    """The published claims of the dispute of a claim, that claim left out."""
    return Claim._base_manager.filter(~Q(pk=OuterRef("pk")), dispute=OuterRef("dispute"), status=ClaimStatus.PUBLISHED)


def _rivalled() -> Q:
    """That a claim has a published rival in its own dispute; one rule for either end of a relation."""
    rivalries = ClaimRelation.objects.rivalries()
    told = rivalries.filter(
        claim=OuterRef("pk"), other__dispute=OuterRef("dispute"), other__status=ClaimStatus.PUBLISHED
    )
    heard = rivalries.filter(
        other=OuterRef("pk"), claim__dispute=OuterRef("dispute"), claim__status=ClaimStatus.PUBLISHED
    )
    return Q(Exists(told)) | Q(Exists(heard))


def _alive_rival(*, backed: bool = False) -> Q:
    """That a claim has a rival which is not refuted, and has evidence for it if that is asked."""
    found = Q()
    for here, there in (("claim", "other"), ("other", "claim")):
        same = {f"{there}__dispute": OuterRef("dispute"), f"{there}__status": ClaimStatus.PUBLISHED}
        rivalries = ClaimRelation.objects.rivalries().filter(**{here: OuterRef("pk"), **same})
        rivalries = rivalries.filter(~_judged(Leaning.REFUTED, claim=there))
        found |= Q(Exists(rivalries.filter(_shown(Bearing.SUPPORTS, claim=there)) if backed else rivalries))
    return found


def _judged(leaning: str = "", *, claim: str = "pk") -> Q:
    """That the claim has a current verdict, of this leaning if one is named."""
    verdicts = Verdict.objects.current().filter(claim=OuterRef(claim))
    return Q(Exists(verdicts.filter(rating__leaning=leaning) if leaning else verdicts))


def _shown(bearing: str, *, claim: str = "pk") -> Q:
    """That evidence which counts bears on the claim in this way."""
    return Q(Exists(EvidenceLink.objects.counting().filter(claim=OuterRef(claim), bearing=bearing)))
