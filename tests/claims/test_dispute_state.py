"""How far a dispute is decided: one table for the rule and for its conditions, and what holds for any dispute."""

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
from claims.rules.dispute_state import Side, dispute_state, in_state, states_of
from claims.services import withdraw, withdraw_claim
from tests import factories as make

YES, NO, UNDECIDED, NONE = "supported", "refuted", "neither", None


def side(leaning: str | None, *bearings: str) -> Side:
    return Side(leaning, frozenset(bearings))


TABLE = [
    ("no claim", [], "open"),
    ("no verdict", [side(NONE), side(NONE)], "open"),
    ("no verdict, evidence on both sides", [side(NONE, "supports"), side(NONE, "supports")], "open"),
    ("one claim, supported", [side(YES, "supports")], "settled"),
    ("one claim, refuted", [side(NO, "refutes")], "open"),
    ("one supported, the rest refuted", [side(YES, "supports"), side(NO), side(NO)], "settled"),
    ("settled although the loser had evidence", [side(YES, "supports"), side(NO, "supports", "refutes")], "settled"),
    ("one supported, a rival undecided", [side(YES, "supports"), side(UNDECIDED)], "open"),
    ("one supported, a rival without a verdict", [side(YES, "supports"), side(NONE)], "open"),
    ("one supported, a backed rival without a verdict", [side(YES, "supports"), side(NONE, "supports")], "contested"),
    ("two supported", [side(YES, "supports"), side(YES, "supports")], "contested"),
    ("all refuted", [side(NO, "refutes"), side(NO, "refutes")], "open"),
    ("undecided with evidence both ways", [side(UNDECIDED, "supports", "refutes")], "contested"),
    ("undecided with evidence one way", [side(UNDECIDED, "supports"), side(NONE)], "open"),
    ("undecided, two backed", [side(UNDECIDED, "supports"), side(NONE, "supports")], "contested"),
    ("two backed, one refuted away", [side(UNDECIDED, "supports"), side(NO, "supports", "refutes")], "open"),
    ("context is on no side", [side(UNDECIDED, "supports", "context"), side(NONE, "context")], "open"),
]


