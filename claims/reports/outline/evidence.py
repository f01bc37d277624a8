"""Evidence as blocks of a report: its bearing on each claim, and each piece once, whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Dossier
from claims.reports.content.evidence import EvidenceContent
from claims.reports.outline.blocks import (
    Block,
    Card,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    joined,
    listed,
    prose,
    runs,
)
from claims.reports.outline.further import further_of_bearing, further_of_piece
from claims.reports.outline.numbers import Numbers, claim_link
from claims.reports.outline.rows import DOT, dated

_BEARS = {"supports": "For", "refutes": "Against"}


def bearings(claim: ClaimContent, dossier: Dossier, numbers: Numbers, level: int) -> Iterator[Block]:
    """What bears on the claim, by its numbers: for it, against it, beside it, and what does not count."""
    shown = numbers.bearings[claim.id]
    if not shown:
        return
    alone = [*claim.bearing("supports"), *claim.bearing("refutes"), *claim.discounted]
    told = [(_named(row, numbers), _bearing(row), _why(row)) for row in alone if row in shown]
    context = [row for row in claim.bearing("context") if row in shown]
    yield Heading(level, runs("Evidence", Run(f" ·\u00a0{_in_numbers(claim)}", "quiet")), role="part")
    yield Table(
        caption="",
        head=(runs("Evidence"), runs("Bearing"), runs("Why")),
        rows=(*told, *(_context(context, numbers) if context else ())),
        widths=(2.5, 0.95, 2.9),
        role="bearings",
    )
    if left := len(claim.evidence) - len(shown):
        pieces = capfirst(wording.counted(left, "further piece", "further pieces"))
        page = Run(f"report on claim {claim.id}", link=dossier.imprint.page("claims", claim.id))
        yield Paragraph(runs(f"{pieces}, less telling, in the ", page), "meta")


def _in_numbers(claim: ClaimContent) -> str:
    """`for 2 pieces, 1 origin; against none; 1 own assertion not counted`."""
    discounted = f"; {claim.discounted_words} not counted" if claim.discounted else ""
    return f"for {claim.evidence_for_words}; against {claim.evidence_against_words}{discounted}"


def _named(row: EvidenceContent, numbers: Numbers) -> Runs:
    return numbers.piece(row.id), Run(" "), Run(row.title)


def _bearing(row: EvidenceContent) -> Runs:
    strength = Run(f", {row.strength}", "quiet")
    if row.discounted:
        return runs(Run("Not counted", "flag"), strength)
    return runs(Run(_BEARS[row.bearing.code], "strong"), strength)


def _context(rows: Sequence[EvidenceContent], numbers: Numbers) -> Iterator[tuple[Runs, ...]]:
    """What decides nothing, on one line; what is said of several pieces alike stands once."""
    pieces = listed([(numbers.piece(row.id),) for row in rows])
    reasons: dict[Runs, list[Runs]] = {}
    for row in rows:
        reasons.setdefault(_why(row), []).append((replace(numbers.piece(row.id), style="quiet"),))
    why = joined([(*listed(same), Run(" "), *reason) for reason, same in reasons.items() if reason], "\n")
    yield pieces, runs(Run("Context", "strong")), why


def _why(row: EvidenceContent) -> Runs:
    """Why it bears on the claim, why it does not count, and what that depends on, each on a line."""
    lines = [
        runs(Run(" ".join(row.note.split()))),
        runs(Run(f"Does not count: {row.discounted}", "flag")) if row.discounted else (),
        *(runs(Run(f"{label}: ", "quiet"), Run(words)) for label, words in further_of_bearing(row)),
    ]
    return joined(lines, "\n")


def evidence_section(dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    """Each piece of evidence that is shown, once."""
    pieces = {row.id: row for rows in numbers.bearings.values() for row in rows}
    if pieces:
        yield Heading(2, runs("Evidence"), "evidence")
        yield from prose(wording.COUNTING, "intro")
        yield from (_piece(pieces[pk], dossier, numbers) for pk in sorted(pieces))


def _piece(row: EvidenceContent, dossier: Dossier, numbers: Numbers) -> Card:
    return Card("evidence", tuple(_told(row, dossier, numbers)), anchor=f"evidence-{row.id}")


def _told(row: EvidenceContent, dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    number = Run(f"E{numbers.evidence[row.id]}", "strong")
    works = joined([numbers.work(work) for work in row.documents], ", ")
    about = (
        runs(Run(row.kind.words, "quiet")),
        runs(Run(row.credibility.words, "quiet")),
        runs(dated(row.observed_on, "quiet")),
        works,
    )
    details = [part for group in about if group for part in (DOT, *group)]
    yield Paragraph((number, Run(" "), Run(row.title, "strong"), *details), "who")
    yield from prose(row.description)
    if len(row.lineage) > 1:
        steps = [_step(step.id, step.label, numbers) for step in row.lineage[1:]]
        yield Paragraph(runs(Run("Derived from ", "quiet"), *joined(steps, " ← ")), "chain")
    if len(dossier.claims) > 1:
        yield Paragraph(_does(row, dossier, numbers), "chain")
    for label, words in further_of_piece(row):
        yield Paragraph(runs(Run(f"{label}: ", "quiet"), Run(words)), "chain")


def _does(row: EvidenceContent, dossier: Dossier, numbers: Numbers) -> Runs:
    """What the piece does to each claim: `For claim 1; context for claim 2`."""
    found: dict[str, list[Runs]] = {act: [] for act in (*_BEARS.values(), "Context for", "Not counted on")}
    for claim in dossier.claims:
        for one in numbers.bearings[claim.id]:
            if one.id == row.id:
                act = "Not counted on" if one.discounted else _BEARS.get(one.bearing.code, "Context for")
                found[act].append((claim_link(claim.id),))
    acts = [(act, links) for act, links in found.items() if links]
    return joined(
        [
            (Run(f"{act if place == 0 else act.lower()} ", "quiet"), *listed(links))
            for place, (act, links) in enumerate(acts)
        ],
        "; ",
    )


def _step(pk: int, label: str, numbers: Numbers) -> Runs:
    return (numbers.piece(pk),) if pk in numbers.evidence else (Run(label),)
