"""Where a voice departs from what it said, held against docs/definitions.md, “Departures”, reckoned a second way: by
which truths of two claims a relation leaves open, and pair by pair over all that was said before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.logic.verbs import VERBS
from claims.reports.content.bonds import Link
from claims.reports.content.position import Position
from claims.reports.content.rows import NEVER, Term, When
from claims.reports.content.timeline import timeline_of
from tests.claims.content_case import source, with_retractions

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
DATES = {
    "2023": ("2023-01-01", "2023-12-31"),
    "2024": ("2024-01-01", "2024-12-31"),
    "2024-06": ("2024-06-01", "2024-06-30"),
    "2024-06-30": ("2024-06-30", "2024-06-30"),
    "2025": ("2025-01-01", "2025-12-31"),
}
# Which pairs of truths the relation of one claim to another leaves open.
OPEN = {
    "repeats": {(True, True), (False, False)},
    "contradicts": {(True, False), (False, True)},
    "excludes": {(True, False), (False, True), (False, False)},
    "refines": {(True, True), (False, True), (False, False)},
}
SIDES: dict[str, bool | None] = {"for": True, "against": False, "neither": None}
VOICES = (source("The State"), source("The Rebels"))
SPEAKER = source("A speaker of the State")
NUMBERS = [(None, None), (5, 5), (9, 9), (4, 7), (None, 8), (6, None)]


def said(pk: int, stance: str, on: str = "", by: str = "", claim: int = 1, **more: Any) -> Position:
    who = more.pop("who", VOICES[0])
    speaker = more.pop("speaker", who)
    least, most = more.pop("number", (None, None))
    return Position(
        id=pk,
        voice=who,
        source=speaker,
        claim=claim,
        number=claim,
        text=f"Claim {claim}.",
        language="en",
        stance=Term(stance, stance),
        said_on=When(on, on),
        by=When(by, by) if by else NEVER,
        capacity="",
        quote="",
        quote_language="",
        translation="",
        document="",
        relays=(),
        least=None if least is None else Decimal(least),
        most=None if most is None else Decimal(most),
        unit=more.pop("unit", ""),
        of_hidden_body=not more.pop("compared", True),
        earlier_wording=more.pop("earlier_wording", False),
    )


def held_against(row: Position) -> bool:
    """Whether anything is held against it: what was said for a withheld body is nobody's position, and of an earlier
    wording nobody knows whether the two could both stand."""
    return not (row.of_hidden_body or row.earlier_wording)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Position], list[Link], dict[int, int]]:
    """What was said, how the claims are related, and for which body some of it was said; or for one that is withheld,
    which is nobody's voice."""
    claims = {pk: (draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(["dead", "hurt"]))) for pk in (1, 2, 3)}
    rows: list[Position] = []
    bodies: dict[int, int] = {}
    for pk in range(1, draw(st.integers(1, 7)) + 1):
        claim = draw(st.integers(1, 3))
        date = st.sampled_from(["", *DATES])
        voice = draw(st.sampled_from(VOICES))
        told = draw(st.integers(0, 4)) > 0
        speaker = draw(st.sampled_from([voice, SPEAKER]))
        if told and draw(st.booleans()):
            bodies[pk] = voice.id
        rows.append(
            said(
                pk,
                draw(st.sampled_from([*VERBS, "asserts", "asserts", "denies", "retracts"])),
                draw(date),
                draw(date),
                claim,
                who=voice if told else speaker,
                speaker=speaker,
                compared=told,
                earlier_wording=draw(st.booleans()) and draw(st.booleans()),
                number=claims[claim][0],
                unit=claims[claim][1],
            )
        )
    kinds = st.sampled_from(["contradicts", "excludes", "repeats", "refines", "supports", "compatible"])
    links = [Link(one, other, draw(kinds)) for one, other in ((1, 2), (2, 3), (3, 1)) if draw(st.booleans())]
    return rows, links, bodies


