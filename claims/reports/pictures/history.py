"""Lays the verdicts of a report out as a picture: time runs downwards, each claim has a lane.

Dates stand in their order, not to scale, as on the timeline. A verdict stands from its mark down to the one that
replaced it, or to the end of its lane. The rating is written beside its mark: its colour says nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.logic.wording import counted
from claims.reports.content.claim import ClaimContent
from claims.reports.content.rows import VerdictContent
from claims.reports.pictures.lettering import Lines, set_in_lines, short

LABEL, LANE, ROW, HEAD, TAIL = 88, 92, 62, 28, 24
ACROSS = 6
"""How many claims stand side by side; further ones begin a new band."""


@dataclass(frozen=True, slots=True)
class Step:
    """One verdict in the order of time, with the claim that it is about and the verdict that it replaced."""

    claim: ClaimContent
    verdict: VerdictContent
    before: VerdictContent | None

    @property
    def words(self) -> str:
        """`first verdict`, `correction, from “Contested” to “Refuted”`; with the words that it judged, where the claim
        has others now."""
        judged = f", of the wording “{self.verdict.claim_text}”" if self.verdict.claim_text else ""
        return f"{self._act}{judged}"

    @property
    def _act(self) -> str:
        if self.before is None:
            return "first verdict"
        kind = self.verdict.correction_severity.words or "correction"
        was, now = self.before.rating.label, self.verdict.rating.label
        return f"{kind}, still “{now}”" if was == now else f"{kind}, from “{was}” to “{now}”"


@dataclass(frozen=True, slots=True)
class Mark:
    """One verdict at its place; `length` is how far down it stands, `ends` whether another one replaced it."""

    x: int
    y: int
    length: int
    ends: bool
    first: bool
    colour: str
    lines: Lines
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    heads: tuple[tuple[int, int, str], ...]
    """The place of the name of each lane."""
    rows: tuple[tuple[int, Lines], ...]
    """Where each date begins, and the date in short lines."""
    marks: tuple[Mark, ...]
    legend: int
    """Where the legend begins."""
    corrected: bool
    """Whether any verdict replaced another one."""
    description: str


def steps_of(claims: Sequence[ClaimContent]) -> tuple[Step, ...]:
    """The published verdicts on these claims in the order in which they were published."""
    steps = [
        Step(claim, verdict, claim.decided[place - 1] if place else None)
        for claim in claims
        for place, verdict in enumerate(claim.decided)
    ]
    return tuple(sorted(steps, key=lambda step: (_moment(step.verdict), step.claim.number, step.verdict.id)))


def picture_of(claims: Sequence[ClaimContent]) -> Picture:
    """The picture of the verdicts on these claims, of which those without one are left out."""
    decided = [claim for claim in claims if claim.decided]
    drawing = _Drawing()
    for first in range(0, len(decided), ACROSS):
        drawing.add_band(decided[first : first + ACROSS], named=len(claims) > 1)
    steps = steps_of(decided)
    return Picture(
        width=max(LABEL + drawing.across, 340),
        height=drawing.top + 40,
        heads=tuple(drawing.heads),
        rows=tuple(drawing.rows),
        marks=tuple(drawing.marks),
        legend=drawing.top + 20,
        corrected=any(step.before for step in steps),
        description=_describe(steps, len(decided)),
    )


class _Drawing:
    """The picture as it grows downwards, one band of claims under the other."""

    def __init__(self) -> None:
        self.heads: list[tuple[int, int, str]] = []
        self.rows: list[tuple[int, Lines]] = []
        self.marks: list[Mark] = []
        self.top = self.across = 0

    def add_band(self, claims: Sequence[ClaimContent], *, named: bool) -> None:
        """The lanes of these claims, with a row for each moment at which a verdict on them was published."""
        wide = LANE if len(claims) > 1 else 250
        lanes = {claim.id: LABEL + wide * place + 10 for place, claim in enumerate(claims)}
        self.across = max(self.across, wide * len(claims))
        if named:
            self.heads += [(lanes[claim.id] - 6, self.top + 17, f"Claim {claim.number}") for claim in claims]
            self.top += HEAD
        steps = steps_of(claims)
        turns = _turns(steps)
        rows = sorted({(_moment(step.verdict), turns[step.verdict.id]) for step in steps})
        tops = {row: self.top + ROW * place for place, row in enumerate(rows)}
        places = {step.verdict.id: tops[_moment(step.verdict), turns[step.verdict.id]] for step in steps}
        words = {places[step.verdict.id]: step.verdict.published_at.words for step in steps}
        self.rows += [(top, set_in_lines(_date(words[top]), top + 16, 14)) for top in tops.values()]
        end = self.top + ROW * len(rows) + TAIL - 12
        for step in steps:
            later = [other for other in steps if other.before is step.verdict]
            y = places[step.verdict.id] + 12
            below = places[later[0].verdict.id] + 12 if later else end
            self.marks.append(_mark(step, lanes[step.claim.id], y, below - y, ends=bool(later), wide=wide))
        self.top = end + 12


def _mark(step: Step, x: int, y: int, length: int, *, ends: bool, wide: int) -> Mark:
    lines = short(step.verdict.rating.label, (wide - 20) // 6, 3)
    return Mark(
        x=x,
        y=y,
        length=length,
        ends=ends,
        first=step.before is None,
        colour=step.verdict.rating.colour,
        lines=set_in_lines(lines, 4, 14),
        words=f"{step.verdict.published_at}, claim {step.claim.number}: {step.verdict.rating.label} ({step.words})",
    )


def _turns(steps: Sequence[Step]) -> dict[int, int]:
    """For each verdict how many on its claim were published before it at the same moment: they stand below each
    other, not on each other."""
    seen: Counter[tuple[int, str]] = Counter()
    turns = {}
    for step in steps:
        moment = (step.claim.id, step.verdict.published_at.text)
        turns[step.verdict.id] = seen[moment]
        seen[moment] += 1
    return turns


def _date(words: str) -> list[str]:
    day, _comma, hour = words.partition(", ")
    return [*short(day, 12, 2), hour]


def _moment(row: VerdictContent) -> datetime:
    return datetime.fromisoformat(row.published_at.text)


def _describe(steps: Sequence[Step], claims: int) -> str:
    corrections = sum(step.before is not None for step in steps)
    on = f" on {counted(claims, 'claim', 'claims')}" if claims > 1 else ""
    said = f"{counted(len(steps), 'verdict', 'verdicts').capitalize()}{on}"
    changed = f", {corrections} of them in place of an earlier one" if corrections else ""
    return f"{said}{changed}."
