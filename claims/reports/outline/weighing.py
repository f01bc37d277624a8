"""What changed since a moment, the verdicts over time, and the pictures of a report, as blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.changes import ChangeContent, Difference
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.telling import MOST, is_long
from claims.reports.outline.blocks import (
    Block,
    Card,
    Heading,
    HeadingRole,
    Items,
    Paragraph,
    Picture,
    Run,
    Runs,
    Table,
    facts,
    prose,
    runs,
)
from claims.reports.outline.dated import dated_since_section
from claims.reports.outline.numbers import Numbers, claim_link
from claims.reports.outline.rows import dated, rated
from claims.reports.pictures.all import kind_of, pictures_of
from claims.reports.pictures.history import Step, steps_of
from claims.reports.pictures.matrix import MOST as MOST_ROWS

HIGHEST = 1170
"""Pixels. A picture that is higher would be set on paper at less than two thirds of its size."""
_RATED = "This is how analysts rated the evidence, not what the desk says is for and against each claim: see “"
"""What stands under a matrix that is seen without what the section of that name says first."""
KEY_WIDTH, KEY_HEIGHT = 390, 520
"""A wider picture would have letters of less than 11 pixels on a phone; a higher one leaves no room for anything else
on the first page."""

Pictures = dict[str, Picture]


def pictures_in(dossier: Dossier) -> Pictures:
    """The pictures of a report that can be read on paper: what would be too small there is told by its table alone."""
    # What is left out need not be drawn.
    drawn = pictures_of(
        dossier,
        most=_rows(dossier),
        shown=lambda key, drawing: drawing.height <= HIGHEST and not _says_what_its_table_says(key, dossier),
    )
    return {row.key: Picture(row.key, row.title, row.alt, row.svg.decode()) for row in drawn}


def _says_what_its_table_says(key: str, dossier: Dossier) -> bool:
    """Whether it is a timeline without an arrow."""
    positions = dossier.timeline.positions if isinstance(dossier, DisputeDossier) else ()
    return key == "timeline" and not any(position.departure for position in positions)


def _rows(dossier: Dossier) -> int:
    return MOST if is_long(dossier) else MOST_ROWS


def key_picture(pictures: Pictures) -> Iterator[Picture]:
    """The one picture that a reader of one page sees; it is taken out of the others."""
    for key, drawn in pictures.items():
        width, height = drawn.size
        if width <= KEY_WIDTH and height <= KEY_HEIGHT:
            link = Run(drawn.title, link="#matrix")
            note = Paragraph(runs(_RATED, link, "”."), "meta") if kind_of(key) == "matrix" else None
            yield replace(pictures.pop(key), note=note)
            return


def picture(pictures: Pictures, key: str) -> Iterator[Picture]:
    """The picture of this name, if there is one that does not stand on the first page."""
    if key in pictures:
        yield pictures[key]


def changes_section(dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    """What changed since the moment asked for, or is dated since where there was nothing to read then; nothing where
    nobody asked."""
    if not dossier.since:
        return
    yield Heading(2, runs("What has changed since ", dated(dossier.since)), "changes")
    reserve = " Listed is what the reader of this report may know." if dossier.changes else ""
    yield from prose(f"{dossier.changes_sentence}{reserve}")
    if dossier.changes:
        yield Items("changes", tuple(map(_change_card, dossier.changes)))
    yield from dated_since_section(dossier, numbers)


def _change_card(row: ChangeContent) -> Card:
    what = runs(Run(row.what, "strong"), ", ", Run(row.change.words, "stance"), ": “", Run(row.label), "”")
    differences = facts(*((capfirst(entry.words), _difference(entry)) for entry in row.differences))
    reason = (Paragraph(runs("Reason: ", Run(row.reason)), "meta"),) if row.reason else ()
    return Card("entry", (Paragraph(what), *differences, *reason))


def _difference(entry: Difference) -> Runs:
    # The values stand apart from the words: each is read in its own direction.
    before, after = Run(entry.before), Run(entry.after)
    if entry.rewritten:
        return runs(capfirst(entry.act))
    if not entry.before:
        return runs("Now “", after, "”")
    if not entry.after:
        return runs("No longer “", before, "”")
    return runs("From “", before, "” to “", after, "”")


def history_section(dossier: Dossier, pictures: Pictures, *, named: bool) -> Iterator[Block]:
    """The verdicts in the order of time; nothing where all were published at one moment."""
    steps = steps_of(dossier.claims)
    if len({step.verdict.published_at.text for step in steps}) < 2:
        return
    yield _heading("Verdicts over time", "history", named=named)
    yield from prose(wording.HISTORY, "intro")
    yield from picture(pictures, "history")
    yield Table(
        caption="Verdicts in the order of time",
        head=tuple(map(runs, ("Published", *_about(named), "Verdict", "What it is"))),
        rows=tuple(_step(step, named=named) for step in steps),
        widths=(1.2, *((0.6,) if named else ()), 1.0, 2.4),
    )


def _step(step: Step, *, named: bool) -> tuple[Runs, ...]:
    return (
        (dated(step.verdict.published_at),),
        *_claim(step.claim, named=named),
        (rated(step.verdict.rating),),
        runs(capfirst(step.words)),
    )


def _heading(title: str, anchor: str, *, named: bool) -> Heading:
    """In the report of one claim these are parts of it, like its verdict and its evidence."""
    role: HeadingRole = "" if named else "part"
    return Heading(2, runs(title), anchor, role=role)


def _about(named: bool) -> tuple[str, ...]:
    return ("Claim",) if named else ()


def _claim(claim: ClaimContent, *, named: bool) -> tuple[Runs, ...]:
    return ((claim_link(claim.id, claim.text, capital=True),),) if named else ()
