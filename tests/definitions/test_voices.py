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
from claims.logic.voices import BACK, FALLEN, Statement, Voices

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
VERBS_SAID = [*("asserts", "denies", "relays", "retracts") * 2, "relays", "suggests", "questions"]
SIDES = ("for", "against", "neither")


@st.composite
def records(draw: st.DrawFn) -> list[Statement]:
    """Statements on two claims, each perhaps passing on, or one act with, an earlier one of the same claim. Few sources
    and dates make what this is about frequent: who says it twice, with others, and takes it back in between."""
    rows: list[Statement] = []
    for pk in range(1, draw(st.integers(1, 9)) + 1):
        claim = draw(st.sampled_from([1, 1, 1, 2]))
        before = st.sampled_from([None, *(row.id for row in rows if row.claim == claim)])
        rows.append(
            Statement(
                id=pk,
                claim=claim,
                source=draw(st.integers(1, 3)),
                stance=draw(st.sampled_from(VERBS_SAID)),
                said_on=draw(st.sampled_from([*DATES])),
                relayed_from=draw(before),
                joint_with=draw(st.none() | before),
                stands=draw(st.integers(0, 4)) > 0,
                on_behalf_of=draw(st.sampled_from([None, None, 1, 2, 4])),
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
        """Whether its own source took it back, or the body for which that spoke, as none can a retraction."""
        for back in self.rows if row.stance != "retracts" else ():
            retracts = (back.stance, back.stands, back.claim) == ("retracts", True, row.claim)
            if retracts and same_speaker(back, row):
                was, then = DATES[back.said_on], DATES[row.said_on]
                if was is None or then is None or was[1] >= then[0]:
                    return True
        return False

    def counts(self, row: Statement) -> bool:
        return row.stands and self.end(row).stance != "retracts" and not self.fallen(row)

    def fallen(self, row: Statement) -> bool:
        return self.hit(row) or self.hit(self.end(row))

    def side(self, row: Statement) -> str:
        return VERBS[self.end(row).stance].side

    def place(self, row: Statement) -> str:
        """Where it is listed: "taken back" is only what its own source took back, or takes back by it."""
        if self.counts(row):
            return self.side(row)
        return BACK if self.hit(row) or row.stance == "retracts" else FALLEN

    def voice(self, row: Statement) -> Statement:
        """The nearest to the end of the chain that counts."""
        if row.stance == "relays" and row.relayed_from is not None:
            further = self.voice(self.by_id[row.relayed_from])
            return further if self.counts(further) else row
        return row

    def in_own_voice(self, row: Statement) -> bool:
        """It stands and is no relay, or all behind it was withdrawn or is a relay that its own source took back."""
        if not row.stands or row.stance != "relays" or row.relayed_from is None:
            return row.stands
        behind = self.by_id[row.relayed_from]
        if behind.stance == "relays" and behind.relayed_from is not None:
            silent = not behind.stands or self.hit(behind)
            return silent and self.in_own_voice(behind._replace(stands=True))
        return behind.stance != "retracts" and not behind.stands

    def pairs(self, claims: set[int]) -> set[tuple[int, int]]:
        """Which statements have one origin."""
        rows = [row for row in self.rows if row.claim in claims]
        found = {(row.id, row.id) for row in rows}
        for one, other in product(rows, rows):
            own = [self.in_own_voice(row) for row in (one, other)]
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
        sources = {row.source for row in said}
        relaying = [one for one in sources if all(self.voice(row).source != one for row in said)]
        return Tally(len(said), len(sources), len(origins), len(relaying))


def same_speaker(back: Statement, row: Statement) -> bool:
    """Whether one who speaks in the one, as its source or the body for which that spoke, speaks in the other."""
    if back.source == row.source:
        return True
    if back.on_behalf_of is not None and back.on_behalf_of in (row.source, row.on_behalf_of):
        return True
    return row.on_behalf_of is not None and row.on_behalf_of == back.source


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
            spoken = [naive.voice(row) for row in on_side]
            present = {row.source for row in spoken if not row.earlier_wording}
            used = {(row.source, row.stance) for row in spoken if row.source not in present or not row.earlier_wording}
            assert {(voices.rows[pk].source, voices.rows[pk].stance) for pk in voices.ways(claim, side)} == used
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
        assert tally.relaying < tally.sources or not tally.sources
        assert bool(tally.total) == bool(tally.origins)


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_what_stands_is_told_once_and_what_does_not_count_apart(rows: list[Statement]) -> None:
    naive, voices = Naive(rows), Voices(rows)
    for claim in (1, 2):
        told = [(pk, group.side) for group in voices.groups(claim) for pk in group.statements]
        standing = [row for row in rows if row.claim == claim and row.stands]
        assert sorted(told) == sorted((row.id, naive.place(row)) for row in standing)


@settings(max_examples=EXAMPLES, deadline=None)
@given(records())
def test_what_was_taken_back_has_a_standing_retraction_that_may_have_come_after(rows: list[Statement]) -> None:
    naive, voices = Naive(rows), Voices(rows)
    assert voices.retracted.keys() == {row.id for row in rows if naive.fallen(row)}
    for pk, back in voices.retracted.items():
        row = voices.rows[pk]
        assert voices.rows[back.id].stands
        assert back.stance == "retracts"
        assert any(same_speaker(voices.rows[back.id], said) for said in (row, naive.end(row)))
    for row in rows:
        if row.stance == "retracts" and row.stands:
            meant = {one.id for one in voices.meant_by(row)}
            alone = Naive([one for one in rows if one.stance != "retracts"] + [row])
            assert meant == {one.id for one in rows if one.stands and one.claim == row.claim and alone.hit(one)}


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    records(),
    st.sampled_from([1, 2]),
    st.integers(1, 4),
    st.sampled_from([*DATES]),
    st.sampled_from([None, 1, 2, 4]),
)
def test_a_retraction_never_raises_what_is_counted(
    rows: list[Statement], claim: int, source: int, day: str, body: int | None
) -> None:
    before = Voices(rows)
    after = Voices([*rows, Statement(len(rows) + 1, claim, source, "retracts", day, on_behalf_of=body)])
    for side, tally in after.count(claim).items():
        assert all(now <= was for now, was in zip(vars_of(tally), vars_of(before.count(claim)[side]), strict=True)), (
            side
        )
    assert after.count_all([1, 2]).origins <= before.count_all([1, 2]).origins


def vars_of(tally: Tally) -> tuple[int, int, int]:
    return tally.total, tally.sources, tally.origins


def said(pk: int, source: int, stance: str = "asserts", **fields: object) -> Statement:
    return Statement(pk, 1, source, stance, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "figures"),
    [
        ([said(1, 7), said(2, 7), said(3, 7)], (3, 1, 1)),
        ([said(1, 7), said(2, 8, "relays", relayed_from=1), said(3, 7)], (3, 2, 1, 1)),
        # One paper that passes on two who do not know of each other.
        ([said(1, 7), said(2, 8), *(said(pk + 2, 9, "relays", relayed_from=pk) for pk in (1, 2))], (4, 3, 2, 1)),
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
        # One of two says it twice, and takes the first back: the second is still of one origin with the other.
        (
            [
                said(1, 7, said_on="2024-03-01"),
                said(2, 7, said_on="2024-03-05"),
                said(3, 8, joint_with=1),
                said(4, 7, "retracts", said_on="2024-03-03"),
            ],
            (2, 2, 1),
        ),
        # A paper that passes on what was taken back since, and says it itself, does not make one of those two.
        (
            [
                said(1, 7, said_on="2024-03-01"),
                said(2, 7, said_on="2024-03-05"),
                said(3, 8, "relays", relayed_from=1),
                said(4, 8),
                said(5, 7, "retracts", said_on="2024-03-03"),
            ],
            (2, 2, 2),
        ),
        # One said it, two passed it on, one of whom says it as well.
        (
            [said(1, 7), said(2, 8, "relays", relayed_from=1), said(3, 9, "relays", relayed_from=2), said(4, 8)],
            (4, 3, 2, 1),
        ),
        # Who passes on what is on record of nobody is told as who says it.
        ([said(1, 7, "relays"), said(2, 8, "relays", relayed_from=1)], (2, 2, 1, 1)),
    ],
)
def test_examples_of_origins(rows: list[Statement], figures: tuple[int, ...]) -> None:
    assert Voices(rows).count(1)["for"] == Tally(*figures)


def test_a_relay_of_a_denial_denies_also_after_the_denial_was_withdrawn_from_the_register() -> None:
    rows = [said(1, 7, "denies", stands=False), said(2, 8, "relays", relayed_from=1), said(3, 9, "relays")]
    assert {side: tally.total for side, tally in Voices(rows).count(1).items()} == {
        "for": 1,
        "against": 1,
        "neither": 0,
        "together": 2,
    }


def test_who_passes_on_a_retraction_counts_as_little_as_it_and_took_nothing_back() -> None:
    rows = [said(1, 7, said_on="2024"), said(2, 7, "retracts"), said(3, 8, "relays", relayed_from=2)]
    for stands in (True, False):
        voices = Voices([rows[0], rows[1]._replace(stands=stands), rows[2], said(4, 7, "retracts")])
        assert voices.retracted.keys() == {1}
        assert voices.count(1)["together"] == Tally(0, 0, 0)
        places = {pk: group.side for group in voices.groups(1) for pk in group.statements}
        assert places == {1: BACK, 3: FALLEN, 4: BACK} | ({2: BACK} if stands else {})
