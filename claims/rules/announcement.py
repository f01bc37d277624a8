"""What of the audit trail the public may be told of: changes of what it may read now and could read right then."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from claims.choices import ClaimStatus, VerdictStatus, Visibility
from claims.models import Attribution, Claim, Dispute, Evidence, EvidenceLink
from claims.models.claim import ClaimChild, Withdrawable
from factcheck.audit.differences import recorded_models
from factcheck.audit.models import AuditEntry
from sources.models import Source

ROUTES = {
    "affiliation": "affiliation",
    "attribution": "attribution",
    "claim": "claim",
    "claimrelation": "relation",
    "confirmation": "confirmation",
    "dispute": "dispute",
    "document": "document",
    "evidence": "evidence",
    "evidencedocument": "evidence",
    "evidencelink": "evidence-link",
    "inquiry": "inquiry",
    "premise": "premise",
    "question": "question",
    "rating": "rating",
    "ratingscale": "rating-scale",
    "review": "review",
    "snapshot": "snapshot",
    "source": "source",
    "verdict": "verdict",
}
"""The nouns that the public reads, with the route of each in the API. No other leaves."""


def public_address(entry: AuditEntry) -> str | None:
    """The path in the API of what an entry tells of, or None when the public may not be told of it."""
    if entry.object_type not in ROUTES or not _for_the_public(entry):
        return None
    # The documents of evidence have no address of their own.
    pk = _version(entry).evidence_id if entry.object_type == "evidencedocument" else int(entry.object_id)
    return reverse(f"{ROUTES[entry.object_type]}-detail", args=[pk])


def _for_the_public(entry: AuditEntry) -> bool:
    """Whether anybody may read the row now, or may know that it was taken away, and could read it right then.

    That it could be read then keeps the way to a publication inside, also from a receiver that is told late.
    """
    then = _version(entry)
    if then is None or not _dispute_is_open(entry) or not _was_public(entry, then):
        return False
    model: Any = recorded_models()[entry.object_type]
    row = model._default_manager.public().filter(pk=entry.object_id).first()
    if row is not None:
        # Of a withheld source the public reads next to nothing: only that its name is withheld is news.
        return not getattr(row, "withheld", False) or "withheld" in entry.changes
    return _was_taken_away(entry, then)


def _version(entry: AuditEntry) -> Any:
    """The row as the entry left it; None when there is none, or it was erased."""
    if entry.history_id is None:
        return None
    model: Any = recorded_models()[entry.object_type]
    return model.history.model._default_manager.filter(pk=entry.history_id).first()


def _version_at(noun: str, pk: int, entry: AuditEntry) -> Any:
    """Another row as it was at the entry."""
    latest = AuditEntry.objects.filter(object_type=noun, object_id=str(pk), id__lte=entry.id).order_by("-id").first()
    return _version(latest) if latest is not None else None


def _dispute_is_open(entry: AuditEntry) -> bool:
    if entry.dispute_id is None:
        return True
    then = _version_at("dispute", entry.dispute_id, entry)
    if then is None or then.visibility != Visibility.PUBLIC:
        return False
    return Dispute.objects.open_to(AnonymousUser()).filter(pk=entry.dispute_id).exists()


def _was_public(entry: AuditEntry, then: Any) -> bool:
    if entry.object_type == "claim":
        return then.status == ClaimStatus.PUBLISHED or entry.action == "claim.withdrawn"
    if entry.object_type == "verdict" and then.status != VerdictStatus.PUBLISHED:
        return False
    return all(
        (claim := _version_at("claim", pk, entry)) is not None and claim.status == ClaimStatus.PUBLISHED
        for pk in _claims_of(entry, then)
    )


def _was_taken_away(entry: AuditEntry, then: Any) -> bool:
    if entry.action == "claim.withdrawn":
        # A claim that meanwhile belongs to a dispute of fewer readers says nothing any more.
        claim = Claim.objects.filter(pk=entry.object_id).first()
        return claim is not None and claim.dispute_id == entry.dispute_id
    if entry.action == "evidencedocument.deleted":
        return Evidence.objects.public().filter(pk=then.evidence_id).exists()
    model = recorded_models()[entry.object_type]
    if not issubclass(model, Withdrawable) or not entry.action.endswith(".withdrawn"):
        return False
    claims = _claims_of(entry, then)
    return Claim.objects.public().filter(pk__in=claims).count() == len(claims)


def _claims_of(entry: AuditEntry, then: Any) -> set[int]:
    """The claims on which it hangs who may read the row: its own and, of a relation, the other one."""
    if not issubclass(recorded_models()[entry.object_type], ClaimChild):
        return set()
    if entry.object_type == "premise":
        # It also hangs on the claim of its link, which never changes once the public could read it.
        links = EvidenceLink._base_manager.filter(pk=then.link_id)
        return {then.claim_id, *links.values_list("claim_id", flat=True)}
    return {then.claim_id, getattr(then, "other_id", then.claim_id)}


_NAMED = {
    "affiliation": ("source_id",),
    "document": ("publisher_id",),
    "attribution": ("source_id", "on_behalf_of_id"),
    "review": ("publisher_id",),
    "inquiry": ("source_id",),
}
"""The columns by which a row names sources."""


def public_disputes(ids: Collection[int]) -> set[int]:
    """Those of the ids that are disputes which anybody may read."""
    return set(Dispute.objects.public().filter(pk__in=ids).values_list("pk", flat=True))


def disputes_of(entry: AuditEntry) -> set[int]:
    """The dispute that the entry is about, if it is about one."""
    return {entry.dispute_id} if entry.dispute_id is not None else set()


def public_sources(ids: Collection[int]) -> set[int]:
    """Those of the ids that are sources which anybody may read, and by their names."""
    return set(Source.objects.public().filter(pk__in=ids, withheld=False).values_list("pk", flat=True))


def sources_of(entry: AuditEntry) -> set[int]:
    """The sources that an entry is about, as anybody may know: those that its row names, else those that speak about
    its claim.

    By a withheld source nothing is found, nor by a body for which it spoke: who asks for it would learn what it said.
    Only that its name is withheld is told by its own number.
    """
    if entry.object_type == "source":
        return {int(entry.object_id)}
    columns = _NAMED.get(entry.object_type)
    if columns is None:
        if entry.claim_id is None:
            return set()
        said = Attribution.objects.public().filter(claim=entry.claim_id, source__withheld=False)
        pairs = list(said.values_list("source_id", "on_behalf_of_id"))
    else:
        then = _version(entry)
        pairs = [tuple(getattr(then, column) for column in columns)] if then is not None else []
    named = {number for pair in pairs for number in pair if number is not None}
    withheld = set(Source._base_manager.filter(pk__in=named, withheld=True).values_list("pk", flat=True))
    # The first of a row is its voice.
    return {number for pair in pairs if pair[0] not in withheld for number in pair if number} - withheld
