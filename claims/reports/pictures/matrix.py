"""Lays the matrix of a dispute out as a picture: a row for each piece of evidence, a column for each claim.

A cell has its letters, and under them a bar that leaves the middle to the left where the evidence speaks against the
claim and to the right where it fits, so that it reads without colour and without the letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from claims.logic.matrix import WORDS, Cell, Column, Matrix, MatrixRow
from claims.logic.matrix_plain import NO_FINDING
from claims.logic.wording import counted, one_after_another
from claims.reports.pictures.lettering import Lines, set_in_lines, short

LABEL, LABEL_LEAST, COLUMN, ROW, HEAD, LEAST = 236, 170, 46, 38, 28, 360
LETTER = 6.3
"""Pixels that a letter takes on the average."""
KEY_LINE, KEY_COLUMN = 18, 180
STEP = 11
"""How long the bar of one step is: I and C are one step from the middle, VI and VC two."""
LINES, LINE = 5, 14
"""As many lines a title has before it is cut, and how high one is; a row has room for two."""
MOST = 30
"""How many pieces of evidence are drawn, the most telling first: more would not fit on a page."""
_STEPS = {"VI": -2, "I": -1, "C": 1, "VC": 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell: its middle, its letters, what they mean, and its bar, which has no length for a neutral one."""

    x: int
    y: int
    letters: str
    words: str
    bar: int
    length: int
    side: str
    """"against", "for" or "" for none."""


@dataclass(frozen=True, slots=True)
class Row:
    y: int
    code: str
    lines: Lines
    whole: str
    """The title where it had to be cut; else empty."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    heads: tuple[tuple[int, str], ...]
    """The middle of each column and the number of its claim."""
    rows: tuple[Row, ...]
    ranks: tuple[tuple[int, str], ...]
    """The middle of each column and the rank of its claim."""
    origin_ranks: tuple[tuple[int, str], ...]
    """The same by origin; empty where each piece is its own."""
    foot: int
    """Where the row of the ranks begins."""
    note: int
    """The baseline of the words that ranks are no finding."""
    legend: int
    """Where the legend begins."""
    uncounted: bool
    """Whether the legend tells of cells that do not count."""
    keys: tuple[tuple[int, int, str, str], ...]
    """What the letters mean that occur: place, baseline, letters and words."""
    description: str


def picture_of(matrix: Matrix, most: int = MOST) -> Picture:
    """The picture of a matrix; its description says in words what it shows."""
    shown = matrix.counting[:most]
    heads = [str(column.number) for column in matrix.columns]
    wide = max([COLUMN, *(8 * len(head) + 6 for head in heads)])
    label = max(LABEL_LEAST, min(LABEL, LEAST - wide * len(heads)))
    wide = max(wide, (LEAST - label) // max(len(heads), 1))
    middles = [label + wide * place + wide // 2 for place in range(len(matrix.columns))]
    titles = [short(row.title, int((label - 28) / LETTER), LINES) for row in shown]
    tops = list(accumulate((ROW + LINE * max(0, len(lines) - 2) for lines in titles), initial=HEAD))
    foot = tops[-1]
    note = foot + (60 if matrix.echoes else 40)
    legend = note + 26
    uncounted = any(cell.discounted for row in shown for cell in row.cells)
    keys = _keys(shown, legend + (60 if uncounted else 40))
    return Picture(
        width=max(label + wide * len(middles), LEAST),
        height=max(y for _x, y, *_words in keys) + 12 if keys else legend + (52 if uncounted else 32),
        heads=tuple(zip(middles, heads, strict=True)),
        rows=tuple(_row(row, lines, top, middles) for row, lines, top in zip(shown, titles, tops, strict=False)),
        ranks=tuple((x, str(column.rank or "–")) for x, column in zip(middles, matrix.columns, strict=True)),
        origin_ranks=tuple(
            (x, str(column.origin_rank or "–")) for x, column in zip(middles, matrix.columns, strict=True)
        )
        if matrix.echoes
        else (),
        foot=foot,
        note=note,
        legend=legend,
        uncounted=uncounted,
        keys=keys,
        description=_describe(matrix, most),
    )


def _keys(rows: Sequence[MatrixRow], first: int) -> tuple[tuple[int, int, str, str], ...]:
    used = {cell.consensus for row in rows for cell in row.cells if not cell.discounted}
    told = [(letters, words) for letters, words in WORDS.items() if letters in used]
    if "" in used:
        told.append(("–", "not rated"))
    return tuple(
        (2 + KEY_COLUMN * (place % 2), first + KEY_LINE * (place // 2), *entry) for place, entry in enumerate(told)
    )


def _row(row: MatrixRow, lines: list[str], top: int, middles: list[int]) -> Row:
    return Row(
        y=top,
        code=row.code,
        lines=set_in_lines(lines, top + 16, LINE),
        whole=row.title if len(lines) == LINES and lines[-1].endswith("…") else "",
        marks=tuple(_mark(cell, x, top) for cell, x in zip(row.cells, middles, strict=True)),
    )


def _mark(cell: Cell, x: int, top: int) -> Mark:
    if cell.discounted:
        return Mark(x, y=top, letters="×", words=f"does not count: {cell.discounted}", bar=x, length=0, side="")
    steps = _STEPS.get(cell.consensus, 0)
    length = abs(steps) * STEP
    return Mark(
        x=x,
        y=top,
        letters=cell.consensus or "–",
        words=cell.words or "not rated",
        bar=x - length if steps < 0 else x,
        length=length,
        side="against" if steps < 0 else "for" if steps > 0 else "",
    )


def _describe(matrix: Matrix, most: int) -> str:
    number = len(matrix.counting)
    pieces = counted(number, "piece", "pieces")
    of = f"The {most} most telling of {pieces}" if number > most else pieces.capitalize()
    best, by_origin = _firsts(matrix.columns, "rank"), _firsts(matrix.columns, "origin_rank")
    first = f" First comes {one_after_another(best)}." if len(best) == 1 else ""
    shared = f" {one_after_another(best).capitalize()} share the first place." if len(best) > 1 else ""
    differs = matrix.echoes and by_origin != best
    order = f"{first}{shared}{f' Counted by origin, first: {one_after_another(by_origin)}.' if differs else ''}"
    untested = [f"claim {column.number}" for column in matrix.untested]
    open_ones = f" No rating tests {' or '.join(untested)}." if untested else ""
    claims = counted(len(matrix.columns), "claim", "claims")
    told = f"{of} of evidence, held against {claims}.{order}{open_ones}"
    finding = NO_FINDING if best else ""
    return " ".join(filter(None, (told, _most_against(matrix.columns), finding)))


def _firsts(columns: tuple[Column, ...], rank: str) -> list[str]:
    return [f"claim {column.number}" for column in columns if getattr(column, rank) == 1]


def _most_against(columns: tuple[Column, ...]) -> str:
    # Sums of floats differ with the order of their terms.
    scores = [round(column.inconsistency, 9) for column in columns]
    worst = [f"claim {column.number}" for column, score in zip(columns, scores, strict=True) if score == max(scores)]
    if not any(scores) or len(worst) == len(columns):
        return ""
    return f"Counted by piece, most speaks against {one_after_another(worst)}."
