"""How far disputes are decided, as conditions for the database; `claims.logic.dispute_state` says the same of rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from claims.choices import Bearing, ClaimStatus, DisputeState, Leaning
from claims.models.claim import Claim
from claims.models.dispute import DisputeQuerySet
from claims.models.evidence import EvidenceLink
from claims.models.relation import ClaimRelation
from claims.models.verdict import Verdict


def in_state(disputes: DisputeQuerySet, state: str) -> DisputeQuerySet:
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


def _either(*, everyone: Any, linked: Any) -> Q:
    """All claims compete where a dispute is exclusive or none are linked as rivals, otherwise those that are."""
    no_rivals = Q(exclusive=True) | ~Exists(_linked())
    return (no_rivals & Exists(everyone)) | (~no_rivals & Exists(linked))


def _sides() -> Any:
    """The published claims of the dispute."""
    return Claim._base_manager.filter(dispute=OuterRef("pk"), status=ClaimStatus.PUBLISHED)


def _linked() -> Any:
    return _sides().filter(_rivalled())


def _beside() -> Any:
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
    """That standing evidence bears on the claim in this way."""
    return Q(Exists(EvidenceLink.objects.standing().filter(claim=OuterRef(claim), bearing=bearing)))
