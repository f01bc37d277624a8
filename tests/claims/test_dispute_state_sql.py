"""The state of disputes as the database tells it, against the rule for rows."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.choices import ClaimStatus, DisputeState
from claims.models import Claim, ClaimRelation, Dispute, EvidenceLink, Verdict
from claims.models.state import in_state
from claims.state import load_states
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

BEARINGS = ("supports", "refutes", "context")
CLAIM = st.tuples(
    st.sampled_from(["supported", "refuted", "contested", ""]),
    st.lists(st.tuples(st.sampled_from(BEARINGS), st.booleans()), max_size=3),
    st.sampled_from([ClaimStatus.PUBLISHED, ClaimStatus.PUBLISHED, ClaimStatus.PUBLISHED, ClaimStatus.DRAFT]),
    st.booleans(),
)
DISPUTE = st.tuples(
    st.lists(CLAIM, max_size=4),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["contradicts", "supports"]), st.booleans()), max_size=3),
    st.booleans(),
)


def enter(told: Any, people: tuple[Any, Any], outside: Claim) -> Dispute:
    """A dispute as told, past the rules: also what they refuse must be told alike."""
    claims, relations, exclusive = told
    dispute = make.make_dispute(exclusive=exclusive)
    now = dispute.created_at
    entered = []
    for rating, links, status, superseded in claims:
        claim = Claim(text="x", dispute=dispute, status=status, first_published_at=now)
        plain(claim)
        entered.append(claim)
        kept: dict[str, Any] = {"author": people[0], "reviewer": people[1], "rationale": "x", "published_at": now}
        if rating:
            first = Verdict(claim=claim, rating=make.rating(rating), status="published", **kept)
            plain(first)
            if superseded:
                correction = {"supersedes": first, "correction_reason": "x", "correction_severity": "update"}
                plain(Verdict(claim=claim, rating=make.rating("refuted"), status="published", **kept, **correction))
        plain(Verdict(claim=claim, rating=make.rating("supported"), status="draft", author=people[0]))
        for bearing, withdrawn in links:
            gone = {"withdrawn_at": now} if withdrawn else {}
            plain(EvidenceLink(claim=claim, evidence=make.make_evidence(), bearing=bearing, **gone))
    pairs = list(combinations(entered, 2))
    linked = set()
    for place, kind, withdrawn in relations if entered else ():
        one, other = pairs[place] if place < len(pairs) else (outside, entered[0])
        if (one.pk, other.pk, kind) in linked:
            continue
        linked.add((one.pk, other.pk, kind))
        gone = {"withdrawn_at": now} if withdrawn else {}
        plain(ClaimRelation(claim=other, other=one, kind=kind, **gone))
    return dispute


def plain(row: Any) -> None:
    """Store the row without rules and history: only reading is tested here."""
    QuerySet.bulk_create(QuerySet(type(row)), [row])


@settings(
    max_examples=6 if connection.vendor == "sqlite" else 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told=st.lists(DISPUTE, min_size=1, max_size=4))
def test_the_database_says_what_the_rule_says(register: None, told: Any) -> None:
    people = make.someone("Researcher"), make.someone("Reviewer")
    outside = make.make_claim(published=True)
    disputes = [enter(one, people, outside) for one in told]
    rows = Dispute.objects.filter(pk__in=[dispute.pk for dispute in disputes])
    asked = {pk: state for state in DisputeState.values for pk in in_state(rows, state).values_list("pk", flat=True)}
    load_states(disputes)
    ruled = {dispute.pk: dispute.state for dispute in disputes}  # type: ignore[attr-defined]
    assert asked == ruled
    for state in DisputeState.values:
        assert set(in_state(rows, state).values_list("pk", flat=True)) == {
            pk for pk, found in ruled.items() if found == state
        }


@pytest.fixture
def three(register: None) -> dict[str, Dispute]:
    """A settled, a contested and an open dispute, all public."""
    found = {}
    for state in DisputeState.values:
        found[state] = make.make_dispute(f"A {state} dispute")
        one, other = (make.make_claim(dispute=found[state], published=True) for _ in range(2))
        make.make_relation(one, other)
        if state == DisputeState.SETTLED:
            make.make_published(one, code="supported")
            make.make_published(other, code="refuted")
        elif state == DisputeState.CONTESTED:
            make.make_published(one)
    return found


def test_disputes_are_filtered_by_their_state(three: dict[str, Dispute], api: Any) -> None:
    for state, dispute in three.items():
        rows = api().get(f"/api/v1/disputes/?state={state}").json()["results"]
        assert [(row["id"], row["state"]) for row in rows] == [(dispute.pk, state)]
    refused = api().get("/api/v1/disputes/?state=finished")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "state")


def test_claims_are_filtered_by_whether_they_are_contested(three: dict[str, Dispute], api: Any) -> None:
    alone = make.make_claim(published=True)
    for wanted in (True, False):
        rows = api().get(f"/api/v1/claims/?contested={str(wanted).lower()}").json()["results"]
        contested = set(three["contested"].claims.values_list("pk", flat=True))
        others = set(Claim.objects.values_list("pk", flat=True)) - contested
        assert {row["id"] for row in rows} == (contested if wanted else others)
        assert (alone.pk in {row["id"] for row in rows}) != wanted
