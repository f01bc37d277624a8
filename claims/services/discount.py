"""Keeps why evidence does not count true, stored beside its links: reckoned anew, in the same transaction, when a link
changes, what it depends on, or where a piece comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.choices import ClaimStatus, VerdictStatus
from claims.models import Claim, Evidence, EvidenceLink, Premise, Rating, StoredDiscount, Verdict
from claims.rules.counting import Linked, find_discounts
from factcheck.audit.context import recording
from factcheck.audit.followers import follow, follow_deletion, note_touched, settle

BATCH = 500
DELETED_FROM = "deleted_from"
"""What the deletion of a link, or of what it depends on, touches: the claim of the link."""


def refresh_discounts(claims: Iterable[int]) -> set[int]:
    """What is stored with the links on these claims follows from the rows; returns the claims where it changed.

    The number of queries depends on the number of batches, and on how long lines of derived pieces are.
    """
    changed: set[int] = set()
    waiting = iter(claims)
    while batch := list(islice(waiting, BATCH)):
        with recording():
            changed |= _refresh(batch)
    return changed


def _refresh(claims: Collection[int]) -> set[int]:
    other = differing_discounts(claims)
    if not other:
        return set()
    StoredDiscount.objects.filter(link__in=other).delete()
    StoredDiscount.objects.bulk_create([StoredDiscount(link_id=pk, code=code) for pk, code in other.items() if code])
    changed = {*EvidenceLink.objects.filter(pk__in=other).order_by().values_list("claim_id", flat=True)}
    note_touched(("claim", pk) for pk in changed)
    return changed


def differing_discounts(claims: Collection[int]) -> dict[int, str]:
    """What should be stored with links on these claims, by their numbers, where something else is."""
    there = dict(StoredDiscount.objects.filter(link__claim__in=claims).values_list("link", "code"))
    found = reckon_discounts(claims)
    return {pk: found.get(pk, "") for pk in sorted(there.keys() | found.keys()) if there.get(pk) != found.get(pk)}


def reckon_discounts(claims: Collection[int]) -> dict[int, str]:
    """Why links on these claims do not count, by the number of the link: those only that do not."""
    # Where no link of a claim is its own assertion, part of a set or dependent, all of them count.
    marked = {*_special().filter(claim__in=claims).order_by().values_list("claim_id", flat=True)}
    if not marked:
        return {}
    fallen = Premise.objects.failing().filter(link__claim__in=marked).order_by().values_list("link_id", flat=True)
    undercut = set(fallen)
    columns = ("pk", "claim_id", "evidence_id", "own_assertion", "set_name", "withdrawn_at")
    links = [
        Linked(pk, claim, evidence, own, pk in undercut, name, withdrawn_at is None)
        for pk, claim, evidence, own, name, withdrawn_at in EvidenceLink.objects.filter(claim__in=marked)
        .order_by("pk")
        .values_list(*columns)
    ]
    found = find_discounts(links, _follows({link.evidence for link in links}))
    return {pk: code for pk, code in found.items() if code}


def _special() -> QuerySet[EvidenceLink]:
    """The links by which some of their claim may not count."""
    premises = Premise.objects.filter(link=OuterRef("pk"), withdrawn_at=None)
    return EvidenceLink.objects.filter(Q(own_assertion=True) | ~Q(set_name="") | Exists(premises))


def special_claims() -> list[int]:
    """The claims on which some evidence may not count, or is stored as that."""
    rows = _special() | EvidenceLink.objects.exclude(stored_discount=None)
    return sorted({*rows.order_by().values_list("claim_id", flat=True)})


def _follows(pieces: Collection[int]) -> dict[int, int | None]:
    """From what each of these pieces, and all above it, derives; what is independent follows none."""
    follows: dict[int, int | None] = {}
    newest = set(pieces)
    while newest:
        rows = Evidence.objects.filter(pk__in=newest, independent_because="", derived_from__isnull=False).order_by()
        found = dict(rows.values_list("pk", "derived_from_id"))
        follows |= found
        newest = {*found.values()} - follows.keys()
    return follows


# --- what changes it ---


def follow_discounts(then: Callable[[Collection[int]], object]) -> None:
    """Have every change that can bear on what counts followed by reckoning it anew, and call `then` with the claims
    where it came to something else."""

    def renew(claims: Iterable[int]) -> None:
        if changed := refresh_discounts(sorted({*claims})):
            then(changed)

    follow(EvidenceLink, lambda rows: renew(_of_links(rows)))
    follow(Premise, lambda rows: renew(row.link.claim_id for row in rows))
    follow(Evidence, lambda rows: renew(_of_evidence(rows)))
    follow(Claim, lambda rows: renew(_depending(row.pk for row in rows if _has_fallen(row))))
    follow(Verdict, lambda rows: renew(_depending(row.claim_id for row in rows if _is_public(row))))
    follow(Rating, lambda rows: renew(_depending(_decided_with(rows))))
    # When a row is deleted, what refers to it may still wait for its own deletion.
    follow_deletion(EvidenceLink, lambda rows: note_touched((DELETED_FROM, row.claim_id) for row in rows))
    follow_deletion(Premise, lambda rows: note_touched((DELETED_FROM, row.link.claim_id) for row in rows))
    settle(lambda touched: renew(number for kind, number in touched if kind == DELETED_FROM))


def _of_links(rows: Sequence[EvidenceLink]) -> set[int]:
    """The claims of links that are more than one more piece that counts by itself."""
    found = {row.claim_id for row in rows if row.own_assertion or row.set_name}
    found |= {version.claim_id for row in rows if row._before is not None for version in (row, row._before)}
    others = [row for row in rows if row.claim_id not in found]
    unread = {row.evidence_id for row in others if not EvidenceLink.evidence.is_cached(row)}
    derived = Evidence.objects.filter(pk__in=unread, derived_from__isnull=False) if unread else Evidence.objects.none()
    deriving = {*derived.order_by().values_list("pk", flat=True)}
    deriving |= {row.evidence_id for row in others if row.evidence_id not in unread and row.evidence.derived_from_id}
    return found | {row.claim_id for row in others if row.evidence_id in deriving}


def _of_evidence(rows: Sequence[Evidence]) -> set[int]:
    """The claims of the links of pieces that come from something else now, and of all that derives from them."""
    changed = {row.pk for row in rows if row._before is not None and _derivation(row._before) != _derivation(row)}
    reached, newest = changed, changed
    while newest:
        newest = {*Evidence.objects.filter(derived_from__in=newest).order_by().values_list("pk", flat=True)} - reached
        reached = reached | newest
    links = EvidenceLink.objects.filter(evidence__in=reached).order_by() if reached else EvidenceLink.objects.none()
    return {*links.values_list("claim_id", flat=True)}


def _derivation(piece: Evidence) -> tuple[int | None, bool]:
    return piece.derived_from_id, bool(piece.independent_because)


def _depending(claims: Iterable[int]) -> set[int]:
    """The claims on which evidence bears that means nothing unless one of these holds."""
    if not (grounds := {*claims}):
        return set()
    return {*Premise.objects.filter(claim__in=grounds).order_by().values_list("link__claim_id", flat=True)}


def _has_fallen(claim: Claim) -> bool:
    """Whether the claim is withdrawn, or was before the change."""
    return ClaimStatus.WITHDRAWN in {version.status for version in (claim, claim._before) if version is not None}


def _is_public(verdict: Verdict) -> bool:
    """Whether the verdict is published, or was before the change."""
    return VerdictStatus.PUBLISHED in {version.status for version in (verdict, verdict._before) if version is not None}


def _decided_with(rows: Sequence[Rating]) -> Iterator[int]:
    """The claims whose current verdict gives one of these ratings, where they changed."""
    changed = [row.pk for row in rows if row._before is not None]
    if changed:
        yield from Verdict.objects.current().filter(rating__in=changed).values_list("claim_id", flat=True)
