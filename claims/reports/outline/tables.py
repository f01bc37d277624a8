"""The rival claims side by side, the matrix and the timeline of a dispute as blocks of a report that fit a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from claims.logic import wording
from claims.logic.matrix import Cell, Column, Matrix, MatrixRow
from claims.reports.content.dossier import ClaimContent
from claims.reports.content.timeline import Position, Timeline
from claims.reports.outline.blocks import (
    Block,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    balanced,
    hexadecimal,
    joined,
    prose,
    runs,
)
from claims.reports.outline.rows import rated
from claims.reports.outline.weighing import Pictures, drawn

SIDES_IN_A_ROW = 4
"""As many claims stand side by side in a column wide enough to read in."""
COLUMNS_IN_A_ROW = 7
_PICTURE = (
    "Each row of the picture is a voice: a source, or the body for which it speaks. Dates stand in their order, not to "
    "scale. An arrow leads back to an earlier position from which a later one departs; it is dashed where the order is "
    "likely, not certain, and leaves to the left where that position stands higher up."
)


def side_by_side(claims: Sequence[ClaimContent]) -> Iterator[Block]:
    """The claims in as many tables as the width of a page asks for."""
    if not claims:
        yield Paragraph(runs("No claim has been entered yet."), "none")
    groups = balanced(len(claims), SIDES_IN_A_ROW)
    for places in groups:
        shown = [claims[place] for place in places]
        yield Table(
            caption=_numbers([claim.number for claim in shown]) if len(groups) > 1 else "",
            head=("", *(f"Claim {claim.number}" for claim in shown)),
            rows=tuple((runs(label), *map(said, shown)) for label, said in _SIDE_ROWS.items()),
            widths=(0.7, *(1.0 for _ in shown)),
            row_heads=True,
            strips=("", *(hexadecimal(claim.verdict.rating.colour) if claim.verdict else "" for claim in shown)),
        )


def _numbers(numbers: Sequence[int]) -> str:
    return f"Claim {numbers[0]}" if len(numbers) == 1 else f"Claims {numbers[0]} to {numbers[-1]}"


def _text(claim: ClaimContent) -> Runs:
    state = Run(f"\n{claim.status.words.capitalize()}, not published", "flag") if not claim.is_published else None
    return runs(Run(claim.text, lang=claim.language.code, link=f"#claim-{claim.id}"), state)


def _rating(claim: ClaimContent) -> Runs:
    return (rated(claim.verdict.rating),) if claim.verdict else (Run("None yet", "quiet"),)


def _likelihood(claim: ClaimContent) -> Runs:
    known = claim.verdict.likelihood if claim.verdict else None
    return runs(known.words.capitalize()) if known else (Run("Not estimated", "quiet"),)


def _confidence(claim: ClaimContent) -> Runs:
    known = claim.verdict.confidence if claim.verdict else None
    return runs(known.words.capitalize()) if known else (Run("Not stated", "quiet"),)


def _named(names: Iterable[str], words: str) -> Runs:
    count = (Run(f"{words[:1].upper()}{words[1:]}", "quiet"),)
    return joined([*((Run(name),) for name in names), count], "\n")


def _counted(words: str, total: int) -> Runs:
    return (Run(words.capitalize(), "" if total else "quiet"),)


_SIDE_ROWS: dict[str, Callable[[ClaimContent], Runs]] = {
    "The claim": _text,
    "Verdict": _rating,
    "Likelihood": _likelihood,
    "Confidence": _confidence,
    "Said by": lambda claim: _named(claim.origins_for, claim.for_words),
    "Denied by": lambda claim: _named(claim.origins_against, claim.against_words),
    "Evidence for": lambda claim: _counted(claim.evidence_for_words, claim.evidence_for.total),
    "Evidence against": lambda claim: _counted(claim.evidence_against_words, claim.evidence_against.total),
}


def matrix_section(matrix: Matrix, pictures: Pictures) -> Iterator[Block]:
    """The matrix with what it comes to; nothing where nobody rated."""
    if not matrix.rated:
        return
    yield Heading(2, runs("The evidence against each claim"), "matrix")
    yield from prose(f"What {wording.analysts(matrix.analysts)} of the desk come to. {wording.MATRIX}", "intro")
    yield from drawn(pictures, "matrix")
    for places in balanced(len(matrix.columns), COLUMNS_IN_A_ROW):
        yield _matrix_table(matrix, places)
    yield from prose(matrix.sensitivity_sentence)


def _matrix_table(matrix: Matrix, places: range) -> Table:
    columns = [matrix.columns[place] for place in places]
    return Table(
        caption="Consistency of each piece of evidence with each claim, the most telling evidence first",
        head=("Evidence", *(f"Claim {column.number}" for column in columns), "Tells apart"),
        rows=(
            *(
                (_piece(row), *(_cell(row.cells[place]) for place in places), runs(wording.score(row.diagnosticity)))
                for row in matrix.rows
            ),
            *((runs(label), *(runs(said(column)) for column in columns), ()) for label, said in _TOTALS.items()),
        ),
        widths=(3.2, *(1.0 for _ in columns), 0.9),
        row_heads=True,
        totals=len(_TOTALS),
    )


_TOTALS: dict[str, Callable[[Column], str]] = {
    "Rank": lambda column: str(column.rank or "not tested"),
    "Coverage": lambda column: column.coverage,
    "Speaks against": lambda column: wording.score(column.inconsistency),
    "Fits": lambda column: wording.score(column.consistency),
    "Rank, weighted by grades": lambda column: str(column.weighted_rank or "not tested"),
}


def _piece(row: MatrixRow) -> Runs:
    return runs(Run(row.code, "code"), f" {row.title}", Run(" decisive", "flag") if row.decisive else None)


def _cell(cell: Cell) -> Runs:
    if not cell.rated:
        return (Run("not rated", "quiet"),)
    apart = cell.disagreement_words
    return runs(Run(cell.consensus, "strong"), Run(f"\n{apart}", "quiet") if apart != "consensus" else None)


def timeline_section(timeline: Timeline, pictures: Pictures) -> Iterator[Block]:
    """Who held what, and when, as a picture and as a table; nothing where nothing was said."""
    if not timeline.positions:
        return
    yield Heading(2, runs("Who held what, and when"), "timeline")
    yield from prose(_PICTURE, "intro")
    yield from drawn(pictures, "timeline")
    yield Table(
        caption="Positions in the order of time",
        head=("When", "Who", "Position"),
        rows=tuple((runs(row.when), _who(row), _position(row)) for row in timeline.positions),
        widths=(0.8, 1.2, 3.2),
    )


def _who(row: Position) -> Runs:
    by = Run(f"\nby {row.source.name}", "quiet") if row.source.id != row.voice.id else None
    return runs(Run(row.voice.name, "strong"), by)


def _position(row: Position) -> Runs:
    relays = ", ".join(source.name for source in row.relays)
    return runs(
        Run(row.stance.words.capitalize(), "strong"),
        ": ",
        Run(row.text, lang=row.language, link=f"#claim-{row.claim}"),
        "\n“" if row.quote else None,
        Run(row.quote, lang=row.quote_language) if row.quote else None,
        "”" if row.quote else None,
        Run(f"\nPassed on by {relays}.", "quiet") if relays else None,
        Run(f"\n{row.departure.words}", "flag") if row.departure else None,
    )
