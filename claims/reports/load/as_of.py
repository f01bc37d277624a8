"""A dispute or claim as it stood at one moment, as far as a reader may know of it.

Read is what this reader could read then and may read now: what was closed or withheld since stays closed, and a
draft of then is not shown as published. Rows come back as they were: verdicts rested on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model

from claims.choices import ClaimStatus, VerdictStatus, Visibility
from claims.models import (
    Assessment,
    Attribution,
    Claim,
    ClaimRelation,
    Confirmation,
    Dispute,
    DisputeMember,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    Premise,
    Rating,
    RatingScale,
    Review,
    Verdict,
)
from claims.models.attribution import SAME_CLAIM
from claims.models.claim import ClaimChild, Withdrawable
from claims.reports.load.as_of_counting import mark_discounts, mark_fates
from claims.reports.load.as_of_questions import find_questions
from claims.reports.load.rows import under
from claims.rules.counting import withdrawn_until
from factcheck.audit.access import is_desk
from factcheck.base.ancestry import ancestors
from factcheck.base.people import Reader
from factcheck.models.recorded import RecordedModel
from factcheck.models.versions import Versions, join
from sources.models import Affiliation, Document, Snapshot, Source

Rows = dict[int, Any]


class Past:
    """What hangs on some claims at one moment, each row joined to the others as they then were.

    A fixed number of queries, but for one for each generation of evidence and of bodies that belong to others.
    """

    def __init__(self, moment: datetime, user: Reader) -> None:
        self.moment, self.user, self.desk = moment, user, is_desk(user)
        self.versions = Versions(moment)

    # --- disputes and claims ---

    def dispute(self, pk: int) -> Dispute | None:
        """The dispute, or None when the reader may not know of it or it was not there."""
        return self._open_disputes([pk]).get(pk)

    def claim(self, pk: int) -> Claim | None:
        """The claim, or None when the reader may not read it or it was not there."""
        return self.readable(self.versions.where(Claim, "id", {pk})).get(pk)

    def claims_of(self, dispute: Dispute) -> Rows:
        """All claims that the dispute then had, whoever may read them."""
        claims = self.versions.where(Claim, "dispute", {dispute.pk})
        join(claims.values(), "dispute", {dispute.pk: dispute})
        return claims

    def readable(self, claims: Rows) -> Rows:
        """Those of the claims that the reader could read then and may read now."""
        disputes = self._open_disputes({claim.dispute_id for claim in claims.values() if claim.dispute_id})
        join(claims.values(), "dispute", disputes)
        now = set(Claim.objects.visible_to(self.user).filter(pk__in=claims).values_list("pk", flat=True))
        if self.desk:
            # A draft that was deleted since is on record for the desk.
            now |= claims.keys() - _still_there(Claim, claims)
        return {
            pk: claim
            for pk, claim in claims.items()
            if pk in now
            and (claim.dispute_id is None or claim.dispute_id in disputes)
            and (self.desk or claim.status == ClaimStatus.PUBLISHED)
        }

    def _open_disputes(self, ids: Collection[int]) -> Rows:
        disputes = self.versions.where(Dispute, "id", set(ids))
        open_now = set(Dispute.objects.open_to(self.user).filter(pk__in=disputes).values_list("pk", flat=True))
        if self.desk:
            open_now |= disputes.keys() - _still_there(Dispute, disputes)
        return {pk: row for pk, row in disputes.items() if pk in open_now and self._was_open(row)}

    def _was_open(self, dispute: Dispute) -> bool:
        if dispute.visibility == Visibility.PUBLIC:
            return True
        if self.user is None or not self.user.is_authenticated or not self.user.is_active:
            return False
        return dispute.visibility == Visibility.INTERNAL or dispute.pk in self._memberships

    @cached_property
    def _memberships(self) -> set[int]:
        pk = self.user.pk if self.user is not None else None
        return set(DisputeMember.objects.filter(user=pk).values_list("dispute", flat=True)) if pk else set()

    # --- what hangs on claims ---

    def load(self, claims: Rows, shown: Rows) -> None:
        """Read back what hung on these claims. `shown` are those of them that the reader may read: what the reader
        may not know of is left out, but for `all_links` and `all_relations`, which tell the state of a dispute."""
        self.claims, self.shown = claims, shown
        self.attributions = self._children(Attribution)
        self._load_evidence()
        self._load_premises()
        self._load_relations()
        self._load_verdicts()
        self.reviews = self._children(Review)
        self.inquiries = self._children(Inquiry)
        self._load_documents()
        self._load_sources()
        for rows in (self.attributions, self.reviews, self.inquiries):
            join(rows.values(), "claim", self.claims)

    def _children(self, model: type[ClaimChild]) -> Rows:
        return self.versions.where(model, "claim", self.shown.keys())

    def _load_evidence(self) -> None:
        self.all_links = self.versions.where(EvidenceLink, "claim", self.claims.keys())
        links = {pk: link for pk, link in self.all_links.items() if link.claim_id in self.shown}
        linked = {link.evidence_id for link in self.all_links.values()}
        self.pieces = self._generations(Evidence, "derived_from", linked)
        parents = {pk: row.derived_from_id for pk, row in self.pieces.items()}
        known = {end for row in links.values() for end in (row.evidence_id, *ancestors(row.evidence_id, parents))}
        self.evidence = {pk: row for pk, row in self.pieces.items() if pk in known}
        join(self.evidence.values(), "derived_from", self.evidence)
        closed = {row.dispute_id for row in self.evidence.values() if row.dispute_id}
        disputes = self._open_disputes(closed)
        join(self.evidence.values(), "dispute", disputes)
        gathered = {pk for pk, row in self.evidence.items() if row.dispute_id is None or row.dispute_id in disputes}
        self.links = {pk: link for pk, link in links.items() if link.evidence_id in gathered}
        join(self.links.values(), "evidence", self.evidence)
        join(self.links.values(), "claim", self.claims)
        self.readable_evidence = self._readable_evidence(gathered)
        for row in self.evidence.values():
            row.origin_readable = row.derived_from_id in self.readable_evidence
        self.assessments = {pk: row for pk, row in self._children(Assessment).items() if row.evidence_id in gathered}
        self.carriers = self.versions.where(EvidenceDocument, "evidence", self.evidence.keys())
        gone = EvidenceDocument.history.filter(evidence__in=self.evidence, history_date__lte=self.moment)
        acts = list(gone.filter(history_type="-").values_list("evidence", "history_date"))
        acts += [(row.evidence_id, row.updated_at) for row in self.carriers.values()]
        self.carried: dict[int, datetime] = {}
        for evidence, at in acts:
            self.carried[evidence] = max(at, self.carried.get(evidence, at))

    def _load_premises(self) -> None:
        """What the evidence depended on, and whether that held then: the latter whoever may read it."""
        premises = self.versions.where(Premise, "link", self.all_links.keys())
        claims = self.versions.where(Claim, "id", {row.claim_id for row in premises.values()})
        verdicts = self.versions.where(Verdict, "claim", claims.keys())
        join(verdicts.values(), "rating", self.versions.of(Rating, {row.rating_id for row in verdicts.values()}))
        decided, gone = under("claim_id", verdicts.values()), withdrawn_until(claims.keys(), self.moment)
        mark_fates(premises.values(), claims, decided, gone)
        mark_discounts(self.all_links.values(), premises.values(), self.pieces)
        known = self.readable(claims)
        join(premises.values(), "claim", known)
        join(premises.values(), "link", self.links)
        self.premises = {
            pk: row for pk, row in sorted(premises.items()) if row.claim_id in known and row.link_id in self.links
        }

    def _readable_evidence(self, gathered: set[int]) -> set[int]:
        """As Evidence.objects.visible_to says it: what bears on a claim that the reader may read."""
        links = self.versions.where(EvidenceLink, "evidence", gathered)
        others = {link.claim_id for link in links.values()} - self.shown.keys()
        claims = self.shown | self.readable(self.versions.where(Claim, "id", others))
        linked = {
            link.evidence_id for link in links.values() if link.claim_id in claims and (self.desk or _stands(link))
        }
        unlinked = gathered - {link.evidence_id for link in links.values()} if self.desk else set()
        return linked | unlinked

    def _load_relations(self) -> None:
        touching = [self.versions.where(ClaimRelation, end, self.claims.keys()) for end in ("claim", "other")]
        self.all_relations = touching[0] | touching[1]
        ends = {end for row in self.all_relations.values() for end in (row.claim_id, row.other_id)}
        self.others = self.readable(self.versions.where(Claim, "id", ends - self.claims.keys()))
        known = self.shown | self.others
        self.relations = {
            pk: row
            for pk, row in sorted(self.all_relations.items())
            if row.claim_id in known and row.other_id in known and {row.claim_id, row.other_id} & self.shown.keys()
        }
        join(self.relations.values(), "claim", known)
        join(self.relations.values(), "other", known)
        self._load_beside()

    def _load_beside(self) -> None:
        """What was said on rivals of the claims that are shown."""
        self.questions = find_questions(self.versions, self.claims)
        exclusive = {pk for pk, row in self.questions.items() if row.exclusive}
        asked = exclusive & {row.question_id for row in self.shown.values()}
        together = self.versions.where(Claim, "question", asked)
        self.others |= self.readable({pk: row for pk, row in together.items() if pk not in self.shown})
        join([*self.claims.values(), *self.others.values()], "question", self.questions)
        self.said_beside = self.versions.where(Attribution, "claim", self.others.keys() - self.shown.keys())
        join(self.said_beside.values(), "claim", self.others)

    def _load_verdicts(self) -> None:
        known = self.claims | self.others
        verdicts = self.versions.where(Verdict, "claim", known.keys())
        self.verdicts = {pk: row for pk, row in verdicts.items() if self.desk or row.status == VerdictStatus.PUBLISHED}
        self.confirmations = self.versions.where(Confirmation, "verdict", self.verdicts.keys())
        join(self.verdicts.values(), "claim", known)
        join(self.verdicts.values(), "supersedes", verdicts)
        join(self.confirmations.values(), "verdict", self.verdicts)

    def _load_documents(self) -> None:
        said = [*self.attributions.values(), *self.said_beside.values()]
        self.documents = self.versions.of(Document, {row.document_id for row in (*said, *self.carriers.values())})
        self.snapshots = self.versions.where(Snapshot, "document", self.documents.keys())
        join(said, "document", self.documents)
        for name in SAME_CLAIM:
            join(self.attributions.values(), name, self.attributions)
        join(self.carriers.values(), "document", self.documents)
        join(self.carriers.values(), "evidence", self.evidence)
        join(self.snapshots.values(), "document", self.documents)
        carriers = under("evidence_id", self.carriers.values())
        for pk, evidence in self.evidence.items():
            evidence._prefetched_objects_cache = {"carriers": carriers.get(pk, [])}

    def _load_sources(self) -> None:
        named = [("source", self.attributions), ("on_behalf_of", self.attributions), ("source", self.inquiries)]
        named += [("source", self.said_beside), ("on_behalf_of", self.said_beside)]
        named += [("publisher", self.reviews), ("publisher", self.documents)]
        ids = {getattr(row, f"{name}_id") for name, rows in named for row in rows.values()}
        self._load_bodies({pk for pk in ids if pk is not None})
        # Whoever was named on that day and is withheld now stays withheld.
        withheld = Source._base_manager.filter(pk__in=self.sources, withheld=True).values_list("pk", flat=True)
        for pk in withheld:
            self.sources[pk].withheld = True
        join(self.sources.values(), "part_of", self.sources)
        for name, rows in named:
            join(rows.values(), name, self.sources)
        rated = {row.rating_id for rows in (self.verdicts, self.reviews) for row in rows.values()}
        ratings = self.versions.of(Rating, rated)
        join(ratings.values(), "scale", self.versions.of(RatingScale, {row.scale_id for row in ratings.values()}))
        for rows in (self.verdicts, self.reviews):
            join(rows.values(), "rating", ratings)
        self._load_people()

    def _load_bodies(self, wanted: set[int]) -> None:
        """These sources and all bodies to which they then belonged, or had belonged."""
        self.sources: Rows = {}
        self.affiliations: dict[int, list[Affiliation]] = {}
        while wanted:
            self.sources |= self.versions.of(Source, wanted)
            self.affiliations |= under("source_id", self.versions.where(Affiliation, "source", wanted).values())
            above = {row.part_of_id for row in self.sources.values()}
            above |= {row.part_of_id for rows in self.affiliations.values() for row in rows}
            wanted = above - self.sources.keys() - {None}
        for rows in self.affiliations.values():
            join(rows, "part_of", self.sources)

    def _load_people(self) -> None:
        acts: list[tuple[str, Rows]] = [("author", self.verdicts), ("reviewer", self.verdicts)]
        acts += [("reviewer", self.confirmations), ("analyst", self.assessments), ("taken_by", self.snapshots)]
        people = self.people({getattr(row, f"{name}_id") for name, rows in acts for row in rows.values()})
        for name, rows in acts:
            join(rows.values(), name, people)

    def people(self, ids: Iterable[int | None]) -> Rows:
        """The accounts with these ids, as they are now: they have no history."""
        return dict(get_user_model()._default_manager.in_bulk(set(ids) - {None}))

    def visible(self, rows: Iterable[Any]) -> list[Any]:
        """As ClaimChild.objects.visible_to says it: outside the desk only what stood."""
        return [row for row in rows if self.desk or _stands(row)]

    def _generations(self, model: type[Evidence | Source], parent: str, ids: Iterable[int | None]) -> Rows:
        """The rows with these ids and all that they descend from."""
        found: Rows = {}
        wanted = {pk for pk in ids if pk is not None}
        while wanted:
            found |= self.versions.of(model, wanted)
            wanted = {getattr(row, f"{parent}_id") for row in found.values()} - found.keys() - {None}
        return found


def _still_there(model: type[RecordedModel], ids: Iterable[int]) -> set[int]:
    return set(model._base_manager.filter(pk__in=ids).values_list("pk", flat=True))


def _stands(row: Withdrawable) -> bool:
    return row.withdrawn_at is None
