"""What a report weighs, as blocks: what changed since the last report, evidence in numbers, verdicts over time."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.changes import ChangeContent, Difference
from claims.reports.content.claim import ClaimContent
from claims.reports.content.dossier import Dossier
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
from claims.reports.outline.rows import dated, rated
from claims.reports.pictures.balance import STRENGTHS, Weight, weights
from claims.reports.pictures.history import Step, steps_of

Pictures = dict[str, Picture]


def picture(pictures: Pictures, key: str) -> Iterator[Picture]:
    """The picture of this name, if there is one."""
    if key in pictures:
        yield pictures[key]


def changes_section(dossier: Dossier) -> Iterator[Block]:
    """What changed since the last report; nothing where nobody asked."""
    if not dossier.since:
        return
    yield Heading(2, runs("What has changed since the last report"), "changes")
    reserve = " Listed is what the reader of this report may know." if dossier.changes else ""
    yield from prose(f"{dossier.changes_sentence}{reserve}")
    if dossier.changes:
        yield Items("changes", tuple(map(_change_card, dossier.changes)))


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


def balance_section(dossier: Dossier, pictures: Pictures, *, named: bool) -> Iterator[Block]:
    """How many pieces of evidence, how strong, from how many origins; nothing where there is none. `named` says which
    claim each number is about."""
    found = [(claim, weight) for claim in dossier.claims for weight in weights(claim)]
    if not any(weight.tally.total for _claim, weight in found):
        return
    yield _heading("How much evidence, and from how many origins", "balance", named=named)
    yield from prose(wording.BALANCE, "intro")
    yield from picture(pictures, "balance")
    heads = (*_about(named), "Bearing", *(capfirst(strength) for strength in STRENGTHS), "Together")
    yield Table(
        caption="Pieces of evidence by strength",
        head=tuple(map(runs, heads)),
        rows=tuple(_weight(claim, weight, named=named) for claim, weight in found),
        widths=(*((0.9,) if named else ()), 1.6, *(0.8 for _ in STRENGTHS), 1.6),
        row_heads=2 if named else 1,
    )


def _weight(claim: ClaimContent, weight: Weight, *, named: bool) -> tuple[Runs, ...]:
    counts = (runs(str(count)) for count in weight.counts)
    return (*_claim(claim, named=named), runs(weight.title), *counts, runs(capfirst(weight.words)))


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
    reason = step.verdict.correction_reason
    return (
        (dated(step.verdict.published_at),),
        *_claim(step.claim, named=named),
        (rated(step.verdict.rating),),
        runs(capfirst(step.words), ": " if reason else None, Run(reason)),
    )


def _heading(title: str, anchor: str, *, named: bool) -> Heading:
    """In the report of one claim these are parts of it, like its verdict and its evidence."""
    role: HeadingRole = "" if named else "part"
    return Heading(2, runs(title), anchor, role=role)


def _about(named: bool) -> tuple[str, ...]:
    return ("Claim",) if named else ()


def _claim(claim: ClaimContent, *, named: bool) -> tuple[Runs, ...]:
    return (runs(Run(f"Claim {claim.number}", link=f"#claim-{claim.id}")),) if named else ()
