"""How far a dispute is decided: the table, what holds for any sides, and the loading from rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.models import Dispute
from claims.rules.dispute_state import Side, dispute_state
from claims.services import withdraw, withdraw_claim
from claims.state import load_states
from tests.factories import make_claim, make_dispute, make_link, make_published, make_verdict, someone

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
    settled, contested, untouched, withdrawn = (make_dispute() for _ in range(4))
    make_published(make_claim(dispute=settled), code="supported")
    make_published(make_claim(dispute=settled), code="refuted")
    make_claim(dispute=settled)  # a draft
    make_published(make_claim(dispute=contested), code="contested")
    make_verdict(make_claim(dispute=untouched, published=True))
    gone = make_published(make_claim(dispute=withdrawn), code="contested")
    claim = gone.claim
    withdraw_claim(actor=someone("Editor"), claim=claim, reason="Out of scope.")
    disputes = list(Dispute.objects.order_by("id"))
    with django_assert_num_queries(4):  # claims, verdicts with ratings, evidence links, rivalries
        load_states(disputes)
    assert [dispute.state for dispute in disputes] == ["settled", "contested", "open", "open"]


@pytest.mark.django_db
def test_withdrawn_evidence_is_on_no_side(register: None) -> None:
    verdict = make_published(code="contested", claim=make_claim(dispute=make_dispute()))
    dispute = verdict.claim.dispute
    load_states([dispute])
    assert dispute.state == "contested"
    withdraw(actor=someone("Editor"), row=verdict.claim.evidence_links.get(bearing="refutes"), reason="A forgery.")
    make_link(verdict.claim, "context")
    dispute = Dispute.objects.get()
    load_states([dispute])
    assert dispute.state == "open"