class Naive:
    """The definitions, pair by pair."""

    def __init__(self, rows: list[Position], links: list[Link], bodies: dict[int, int]) -> None:
        self.rows, self.links, self.bodies = rows, links, bodies
        self.same = {(pk, pk) for pk in (1, 2, 3)}
        for link in links:
            if link.kind == "repeats":
                self.same |= {(link.claim, link.other), (link.other, link.claim)}
        for middle, one, other in product((1, 2, 3), repeat=3):
            if (one, middle) in self.same and (middle, other) in self.same:
                self.same.add((one, other))

    def ties(self, one: int, other: int) -> Iterator[set[tuple[bool, bool]]]:
        """What each tie by logic of the two claims leaves open."""
        if (one, other) in self.same:
            yield OPEN["repeats"]
            return
        for link in self.links:
            if link.kind in OPEN and link.kind != "repeats":
                if (link.claim, one) in self.same and (link.other, other) in self.same:
                    yield OPEN[link.kind]
                if (link.other, one) in self.same and (link.claim, other) in self.same:
                    yield {(two, first) for first, two in OPEN[link.kind]}

    def before(self, one: Position, other: Position) -> bool:
        """Whether the one was certainly said before the other."""
        known = DATES.get(one.said_on.text or one.by.text)
        then = DATES.get(other.said_on.text)
        return known is not None and then is not None and known[1] < then[0]

    def since(self, row: Position) -> str:
        return DATES[row.said_on.text or row.by.text][0]

    def until(self, row: Position) -> str:
        return DATES[row.said_on.text or row.by.text][1]

    def kinds(self, was: Position, now: Position) -> str:
        one, two = VERBS[was.stance.code], VERBS[now.stance.code]
        if {one.position, two.position} & {"none"} or was.voice != now.voice or not self.before(was, now):
            return ""
        ties = list(self.ties(was.claim, now.claim))
        alike = (was.claim, now.claim) in self.same
        clear = [verb.position for verb in (one, two)].count("clear")
        if two.position == "taken back":
            return "contradicts" if one.position == "clear" and self.takes_back(now, was) else ""
        if not (held_against(was) and held_against(now)):  # for whom one of them speaks is not told
            return ""
        if one.position == "taken back":
            again = (row for row in self.rows if self.takes_back(was, row) and self.before(row, now))
            same = [
                row
                for row in again
                if held_against(row) and row.voice == now.voice and self.held(row) == self.held(now)
            ]
            return "shifts" if alike and clear and same else ""
        if not ties:
            return ""
        sides = SIDES[one.side], SIDES[two.side]
        if None not in sides:
            opposed = any(sides not in tie for tie in ties)
            kind = ("", "shifts", "contradicts")[clear] if opposed else ""
        else:
            kind = "shifts" if clear else ""
        if kind and self.rises(was, now):
            return "revises" if sides == (True, True) else ""
        return kind

    def rises(self, was: Position, now: Position) -> bool:
        if was.unit != now.unit or (was.least is was.most is None) or (now.least is now.most is None):
            return False
        lower = [(-999 if row.least is None else row.least) for row in (was, now)]
        upper = [(999 if row.most is None else row.most) for row in (was, now)]
        return lower[0] <= lower[1] and upper[0] <= upper[1] and (lower[0], upper[0]) != (lower[1], upper[1])

    def takes_back(self, back: Position, row: Position) -> bool:
        """Whether one who speaks in the retraction speaks in the statement, which was not certainly made after it."""
        speakers = [{one.source.id, self.bodies.get(one.id, one.source.id)} for one in (back, row)]
        kinds = [VERBS[one.stance.code].position == "taken back" for one in (back, row)]
        return (
            kinds == [True, False]
            and back.claim == row.claim
            and bool(speakers[0] & speakers[1])
            and not self.by_own_dates(back, row)
        )

    def by_own_dates(self, one: Position, other: Position) -> bool:
        """Whether the one is certainly earlier by the dates of the two statements themselves."""
        dates = DATES.get(one.said_on.text), DATES.get(other.said_on.text)
        return None not in dates and dates[0][1] < dates[1][0]

    def gone(self, row: Position, now: Position) -> bool:
        """Whether it was taken back before, or may have been; for another retraction only what certainly was."""
        backs = [back for back in self.rows if self.takes_back(back, row)]
        if VERBS[now.stance.code].position == "taken back":
            return any(self.by_own_dates(back, now) for back in backs)
        return not all(self.by_own_dates(now, back) for back in backs)

    def held(self, row: Position) -> tuple[str, str]:
        verb = VERBS[row.stance.code]
        return verb.position, verb.side if verb.position == "clear" else ""

    def candidates(self, now: Position) -> dict[int, str]:
        """The earlier positions from which it departs, unless taken back since, or left before."""
        found = {}
        earlier = [row for row in self.rows if row.voice == now.voice and self.before(row, now)]
        earlier = [row for row in earlier if VERBS[row.stance.code].position != "none"]
        left = [row for row in earlier if not self.gone(row, now)]
        for row in left:
            kept = any(
                (other.claim, now.claim) in self.same
                and self.held(other) == self.held(now) != ("taken back", "")
                and held_against(other)
                and held_against(now)
                and self.until(row) < self.since(other)
                for other in left
            )
            if (kind := self.kinds(row, now)) and not kept:
                found[row.id] = kind
        return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(stories())
