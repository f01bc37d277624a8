"""What makes twins of two claims, and what of statements keeps twins of sources and documents apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from claims.choices import RIVALRY, ClaimStatus
from claims.models import Assessment, Attribution, Claim, ClaimRelation, Premise
from factcheck.models.merged import guard_twins
from factcheck.models.recorded import RecordedModel
from sources.models import Document, Source
from sources.services.merging import Merging, merges, refuse_merging


def merge_claims() -> None:
    """Say how claims are merged, once, when the app is loaded."""
    merges(
        Claim,
        Merging(
            permission="claims.change_claim",
            shown=("text", "dispute", "question", "status", "context", "language", "tags", "check_reason"),
            takes_over=("context", "check_reason"),
            leaves=True,
            staying=_staying,
            close=_withdraw,
        ),
    )
    refuse_merging(Claim, _of_claims)
    refuse_merging(Source, lambda twin, _into: _earlier(Q(source=twin) | Q(on_behalf_of=twin)))
    refuse_merging(Document, lambda twin, _into: _earlier(Q(document=twin)))
    guard_twins(Claim)


def _withdraw(twin: Claim, reason: str) -> None:
    twin.status, twin.withdrawn_reason = ClaimStatus.WITHDRAWN, reason


def _of_claims(twin: Claim, into: Claim) -> Iterator[str]:
    if twin.first_published_at is not None:
        yield (
            "This claim was published, and stays on record with all that hangs on it. Merge the other one into it; or, "
            "where both were published, relate them as “repeats”: then they are counted as one."
        )
    if twin.dispute_id != into.dispute_id:
        yield "They belong to different disputes: move one of them first (dispute)."
    if into.status == ClaimStatus.WITHDRAWN:
        yield "The one that would stay is withdrawn. Choose one that stands."
    for verdict in twin.verdicts.order_by("pk")[:1]:
        yield (
            f"Verdict {verdict.pk} was written on this claim and judges its wording: it cannot go along. Merge the "
            "other one into this, or delete it while it is a draft."
        )
    for tie in ClaimRelation.objects.standing().filter(_between(twin, into), kind__in=RIVALRY).order_by("pk")[:1]:
        yield (
            f"Relation {tie.pk} says that they {tie.get_kind_display().split(':')[0].lower()} each other, so they are "
            "two. Remove or withdraw it first."
        )


def _between(twin: Claim, into: Claim) -> Q:
    return Q(claim=twin, other=into) | Q(claim=into, other=twin)


def _staying(twin: Claim, into: Claim) -> Mapping[type[RecordedModel], Q]:
    """Ratings stay with the wording that was rated; so does what the other one has, or would have of itself."""
    ends = {twin.pk, into.pk}
    ties = ClaimRelation._base_manager.filter(withdrawn_at=None, kind=OuterRef("kind"))
    again = Q(pk__in=[])
    for mine, far in (("claim", "other"), ("other", "claim")):
        same = ties.filter(claim=into, other=OuterRef(far)) | ties.filter(other=into, claim=OuterRef(far))
        again |= Q(Exists(same), **{mine: twin})
    return {
        Assessment: Q(claim=twin),
        ClaimRelation: Q(claim__in=ends, other__in=ends) | again & Q(withdrawn_at=None),
        Premise: Q(link__claim=into),
    }


def _earlier(theirs: Any) -> Iterator[str]:
    """A statement that was made of an earlier wording would look as if somebody had held it against the present one."""
    for row in Attribution.objects.standing().of_earlier_wording().filter(theirs).order_by("pk")[:1]:
        yield (
            f"Attribution {row.pk} was entered before its claim got its present wording. Look at it first: save it as "
            "it is, with a reason, or withdraw it."
        )
