"""What a report weighs, in Markdown: what changed, evidence in numbers, matrix, timeline and verdicts over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.logic import wording
from claims.logic.matrix import Matrix
from claims.reports.content.changes import ChangeContent
from claims.reports.content.dossier import ClaimContent, Dossier
from claims.reports.content.timeline import Position, Timeline
from claims.reports.formats.markdown_text import line
from claims.reports.pictures.balance import STRENGTHS, weights
from claims.reports.pictures.history import Step, steps_of


def changes_section(dossier: Dossier) -> Iterator[str]:
    """The blocks of what changed since the earlier report; none where nobody asked."""
    if not dossier.since:
        return
    yield "## What has changed since the last report"
    yield dossier.changes_sentence
    yield "\n".join(_change(row) for row in dossier.changes)


def _change(row: ChangeContent) -> str:
    details = "".join(f"\n  - {line(entry.sentence[:1].upper() + entry.sentence[1:])}" for entry in row.differences)
    reason = f"\n  - Reason: {line(row.reason)}" if row.reason else ""
    return f"- **{line(row.what)}**, {row.change}: “{line(row.label)}”{details}{reason}"


def balance_section(claims: Sequence[ClaimContent], *, named: bool) -> Iterator[str]:
    """The blocks of the evidence in numbers; none where there is no evidence."""
    if not any(weight.tally.total for claim in claims for weight in weights(claim)):
        return
    yield "## How much evidence, and from how many origins"
    yield wording.BALANCE_NUMBERS
    head = ["Claim"] if named else []
    head += ["Bearing", *(strength.capitalize() for strength in STRENGTHS), "Together"]
    table = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for claim in claims:
        for weight in weights(claim):
            cells = [f"Claim {claim.number}"] if named else []
            cells += [weight.title, *(str(count) for count in weight.counts), weight.words]
            table.append(f"| {' | '.join(cells)} |")
    yield "\n".join(table)


def history_section(claims: Sequence[ClaimContent], *, named: bool) -> Iterator[str]:
    """The blocks of the verdicts in the order of time; none where all were published at one moment."""
    steps = steps_of(claims)
    if len({step.verdict.published_at.text for step in steps}) < 2:
        return
    yield "## Verdicts over time"
    yield wording.HISTORY
    yield "\n".join(_step(step, named=named) for step in steps)


def _step(step: Step, *, named: bool) -> str:
    about = f", claim {step.claim.number}" if named else ""
    reason = f": {line(step.verdict.correction_reason)}" if step.verdict.correction_reason else ""
    rating = line(step.verdict.rating.label)
    return f"- {step.verdict.published_at}{about}: **{rating}**, {line(step.words)}{reason}"


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
