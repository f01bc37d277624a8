"""The rival claims side by side, the matrix and the timeline of a dispute as blocks of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import starmap

from django.template.defaultfilters import floatformat
from django.utils.text import capfirst

from claims.logic import wording
from claims.logic.matrix import Cell, Column, Matrix, MatrixRow
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dossier import ClaimContent
from claims.reports.content.position import Position
from claims.reports.content.question import QuestionContent
from claims.reports.content.timeline import Timeline
from claims.reports.outline.blocks import (
    Block,
    Card,
    Heading,
    Items,
    Paragraph,
    Run,
    Runs,
    Table,
    balanced,
    facts,
    hexadecimal,
    joined,
    listed,
    prose,
    runs,
)
from claims.reports.outline.contradiction import acts_of, rival_link
from claims.reports.outline.rows import rated
from claims.reports.outline.weighing import Pictures, picture
from claims.reports.pictures.all import matrix_key

COLUMNS_IN_A_ROW = 7
"""As many claims stand in one matrix: neither a page nor a narrow window has room for more."""
_PICTURE = (
    "Each row of the picture is a voice: a source, or the body for which it speaks. Dates stand in their order, not to "
    "scale. An arrow leads back to an earlier position from which a later one departs; it is dashed where that is "
    "only left open or taken up, or a number revised, and leaves to the left where that position stands higher up."
)


def side_by_side(claims: Sequence[ClaimContent]) -> Iterator[Block]:
    """The claims beside each other, each with the same facts; nothing where there are none, which the sentence of the
    question says."""
    if claims:
        # Each card has the same facts; one that none of the claims has is left out.
        discounted = any(claim.discounted for claim in claims)
        taken_back = any(claim.taken_back_words for claim in claims)
        yield Items("sides", tuple(_side(claim, discounted=discounted, taken_back=taken_back) for claim in claims))


def _side(claim: ClaimContent, *, discounted: bool, taken_back: bool) -> Card:
    verdict = claim.verdict
    state = Run(f" {claim.status}, not published", "flag") if not claim.is_published else None
    likelihood, confidence = (verdict.likelihood.words, verdict.confidence.words) if verdict else ("", "")
    pairs: tuple[tuple[str, Runs], ...] = (
        ("Verdict", (rated(verdict.rating),) if verdict else _quiet("None yet")),
        ("Likelihood", runs(capfirst(likelihood)) or _quiet("Not estimated")),
        ("Confidence", runs(capfirst(confidence)) or _quiet("Not stated")),
        ("Said by", _names(claim.said_by, claim.said_count)),
        ("Contradicted by", _contradicting(claim)),
        *((("Taken back", _taken_back(claim)),) if taken_back else ()),
        ("Evidence for", _pieces(claim.evidence_for_words, claim.evidence_for.total)),
        ("Evidence against", _pieces(claim.evidence_against_words, claim.evidence_against.total)),
    )
    if discounted:
        pairs = (*pairs, ("Shown, not counted", _pieces(claim.discounted_words, len(claim.discounted))))
    return Card(
        "side",
        (
            Paragraph(runs(f"Claim {claim.number}", state), "over"),
            Paragraph((Run(claim.text, lang=claim.language.code, link=f"#claim-{claim.id}"),), "title"),
            *facts(*pairs),
        ),
        colour=hexadecimal(verdict.rating.colour) if verdict else "",
    )


def _taken_back(claim: ClaimContent) -> Runs:
    return joined([runs(Run(words)) for words in claim.taken_back_words], "\n") or _quiet("Nothing")


def _quiet(words: str) -> Runs:
    return (Run(words, "quiet"),)


def _names(names: Iterable[str], words: str) -> Runs:
    """Who stands at the origin, each on a line, above how many they are."""
    return joined([*((Run(name, "strong"),) for name in names), _quiet(capfirst(words))], "\n")


def _contradicting(claim: ClaimContent) -> Runs:
    """Who denies it and who says a rival, each source on a line with which, above how many they are."""
    lines = (
        (Run(rows[0].source.name, "strong"), *joined(starmap(_contradicts, acts_of(rows)), ","))
        for rows in claim.contradicted_by_source
    )
    return joined([*lines, _quiet(capfirst(claim.contradicted_count))], "\n")


def _contradicts(verb: str, rivals: Sequence[Contradiction]) -> Runs:
    named = listed([(rival_link(row),) for row in rivals]) if rivals else ()
    return (Run(f" {verb} " if rivals else f" {verb}", "quiet"), *named)


def _pieces(words: str, total: int) -> Runs:
    return runs(capfirst(words)) if total else _quiet(capfirst(words))


def matrix_section(question: QuestionContent, pictures: Pictures) -> Iterator[Block]:
    """The matrix of a question with what it comes to; nothing where nobody rated."""
    matrix = question.matrix
    if not matrix.rated:
        return
    yield Heading(3, runs("How the evidence fits each claim"), matrix_key(question))
    comes = "comes" if matrix.analysts == 1 else "come"
    yield from prose(f"What {wording.analysts(matrix.analysts)} of the desk {comes} to. {wording.MATRIX}", "intro")
    yield from picture(pictures, matrix_key(question))
    for places in balanced(len(matrix.columns), COLUMNS_IN_A_ROW):
        yield _matrix_table(matrix, places)
    yield from prose(matrix.sensitivity_sentence)
    yield from prose(matrix.order_sentence)
    yield from prose(matrix.echo_sentence)


def _matrix_table(matrix: Matrix, places: range) -> Table:
    columns = [matrix.columns[place] for place in places]
    heads = (Run(f"Claim {column.number}", link=f"#claim-{column.claim}", title=column.text) for column in columns)
    return Table(
        caption="Consistency of each piece of evidence with each claim, the most telling evidence first",
        head=(runs("Evidence"), *((head,) for head in heads), runs("Tells apart")),
        rows=(
            *(
                (_piece(row), *(_cell(row, row.cells[place]) for place in places), runs(_score(row.diagnosticity)))
                for row in matrix.rows
            ),
            *((runs(label), *(words(column) for column in columns), ()) for label, words in _TOTALS.items()),
        ),
        widths=(3.2, *(1.0 for _ in columns), 0.9),
        role="matrix",
        row_heads=1,
        totals=len(_TOTALS),
    )


def _score(value: float) -> str:
    """Two decimals, or none: `5.25`, `0.50`, `4`."""
    return floatformat(value, "-2u")


_TOTALS: dict[str, Callable[[Column], Runs]] = {
    "Rank": lambda column: (Run(str(column.rank or "not tested"), "strong"),),
    "Coverage": lambda column: runs(column.coverage),
    "Speaks against": lambda column: runs(_score(column.inconsistency)),
    "Fits": lambda column: runs(_score(column.consistency)),
    "Rank, weighted by grades": lambda column: runs(str(column.weighted_rank or "not tested")),
    "Rank, by origin": lambda column: (Run(str(column.origin_rank or "not tested"), "strong"),),
    "Speaks against, by origin": lambda column: runs(_score(column.origin_inconsistency)),
    "Rank, by origin and grades": lambda column: runs(str(column.weighted_origin_rank or "not tested")),
}


def _piece(row: MatrixRow) -> Runs:
    return runs(
        Run(row.code, "strong"),
        " ",
        Run(row.title),
        Run(f" {row.origin}", "quiet") if row.share < 1 and row.origin else None,
        Run(" decisive", "flag") if row.decisive else None,
        Run(f" does not count: {row.discounted}", "flag") if row.discounted else None,
    )


def _cell(row: MatrixRow, cell: Cell) -> Runs:
    reason = row.reason(cell)
    flag = Run(f"\ndoes not count: {reason}", "flag") if reason else None
    if not cell.rated:
        return runs(Run("not rated", "quiet"), flag)
    apart = cell.disagreement_words
    mark = Run(cell.consensus, "mark", title=f"{cell.words}; {apart}")
    return runs(mark, Run(f"\n{apart}", "quiet") if apart != "consensus" else None, flag)


def timeline_section(timeline: Timeline, pictures: Pictures) -> Iterator[Block]:
    """Who held what, and when, as a picture and as a table; nothing where nothing was said."""
    if not timeline.positions:
        return
    yield Heading(2, runs("Who held what, and when"), "timeline")
    yield from prose(_PICTURE, "intro")
    yield from picture(pictures, "timeline")
    yield Table(
        caption="Positions by date, as far as it is known",
        head=(runs("When"), runs("Who"), runs("Position")),
        rows=tuple((runs(row.when), _who(row), _position(row)) for row in timeline.positions),
        widths=(0.8, 1.2, 3.2),
        role="positions",
    )


def _who(row: Position) -> Runs:
    by = (Run("\nby ", "quiet"), Run(row.source.name, "quiet")) if row.source.id != row.voice.id else ()
    return runs(Run(row.voice.name, "strong"), *by)


def _position(row: Position) -> Runs:
    quote = ("\n“", Run(row.quote, lang=row.quote_language), "”") if row.quote else ()
    names = joined(((Run(relay.words, "quiet"),) for relay in row.relays), ", ")
    relays = (Run("\nPassed on by ", "quiet"), *names, Run(".", "quiet")) if row.relays else ()
    return runs(
        Run(capfirst(row.stance.words), "stance"),
        ": ",
        Run(row.text, lang=row.language, link=f"#claim-{row.claim}"),
        *quote,
        *relays,
        Run(f"\n{row.departure.words}", "flag" if row.departure.departs else "quiet") if row.departure else None,
    )
