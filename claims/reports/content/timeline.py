"""The positions that each voice took on a dispute, in the order of time, and where it departs from an earlier one.

A voice is whoever a statement speaks for: the body on whose behalf it was made, or its source, and of these the
topmost body for which they spoke on its day, so that a ministry and its spokesman have the voice of their state. A body
that is withheld from the reader is nobody's voice: what was said for it stands beside its source, and is not compared.

Order. Dates are as exact as the world gives them, so a date is a span, and one statement is earlier than another
only when its span has ended before the other's begins: 2025 and 2025-07 are neither earlier nor later. A statement
without a date of its own is not later than the document that printed it, "by" that date; so what is dated after the
printing surely came after it. The reverse is not sure: what was printed later may have been said earlier, and so
departs from nothing. A statement with neither date is never compared: to call somebody inconsistent on a guess would
be no better than a guess.

Departures. It "contradicts" when the two cannot both stand: for and against one claim, or its repetitions; for both
of two claims of which at most one holds; against both of two of which exactly one holds; for the finer claim and
against the one that it refines. Repetitions of repetitions are one claim. Nothing else is
chained: three claims that a desk linked in a ring as contradicting would else contradict themselves. "Supports" makes a
claim likelier and entails nothing, and "compatible" says that both can hold: across them nobody departs from anything.
It "shifts" when a clear position, for or against, gives way to an open one, or the reverse, on the same claim or on one
that these relations tie to it by logic. To leave open what one held, or the reverse, is told as that and is no
departure.

A number that rises with its date is no departure: where both claims state a quantity of one unit and the later one is
greater, it "revises" its number, as a toll is revised.

A tentative position, what somebody only suggested, leans to its side. To say clearly what was suggested before, or the
reverse, is no departure, nor is it to leave it open; but where two clear positions would contradict each other and one
of them is tentative, it "shifts".

A retraction takes back what the register counts as taken back by it (claims/logic/chains.py), and nothing else that its
voice said. What was, or may have been, taken back before is held against nobody; who asserts or denies it again
"shifts".

What keeps up a new position is no new departure: an earlier statement is passed over once the voice has taken the
present position on this claim after it. Of what remains a contradiction is named before a shift, a shift before a
revised number, then the latest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from claims.logic.verbs import VERBS, Verb, in_words_of
from claims.reports.content.bonds import Bonds, Link
from claims.reports.content.position import REVISES, Departure, Position
from claims.reports.content.rows import SourceContent
from factcheck.base.edtf import certainly_earlier

FOR, AGAINST, OPEN, TAKEN_BACK, TENTATIVE = 1, -1, 0, 2, 3
_CLEAR = (FOR, AGAINST)
_GRAVITY = {REVISES: 0, "shifts": 1, "contradicts": 2}
_HEADS = {
    REVISES: "Revises its number",
    "shifts": "Departs from an earlier position",
    "contradicts": "Contradicts an earlier position",
}
_TAKES_BACK = "Takes back an earlier position"
_OPEN = {(False, True): "Leaves open what it held before", (True, False): "Takes a position that it had left open"}
_ENDLESS = Decimal("Infinity")


def _held(verb: Verb) -> int | None:
    """The position that a verb takes; None where it takes none, as a relay, which passes on what another holds."""
    sides = {"for": FOR, "against": AGAINST}
    positions = {"clear": sides.get(verb.side), "tentative": TENTATIVE, "open": OPEN, "taken back": TAKEN_BACK}
    return positions.get(verb.position)


_HELD = {code: held for code, verb in VERBS.items() if (held := _held(verb)) is not None}


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was said on a dispute, in the order of time."""

    positions: tuple[Position, ...] = ()

    @property
    def voices(self) -> tuple[SourceContent, ...]:
        """Everybody with a position, in the order of their first."""
        return tuple({position.voice.id: position.voice for position in self.positions}.values())

    @property
    def departures(self) -> tuple[Position, ...]:
        return tuple(row for row in self.positions if row.departure and row.departure.departs)

    def of(self, voice: SourceContent) -> tuple[Position, ...]:
        return tuple(position for position in self.positions if position.voice.id == voice.id)


def timeline_of(positions: Iterable[Position], links: Iterable[Link]) -> Timeline:
    """The positions in order of time, each with the earlier position of its voice from which it departs, if any."""
    bonds = Bonds(links)
    voices: dict[int, list[_Taken]] = {}
    told = []
    for position in sorted(positions, key=_place):
        taken = _Taken.of(position, bonds)
        if taken is not None:
            earlier = voices.setdefault(position.voice.id, [])
            position = replace(position, departure=_departure(taken, earlier, bonds))
            earlier.append(taken)
        told.append(position)
    return Timeline(tuple(told))


def _place(position: Position) -> tuple[bool, datetime, int, str, int]:
    """Where it stands in the order of time: "by" a day after all that begins on it, coarser dates before finer ones."""
    start, end = position.span
    return end is None, start or end or _LAST, 0 if start else -1, position.said_on.text, position.id