@pytest.mark.parametrize(("sides", "state"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_table(sides: list[Side], state: str) -> None:
    assert dispute_state(sides) == state
    assert dispute_state(reversed(sides)) == state


def among(leaning: str | None, claim: int, *rivals: int, bearings: tuple[str, ...] = ("supports",)) -> Side:
    return Side(leaning, frozenset(bearings), claim, frozenset(rivals))


RIVALS = [
    ("an undisputed circumstance is no side", [among(YES, 1, 2), among(NO, 2), among(YES, 3)], "settled"),
    ("two circumstances do not contest each other", [among(UNDECIDED, 1, 2), among(NO, 2), among(YES, 3)], "open"),
    ("rivals that are both backed", [among(UNDECIDED, 1, 2), among(UNDECIDED, 2), among(YES, 3)], "contested"),
    ("the supported one has a rival left", [among(YES, 1, 2, 3), among(NO, 2), among(NONE, 3)], "contested"),
    ("only a circumstance has a verdict", [among(NONE, 1, 2), among(NONE, 2), among(YES, 3)], "open"),
    ("a relation told from the other side counts", [among(YES, 1), among(NO, 2, 1), among(YES, 3)], "settled"),
    ("a rival that is not public does not count", [among(YES, 1, 9)], "settled"),
]


@pytest.mark.parametrize(("sides", "state"), [row[1:] for row in RIVALS], ids=[row[0] for row in RIVALS])
def test_only_rivals_compete(sides: list[Side], state: str) -> None:
    assert dispute_state(sides) == state
    assert dispute_state(reversed(sides)) == state


def test_in_an_exclusive_dispute_all_claims_are_rivals() -> None:
    sides = [among(YES, 1, 2), among(NO, 2), among(YES, 3)]
    assert dispute_state(sides, exclusive=True) == "contested"


# The names of the ratings that lean so.
RATINGS = {YES: "supported", NO: "refuted", UNDECIDED: "contested", NONE: ""}


def entered(sides: list[Side]) -> Dispute:
    """A dispute with these sides, past the rules; a rival that is not among them is a draft."""
    dispute, author = make.make_dispute(), make.someone("Researcher")
    claims: dict[int, Claim] = {}
    for place, each in enumerate(sides):
        claims[each.claim or -place] = claim = published(dispute)
        if each.leaning:
            decide(claim, RATINGS[each.leaning], author=author, reviewer=make.someone("Reviewer"))
        for bearing in sorted(each.bearings):
            plain(EvidenceLink(claim=claim, evidence=make.make_evidence(), bearing=bearing))
    for one, other in {tuple(sorted((each.claim, rival))) for each in sides for rival in each.rivals}:
        if other not in claims:
            claims[other] = Claim(text="x", dispute=dispute)
            plain(claims[other])
        plain(ClaimRelation(claim=claims[one], other=claims[other], kind="contradicts"))
    return dispute


def published(dispute: Dispute, status: str = ClaimStatus.PUBLISHED) -> Claim:
    claim = Claim(text="x", dispute=dispute, status=status, first_published_at=dispute.created_at)
    plain(claim)
    return claim


def decide(claim: Claim, rating: str, **content: Any) -> Verdict:
    at = claim.first_published_at
    verdict = Verdict(
        claim=claim, rating=make.rating(rating), status="published", rationale="x", published_at=at, **content
    )
    plain(verdict)
    return verdict


@pytest.mark.django_db
def test_the_database_says_the_same_of_the_whole_table(register: None) -> None:
    expected = {entered(sides).pk: (name, state) for name, sides, state in (*TABLE, *RIVALS)}
    rows = Dispute.objects.filter(pk__in=expected)
    asked = [
        (expected[pk][0], state)
        for state in DisputeState.values
        for pk in in_state(rows, state).values_list("pk", flat=True)
    ]
    assert sorted(asked) == sorted(expected.values())
    states = states_of(rows)
    assert {pk: states[pk] for pk in expected} == {pk: state for pk, (_name, state) in expected.items()}


SIDES = st.lists(
    st.builds(
        Side,
        st.sampled_from([YES, NO, UNDECIDED, NONE]),
        st.frozensets(st.sampled_from(["supports", "refutes", "context"])),
    ),
    max_size=6,
)


@given(SIDES)
def test_whatever_the_sides(sides: list[Side]) -> None:
    state = dispute_state(sides)
    leanings = [each.leaning for each in sides]
    assert state in {"open", "contested", "settled"}
    assert state == dispute_state(sorted(sides, key=repr))
    assert state == "open" or any(leanings)
    assert (state == "settled") == (sorted(map(str, leanings)) == sorted([YES, *[NO] * (len(sides) - 1)]))
    # A claim without evidence and verdict only unsettles; one that was refuted changes nothing once verdicts are there.
    with_another = dispute_state([*sides, side(NONE)])
    assert with_another != "settled"
    assert with_another == state or state == "settled"
    if any(leanings):
        assert dispute_state([*sides, side(NO, "supports", "refutes")]) == state


@given(SIDES)
def test_refuting_a_side_never_opens_a_contest(sides: list[Side]) -> None:
    if dispute_state(sides) != "contested" and any(each.leaning for each in sides):
        for place, each in enumerate(sides):
            refuted = [*sides[:place], Side(NO, each.bearings), *sides[place + 1 :]]
            assert dispute_state(refuted) != "contested"


@pytest.mark.django_db
def test_states_are_read_from_what_is_published(register: None, django_assert_num_queries: Any) -> None:
    settled, contested, untouched, withdrawn = (make.make_dispute() for _ in range(4))
    make.make_published(make.make_claim(dispute=settled), code="supported")
    make.make_published(make.make_claim(dispute=settled), code="refuted")
    make.make_claim(dispute=settled)  # a draft
    make.make_published(make.make_claim(dispute=contested), code="contested")
    make.make_verdict(make.make_claim(dispute=untouched, published=True))
    gone = make.make_published(make.make_claim(dispute=withdrawn), code="contested")
    claim = gone.claim
    withdraw_claim(actor=make.someone("Editor"), claim=claim, reason="Out of scope.")
    disputes = list(Dispute.objects.order_by("id"))
    with django_assert_num_queries(4):  # claims, verdicts with ratings, evidence links, rivalries
        states = states_of(disputes)
    assert [states[dispute.pk] for dispute in disputes] == ["settled", "contested", "open", "open"]


@pytest.mark.django_db
def test_withdrawn_evidence_is_on_no_side(register: None) -> None:
    verdict = make.make_published(code="contested", claim=make.make_claim(dispute=make.make_dispute()))
    dispute = verdict.claim.dispute
    assert states_of([dispute]) == {dispute.pk: "contested"}
    withdraw(actor=make.someone("Editor"), row=verdict.claim.evidence_links.get(bearing="refutes"), reason="A forgery.")
    make.make_link(verdict.claim, "context")
    assert states_of([dispute]) == {dispute.pk: "open"}


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
    claims_of: list[Claim] = []
    for rating, links, status, superseded in claims:
        claim = published(dispute, status)
        claims_of.append(claim)
        kept: dict[str, Any] = {"author": people[0], "reviewer": people[1]}
        if rating:
            first = decide(claim, rating, **kept)
            if superseded:
                correction = {"supersedes": first, "correction_reason": "x", "correction_severity": "update"}
                decide(claim, "refuted", **kept, **correction)
        plain(Verdict(claim=claim, rating=make.rating("supported"), status="draft", author=people[0]))
        for bearing, withdrawn in links:
            gone = {"withdrawn_at": now} if withdrawn else {}
            plain(EvidenceLink(claim=claim, evidence=make.make_evidence(), bearing=bearing, **gone))
    pairs = list(combinations(claims_of, 2))
    linked = set()
    for place, kind, withdrawn in relations if claims_of else ():
        one, other = pairs[place] if place < len(pairs) else (outside, claims_of[0])
        if (one.pk, other.pk, kind) in linked:
            continue
        linked.add((one.pk, other.pk, kind))
        gone = {"withdrawn_at": now} if withdrawn else {}
        plain(ClaimRelation(claim=other, other=one, kind=kind, **gone))
    return dispute


def plain(row: Any) -> None:
    """Store the row without rules and history: only reading is tested here."""
    QuerySet.bulk_create(QuerySet(type(row)), [row])


@pytest.mark.django_db
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
    ruled = states_of(disputes)
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


@pytest.mark.django_db
def test_disputes_are_filtered_by_their_state(three: dict[str, Dispute], api: Any) -> None:
    for state, dispute in three.items():
        rows = api().get(f"/api/v1/disputes/?state={state}").json()["results"]
        assert [(row["id"], row["state"]) for row in rows] == [(dispute.pk, state)]
    refused = api().get("/api/v1/disputes/?state=finished")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "state")


@pytest.mark.django_db
def test_claims_are_filtered_by_whether_they_are_contested(three: dict[str, Dispute], api: Any) -> None:
    alone = make.make_claim(published=True)
    for wanted in (True, False):
        rows = api().get(f"/api/v1/claims/?contested={str(wanted).lower()}").json()["results"]
        contested = set(three["contested"].claims.values_list("pk", flat=True))
        others = set(Claim.objects.values_list("pk", flat=True)) - contested
        assert {row["id"] for row in rows} == (contested if wanted else others)
        assert (alone.pk in {row["id"] for row in rows}) != wanted
