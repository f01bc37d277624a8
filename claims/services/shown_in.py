"""What shows where: which claims and disputes tell something else when a row of any noun changes.

Declared once, for each noun, and wide rather than exact: a claim more costs building it anew, a claim less would tell
what is not so. `tests/claims/test_prepared.py` changes every field of every noun and compares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Q

from claims.choices import RelationKind
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
    ImportBatch,
    Inquiry,
    Premise,
    Question,
    Rating,
    RatingScale,
    Review,
    RuleException,
    RuleSetting,
    Verdict,
)
from factcheck.audit.followers import Touched, Touching
from factcheck.models.recorded import RecordedModel
from sources.models import Affiliation, Document, Snapshot, Source

RULES = ("rules", 0)
"""What a change of the rules of the desk touches: whatever tells of concerns."""
PEOPLE = ("people", 0)
"""What a change of an account touches: whatever names somebody."""


def _through(**columns: str) -> Touching:
    """What is touched through these columns: `claim="claim_id"` is the claim to which the row refers, or did."""

    def touching(row: Any) -> Iterator[Touched]:
        for version in (row, row._before):
            if version is not None:
                for name, column in columns.items():
                    number = getattr(version, column)
                    if number is not None:
                        yield name.rstrip("_"), number

    return touching


TOUCHES: dict[type[RecordedModel], Touching] = {
    Affiliation: _through(source="source_id", source_="part_of_id"),
    Assessment: _through(claim="claim_id"),
    Attribution: _through(claim="claim_id", attribution="pk"),
    Claim: _through(claim="pk", question="question_id", dispute_of_claim="dispute_id"),
    ClaimRelation: _through(claim="claim_id", claim_="other_id"),
    Confirmation: _through(verdict="verdict_id"),
    Dispute: _through(dispute="pk"),
    DisputeMember: _through(dispute="dispute_id"),
    Document: _through(document="pk"),
    Evidence: _through(evidence="pk"),
    EvidenceDocument: _through(evidence="evidence_id"),
    EvidenceLink: _through(claim="claim_id"),
    ImportBatch: _through(import_="pk"),
    Inquiry: _through(claim="claim_id"),
    Premise: _through(link="link_id"),
    Question: _through(question="pk", dispute="dispute_id"),
    Rating: _through(rating="pk"),
    RatingScale: _through(scale="pk"),
    Review: _through(claim="claim_id"),
    RuleException: lambda _row: [RULES],
    RuleSetting: lambda _row: [RULES],
    Snapshot: _through(document="document_id"),
    Source: _through(source="pk"),
    Verdict: _through(claim="claim_id"),
}
"""What a change of a row touches, by its noun: kinds of rows with their numbers."""

TOUCHED_BY_NEW: dict[type[RecordedModel], Touching] = {
    Claim: _through(new_claim="pk", dispute_of_claim="dispute_id"),
}
"""The same of a new row, where it is less. Claims tell of others by what is said, shown and decided on these, and by
relations, each of which touches its claim when it comes. A claim that stands alone shows in lists all the same."""


def claims_showing(touched: Collection[Touched], limit: int) -> dict[int, int | None] | None:
    """The claims that tell something else when these things change, each with its dispute; None where they are more
    than `limit`: then it is cheaper to take all."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in touched:
        ids[kind].add(number)
    for kind, reach in REACH.items():
        # In this order each kind has all its rows when its turn comes.
        if ids[kind]:
            for reached, rows in reach(ids[kind]):
                ids[reached].update(pk for pk in rows if pk is not None)
            if sum(map(len, ids.values())) > limit:
                return None
    return _around(ids["claim"], limit) if ids["claim"] else {}


Reached = Iterator[tuple[str, Iterable[int]]]


def _reach_sources(pks: set[int]) -> Reached:
    pks |= _below(pks, lambda found: _ids(Source, "pk", part_of__in=found))
    pks |= set(_ids(Affiliation, "source", part_of__in=pks))
    yield "document", _ids(Document, "pk", publisher__in=pks)
    yield "claim", _ids(Attribution, "claim", Q(source__in=pks) | Q(on_behalf_of__in=pks))
    yield "claim", _ids(Review, "claim", publisher__in=pks)
    yield "claim", _ids(Inquiry, "claim", source__in=pks)


def _reach_documents(pks: set[int]) -> Reached:
    yield "evidence", _ids(EvidenceDocument, "evidence", document__in=pks)
    yield "claim", _ids(Attribution, "claim", document__in=pks)


def _reach_disputes(pks: set[int]) -> Reached:
    yield "claim", _ids(Claim, "pk", dispute__in=pks)
    yield "evidence", _ids(Evidence, "pk", dispute__in=pks)


