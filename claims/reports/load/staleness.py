"""Looks for what has changed under a verdict: in the rows of a dossier, or in those read for this alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import prefetch_related_objects
from django.utils import timezone

from claims.choices import ClaimStatus, PremiseFate
from claims.logic.staleness import Reason, Trace, asked_otherwise, due, reasons, reworded
from claims.logic.wording import within
from claims.models import Attribution, Claim, ClaimRelation, Confirmation, EvidenceLink, Premise, Verdict
from claims.reports.load import rows as read
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel
from sources.models import Document, Snapshot


class Ground(Protocol):
    """What a verdict rests on, under the ids of claims, evidence, documents and verdicts: part of `Rows`."""

    @property
    def attributions(self) -> Mapping[int, list[Attribution]]: ...
    @property
    def links(self) -> Mapping[int, list[EvidenceLink]]: ...
    @property
    def premises(self) -> Mapping[int, list[Premise]]: ...
    @property
    def relations(self) -> Mapping[int, list[ClaimRelation]]: ...
    @property
    def withdrawn(self) -> Mapping[int, list[Any]]: ...
    @property
    def carriers(self) -> Mapping[int, list[Document]]: ...
    @property
    def carried(self) -> Mapping[int, datetime]: ...
    @property
    def snapshots(self) -> Mapping[int, list[Snapshot]]: ...
    @property
    def confirmations(self) -> Mapping[int, list[Confirmation]]: ...
    @property
    def moment(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Grounds:
    """The part of `Rows` that tells what is stale, for pages that need nothing else."""

    attributions: Mapping[int, list[Attribution]]
    links: Mapping[int, list[EvidenceLink]]
    premises: Mapping[int, list[Premise]]
    relations: Mapping[int, list[ClaimRelation]]
    withdrawn: Mapping[int, list[Any]]
    carriers: Mapping[int, list[Document]]
    carried: Mapping[int, datetime]
    snapshots: Mapping[int, list[Snapshot]]
    confirmations: Mapping[int, list[Confirmation]]
    moment: datetime | None = None


def load_stale(verdicts: Sequence[Verdict], user: Reader) -> dict[int, tuple[Reason, ...]]:
    """Why each of these current verdicts is stale, by its claim; as many queries for one as for many.

    Empty outside the desk, and for a claim that is not published.
    """
    open_to = [row for row in verdicts if row.claim.status == ClaimStatus.PUBLISHED]
    if not open_to or not is_desk(user):
        return {}
    prefetch_related_objects([row.claim for row in open_to], "question")
    grounds = _grounds([row.claim_id for row in open_to], user)
    return {row.claim_id: why_stale(row.claim, row, grounds) for row in open_to}


def why_stale(claim: Claim, current: Verdict | None, ground: Ground) -> tuple[Reason, ...]:
    """The reasons for which the current verdict on the claim is stale, at the moment that its ground shows; the caller
    asks for the desk alone."""
    if current is None or current.published_at is None or claim.status != ClaimStatus.PUBLISHED:
        return ()
    confirmed = [row.created_at for row in ground.confirmations.get(current.pk, [])]
    looked_at = timezone.localtime(max([current.published_at, *confirmed]))
    changed = reasons(looked_at, [*_traces(claim, ground)])
    question = claim.question
    reworded_at = timezone.localtime(question.reworded_at) if question is not None and question.reworded_at else None
    by_itself = (
        asked_otherwise(claim.pk, reworded_at, looked_at),
        reworded(claim.pk, current.claim_text, claim.text, timezone.localtime(claim.updated_at)),
        due(current.pk, current.review_by, looked_at, timezone.localtime(ground.moment)),
    )
    return (*changed, *(reason for reason in by_itself if reason is not None))


def _traces(claim: Claim, ground: Ground) -> Iterator[Trace]:
    said, links = ground.attributions.get(claim.pk, []), ground.links.get(claim.pk, [])
    standing = [*said, *links, *ground.relations.get(claim.pk, [])]
    for row in [*standing, *ground.withdrawn.get(claim.pk, [])]:
        yield _trace(row, _NOUNS[type(row)], _named(row, claim), withdrawn=row.withdrawn_at)
    documents = {row.document.pk: row.document for row in said if row.document is not None}
    for link in links:
        for premise in ground.premises.get(link.pk, []):
            yield from _premise_traces(premise, link)
        yield _trace(link.evidence, "evidence", f"The evidence “{within(link.evidence.title)}”")
        if (at := ground.carried.get(link.evidence_id)) is not None:
            name = f"The documents that carry “{within(link.evidence.title)}”"
            added = timezone.localtime(link.evidence.created_at)
            yield Trace("carriers", link.evidence_id, name, timezone.localtime(at), added=added)
        documents |= {row.pk: row for row in ground.carriers.get(link.evidence_id, [])}
    for document in documents.values():
        yield _trace(
            document, "document", f"The document “{within(document.title)}”", retracted=bool(document.retracted_on)
        )
        for copy in ground.snapshots.get(document.pk, []):
            if copy.broken_since is not None:
                name = f"A kept copy of “{within(document.title)}”"
                yield Trace("snapshot", copy.pk, name, timezone.localtime(copy.broken_since))


def _premise_traces(premise: Premise, link: EvidenceLink) -> Iterator[Trace]:
    """What was done to a premise, and when its claim fell."""
    on = f"on which the evidence “{within(link.evidence.title)}” depends"
    name = f"The claim “{within(str(premise.claim))}”, {on},"
    yield _trace(premise, "premise", _of_premise(premise))
    if premise.fell_at is not None:
        at = timezone.localtime(premise.fell_at)
        withdrawn = at if premise.fate == PremiseFate.WITHDRAWN else None
        yield Trace("premise_claim", premise.claim_id, name, at, withdrawn=withdrawn)


_NOUNS = {Attribution: "attribution", EvidenceLink: "evidence_link", Premise: "premise", ClaimRelation: "relation"}


def _of_premise(row: Premise) -> str:
    return f"That the evidence “{within(row.link.evidence.title)}” depends on “{within(str(row.claim))}”"


def _named(row: Attribution | EvidenceLink | ClaimRelation | Premise, claim: Claim) -> str:
    if isinstance(row, Premise):
        return _of_premise(row)
    if isinstance(row, Attribution):
        return f"The attribution to {row.source.name}"
    if isinstance(row, EvidenceLink):
        return f"The link to the evidence “{within(row.evidence.title)}”"
    other = row.other if row.claim_id == claim.pk else row.claim
    return f"The relation to claim {other.pk} (“{within(str(other))}”)"


def _trace(
    row: RecordedModel, noun: str, name: str, *, withdrawn: datetime | None = None, retracted: bool = False
) -> Trace:
    return Trace(
        noun,
        row.pk,
        name,
        changed=timezone.localtime(row.updated_at),
        added=timezone.localtime(row.created_at),
        withdrawn=timezone.localtime(withdrawn) if withdrawn else None,
        retracted=retracted,
    )


def _grounds(claims: Collection[int], user: Reader) -> Grounds:
    joined = read.joined_to(claims, user)
    attributions, links = joined.attributions, joined.links
    evidence = {link.evidence_id for link in links}
    carriers = read.carriers_of(evidence)
    documents = {row.document_id for row in attributions if row.document_id}
    documents |= {document.pk for found in carriers.values() for document in found}
    return Grounds(
        attributions=read.under("claim_id", attributions),
        links=read.under("claim_id", links),
        premises=read.under("link_id", joined.premises),
        relations=read.on_either_claim(joined.relations),
        withdrawn=joined.withdrawn,
        carriers=carriers,
        carried=read.carried_at(evidence),
        snapshots=read.under("document_id", Snapshot.objects.filter(document__in=documents)),
        confirmations=read.under("verdict_id", read.confirmations_on(claims)),
    )


def next_review_days(disputes: Collection[int]) -> dict[int, date]:
    """The first day still to come on which a verdict in force of each dispute is to be looked at again."""
    waiting = Verdict.objects.current().filter(claim__dispute__in=disputes, review_by__gt=timezone.localdate())
    # Of several the first stays: it comes last.
    return dict(waiting.order_by("-review_by").values_list("claim__dispute", "review_by"))
