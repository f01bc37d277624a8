"""The matrix and the timeline of a dispute in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from claims.exports.markdown_text import line
from claims.logic import wording
from claims.logic.matrix import Matrix
from claims.logic.timeline import Position, Timeline


def matrix_section(matrix: Matrix) -> Iterator[str]:
    """The blocks of the matrix; none where nobody rated."""
    if not matrix.rated:
        return
    yield "## The evidence against each claim"
    yield f"What {wording.analysts(matrix.analysts)} of the desk come to. {wording.MATRIX}"
    heads = "".join(f" Claim {column.number} |" for column in matrix.columns)
    table = [f"| Evidence |{heads} Tells apart |", "|---|" + "---|" * (len(matrix.columns) + 1)]
    for row in matrix.rows:
        marks = "".join(f" {cell.consensus or '–'} |" for cell in row.cells)
        table.append(f"| {row.code}: {line(row.title)} |{marks} {wording.score(row.diagnosticity)} |")
    for label, values in (
        ("Rank", [str(column.rank or "not tested") for column in matrix.columns]),
        ("Speaks against", [wording.score(column.inconsistency) for column in matrix.columns]),
        ("Fits", [wording.score(column.consistency) for column in matrix.columns]),
        ("Rank, weighted by grades", [str(column.weighted_rank or "not tested") for column in matrix.columns]),
        ("Coverage", [column.coverage for column in matrix.columns]),
    ):
        table.append(f"| **{label}** | {' | '.join(values)} | |")
    yield "\n".join(table)
    yield matrix.sensitivity_sentence


def timeline_section(timeline: Timeline) -> Iterator[str]:
    """The blocks of the timeline; none where nothing was said."""
    if not timeline.positions:
        return
    yield "## Who held what, and when"
    yield "\n".join(_position(position) for position in timeline.positions)


def _position(row: Position) -> str:
    by = f" (by {line(row.source.name)})" if row.source.id != row.voice.id else ""
    quote = f" “{line(row.quote)}”" if row.quote else ""
    relays = f" Passed on by {', '.join(line(source.name) for source in row.relays)}." if row.relays else ""
    departure = f"\n  - **{line(row.departure.words)}**" if row.departure else ""
    return (
        f"- {row.when}: **{line(row.voice.name)}**{by} {row.stance}: claim {row.number}, {line(row.text)}{quote}"
        f"{relays}{departure}"
    )