def _reach_evidence(pks: set[int]) -> Reached:
    pks |= _below(pks, lambda found: _ids(Evidence, "pk", derived_from__in=found))
    yield "claim", _ids(EvidenceLink, "claim", evidence__in=pks)


def _reach_attributions(pks: set[int]) -> Reached:
    onward = _below(pks, lambda found: _ids(Attribution, "pk", Q(relayed_from__in=found) | Q(joint_with__in=found)))
    yield "claim", _ids(Attribution, "claim", pk__in=onward) if onward else ()


def _reach_ratings(pks: set[int]) -> Reached:
    yield "claim", _ids(Verdict, "claim", rating__in=pks)
    yield "claim", _ids(Review, "claim", rating__in=pks)


REACH: dict[str, Callable[[set[int]], Reached]] = {
    "source": _reach_sources,
    "document": _reach_documents,
    "dispute": _reach_disputes,
    "evidence": _reach_evidence,
    "attribution": _reach_attributions,
    "quote": lambda pks: iter([("claim", _ids(Attribution, "claim", pk__in=pks))]),
    "scale": lambda pks: iter([("rating", _ids(Rating, "pk", scale__in=pks))]),
    "rating": _reach_ratings,
    "question": lambda pks: iter([("claim", _ids(Claim, "pk", question__in=pks))]),
    "link": lambda pks: iter([("claim", _ids(EvidenceLink, "claim", pk__in=pks))]),
    "verdict": lambda pks: iter([("claim", _ids(Verdict, "claim", pk__in=pks))]),
}
"""Where a row of each kind shows, nearest first the kinds that lead to others."""


def _ids(model: type[RecordedModel], column: str, *conditions: Q, **filters: Any) -> Iterable[int]:
    return model._base_manager.filter(*conditions, **filters).order_by().values_list(column, flat=True)


def _below(pks: set[int], step: Callable[[set[int]], Iterable[int]]) -> set[int]:
    """All that the steps lead to from these, themselves aside."""
    found: set[int] = set()
    newest = pks
    while newest:
        newest = {*step(newest)} - found - pks
        found |= newest
    return found


# Whose evidence rests on them, what repeats or refines them, what is tied to those by a relation or a question, and
# what repeats or refines that. UNION drops what it has seen, so that a circle ends.
_AROUND = """
WITH RECURSIVE
changed (id) AS (
    SELECT id FROM {claim} WHERE id IN ({ids})
    UNION
    SELECT link.claim_id FROM {premise} premise JOIN {link} link ON link.id = premise.link_id
    WHERE premise.claim_id IN ({ids})
),
same (id) AS (
    SELECT id FROM changed
    UNION
    SELECT CASE WHEN tie.claim_id = same.id THEN tie.other_id ELSE tie.claim_id END
    FROM same JOIN {relation} tie ON (tie.claim_id = same.id OR tie.other_id = same.id)
    WHERE tie.kind IN ('{repeats}', '{refines}')
),
asked (question) AS (
    SELECT DISTINCT own.question_id FROM same JOIN {claim} own ON own.id = same.id WHERE own.question_id IS NOT NULL
),
near (id) AS (
    SELECT id FROM same
    UNION SELECT tie.other_id FROM same JOIN {relation} tie ON tie.claim_id = same.id
    UNION SELECT tie.claim_id FROM same JOIN {relation} tie ON tie.other_id = same.id
    UNION SELECT rival.id FROM asked JOIN {claim} rival ON rival.question_id = asked.question
),
far (id) AS (
    SELECT id FROM near
    UNION
    SELECT CASE WHEN tie.claim_id = far.id THEN tie.other_id ELSE tie.claim_id END
    FROM far JOIN {relation} tie ON (tie.claim_id = far.id OR tie.other_id = far.id)
    WHERE tie.kind IN ('{repeats}', '{refines}')
)
SELECT claim.id, claim.dispute_id FROM far JOIN {claim} claim ON claim.id = far.id LIMIT {limit}
"""


def _around(claims: Collection[int], limit: int) -> dict[int, int | None] | None:
    """These claims and all that tell of them, each with its dispute."""
    models = {"claim": Claim, "premise": Premise, "link": EvidenceLink, "relation": ClaimRelation}
    tables = {name: connection.ops.quote_name(model._meta.db_table) for name, model in models.items()}
    ids = ", ".join(map(str, sorted(claims)))
    kinds = {"repeats": RelationKind.REPEATS.value, "refines": RelationKind.REFINES.value}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND.format(**tables, **kinds, ids=ids, limit=limit + 1))
        found = dict(cursor.fetchall())
    return found if len(found) <= limit else None