_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A position that can be compared: the span in which it was said, or printed, and what it holds of which claim."""

    position: Position
    since: datetime
    until: datetime
    dated: bool
    claim: int
    held: int

    @classmethod
    def of(cls, position: Position, bonds: Bonds) -> _Taken | None:
        """None where there is no date at all, or where a source only passes on what another one said."""
        held = _HELD.get(position.stance.code)
        dated, (since, until) = position.span[0] is not None, position.bounds
        if held is None or since is None or until is None:
            return None
        return cls(position, since, until, dated, bonds.claim(position.claim), held)

    def says_as(self, other: _Taken) -> bool:
        """Whether both take one position on one claim; to take something back is none."""
        same = (self.claim, self.held) == (other.claim, other.held) and self.held != TAKEN_BACK
        return same and self.position.compared and other.position.compared

    def gone_before(self, after: _Taken) -> bool:
        """Whether it was taken back before the later one, or may have been; before another retraction: certainly."""
        now = after.position.said_on.text
        if after.held == TAKEN_BACK:
            return any(certainly_earlier(back.said_on, now) for back in self.position.taken_back)
        return any(not certainly_earlier(now, back.said_on) for back in self.position.taken_back)


def _departure(after: _Taken, earlier: Sequence[_Taken], bonds: Bonds) -> Departure | None:
    if not after.dated:
        # It was said by the day on which it was printed, and nobody knows after what.
        return None
    before_it = [row for row in earlier if row.until <= after.since]
    given_up = {back.id for row in before_it if row.says_as(after) for back in row.position.taken_back}
    left = [row for row in before_it if not row.gone_before(after)]
    kept = max((row.since for row in left if row.says_as(after)), default=None)
    found = [
        (_GRAVITY[kind], row.until, row.position.id, kind, row)
        for row in left
        if (kept is None or row.until > kept) and (kind := _kind(row, after, bonds, given_up))
    ]
    if not found:
        return None
    *_order, kind, before = max(found, key=lambda entry: entry[:3])
    head = (
        _TAKES_BACK if after.held == TAKEN_BACK else _OPEN.get((before.held == OPEN, after.held == OPEN), _HEADS[kind])
    )
    return Departure(kind, before.position.id, _words(head, before.position), OPEN in (before.held, after.held))


def _kind(before: _Taken, after: _Taken, bonds: Bonds, given_up: Collection[int]) -> str:
    """How the later departs from the earlier; `given_up` are the retractions of what the later says again."""
    if after.held == TAKEN_BACK:
        meant = {back.id for back in before.position.taken_back}
        return "contradicts" if before.held in _CLEAR and after.position.id in meant else ""
    if not (before.position.compared and after.position.compared):
        return ""
    if before.held == TAKEN_BACK:
        return "shifts" if after.held in _CLEAR and before.position.id in given_up else ""
    kind = _kind_by_logic(before, after, bonds)
    if kind and _rises(before.position, after.position):
        return REVISES if _leaning(before.held) == _leaning(after.held) == FOR else ""
    return kind


def _rises(before: Position, after: Position) -> bool:
    """Whether both claims state a quantity of one unit, and the later one is greater: no bound of it is lower."""
    if before.unit.casefold() != after.unit.casefold():
        return False
    was, now = _range(before), _range(after)
    return (
        None not in (was, now) and was != now and all(old <= new for old, new in zip(was or (), now or (), strict=True))
    )


def _range(position: Position) -> tuple[Decimal, Decimal] | None:
    if position.least is None and position.most is None:
        return None
    least, most = position.least, position.most
    return -_ENDLESS if least is None else least, _ENDLESS if most is None else most


def _kind_by_logic(before: _Taken, after: _Taken, bonds: Bonds) -> str:
    kinds = bonds.between(before.claim, after.claim)
    was, now = before.held, after.held
    if not kinds:
        return ""
    if (leaned := _leaning(was)) and (leans := _leaning(now)):
        opposed = any(_implied(leaned, kind) == -leans for kind in kinds)
        clear = (was in _CLEAR) + (now in _CLEAR)
        return ("", "shifts", "contradicts")[clear] if opposed else ""
    return "shifts" if was in _CLEAR or now in _CLEAR else ""


def _leaning(held: int) -> int:
    """The side of a clear or tentative position, 0 for any other."""
    return held if held in _CLEAR else FOR if held == TENTATIVE else 0


def _implied(was: int, kind: str) -> int | None:
    """What a clear position on one claim entails for another one; None where it entails nothing."""
    if kind == "repeats":
        return was
    if kind == "contradicts":
        return -was
    if was == FOR:
        return {"excludes": AGAINST, "refines": FOR}.get(kind)
    return AGAINST if kind == "is refined by" else None


def _words(head: str, before: Position) -> str:
    through = f", through {before.source.name}," if before.source.id != before.voice.id else ""
    did = in_words_of(before.stance.code, earlier=before.earlier_wording)
    return f"{head}. Earlier ({before.when}) it{through} {did}: “{before.text}”"
