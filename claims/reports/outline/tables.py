"""The matrices and the timeline of a dispute as blocks of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.template.defaultfilters import floatformat
from django.utils.text import capfirst

from claims.logic import wording
from claims.logic.matrix import Cell, Column, Matrix, MatrixRow
from claims.logic.matrix_plain import NO_FINDING, WEIGHT, plain_sentence
from claims.reports.content.dossier import DisputeDossier
from claims.reports.content.position import Departure, Position
from claims.reports.content.question import QuestionContent
from claims.reports.content.telling import MOST, is_long
from claims.reports.content.timeline import Timeline
from claims.reports.outline.blocks import (
    Block,
    Heading,
    Paragraph,
    Run,
    Runs,
    Style,
    Table,
    balanced,
    facts,
    listed,
    prose,
    quoting,
    runs,
)
from claims.reports.outline.numbers import claim_link
from claims.reports.outline.weighing import Pictures, picture
from claims.reports.pictures.all import matrix_key

COLUMNS_IN_A_ROW = 7
"""As many claims stand in one matrix: neither a page nor a narrow window has room for more."""
_COLUMNS = (
    "“Tells apart” is how far the ratings of a piece lie apart from claim to claim. “Speaks against” and “fits” add up "
    "how far the mean rating of each piece, from 1 for very inconsistent to 5 for very consistent, lies below neutral, "
    f"which is 3, or above it: the square of that, so that what is plain weighs more. {NO_FINDING} It goes by what "
    "speaks against a claim, then by what fits it, then by how much is rated; equals share it. A mean halfway between "
    f"two ratings is shown as the more neutral one, and ranks reckon with the mean. {WEIGHT}"
)
_BESIDE = (
    "In the tables of the claims the desk says of each piece what it is for and against. Here each analyst rates every "
    "piece against every claim: what is context there may fit a claim here, and what is for it there may be neutral. "
    "What does not count on a claim there does not count here either."
)
_PICTURE = (
    "Each row of the picture is a voice: a source, or the body for which it speaks. Dates stand in their order, not to "
    "scale. An arrow leads back to an earlier position from which a later one departs; it is dashed where that is "
    "only left open or taken up, or a number revised, and leaves to the left where that position stands higher up."
)


def matrix_sections(dossier: DisputeDossier) -> Iterator[Block]:
    """The matrix of each question with what it comes to; nothing where nobody rated."""
    rated = [question for question in dossier.questions if question.matrix.rated]
    if not rated:
        return
    yield Heading(2, runs("How the evidence fits the claims"), "matrix")
    yield from prose(f"{wording.MATRIX_READING} {_COLUMNS}", "intro")
    yield from prose(_BESIDE, "intro")
    for question in rated:
        yield Heading(3, runs(Run(question.text)), matrix_key(question))
        yield from _matrix(question, dossier)


def _matrix(question: QuestionContent, dossier: DisputeDossier) -> Iterator[Block]:
    matrix = question.matrix.in_order(question.claims)
    yield from prose(plain_sentence(matrix))
    rows = matrix.rows[:MOST] if is_long(dossier) else matrix.rows
    for places in balanced(len(matrix.columns), COLUMNS_IN_A_ROW):
        yield _matrix_table(matrix, rows, places)
    if left := len(matrix.rows) - len(rows):
        whole = Run("matrix", link=f"{dossier.imprint.address('questions', question.id)}matrix/")
        pieces = wording.counted(left, "further piece", "further pieces")
        yield Paragraph(runs(f"Shown are the {len(rows)} most telling pieces; {pieces} in the ", whole, "."), "meta")
    yield from prose(matrix.sensitivity_sentence)
    yield from prose(matrix.order_sentence)
    yield from facts(*(("Echo", runs(origin.echo_words)) for origin in matrix.echoes[:MOST]))


def _matrix_table(matrix: Matrix, rows: Sequence[MatrixRow], places: range) -> Table:
    columns = [matrix.columns[place] for place in places]
    heads = (claim_link(column.claim, column.text, capital=True) for column in columns)
    return Table(
        caption="Each piece of evidence and each claim, the most telling evidence first; a rank is no finding",
        head=(runs("Evidence"), *((head,) for head in heads), runs("Tells apart")),
        rows=(
            *(
                (_piece(row), *(_cell(row, row.cells[place]) for place in places), runs(_score(row.diagnosticity)))
                for row in rows
            ),
            *((runs(label), *(words(column) for column in columns), ()) for label, words in _TOTALS.items()),
        ),
        widths=(max(2.2, 3.2 - 0.4 * len(columns)), *(1.5 for _ in columns), 0.7),
        role="matrix",
        row_heads=1,
        totals=len(_TOTALS),
    )


def _score(value: float) -> str:
    """Two decimals, or none: `5.25`, `0.50`, `4`."""
    return floatformat(value, "-2u")


_TOTALS: dict[str, Callable[[Column], Runs]] = {
    "Rank": lambda column: (Run(_rank(column.rank), "strong"),),
    "Rank by grades; by origin; by both": lambda column: runs(
        "; ".join(map(_rank, (column.weighted_rank, column.origin_rank, column.weighted_origin_rank)))
    ),
    "Speaks against; by origin": lambda column: runs(
        f"{_score(column.inconsistency)}; {_score(column.origin_inconsistency)}"
    ),
    "Fits": lambda column: runs(_score(column.consistency)),
    "Coverage, of what counts": lambda column: runs(column.coverage),
}


def _rank(place: int | None) -> str:
    return str(place) if place else "not tested"


def _piece(row: MatrixRow) -> Runs:
    return runs(
        Run(row.code, "strong"),
        " ",
        Run(row.title),
        Run(f" {row.origin}", "quiet") if row.share < 1 and row.origin else None,
        Run(" decisive", "flag") if row.decisive else None,
        Run(f" does not count: {_in_short(row.discounted)}", "flag") if row.discounted else None,
    )


def _in_short(reason: str) -> str:
    """Why something does not count, without the claim on which that depends, which is told where it bears on one."""
    return reason.partition(", since ")[0]


def _cell(row: MatrixRow, cell: Cell) -> Runs:
    reason = row.reason(cell)
    flag = Run(f"\ndoes not count: {_in_short(reason)}", "flag") if reason else None
    if not cell.rated:
        return runs(Run("not rated", "quiet"), flag)
    apart = cell.disagreement_words
    mark, words = Run(cell.consensus, "mark", title=f"{cell.words}; {apart}"), Run(f" {cell.words}", "quiet")
    return runs(mark, words, Run(f", {apart}", "quiet") if apart != "consensus" else None, flag)


def timeline_section(timeline: Timeline, pictures: Pictures) -> Iterator[Block]:
    """Who held what, and when, as a picture and as a table; nothing where nothing was said."""
    if not timeline.positions:
        return
    yield Heading(2, runs("Who held what, and when"), "timeline")
    if "timeline" in pictures:
        yield from prose(_PICTURE, "intro")
        yield from picture(pictures, "timeline")
    acts: dict[tuple[object, ...], list[Position]] = {}
    for row in timeline.positions:
        # What one voice did at once is told on one line, and a departure by itself.
        acts.setdefault((row.when, row.voice.id, row.source.id, row.stance, row.departure), []).append(row)
    yield Table(
        caption="Positions by date, as far as it is known",
        head=(runs("When"), runs("Who"), runs("Position")),
        rows=tuple((runs(rows[0].when), _who(rows[0]), _position(rows)) for rows in acts.values()),
        widths=(0.8, 1.6, 2.8),
        role="positions",
    )


def _who(row: Position) -> Runs:
    by = (Run("\nby ", "quiet"), Run(row.source.name, "quiet")) if row.source.id != row.voice.id else ()
    return runs(Run(row.voice.name, "strong"), *by)


def _departure(row: Departure) -> Iterator[Run]:
    style: Style = "flag" if row.departs else "quiet"
    yield from (replace(part, style=style) for part in quoting(f"\n{row.words}"))


def _position(rows: Sequence[Position]) -> Runs:
    (first, *_others) = rows
    words, departure = first.stance.words, first.departure
    claims = listed([(claim_link(row.claim, row.text),) for row in rows])
    did = words.removesuffix(" it")
    # Not every verb can have the claims for its object.
    act = (Run(capfirst(did), "stance"), Run(" ")) if did != words else (Run(capfirst(words), "stance"), Run(": "))
    return runs(
        *act,
        *claims,
        *(_departure(departure) if departure else ()),
    )