def test_every_departure_follows_the_definition_and_none_is_passed_over(
    story: tuple[list[Position], list[Link], dict[int, int]],
) -> None:
    rows, links, bodies = story
    naive = Naive(rows, links, bodies)
    for row in timeline_of(with_retractions(rows, bodies), links).positions:
        found = naive.candidates(row)
        if row.departure is None:
            assert found == {}
        else:
            assert found.get(row.departure.refers_to) == row.departure.kind
            gravest = next(kind for kind in ("contradicts", "shifts", "revises") if kind in found.values())
            assert row.departure.kind == gravest
            before = next(one for one in rows if one.id == row.departure.refers_to)
            open_ones = {VERBS[one.stance.code].position for one in (before, row)} & {"open"}
            assert row.departure.departs is (row.departure.kind != "revises" and not open_ones)


@pytest.mark.parametrize("kind", ["supports", "compatible"])
@pytest.mark.parametrize(("was", "now"), [("asserts", "denies"), ("asserts", "questions"), ("declines", "denies")])
def test_what_no_logic_ties_is_never_held_against_anybody(kind: str, was: str, now: str) -> None:
    rows = [said(1, was, "2023"), said(2, now, "2025", claim=2)]
    assert timeline_of(rows, [Link(1, 2, kind)]).departures == ()


@pytest.mark.parametrize(
    ("first", "later", "kind"),
    [
        ((100, 100), (471, 471), "revises"),
        ((100, 300), (471, 471), "revises"),
        ((5, None), (9, None), "revises"),
        ((471, 471), (100, 300), "contradicts"),
        ((100, 300), (200, 250), "contradicts"),
        ((100, 300), (100, 300), "contradicts"),
        ((None, None), (100, 300), "contradicts"),
    ],
)
def test_a_toll_that_rises_is_revised_and_one_that_falls_is_another(first: Any, later: Any, kind: str) -> None:
    rows = [
        said(1, "asserts", "2023", number=first, unit="dead"),
        said(2, "asserts", "2025", claim=2, number=later, unit="Dead"),
    ]
    told = timeline_of(rows, [Link(1, 2, "excludes")])
    departure = told.positions[1].departure
    assert departure is not None
    assert departure.kind == kind
    assert bool(told.departures) == (kind != "revises")
    if kind == "revises":
        assert departure.words == "Revises its number. Earlier (2023) it asserted: “Claim 1.”"
    counted = replace(rows[1], unit="injured")
    other = timeline_of([rows[0], counted], [Link(1, 2, "excludes")]).positions[1].departure
    assert other is not None
    assert other.kind == "contradicts"
