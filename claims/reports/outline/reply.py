"""The right of reply as blocks of a report: who was asked what, what came, and who was not asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.text import capfirst

from claims.reports.content.caveats import not_asked, subject
from claims.reports.content.dossier import Dossier
from claims.reports.content.rows import InquiryContent
from claims.reports.outline.blocks import (
    Block,
    Card,
    Heading,
    Items,
    Paragraph,
    Quote,
    Run,
    Runs,
    facts,
    joined,
    listed,
    runs,
)
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers, claim_link
from claims.reports.outline.rows import dated


def reply_section(dossier: Dossier, numbers: Numbers, *, named: bool) -> Iterator[Block]:
    """Every inquiry once, and whom nobody asked; `named` says which claims each is about."""
    acts: dict[tuple[object, ...], list[tuple[int, InquiryContent]]] = {}
    for claim in dossier.claims:
        for row in claim.inquiries:
            acts.setdefault((row.source.id, row.asked_on, row.question, row.outcome, row.answer), []).append(
                (claim.id, row)
            )
    missed = not_asked(dossier)
    if not acts and not missed:
        return
    yield Heading(2, runs("Right of reply"), "reply", role="" if named else "part")
    if acts:
        yield Items("inquiries", tuple(_inquiry(rows, numbers, named=named) for rows in acts.values()))
    yield from facts(
        (f"Asked about {subject(dossier)}", () if acts else runs("nobody")),
        (f"Not asked about {subject(dossier)}", joined([numbers.source(row) for row in missed], ", ")),
    )


def _inquiry(rows: Sequence[tuple[int, InquiryContent]], numbers: Numbers, *, named: bool) -> Card:
    """Who was asked what, and what came back."""
    (_claim, row), *_others = rows
    claims: Runs = (Run(" on "), *listed([(claim_link(claim),) for claim, _row in rows])) if named else ()
    asked = runs(
        *numbers.source(row.source),
        " was asked on ",
        dated(row.asked_on),
        *(runs(" (", Run(row.channel), ")") if row.channel else ()),
        *claims,
        *((", with an answer due by ", dated(row.due_on)) if row.due_on.text else ()),
        ":",
    )
    outcome = Run(capfirst(row.outcome.words), "strong")
    when = (", ", dated(row.answered_on)) if row.answered_on.text else ()
    answer = (Quote(row.answer, role="answer"),) if row.answer else ()
    replied = Paragraph(runs(outcome, *when, ":" if row.answer else "."))
    return Card("entry", (Paragraph(asked), Quote(row.question, role="question"), replied, *answer, *further(row)))
