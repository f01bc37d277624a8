"""Who says a claim and from how many origins, held against docs/definitions.md, “Who says it”, reckoned a second way:
pair by pair and by closure, where the code walks chains and joins trees."""

from __future__ import annotations

import os
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.origins import Tally
from claims.logic.verbs import VERBS
from claims.logic.voices import BACK, Statement, Voices

EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
# Each date with the first and the last day of its span, as text.
DATES = {
    "": None,
    "2024": ("2024-01-01", "2024-12-31"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "2024-03-01": ("2024-03-01", "2024-03-01"),
    "2025": ("2025-01-01", "2025-12-31"),
}
VERBS_SAID = ["asserts", "denies", "suggests", "relays", "relays", "relays", "retracts", "questions"]
SIDES = ("for", "against", "neither")


@st.composite
def records(draw: st.DrawFn) -> list[Statement]:
    """Statements on two claims, each perhaps passing on, or one act with, an earlier one of the same claim."""
    rows: list[Statement] = []
    for pk in range(1, draw(st.integers(1, 9)) + 1):
        claim = draw(st.sampled_from([1, 1, 1, 2]))
        before = st.sampled_from([None, *(row.id for row in rows if row.claim == claim)])
        rows.append(
            Statement(
                id=pk,
                claim=claim,
                source=draw(st.integers(1, 4)),
                stance=draw(st.sampled_from(VERBS_SAID)),
                said_on=draw(st.sampled_from([*DATES])),
                relayed_from=draw(before),
                joint_with=draw(st.none() | before),
                stands=draw(st.integers(0, 4)) > 0,
            )
        )
    return rows


class Naive:
    """The definitions word for word."""

    def __init__(self, rows: list[Statement]) -> None:
        self.rows = rows
        self.by_id = {row.id: row for row in rows}
        self.known: dict[frozenset[int], set[tuple[int, int]]] = {}

    def end(self, row: Statement) -> Statement:
        if row.stance == "relays" and row.relayed_from is not None:
            return self.end(self.by_id[row.relayed_from])
        return row

    def hit(self, row: Statement) -> bool:
        """Whether its own source took it back."""
        for back in self.rows:
            if (back.stance, back.stands, back.source, back.claim) == ("retracts", True, row.source, row.claim):
                was, then = DATES[back.said_on], DATES[row.said_on]
                if was is None or then is None or was[1] >= then[0]:
                    return True
        return False

    def counts(self, row: Statement) -> bool:
        fallen = self.hit(row) or self.hit(self.end(row))
        return row.stands and row.stance != "retracts" and not fallen

    def side(self, row: Statement) -> str:
        return VERBS[self.end(row).stance].side

    def voice(self, row: Statement) -> Statement:
        """The nearest to the end of the chain that counts."""
        if row.stance == "relays" and row.relayed_from is not None:
            further = self.voice(self.by_id[row.relayed_from])
            return further if self.counts(further) else row
        return row

    def pairs(self, claims: set[int]) -> set[tuple[int, int]]:
        """Which statements have one origin."""
        rows = [row for row in self.rows if row.claim in claims]
        found = {(row.id, row.id) for row in rows}
        for one, other in product(rows, rows):
            own = [self.counts(row) and self.voice(row) is row for row in (one, other)]
            if other.id in (one.relayed_from, one.joint_with) or (one.source == other.source and all(own)):
                found |= {(one.id, other.id), (other.id, one.id)}
        for middle, one, other in product(rows, rows, rows):
            if (one.id, middle.id) in found and (middle.id, other.id) in found:
                found.add((one.id, other.id))
        return found

    def tally(self, said: list[Statement], claims: set[int]) -> Tally:
        pairs = self.known.setdefault(frozenset(claims), set()) or self.pairs(claims)
        self.known[frozenset(claims)] = pairs
        origins = {frozenset(other for one, other in pairs if one == row.id) for row in said}
        return Tally(len(said), len({row.source for row in said}), len(origins))


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_what_is_counted_follows_the_definition(rows: list[Statement]) -> None:
    naive, voices = Naive(rows), Voices(rows)
    for claim in (1, 2):
        said = [row for row in rows if row.claim == claim and naive.counts(row)]
        counted = voices.count(claim)
        assert counted["together"] == naive.tally(said, {claim})
        for side in SIDES:
            on_side = [row for row in said if naive.side(row) == side]
            assert counted[side] == naive.tally(on_side, {claim}), side
            sources = {naive.voice(row).source for row in on_side}
            assert {voices.rows[pk].source for pk in voices.speakers(claim, side)} == sources
    whole = [row for row in rows if naive.counts(row)]
    assert voices.count_all([1, 2]) == naive.tally(whole, {1, 2})
    for side in SIDES:
        on_side = [row for row in whole if naive.side(row) == side]
        assert voices.count_all([1, 2], side) == naive.tally(on_side, {1, 2}), side


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_there_are_never_more_origins_than_sources_nor_more_sources_than_statements(rows: list[Statement]) -> None:
    voices = Voices(rows)
    for tally in (
        *voices.count(1).values(),
        *voices.count(2).values(),
        voices.count_all([1, 2]),
        voices.count_all([1, 2], "for"),
    ):
        assert tally.origins <= tally.sources <= tally.total
        assert bool(tally.total) == bool(tally.origins)


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_what_stands_is_told_once_and_what_does_not_count_apart(rows: list[Statement]) -> None:
    naive, voices = Naive(rows), Voices(rows)
    for claim in (1, 2):
        told = [(pk, group.side) for group in voices.groups(claim) for pk in group.statements]
        standing = [row for row in rows if row.claim == claim and row.stands]
        assert sorted(told) == sorted((row.id, naive.side(row) if naive.counts(row) else BACK) for row in standing)


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_what_was_taken_back_has_a_standing_retraction_that_may_have_come_after(rows: list[Statement]) -> None:
    naive, voices = Naive(rows), Voices(rows)
    assert voices.retracted.keys() == {
        row.id for row in rows if row.stance != "retracts" and (naive.hit(row) or naive.hit(naive.end(row)))
    }
    for pk, back in voices.retracted.items():
        row = voices.rows[pk]
        assert voices.rows[back.id].stands
        assert back.stance == "retracts"
        assert back.source in {row.source, naive.end(row).source}


def said(pk: int, source: int, stance: str = "asserts", **fields: object) -> Statement:
    return Statement(pk, 1, source, stance, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([said(1, 7), said(2, 7), said(3, 7)], (3, 1, 1)),
        ([said(1, 7), said(2, 8, "relays", relayed_from=1), said(3, 7)], (3, 2, 1)),
        # One paper that passes on two who do not know of each other.
        ([said(1, 7), said(2, 8), *(said(pk + 2, 9, "relays", relayed_from=pk) for pk in (1, 2))], (4, 3, 2)),
        # The same where nothing but the paper stands: all there is is its word.
        (
            [
                said(1, 7, stands=False),
                said(2, 8, stands=False),
                *(said(pk + 2, 9, "relays", relayed_from=pk) for pk in (1, 2)),
            ],
            (2, 1, 1),
        ),
        # Three bodies in one statement, of which the first was withdrawn from the register.
        ([said(1, 7, stands=False), said(2, 8, joint_with=1), said(3, 9, joint_with=1)], (2, 2, 1)),
        ([said(1, 7), said(2, 8, joint_with=1), said(3, 9, joint_with=2)], (3, 3, 1)),
        ([said(1, 7), said(2, 8)], (2, 2, 2)),
    ],
)
def test_examples_of_origins(rows: list[Statement], figures: tuple[int, int, int]) -> None:
    assert Voices(rows).count(1)["for"] == Tally(*figures)


def test_a_relay_of_a_denial_denies_also_after_the_denial_was_withdrawn_from_the_register() -> None:
    rows = [said(1, 7, "denies", stands=False), said(2, 8, "relays", relayed_from=1), said(3, 9, "relays")]
    assert {side: tally.total for side, tally in Voices(rows).count(1).items()} == {
        "for": 1,
        "against": 1,
        "neither": 0,
        "together": 2,
    }
