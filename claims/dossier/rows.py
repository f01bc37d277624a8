"""The rows behind a dossier: one query for each noun, whatever the number of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, Q, QuerySet

from claims.models import (
    Assessment,
    Attribution,
    ClaimRelation,
    Confirmation,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    QuoteCheck,
    Review,
    Verdict,
)
from sources.models import Document, Snapshot, Source

# UNION, not UNION ALL: it drops what it has seen, so that a circle ends.
_ANCESTRY = """
WITH RECURSIVE ancestry (id) AS (
    SELECT id FROM {table} WHERE id IN ({ids})
    UNION
    SELECT evidence.derived_from_id FROM {table} evidence JOIN ancestry ON evidence.id = ancestry.id
    WHERE evidence.derived_from_id IS NOT NULL
)
SELECT evidence.id, evidence.derived_from_id FROM {table} evidence JOIN ancestry ON evidence.id = ancestry.id
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """What hangs on a set of claims and may be read by one user, under the id of its claim, document or evidence.

    `relayed_from` and `derived_from` also hold what that user may not read, by id alone: otherwise the relays of a
    hidden origin would be counted as so many origins.
    """

    attributions: Mapping[int, list[Attribution]]
    relayed_from: Mapping[int, int | None]
    links: Mapping[int, list[EvidenceLink]]
    derived_from: Mapping[int, int | None]
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
    bodies: Mapping[int, Source]
    """Whoever speaks or is spoken for, and all bodies to which they belong."""

    @classmethod
    def of(cls, claims: Collection[int], user: Any) -> Rows:
        """The rows that hang on the claims with these ids and that `user` may read, those in force only."""
        attributions = list(_attributions(claims, user))
        links = list(_links(claims, user))
        relations = list(_relations(claims, user))
        evidence = {link.evidence_id for link in links}
        derived_from = ancestry(sorted(evidence))
        carriers = _carriers(evidence, user)
        documents = {row.document_id for row in attributions if row.document_id}
        documents |= {document.pk for found in carriers.values() for document in found}
        related = {pk for row in relations for pk in (row.claim_id, row.other_id)}
        return cls(
            attributions=_under("claim_id", attributions),
            relayed_from=dict(Attribution.objects.filter(claim__in=claims).values_list("pk", "relayed_from")),
            links=_under("claim_id", links),
            derived_from=derived_from,
            titles=dict(Evidence.objects.visible_to(user).filter(pk__in=derived_from).values_list("pk", "title")),
            carriers=carriers,
            # No visible_to: their documents have passed it already, and a snapshot is read with its document.
            snapshots=_under("document_id", Snapshot.objects.filter(document__in=documents)),
            verdicts=_under("claim_id", _verdicts({*claims, *related}, user)),
            relations=_merged(_under("claim_id", relations), _under("other_id", relations)),
            reviews=_under("claim_id", _reviews(claims, user)),
            inquiries=_under("claim_id", _inquiries(claims, user)),
            assessments=_under("claim_id", _assessments(claims, evidence)),
            confirmations=_under("verdict_id", _confirmations(claims)),
            quotes={row.pk: row for row in QuoteCheck.objects.filter(attribution__in=attributions)},
            carried=_carried(evidence),
            bodies=_bodies(attributions),
        )


def _attributions(claims: Collection[int], user: Any) -> QuerySet[Attribution]:
    rows = Attribution.objects.visible_to(user).standing().filter(claim__in=claims)
    return rows.select_related(
        "source__part_of", "on_behalf_of__part_of", "document__publisher__part_of", "relayed_from"
    ).by_said_on()


def _links(claims: Collection[int], user: Any) -> QuerySet[EvidenceLink]:
    rows = EvidenceLink.objects.visible_to(user).standing().filter(claim__in=claims)
    # A link may join a claim that is open to all with evidence of a dispute that is not.
    return rows.filter(evidence__in=Evidence.objects.visible_to(user)).select_related("evidence").order_by("id")


def _relations(claims: Collection[int], user: Any) -> QuerySet[ClaimRelation]:
    rows = ClaimRelation.objects.visible_to(user).standing()
    return rows.filter(Q(claim__in=claims) | Q(other__in=claims)).select_related("claim", "other").order_by("id")


def _verdicts(claims: Collection[int], user: Any) -> QuerySet[Verdict]:
    rows = Verdict.objects.visible_to(user).filter(claim__in=claims)
    return rows.select_related("rating__scale", "author", "reviewer").order_by("id")


def _reviews(claims: Collection[int], user: Any) -> QuerySet[Review]:
    rows = Review.objects.visible_to(user).standing().filter(claim__in=claims)
    return rows.select_related("publisher__part_of", "rating").order_by("id")


def _inquiries(claims: Collection[int], user: Any) -> QuerySet[Inquiry]:
    rows = Inquiry.objects.visible_to(user).standing().filter(claim__in=claims)
    return rows.select_related("source__part_of").order_by("asked_on", "id")


def _assessments(claims: Collection[int], evidence: Collection[int]) -> QuerySet[Assessment]:
    rows = Assessment.objects.filter(claim__in=claims, evidence__in=evidence)
    return rows.select_related("analyst").order_by("id")


def _confirmations(claims: Collection[int]) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(verdict__claim__in=claims).select_related("reviewer").order_by("id")


def _bodies(attributions: Iterable[Attribution]) -> dict[int, Source]:
    """One query for each generation above the second."""
    near = {row for said in attributions for row in (said.source, said.on_behalf_of) if row is not None}
    found = {row.pk: row for row in near}
    found |= {row.part_of.pk: row.part_of for row in near if row.part_of is not None}
    while missing := {row.part_of_id for row in found.values() if row.part_of_id} - found.keys():
        found |= Source.objects.select_related("part_of").in_bulk(missing)
    return found


def _carried(evidence: Collection[int]) -> dict[int, datetime]:
    # From the history: what was taken away left no row behind.
    acts = EvidenceDocument.history.filter(evidence__in=evidence).order_by()
    return dict(acts.values_list("evidence").annotate(Max("history_date")))


def _carriers(evidence: Collection[int], user: Any) -> dict[int, list[Document]]:
    rows = EvidenceDocument.objects.visible_to(user).filter(evidence__in=evidence)
    carriers = _under("evidence_id", rows.select_related("document__publisher__part_of").order_by("id"))
    return {pk: [carrier.document for carrier in found] for pk, found in carriers.items()}


def ancestry(evidence: list[int]) -> dict[int, int | None]:
    """Each of these pieces of evidence and all their ancestors, with the piece that each derives from."""
    if not evidence:
        return {}
    table = connection.ops.quote_name(Evidence._meta.db_table)
    query = _ANCESTRY.format(table=table, ids=", ".join(["%s"] * len(evidence)))
    with connection.cursor() as cursor:
        cursor.execute(query, evidence)
        return dict(cursor.fetchall())


def _under(column: str, rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return dict(found)


def _merged(one: Mapping[int, list[Any]], other: Mapping[int, list[Any]]) -> dict[int, list[Any]]:
    return {pk: [*one.get(pk, ()), *other.get(pk, ())] for pk in {*one, *other}}
