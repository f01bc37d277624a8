"""The rows behind a dossier: one query for each noun, whatever the number of claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from claims.models import (
    Attribution,
    ClaimRelation,
    Evidence,
    EvidenceDocument,
    EvidenceLink,
    Inquiry,
    Review,
    Verdict,
)
from sources.models import Document, Snapshot

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
    """What hangs on a set of claims and may be read by one user.

    `relayed_from` and `derived_from` also hold what that user may not read, by id alone: otherwise the relays of a
    hidden origin would be counted as so many origins.
    """

    attributions: list[Attribution]
    relayed_from: Mapping[int, int | None]
    links: list[EvidenceLink]
    derived_from: Mapping[int, int | None]
    titles: Mapping[int, str]
    carriers: Mapping[int, list[Document]]
    snapshots: Mapping[int, list[Snapshot]]
    verdicts: Mapping[int, list[Verdict]]
    relations: list[ClaimRelation]
    reviews: list[Review]
    inquiries: list[Inquiry]

    @classmethod
    def of(cls, claims: Collection[int], user: Any) -> Rows:
        """The rows that hang on the claims with these ids and that `user` may read, those in force only."""
        attributions = list(
            Attribution.objects.visible_to(user)
            .standing()
            .filter(claim__in=claims)
            .select_related("source__part_of", "on_behalf_of__part_of", "document__publisher__part_of", "relayed_from")
            .by_said_on()
        )
        links = list(
            EvidenceLink.objects.visible_to(user)
            .standing()
            # A link may join a claim that is open to all with evidence of a dispute that is not.
            .filter(claim__in=claims, evidence__in=Evidence.objects.visible_to(user))
            .select_related("evidence")
            .order_by("id")
        )
        relations = list(
            ClaimRelation.objects.visible_to(user)
            .standing()
            .filter(Q(claim__in=claims) | Q(other__in=claims))
            .select_related("claim", "other")
        )
        evidence = {link.evidence_id for link in links}
        derived_from = _ancestry(sorted(evidence))
        carriers = _carriers(evidence, user)
        documents = {row.document_id for row in attributions if row.document_id}
        documents |= {document.pk for rows in carriers.values() for document in rows}
        return cls(
            attributions=attributions,
            relayed_from=dict(Attribution.objects.filter(claim__in=claims).values_list("pk", "relayed_from")),
            links=links,
            derived_from=derived_from,
            titles=dict(
                Evidence.objects.visible_to(user).filter(pk__in=derived_from).values_list("pk", "title")
            ),
            carriers=carriers,
            snapshots=_snapshots(documents, user),
            verdicts=_verdicts({*claims, *(pk for row in relations for pk in (row.claim_id, row.other_id))}, user),
            relations=relations,
            reviews=list(
                Review.objects.visible_to(user)
                .standing()
                .filter(claim__in=claims)
                .select_related("publisher__part_of", "rating")
            ),
            inquiries=list(
                Inquiry.objects.visible_to(user)
                .standing()
                .filter(claim__in=claims)
                .select_related("source__part_of")
                .order_by("asked_on", "id")
            ),
        )


def _ancestry(evidence: list[int]) -> dict[int, int | None]:
    """Each of these pieces of evidence and all their ancestors, with the piece that each derives from."""
    if not evidence:
        return {}
    table = connection.ops.quote_name(Evidence._meta.db_table)
    query = _ANCESTRY.format(table=table, ids=", ".join(["%s"] * len(evidence)))
    with connection.cursor() as cursor:
        cursor.execute(query, evidence)
        return dict(cursor.fetchall())


def _carriers(evidence: Collection[int], user: Any) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = defaultdict(list)
    rows = (
        EvidenceDocument.objects.visible_to(user)
        .filter(evidence__in=evidence)
        .select_related("document__publisher__part_of")
    )
    for row in rows:
        found[row.evidence_id].append(row.document)
    return found


def _snapshots(documents: Collection[int], user: Any) -> dict[int, list[Snapshot]]:
    found: dict[int, list[Snapshot]] = defaultdict(list)
    # Without visible_to: their documents have passed it already, and a snapshot is read with its document.
    for row in Snapshot.objects.filter(document__in=documents):
        found[row.document_id].append(row)
    return found


def _verdicts(claims: Collection[int], user: Any) -> dict[int, list[Verdict]]:
    found: dict[int, list[Verdict]] = defaultdict(list)
    rows = (
        Verdict.objects.visible_to(user)
        .filter(claim__in=claims)
        .select_related("rating__scale", "author", "reviewer")
        .order_by("id")
    )
    for row in rows:
        found[row.claim_id].append(row)
    return found
