"""Which claims and disputes tell something else since a moment: their own row, or anything that a reader sees in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from claims.choices import ClaimStatus
from claims.models import (
    Attribution,
    Claim,
    ClaimRelation,
    Confirmation,
    Dispute,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    Premise,
    Question,
    Rating,
    Review,
    Verdict,
)
from claims.models.claim import readable_claims
from claims.models.dispute import open_disputes
from factcheck.audit.models import AuditEntry
from factcheck.base.people import Reader
from sources.models import Document, Source

MOST = 10_000
"""So many claims are told one by one; where more have changed, every claim may have."""
LOOKED_AT = 4 * MOST
"""So many rows are looked at for them."""


class _TooMany(Exception):
    """More changed than is told one by one."""


def claims_changed(moment: datetime, reader: Reader) -> Q:
    """The condition that what `reader` sees of a claim has changed since then.

    Of what they may not see nothing is told: neither that it changed, nor what hangs on it.
    """
    since = _Since(moment, reader)
    try:
        # As numbers, not as an alternative for which each claim is asked.
        return Q(pk__in=since.claims() | since.own(Claim))
    except _TooMany:
        return Q()


def disputes_changed(moment: datetime, reader: Reader) -> Q:
    """The same of disputes, which show their questions and claims."""
    since = _Since(moment, reader)
    try:
        claims = since.readable(since.claims() | since.ids(since.new(Claim), "pk"))
        told = since.ids(Claim.objects.filter(pk__in=claims).exclude(dispute=None), "dispute")
        told |= since.ids(since.new(Question), "dispute")
        deleted = AuditEntry.objects.filter(action="question.deleted", at__gte=moment)
        told |= since.ids(deleted.exclude(dispute_id=None), "dispute_id")
        return Q(pk__in=told | since.own(Dispute))
    except _TooMany:
        return Q()


class _Since:
    """What changed since a moment, as far as a reader may know."""

    def __init__(self, moment: datetime, reader: Reader) -> None:
        self.moment, self.reader = moment, reader

    def new(self, model: Any) -> QuerySet[Any]:
        """The rows of a noun that were entered, changed or withdrawn since."""
        rows = model.objects.filter(updated_at__gte=self.moment)
        if any(field.name == "withdrawn_at" for field in model._meta.concrete_fields):
            return rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gte=self.moment))
        return rows

    def ids(self, rows: QuerySet[Any], column: str) -> set[int]:
        """What stands in a column of these rows. Raises _TooMany."""
        return {value for (value,) in self.rows(rows, column)} - {None}

    def rows(self, rows: QuerySet[Any], *columns: str) -> list[tuple[Any, ...]]:
        """What differs in these columns of the rows. Raises _TooMany."""
        # Told apart here: for DISTINCT SQLite walks an index of the columns, whatever the rows are chosen by.
        looked_at = list(rows.order_by().values_list(*columns)[: LOOKED_AT + 1])
        found = list(dict.fromkeys(looked_at))
        if len(looked_at) > LOOKED_AT or len(found) > MOST:
            raise _TooMany
        return found

    def own(self, model: Any) -> set[int]:
        """The rows of a noun that were changed themselves. Raises _TooMany."""
        return self.ids(model.objects.filter(updated_at__gte=self.moment), "pk")

    def claims(self) -> set[int]:
        """The claims of which something beside their own row has changed; also such as the reader may not read."""
        found: set[int] = set()
        for some in self._claims():
            found |= set(some)
            if len(found) > MOST:
                raise _TooMany
        return found

    def _claims(self) -> Iterator[Iterable[int]]:
        said = self.ids(self.new(Attribution), "claim")
        yield said
        yield from (self.ids(self.new(model), "claim") for model in (Review, Inquiry))
        yield self._beside(said)
        yield from self._of_names()
        yield from self._of_evidence()
        yield from self._of_verdicts()
        ties = self.rows(self.new(ClaimRelation), "claim", "other")
        readable = self.readable({claim for tie in ties for claim in tie})
        tied = {claim for tie in ties if readable.issuperset(tie) for claim in tie}
        yield tied
        yield self._beside(tied)
        yield self._beside(self.ids(self.new(Claim), "pk"))
        yield self.ids(Claim.objects.filter(question__in=self.ids(self.new(Question), "pk")), "pk")
        yield self.ids(Claim.objects.filter(dispute__in=self.ids(self.new(Dispute), "pk")), "pk")

    def readable(self, claims: set[int]) -> set[int]:
        """Those of these claims that the reader may read, or could until they were withdrawn since."""
        gone = Q(status=ClaimStatus.WITHDRAWN, first_published_at__isnull=False, updated_at__gte=self.moment)
        open_to_them = Q(dispute=None) | open_disputes(self.reader, "dispute__")
        rows = Claim.objects.filter(readable_claims(self.reader) | (gone & open_to_them), pk__in=claims)
        return self.ids(rows, "pk") if claims else set()

    def _beside(self, claims: set[int]) -> set[int]:
        """The rivals of those of these claims that the reader may read, which tell who contradicts them."""
        shown = self.readable(claims)
        questions = self.ids(Claim.objects.filter(pk__in=shown).exclude(question=None), "question")
        ties = ClaimRelation.objects.standing()
        found = self.ids(Claim.objects.filter(question__in=questions), "pk")
        found |= self.ids(ties.filter(claim__in=shown), "other") | self.ids(ties.filter(other__in=shown), "claim")
        return found

    def _of_names(self) -> Iterator[Iterable[int]]:
        changed = self.ids(self.new(Source), "pk")
        told = self.ids(Source.objects.named_to(self.reader).filter(pk__in=changed), "pk")
        said = Attribution.objects.standing()
        speaking = self.ids(said.filter(source__in=changed), "claim")
        speaking |= self.ids(said.with_principals_for(self.reader).filter(on_behalf_of__in=told), "claim")
        yield speaking
        yield self._beside(speaking)
        yield self.ids(Review.objects.standing().filter(publisher__in=changed), "claim")
        yield self.ids(Inquiry.objects.standing().filter(source__in=changed), "claim")
        works = self.ids(self.new(Document), "pk")
        # Of a work that was retracted it is told beside those whom it contradicts.
        yield self._beside(self.ids(said.filter(document__in=works), "claim"))
        documents = works | self.ids(Document.objects.filter(publisher__in=told), "pk")
        yield self.ids(said.filter(document__in=documents), "claim")
        yield self._carrying(self.ids(EvidenceDocument.objects.filter(document__in=documents), "evidence"))

    def _of_evidence(self) -> Iterator[Iterable[int]]:
        links = EvidenceLink.objects.known_to(self.reader).filter(updated_at__gte=self.moment)
        yield self.ids(links, "claim")
        evidence = self.ids(self.new(Evidence), "pk") | self.ids(self.new(EvidenceDocument), "evidence")
        yield self._carrying(evidence)
        if evidence:
            known = self.ids(Evidence.objects.visible_to(self.reader).filter(pk__in=evidence), "pk")
            yield self._carrying(self.ids(Evidence.objects.filter(derived_from__in=known), "pk"))
        premises = self.rows(self.new(Premise), "link", "claim")
        readable = self.readable({claim for _link, claim in premises})
        shown = [link for link, claim in premises if claim in readable]
        yield self.ids(EvidenceLink.objects.known_to(self.reader).filter(pk__in=shown), "claim")

    def _carrying(self, evidence: set[int]) -> set[int]:
        """The claims on which the reader sees this evidence bear."""
        shown = EvidenceLink.objects.standing().known_to(self.reader)
        return self.ids(shown.filter(evidence__in=evidence), "claim")

    def _of_verdicts(self) -> Iterator[Iterable[int]]:
        decided = self.ids(Verdict.objects.published().filter(updated_at__gte=self.moment), "claim")
        confirmed = self.ids(self.new(Confirmation), "verdict")
        decided |= self.ids(Verdict.objects.filter(pk__in=confirmed), "claim")
        ratings = self.ids(self.new(Rating), "pk")
        yield decided
        if ratings:
            yield self.ids(Verdict.objects.current().filter(rating__in=ratings), "claim")
        yield self.ids(Review.objects.standing().filter(rating__in=ratings), "claim")
        # What depends on a claim that was decided may count no more, or again.
        premises = Premise.objects.standing().filter(claim__in=self.readable(decided))
        yield self.ids(premises, "link__claim")
