"""What a report weighs, as blocks: what changed since the last report, evidence in numbers, verdicts over time."""

from __future__ import annotations

from collections.abc import Iterator

from claims.logic import wording
from claims.reports.content.changes import ChangeContent, Difference
from claims.reports.content.dossier import Dossier
from claims.reports.outline.blocks import Block, Heading, Items, Paragraph, Picture, Run, Runs, Table, prose, runs
from claims.reports.outline.rows import rated
from claims.reports.pictures.balance import STRENGTHS, weights
from claims.reports.pictures.history import Step, steps_of

Pictures = dict[str, Picture]


def drawn(pictures: Pictures, key: str) -> Iterator[Picture]:
    """The picture of this name, if there is one."""
    if key in pictures:
        yield pictures[key]


def changes_section(dossier: Dossier) -> Iterator[Block]:
    """What changed since the last report; nothing where nobody asked."""
    if not dossier.since:
        return
    yield Heading(2, runs("What has changed since the last report"), "changes")
    told = " It is told as far as the reader of this report may know it." if dossier.changes else ""
    yield from prose(f"{dossier.changes_sentence}{told}")
    if dossier.changes:
        yield Items(tuple(_change(row) for row in dossier.changes))


def _change(row: ChangeContent) -> tuple[Block, ...]:
    return (
        Paragraph(runs(Run(row.what, "strong"), f", {row.change}: “", Run(row.label), "”")),
        *(Paragraph(_difference(entry), "meta") for entry in row.differences),
        *prose(f"Reason: {row.reason}" if row.reason else "", "meta"),
    )


def _difference(entry: Difference) -> Runs:
    # The values stand apart from the words: each is read in its own direction.
    before, after = Run(entry.before), Run(entry.after)
    label = f"{entry.words[:1].upper()}{entry.words[1:]}: "
    if entry.rewritten:
        return runs(f"{label}{entry.act}")
    if not entry.before:
        return runs(f"{label}now “", after, "”")
    if not entry.after:
        return runs(f"{label}no longer “", before, "”")
    return runs(f"{label}from “", before, "” to “", after, "”")


def balance_section(dossier: Dossier, pictures: Pictures, *, named: bool) -> Iterator[Block]:
    """How many pieces of evidence, how strong, from how many origins; nothing where there is none."""
    found = [(claim, weight) for claim in dossier.claims for weight in weights(claim)]
    if not any(weight.tally.total for _claim, weight in found):
        return
    yield Heading(2, runs("How much evidence, and from how many origins"), "balance")
    yield from prose(wording.BALANCE, "intro")
    yield from drawn(pictures, "balance")
    about = ("Claim",) if named else ()
    yield Table(
        caption="Pieces of evidence by strength",
        head=(*about, "Bearing", *(strength.capitalize() for strength in STRENGTHS), "Together"),
        rows=tuple(
            (
                *((runs(Run(f"Claim {claim.number}", link=f"#claim-{claim.id}")),) if named else ()),
                runs(weight.title),
                *(runs(str(count)) for count in weight.counts),
                runs(f"{weight.words[:1].upper()}{weight.words[1:]}"),
            )
            for claim, weight in found
        ),
        widths=(*((0.9,) if named else ()), 1.6, *(0.8 for _ in STRENGTHS), 1.6),
        row_heads=True,
    )


def history_section(dossier: Dossier, pictures: Pictures, *, named: bool) -> Iterator[Block]:
    """The verdicts in the order of time; nothing where all were published at one moment."""
    steps = steps_of(dossier.claims)
    if len({step.verdict.published_at.text for step in steps}) < 2:
        return
    yield Heading(2, runs("Verdicts over time"), "history")
    yield from prose(wording.HISTORY, "intro")
    yield from drawn(pictures, "history")
    about = ("Claim",) if named else ()
    yield Table(
        caption="Verdicts in the order of time",
        head=("Published", *about, "Verdict", "What it is"),
        rows=tuple(_step(step, named=named) for step in steps),
        widths=(1.2, *((0.6,) if named else ()), 1.0, 2.4),
    )


def _step(step: Step, *, named: bool) -> tuple[Runs, ...]:
    reason = step.verdict.correction_reason
    claim = Run(f"Claim {step.claim.number}", link=f"#claim-{step.claim.id}")
    return (
        runs(step.verdict.published_at.words),
        *((runs(claim),) if named else ()),
        (rated(step.verdict.rating),),
        runs(f"{step.words[:1].upper()}{step.words[1:]}", ": " if reason else None, Run(reason)),
    )
