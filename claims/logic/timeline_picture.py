"""Lays the timeline of a dispute out as a picture: a lane for each voice, a column for each date.

Dates stand in their order, not to scale: most statements of a dispute fall within days, and some years before. A
mark's shape tells the stance and its label the claim, so that the picture reads without colour.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from textwrap import wrap

from claims.logic.timeline import Position, Timeline

LABEL, COLUMN, ROW, HEAD, PAD = 150, 118, 26, 44, 10
LEGEND = (
    ("asserts", "says that it is so"),
    ("denies", "says that it is not so"),
    ("hedges", "leaves it open"),
    ("declines", "declines to comment"),
    ("retracts", "takes it back"),
    ("relays", "passes it on; its origin is not shown"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One statement at its place; `label` says which claim it is about, `words` all of it."""

    x: int
    y: int
    shape: str
    label: str
    words: str
    departs: bool


@dataclass(frozen=True, slots=True)
class Lane:
    y: int
    height: int
    lines: tuple[tuple[int, str], ...]
    """The name of the voice in short lines, each with its baseline."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a statement back to the earlier one from which it departs."""

    path: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    columns: tuple[tuple[int, tuple[tuple[int, str], ...]], ...]
    """The middle of each column and its date in short lines, each with its baseline."""
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[tuple[int, int, str, str], ...]
    """Place, shape and meaning of each stance that occurs."""
    description: str


def picture_of(timeline: Timeline) -> Picture:
    """The picture of a timeline; its description says in words what it shows."""
    dates = list(dict.fromkeys(position.when for position in timeline.positions))
    columns = {date: LABEL + COLUMN * number + COLUMN // 2 for number, date in enumerate(dates)}
    lanes, marks, places, top = [], [], {}, HEAD
    for voice in timeline.voices:
        cells: dict[str, list[Position]] = defaultdict(list)
        for position in timeline.of(voice):
            cells[position.when].append(position)
        name = _short(voice.name)
        rows = max([len(found) for found in cells.values()] + [1])
        height = max(rows * ROW, len(name) * 15) + 2 * PAD
        lanes.append(Lane(top, height, _lines(name, top + PAD + 13, 15)))
        for when, found in cells.items():
            for number, position in enumerate(found):
                x, y = columns[when] - 30, top + PAD + ROW * number + ROW // 2
                places[position.id] = x, y
                marks.append(
                    Mark(
                        x,
                        y,
                        position.stance.code,
                        f"Claim {position.number}",
                        _words(position),
                        bool(position.departure),
                    )
                )
        top += height
    used = {position.stance.code for position in timeline.positions}
    shapes = [(shape, words) for shape, words in LEGEND if shape in used]
    width = max(LABEL + COLUMN * max(len(dates), 1), 480)
    across = max(1, width // 240)
    legend = [
        (12 + 240 * (number % across), top + 24 + 22 * (number // across), shape, words)
        for number, (shape, words) in enumerate(shapes)
    ]
    return Picture(
        width=width,
        height=(max(place[1] for place in legend) if legend else top) + 16,
        columns=tuple(
            (x, tuple((18 + 14 * n, text) for n, text in enumerate(wrap(date, 17)[:2]))) for date, x in columns.items()
        ),
        lanes=tuple(lanes),
        marks=tuple(marks),
        arrows=tuple(
            Arrow(_path(places[position.departure.refers_to], places[position.id]), position.departure.certain)
            for position in timeline.departures
            if position.departure is not None
        ),
        legend=tuple(legend),
        description=_describe(timeline),
    )


def _lines(texts: list[str], first: int, step: int) -> tuple[tuple[int, str], ...]:
    """Each text with its baseline."""
    return tuple((first + step * number, text) for number, text in enumerate(texts))


def _short(name: str) -> list[str]:
    lines = wrap(name, 20) or [""]
    return lines if len(lines) <= 3 else [*lines[:2], f"{lines[2][:17]}…"]


def _words(position: Position) -> str:
    departs = f" {position.departure.words}" if position.departure else ""
    return f"{position.when}, {position.source.name}: {position.stance} (“{position.text}”).{departs}"


def _path(start: tuple[int, int], end: tuple[int, int]) -> str:
    """A curve that leaves the later mark on its left and reaches the earlier one."""
    (x0, y0), (x1, y1) = start, end
    if x0 == x1:
        return f"M{x1 - 9} {y1} C{x1 - 34} {y1} {x0 - 34} {y0} {x0 - 11} {y0}"
    return f"M{x1 - 9} {y1} C{(x0 + x1) // 2 + 40} {y1} {(x0 + x1) // 2 + 40} {y0 + 13} {x0 + 8} {y0 + 9}"


def _describe(timeline: Timeline) -> str:
    said = len(timeline.positions)
    voices, departures = len(timeline.voices), len(timeline.departures)
    changed = f"{departures} of them depart from an earlier one of the same voice" if departures else ""
    parts = [f"{said} statement{'s' if said != 1 else ''} by {voices} voice{'s' if voices != 1 else ''}", changed]
    return "; ".join(part for part in parts if part) + ". The table below says the same in words."
