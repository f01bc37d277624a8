"""The rows behind a dossier: one query for each noun, whatever the number of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q, QuerySet

from claims.logic.pieces import Kinship, Shown
from claims.models import (
    Assessment,
    Attribution,
    ClaimRelation,
    Confirmation,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    Premise,
    QuoteCheck,
    Review,
    Verdict,
)
from claims.reports.load.speakers import Speakers, load_speakers
from factcheck.audit.access import is_desk
from factcheck.base.people import Reader
from sources.models import Affiliation, Document, Snapshot, Source

# UNION, not UNION ALL: it drops what it has seen, so that a circle ends. Parents by a sub-query, not by a join: for a
# join SQLite reads the whole table first, to build a Bloom filter of it.
_ANCESTRY = """
WITH RECURSIVE ancestry (id) AS (
    SELECT id FROM {table} WHERE id IN ({ids})
    UNION
    SELECT ({parent}) FROM ancestry WHERE id IS NOT NULL
)
SELECT id, ({parent}), ({independent}) FROM ancestry WHERE id IS NOT NULL
"""
_INDEPENDENT = "SELECT evidence.independent_because <> '' FROM {table} evidence WHERE evidence.id = ancestry.id"
_PARENT = "SELECT evidence.derived_from_id FROM {table} evidence WHERE evidence.id = ancestry.id"


@dataclass(frozen=True, slots=True)
class Rows:
    """What hangs on a set of claims and may be read by one user, under the id of its claim, document or evidence.

    `speakers` and `kinship` also hold what that user may not read, by id alone: otherwise the relays of a hidden
    origin would be counted as so many origins.
    """

    attributions: Mapping[int, list[Attribution]]
    speakers: Speakers
    links: Mapping[int, list[EvidenceLink]]
    """The bearings that stand, also those that do not count; each knows whether it counts."""
    premises: Mapping[int, list[Premise]]
    """The claims on which bearings depend, under the link; each knows its fate."""
    kinship: Kinship
    titles: Mapping[int, str]
    carriers: Mapping[int, list[Document]]
    snapshots: Mapping[int, list[Snapshot]]
    verdicts: Mapping[int, list[Verdict]]
    relations: Mapping[int, list[ClaimRelation]]
    reviews: Mapping[int, list[Review]]
    inquiries: Mapping[int, list[Inquiry]]
    assessments: Mapping[int, list[Assessment]]
    """Those of all analysts, under their claim: outsiders are told what they come to, not who rated how."""
    confirmations: Mapping[int, list[Confirmation]]
    quotes: Mapping[int, QuoteCheck]
    carried: Mapping[int, datetime]
    """When a document was last added to, or taken from, what carries a piece of evidence."""
    withdrawn: Mapping[int, list[Any]]
    """The attributions, evidence links and relations that stand no more, under the claim: for the desk alone."""
    bodies: Mapping[int, Source]
    """Whoever speaks or is spoken for, and all bodies to which they belong or belonged."""
    affiliations: Mapping[int, list[Affiliation]]
    """What those were before, under the source."""
    moment: datetime | None = None
    """The past moment at which the rows stood so; None for now."""

    def shown(self, claims: Iterable[int]) -> list[Shown]:
        """The evidence that counts on these claims."""
        links = (link for claim in claims for link in self.links.get(claim, []))
        return [
            Shown(link.evidence_id, link.bearing, link.claim_id, link.set_name) for link in links if not link.discounted
        ]

    @classmethod
    def of(cls, claims: Collection[int], user: Reader) -> Rows:
        """The rows that hang on the claims with these ids and that `user` may read, those in force only."""
        joined = joined_to(claims, user)
        attributions, links, relations = joined.attributions, joined.links, joined.relations
        evidence = {link.evidence_id for link in links}
        kinship = load_kinship(evidence)
        carriers = carriers_of(evidence)
        documents = {row.document_id for row in attributions if row.document_id}
        documents |= {document.pk for found in carriers.values() for document in found}
        related = {pk for row in relations for pk in (row.claim_id, row.other_id)}
        bodies, affiliations = _bodies(attributions)
        return cls(
            attributions=under("claim_id", attributions),
            speakers=load_speakers(claims, user),
            links=under("claim_id", links),
            premises=under("link_id", joined.premises),
            kinship=kinship,
            titles=dict(
                Evidence.objects.visible_to(user).filter(pk__in=kinship.derived_from).values_list("pk", "title")
            ),
            carriers=carriers,
            # No visible_to: their documents have passed it already, and a snapshot is read with its document.
            snapshots=under("document_id", Snapshot.objects.filter(document__in=documents).defer("text")),
            verdicts=under("claim_id", _verdicts({*claims, *related}, user)),
            relations=on_either_claim(relations),
            reviews=under("claim_id", _reviews(claims, user)),
            inquiries=under("claim_id", _inquiries(claims, user)),
            assessments=under("claim_id", _assessments(claims, evidence, user)),
            confirmations=under("verdict_id", confirmations_on(claims)),
            quotes={row.pk: row for row in QuoteCheck.objects.filter(attribution__in=attributions)},
            carried=carried_at(evidence),
            withdrawn=joined.withdrawn,
            bodies=bodies,
            affiliations=affiliations,
        )


@dataclass(frozen=True, slots=True)
class Joined:
    """What joins claims to other rows, and `withdrawn` what did, under the claim: the desk alone is told of that."""

    attributions: list[Attribution]
    links: list[EvidenceLink]
    premises: list[Premise]
    relations: list[ClaimRelation]
    withdrawn: Mapping[int, list[Any]]


def joined_to(claims: Collection[int], user: Reader) -> Joined:
    """What `user` may read of what joins these claims to others: one query for each noun."""
    said, said_before = _parted(_attributions(claims, user))
    links, links_before = _parted(_links(claims, user))
    premises, premises_before = _parted(_premises(claims, user))
    relations, relations_before = _parted(relations_on(claims, user))
    withdrawn: dict[int, list[Any]] = defaultdict(list)
    for row in (*said_before, *links_before):
        withdrawn[row.claim_id].append(row)
    for premise in premises_before:
        withdrawn[premise.link.claim_id].append(premise)
    for claim, rows in on_either_claim(relations_before).items():
        withdrawn[claim] += rows
    return Joined(said, links, premises, relations, dict(withdrawn))


def _parted(rows: QuerySet[Any]) -> tuple[list[Any], list[Any]]:
    """Those that stand, and those that were withdrawn."""
    found = list(rows)
    return [row for row in found if row.withdrawn_at is None], [row for row in found if row.withdrawn_at is not None]


def _attributions(claims: Collection[int], user: Reader) -> QuerySet[Attribution]:
    """What is said on these claims, and was."""
    rows = Attribution.objects.visible_to(user).filter(claim__in=claims)
    return rows.select_related(
        "source__part_of", "on_behalf_of__part_of", "document__publisher__part_of", "relayed_from", "joint_with"
    ).by_said_on()


def _links(claims: Collection[int], user: Reader) -> QuerySet[EvidenceLink]:
    """The bearings of evidence on these claims; whoever may read one may read its evidence."""
    rows = EvidenceLink.objects.visible_to(user).filter(claim__in=claims)
    # The claim is asked for where the desk is told what is stale; a long dispute has hundreds of links on few claims.
    beside = ("evidence", "claim") if is_desk(user) else ("evidence",)
    return rows.select_related(*beside).with_discount().order_by("id")


def _premises(claims: Collection[int], user: Reader) -> QuerySet[Premise]:
    """What the evidence on these claims depends on."""
    rows = Premise.objects.visible_to(user).filter(link__claim__in=claims, link__withdrawn_at=None)
    return rows.select_related("claim", "link__evidence").with_fate().order_by("id")


def relations_on(claims: Collection[int], user: Reader) -> QuerySet[ClaimRelation]:
    """The relations on either side of these claims, withdrawn ones too."""
    rows = ClaimRelation.objects.visible_to(user)
    return rows.filter(Q(claim__in=claims) | Q(other__in=claims)).select_related("claim", "other").order_by("id")


def _verdicts(claims: Collection[int], user: Reader) -> QuerySet[Verdict]:
    rows = Verdict.objects.visible_to(user).filter(claim__in=claims)
    return rows.select_related("rating__scale", "author", "reviewer").order_by("id")


def _reviews(claims: Collection[int], user: Reader) -> QuerySet[Review]:
    rows = Review.objects.visible_to(user).standing().filter(claim__in=claims)
    return rows.select_related("publisher__part_of", "rating").order_by("id")


def _inquiries(claims: Collection[int], user: Reader) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.visible_to(user).standing().filter(claim__in=claims)
    return rows.select_related("source__part_of").order_by("asked_on", "id")


def _assessments(claims: Collection[int], evidence: Collection[int], user: Reader) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(claim__in=claims, evidence__in=evidence).order_by("id")
    # Outside the desk nobody is told who rated.
    return rows.select_related("analyst") if is_desk(user) else rows


def confirmations_on(claims: Collection[int]) -> QuerySet[Confirmation]:
    """Who confirmed verdicts on these claims."""
    return Confirmation.objects.filter(verdict__claim__in=claims).select_related("reviewer").order_by("id")


def _bodies(attributions: Iterable[Attribution]) -> tuple[dict[int, Source], dict[int, list[Affiliation]]]:
    """Whoever speaks with all above them, now and before: two queries for each generation above the second, and one
    for the first two."""
    near = {row for said in attributions for row in (said.source, said.on_behalf_of) if row is not None}
    found = {row.pk: row for row in near}
    found |= {row.part_of.pk: row.part_of for row in near if row.part_of is not None}
    before: dict[int, list[Affiliation]] = {}
    asked: set[int] = set()
    while missing := found.keys() - asked:
        before |= under("source_id", Affiliation.objects.filter(source__in=missing).select_related("part_of"))
        asked |= missing
        above = {row.part_of_id for row in found.values()}
        above |= {row.part_of_id for rows in before.values() for row in rows}
        if wanted := {pk for pk in above if pk is not None} - found.keys():
            found |= Source.objects.select_related("part_of").in_bulk(wanted)
    return found, before


def carried_at(evidence: Collection[int]) -> dict[int, datetime]:
    """When a document was last added to, or taken from, what carries each of these pieces of evidence."""
    # Of what was taken away the history alone knows; when the others came, the rows: what was entered from a file
    # is younger in the history than it is.
    gone = EvidenceDocument.history.filter(evidence__in=evidence, history_type="-").order_by()
    last = dict(gone.values_list("evidence").annotate(Max("history_date")))
    there = EvidenceDocument.objects.filter(evidence__in=evidence).order_by()
    for pk, at in there.values_list("evidence").annotate(Max("updated_at")):
        last[pk] = max(at, last.get(pk, at))
    return last


def on_either_claim(relations: Collection[ClaimRelation] | QuerySet[ClaimRelation]) -> dict[int, list[Any]]:
    """The relations, each under both of its claims."""
    one, other = under("claim_id", relations), under("other_id", relations)
    return {pk: [*one.get(pk, ()), *other.get(pk, ())] for pk in {*one, *other}}


def carriers_of(evidence: Collection[int]) -> dict[int, list[Document]]:
    """The documents that carry each of these pieces of evidence, whose links their reader may read, and so what carries
    it: to ask that again for each can take PostgreSQL seconds, where it has no statistics yet."""
    rows = EvidenceDocument.objects.filter(evidence__in=evidence).order_by("id")
    carriers = list(rows.values_list("evidence", "document"))
    # Once each: one document carries many pieces.
    works = Document.objects.select_related("publisher__part_of").in_bulk({document for _piece, document in carriers})
    found: dict[int, list[Document]] = defaultdict(list)
    for piece, document in carriers:
        found[piece].append(works[document])
    return dict(found)


def load_kinship(evidence: Collection[int]) -> Kinship:
    """What may make one origin of these pieces of evidence, whoever may read it: two queries."""
    line = ancestry(sorted(evidence))
    found: dict[int, list[int]] = defaultdict(list)
    carriers = EvidenceDocument.objects.joining().filter(evidence__in=[piece for piece, *_rest in line])
    for piece, document in carriers.order_by("id").values_list("evidence", "document"):
        found[piece].append(document)
    independent = frozenset(piece for piece, _parent, says_why in line if says_why)
    return Kinship({piece: parent for piece, parent, _says_why in line}, found, independent)


def ancestry(evidence: list[int]) -> list[tuple[int, int | None, bool]]:
    """Each of these pieces of evidence and all their ancestors, with the piece that each derives from and whether it
    says why it is independent."""
    if not evidence:
        return []
    table = connection.ops.quote_name(Evidence._meta.db_table)
    query = _ANCESTRY.format(
        table=table,
        parent=_PARENT.format(table=table),
        independent=_INDEPENDENT.format(table=table),
        ids=", ".join(["%s"] * len(evidence)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, evidence)
        return cursor.fetchall()


def under(column: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    """The rows under the id in this column."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return dict(found)
