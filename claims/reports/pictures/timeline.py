"""Lays the timeline of a dispute out as a picture: a lane for each voice, a column for each date.

Dates stand in their order, not to scale: most statements of a dispute fall within days, and some years before. A
mark's shape tells the stance and its label the claim, so that the picture reads without colour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from claims.logic.verbs import VERBS
from claims.logic.wording import counted
from claims.reports.content.position import Position
from claims.reports.content.timeline import Timeline
from claims.reports.pictures.lettering import Lines, set_in_lines, short

LABEL, COLUMN, ROW, HEAD, PAD = 150, 118, 26, 44, 10
ACROSS = 6
"""How many dates stand side by side; further ones begin a new band."""
TRACK, TRACKS = 6, 5
# A relay stands here only where its origin is not shown: else it is folded into that.
LEGEND = {code: verb.in_short for code, verb in VERBS.items()} | {"relays": "passes on what is not shown"}


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
    lines: Lines
    """The name of the voice."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a statement back to the earlier one from which it departs, or to the left where that stands higher up."""

    path: str
    revises: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    columns: tuple[tuple[int, Lines], ...]
    """The middle of each column and its date."""
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[tuple[int, int, str, str], ...]
    """Place, shape and meaning of each stance that occurs."""
    description: str


def picture_of(timeline: Timeline) -> Picture:
    """The picture of a timeline; its description says in words what it shows."""
    dates = list(dict.fromkeys(position.when for position in timeline.positions))
    drawing = _Drawing()
    for first in range(0, len(dates), ACROSS):
        drawing.add_band(dates[first : first + ACROSS], timeline)
    used = {position.stance.code for position in timeline.positions}
    shapes = [(shape, words) for shape, words in LEGEND.items() if shape in used]
    width = max(LABEL + COLUMN * min(max(len(dates), 1), ACROSS), 480)
    across = max(1, width // 240)
    legend = [
        (12 + 240 * (number % across), drawing.top + 24 + 22 * (number // across), shape, words)
        for number, (shape, words) in enumerate(shapes)
    ]
    return Picture(
        width=width,
        height=(max(place[1] for place in legend) if legend else drawing.top) + 16,
        columns=tuple(drawing.columns),
        lanes=tuple(drawing.lanes),
        marks=tuple(drawing.marks),
        arrows=tuple(drawing.arrows),
        legend=tuple(legend),
        description=_describe(timeline),
    )


class _Drawing:
    """The picture as it grows downwards, one band of dates under the other: no wider than a page, however many."""

    def __init__(self) -> None:
        self.columns: list[tuple[int, Lines]] = []
        self.lanes: list[Lane] = []
        self.marks: list[Mark] = []
        self.arrows: list[Arrow] = []
        self.top = 0

    def add_band(self, dates: Sequence[str], timeline: Timeline) -> None:
        """The lanes of those who spoke on these dates."""
        places = {date: LABEL + COLUMN * number + COLUMN // 2 for number, date in enumerate(dates)}
        self.columns += [(x, set_in_lines(wrap(date, 17)[:2], self.top + 18, 14)) for date, x in places.items()]
        self.top += HEAD
        for voice in timeline.voices:
            said = [position for position in timeline.of(voice) if position.when in places]
            if said:
                self._add_lane(voice.name, said, places)

    def _add_lane(self, voice: str, said: Sequence[Position], columns: Mapping[str, int]) -> None:
        cells: dict[str, list[Position]] = defaultdict(list)
        for position in said:
            cells[position.when].append(position)
        departures = [position for position in said if position.departure]
        marks_top = self.top + PAD + TRACK * min(len(departures), TRACKS)
        places = {
            position.id: (columns[when] - 30, marks_top + ROW * number + ROW // 2)
            for when, found in cells.items()
            for number, position in enumerate(found)
        }
        for position in said:
            label = f"Claim {position.number}"
            departs = position.departure is not None and position.departure.departs
            self.marks.append(Mark(*places[position.id], position.stance.code, label, _words(position), departs))
        for number, position in enumerate(departures):
            if position.departure is not None:
                track = self.top + PAD + TRACK * (number % TRACKS)
                path = _path(places.get(position.departure.refers_to), places[position.id], track)
                self.arrows.append(Arrow(path, not position.departure.departs))
        name = short(voice, 20, 3)
        rows = max(len(found) for found in cells.values())
        height = max(marks_top - self.top + rows * ROW + PAD, len(name) * 15 + 2 * PAD)
        self.lanes.append(Lane(self.top, height, set_in_lines(name, self.top + PAD + 13, 15)))
        self.top += height


def _words(position: Position) -> str:
    departs = f" {position.departure.words}" if position.departure else ""
    # What is told of a voice is said of that, as in the table.
    by = f" (by {position.source.name})" if position.source.id != position.voice.id else ""
    return f"{position.when}, {position.voice.name}{by}: {position.stance} (“{position.text}”).{departs}"


def _path(earlier: tuple[int, int] | None, later: tuple[int, int], track: int) -> str:
    """From the later mark up to a track above all marks, and down to the earlier one, so that no label is crossed.

    Where the earlier one stands in a band above, the arrow leaves to the left."""
    x, y = later
    up = f"M{x - 9} {y}H{x - 14}V{track}"
    return f"{up}H{earlier[0] - 20}V{earlier[1]}H{earlier[0] - 9}" if earlier else f"{up}H{LABEL - 4}"


def _describe(timeline: Timeline) -> str:
    held = counted(len(timeline.positions), "position", "positions")
    voices, departures = counted(len(timeline.voices), "voice", "voices"), len(timeline.departures)
    depart = "departs" if departures == 1 else "depart"
    changed = f"; {departures} of them {depart} from an earlier one of the same voice" if departures else ""
    return f"{held} by {voices}{changed}."
