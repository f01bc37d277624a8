"""The positions that each voice took on a dispute, in the order of time, and where it departs from an earlier one.

A voice is whoever a statement speaks for: the body on whose behalf it was made, or its source, and of these the
topmost body to which they belong, so that a ministry and a spokesman speak with the voice of their state.

Dates are as exact as the world gives them, so an order may be unknown. A statement without a date of its own is not
later than the document in which it was printed; whether it came after a dated one is then likely, not certain, and a
departure is told with that reserve. Between statements whose spans overlap nothing is called earlier or later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from claims.logic.dossier_rows import SourceView, Term, When
from factcheck.base import edtf

FOR, AGAINST, UNCLEAR = 1, -1, 0
_POLARITY = {"asserts": FOR, "denies": AGAINST, "hedges": UNCLEAR, "declines": UNCLEAR}
_DID = {
    "asserts": "said that",
    "denies": "denied that",
    "hedges": "left open whether",
    "declines": "declined to comment on whether",
    "retracts": "took back that",
    "relays": "passed on that",
}


@dataclass(frozen=True, slots=True)
class Link:
    """How one claim bears on another, by their ids."""

    claim: int
    other: int
    kind: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a voice departs from what it said before.

    `kind` is "contradicts" (the two cannot both stand) or "shifts" (from a clear position to an open one, or back);
    `refers_to` is the id of the earlier attribution; `certain` says whether it is known to be earlier.
    """

    kind: str
    refers_to: int
    certain: bool
    words: str


@dataclass(frozen=True, slots=True)
class Position:
    """One statement of a voice on one claim; `relays` are those who passed it on."""

    id: int
    voice: SourceView
    source: SourceView
    claim: int
    number: int
    text: str
    language: str
    stance: Term
    said_on: When
    by: When
    """Where the statement has no date of its own: the date of the document that printed it."""
    capacity: str
    quote: str
    quote_language: str
    translation: str
    document: str
    relays: tuple[SourceView, ...]
    departure: Departure | None = None

    @property
    def when(self) -> str:
        """`3 July 2025`, `by 3 July 2025`, `date not known`."""
        return self.said_on.words or (f"by {self.by.words}" if self.by else "date not known")

    @property
    def span(self) -> tuple[datetime | None, datetime | None]:
        """The moments between which it was said; None where a bound is not known."""
        for text, dated in ((self.said_on.text, True), (self.by.text, False)):
            if text:
                try:
                    start, end = edtf.parse(text)
                except ValueError:
                    continue
                return (start if dated else None), end
        return None, None


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was said on a dispute, in the order of time."""

    positions: tuple[Position, ...] = ()

    @property
    def voices(self) -> tuple[SourceView, ...]:
        """Everybody with a position, in the order of their first."""
        return tuple({position.voice.id: position.voice for position in self.positions}.values())

    @property
    def departures(self) -> tuple[Position, ...]:
        return tuple(position for position in self.positions if position.departure)

    def of(self, voice: SourceView) -> tuple[Position, ...]:
        return tuple(position for position in self.positions if position.voice.id == voice.id)


def timeline_of(positions: Iterable[Position], links: Iterable[Link]) -> Timeline:
    """The positions in order of time, each with the latest earlier position of its voice from which it departs."""
    ordered = sorted(positions, key=_place)
    bonds = _bonds(links)
    voices: dict[int, list[Position]] = {}
    told = []
    for position in ordered:
        earlier = voices.setdefault(position.voice.id, [])
        told.append(replace(position, departure=_departure(position, earlier, bonds)))
        earlier.append(position)
    return Timeline(tuple(told))


def _place(position: Position) -> tuple[bool, datetime | None, bool, int]:
    start, end = position.span
    return end is None, start or end or _LAST, start is not None, position.id


_LAST = datetime.max  # noqa: DTZ901 - never compared with a real moment: what has no bound sorts apart
Bonds = dict[tuple[int, int], set[str]]


def _bonds(links: Iterable[Link]) -> Bonds:
    """For each ordered pair of claims how the first bears on the second."""
    bonds: Bonds = {}
    for link in links:
        bonds.setdefault((link.claim, link.other), set()).add(link.kind)
        back = link.kind if link.kind in {"contradicts", "excludes", "repeats"} else f"{link.kind} back"
        bonds.setdefault((link.other, link.claim), set()).add(back)
    return bonds


def _departure(position: Position, earlier: Sequence[Position], bonds: Bonds) -> Departure | None:
    for before in reversed(earlier):
        kind = _kind(before, position, bonds)
        order = _order(before, position)
        if kind and order:
            certain = order == "certain"
            return Departure(kind, before.id, certain, _words(kind, before, certain=certain))
    return None


def _kind(before: Position, after: Position, bonds: Bonds) -> str:
    same = before.claim == after.claim
    kinds = {"repeats"} if same else bonds.get((before.claim, after.claim), set())
    if not kinds & {"repeats", "contradicts", "excludes", "supports", "supports back", "refines", "refines back"}:
        return ""
    was, now = _POLARITY.get(before.stance.code), _POLARITY.get(after.stance.code)
    if after.stance.code == "retracts":
        return "contradicts" if same and was in {FOR, AGAINST} else ""
    if was is None or now is None:
        return ""
    if now in {FOR, AGAINST} and any(_implied(was, kind) == -now for kind in kinds):
        return "contradicts"
    if was in {FOR, AGAINST} and now == UNCLEAR:
        return "shifts"
    return "shifts" if same and was == UNCLEAR and now in {FOR, AGAINST} else ""


def _implied(was: int, kind: str) -> int | None:
    """What a position on one claim implies for another one; None where it implies nothing."""
    if kind == "repeats":
        return was
    if kind == "contradicts":
        return -was
    if was == FOR:
        return {"excludes": AGAINST, "supports": FOR, "refines": FOR}.get(kind)
    return AGAINST if kind == "refines back" else None


def _order(before: Position, after: Position) -> str:
    """ "certain", "likely" or "" for not known."""
    was, now = before.span, after.span
    if before.span[0] is None or was[1] is None:
        return ""
    if now[0] is not None:
        return "certain" if was[1] <= now[0] else ""
    return "likely" if now[1] is None or was[1] <= now[1] else ""


def _words(kind: str, before: Position, *, certain: bool) -> str:
    verb = "Contradicts" if kind == "contradicts" else "Departs from"
    did = _DID[before.stance.code]
    reserve = "" if certain else " The order is likely, not certain."
    who = f"{before.source.name} " if before.source.id != before.voice.id else "it "
    return f"{verb} an earlier position: {before.when}, {who}{did}: “{before.text}”{reserve}"
