"""A dossier as the outline of a report: all its headings, sentences and tables, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from claims.choices import QuestionState
from claims.logic import wording
from claims.logic.question_sentence import state_meanings
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.rows import SourceContent
from claims.reports.outline.blocks import (
    Block,
    Contents,
    Facts,
    Heading,
    Items,
    Outline,
    Paragraph,
    Run,
    Runs,
    clean,
    facts,
    joined,
    prose,
    runs,
)
from claims.reports.outline.bottom_line import bottom_line, caveat, contradicted_in_full, said_by
from claims.reports.outline.claim import about, decision, parts
from claims.reports.outline.evidence import evidence_section
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers
from claims.reports.outline.question import found, readings
from claims.reports.outline.reply import reply_section
from claims.reports.outline.rows import address, dated, document_card, grade_line, rated, source_card
from claims.reports.outline.tables import matrix_sections, timeline_section
from claims.reports.outline.weighing import (
    Pictures,
    changes_section,
    history_section,
    key_picture,
    pictures_in,
)
from claims.rules.question_state import required_confidence

LANGUAGE = "en"
LISTED = 3
"""A report on as many claims has a table of contents."""


def outline_of(dossier: Dossier) -> Outline:
    """The report on a dispute or a claim."""
    # A digest of all that the dossier holds: asked for once.
    version = dossier.version
    return Outline(
        title=clean(dossier.title),
        lang=LANGUAGE,
        kind=f"Report on a {dossier.noun}",
        newsroom=clean(dossier.imprint.newsroom),
        warning=dossier.confidential,
        imprint=_imprint(dossier, version),
        foot=f"Made on {dossier.imprint.made} · {version[:8]}",
        address=dossier.query,
        blocks=tuple(_blocks(dossier)),
    )


def _imprint(dossier: Dossier, version: str) -> Facts:
    imprint = dossier.imprint
    made = Run(imprint.made, datetime=imprint.moment.isoformat(timespec="seconds"))
    asked = (", from ", address(dossier.query)) if dossier.query != dossier.address else ()
    trail = (f"Entry {imprint.head_entry}, ", Run(imprint.head_hash, "code")) if imprint.head_entry else ()
    (block,) = facts(
        ("Published by", runs(imprint.newsroom)),
        ("Address", runs(address(dossier.address))),
        ("Made on", runs(made, *asked)),
        ("Version", runs(Run(version, "code"))),
        ("Audit trail", runs(*trail)),
    )
    return block


def _blocks(dossier: Dossier) -> Iterator[Block]:
    pictures, numbers = pictures_in(dossier), Numbers.of(dossier)
    if isinstance(dossier, DisputeDossier):
        opening = _opening(dossier, pictures, numbers)
        rest = _dispute(dossier, pictures, numbers)
    else:
        opening, rest = _claim(dossier, pictures, numbers), _one_claim(dossier, pictures, numbers)
    yield from opening
    sections = (*rest, *_lists(dossier, numbers), *_method(dossier))
    if len(dossier.claims) >= LISTED:
        yield Contents(tuple(block for block in sections if isinstance(block, Heading) and block.level == 2))
    yield from sections


def _opening(dossier: DisputeDossier, pictures: Pictures, numbers: Numbers) -> Iterator[Block]:
    """What a reader of one page reads of a dispute."""
    dispute = dossier.dispute
    yield Heading(1, runs(Run(dispute.title)))
    if len(dossier.questions) < 2:
        yield from prose(dispute.question, "lead")
    yield from found(dossier)
    yield from caveat(dossier, numbers)
    yield from bottom_line(dossier)
    yield from key_picture(pictures)


def _dispute(dossier: DisputeDossier, pictures: Pictures, numbers: Numbers) -> Iterator[Block]:
    yield from changes_section(dossier, numbers)
    dispute = dossier.dispute
    yield Heading(2, runs("What it is about"), "about")
    if len(dossier.questions) > 1:
        yield from prose(dispute.question)
    if event := joined([runs(Run(dispute.place)), runs(dated(dispute.occurred_on))], ", "):
        yield Paragraph(event, "event")
    yield from prose(dispute.summary)
    yield from readings(dossier)
    on_record = f"On record: {dossier.voices_words}" if dossier.voices.total else "Nobody is on record"
    yield Paragraph(runs(f"{on_record}. Evidence: {dossier.evidence_words}."), "counts")
    shared = (
        [tag for tag in dossier.claims[0].tags if all(tag in claim.tags for claim in dossier.claims)]
        if dossier.claims
        else []
    )
    yield from facts(("Topics", numbers.topics(shared)))
    yield from further(dispute)
    for claim in dossier.claims_in_order:
        title = (Run(claim.text, lang=claim.language.code),)
        yield Heading(2, title, f"claim-{claim.id}", over=f"Claim {claim.number}", role="claim")
        yield from decision(claim)
        yield from about(claim, numbers, shared=shared, whole=False)
        yield from parts(claim, dossier, numbers, level=3)
    yield from evidence_section(dossier, numbers)
    yield from matrix_sections(dossier)
    yield from timeline_section(dossier.timeline, pictures)
    yield from history_section(dossier, pictures, named=True)
    yield from reply_section(dossier, numbers, named=True)


def _claim(dossier: Dossier, pictures: Pictures, numbers: Numbers) -> Iterator[Block]:
    """What a reader of one page reads of a claim."""
    (claim,) = dossier.claims
    if dossier.dispute:
        yield Paragraph(runs("In the dispute ", Run(dossier.dispute.title, link=dossier.dispute_address)), "over")
    yield Heading(1, (Run(claim.text, lang=claim.language.code),))
    yield from decision(claim)
    yield from caveat(dossier, numbers)
    yield from facts(("Said by", said_by(claim)), ("Contradicted by", contradicted_in_full(claim, numbers)))
    yield from key_picture(pictures)


def _one_claim(dossier: Dossier, pictures: Pictures, numbers: Numbers) -> Iterator[Block]:
    (claim,) = dossier.claims
    yield from about(claim, numbers, whole=True)
    yield from changes_section(dossier, numbers)
    yield from parts(claim, dossier, numbers, level=2)
    yield from evidence_section(dossier, numbers)
    yield from history_section(dossier, pictures, named=False)
    yield from reply_section(dossier, numbers, named=False)


def _lists(dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    """Sources and documents, each once; a grade that several sources share stands above them."""
    if dossier.sources:
        yield Heading(2, runs("Sources"), "sources")
        for _grade, rows in groupby(dossier.sources, key=_grade_of):
            yield from _graded(list(rows), dossier, numbers)
    if dossier.documents:
        yield Heading(2, runs("Documents"), "documents")
        yield Items("documents", tuple(document_card(row, numbers) for row in dossier.documents))


def _grade_of(row: SourceContent) -> tuple[str, str]:
    return row.reliability.code, row.reliability_note


def _graded(rows: Iterable[SourceContent], dossier: Dossier, numbers: Numbers) -> Iterator[Block]:
    rows = list(rows)
    yield grade_line(rows, numbers)
    yield Items("sources", tuple(source_card(row, dossier.imprint.page("sources", row.slug), numbers) for row in rows))


def _states(dossier: Dossier) -> Iterator[tuple[str, Runs]]:
    """What the states mean that the questions of the report are in: a word of them may be one of a rating too. An open
    one says itself what it lacks."""
    questions = dossier.questions if isinstance(dossier, DisputeDossier) else ()
    found = {row.state.code: row.state.words for row in questions if row.state.code != QuestionState.OPEN}
    meanings = state_meanings(required_confidence())
    return ((f"A question that is {words}", runs(Run(meanings[code]))) for code, words in found.items())


def _method(dossier: Dossier) -> Iterator[Block]:
    yield Heading(2, runs("Method"), "method")
    yield from prose(wording.METHOD)
    yield from facts(*((rated(row), runs(Run(row.meaning))) for row in dossier.meanings))
    yield from facts(*_states(dossier))
    trail = " The hash is that of the last entry of the register’s audit trail: it shows later whether anything was"
    shown = f"{trail} changed behind it." if dossier.imprint.head_entry else ""
    begins = " Each page shows how the version begins."
    yield from prose(f"Two reports with the same version say the same, whenever they were made.{begins}{shown}", "meta")
