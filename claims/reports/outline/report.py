"""A dossier as the outline of a report: all its headings, sentences and tables, in their order."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst

from claims.logic import wording
from claims.reports.content.dossier import ClaimContent, DisputeDossier, Dossier
from claims.reports.outline.blocks import (
    Block,
    Card,
    Facts,
    Heading,
    HeadingRole,
    Items,
    ItemsRole,
    Outline,
    Paragraph,
    Picture,
    Run,
    clean,
    facts,
    joined,
    prose,
    runs,
)
from claims.reports.outline.contradiction import contradiction_card
from claims.reports.outline.further import further
from claims.reports.outline.question import question_sections
from claims.reports.outline.rows import (
    address,
    attribution_card,
    correction_card,
    dated,
    document_card,
    evidence_card,
    inquiry_card,
    rated,
    relation_card,
    review_card,
    source_card,
    verdict_card,
)
from claims.reports.outline.tables import timeline_section
from claims.reports.outline.weighing import Pictures, balance_section, changes_section, history_section
from claims.reports.pictures.all import pictures_of

LANGUAGE = "en"
_BEARINGS: dict[str, HeadingRole] = {"supports": "supports", "refutes": "refutes", "context": "context"}


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
        foot=f"Made on {dossier.imprint.made} · Version {version}",
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


def _pictures(dossier: Dossier) -> Pictures:
    return {row.key: Picture(row.key, row.title, row.alt, row.svg.decode()) for row in pictures_of(dossier)}


def _blocks(dossier: Dossier) -> Iterator[Block]:
    pictures = _pictures(dossier)
    if isinstance(dossier, DisputeDossier):
        yield from _dispute(dossier, pictures)
    else:
        yield from _one_claim(dossier, pictures)
    if dossier.sources:
        yield Heading(2, runs("Sources"), "sources")
        yield Items("sources", tuple(source_card(row, dossier.imprint) for row in dossier.sources))
    if dossier.documents:
        yield Heading(2, runs("Documents"), "documents")
        yield Items("documents", tuple(map(document_card, dossier.documents)), ordered=True)
    yield from _method(dossier)


def _dispute(dossier: DisputeDossier, pictures: Pictures) -> Iterator[Block]:
    dispute = dossier.dispute
    yield Heading(1, runs(Run(dispute.title)))
    yield from prose(dispute.question, "lead")
    if event := joined([runs(Run(dispute.place)), runs(dated(dispute.occurred_on))], ", "):
        yield Paragraph(event, "event")
    yield from prose(dispute.summary)
    yield from further(dispute)
    on_record = f"On record: {dossier.voices_words}" if dossier.voices.total else "Nobody is on record"
    counts = f"{on_record}. Evidence: {dossier.evidence_words}."
    yield Paragraph(runs(f"{dispute.state_sentence} {counts}"), "counts")
    yield from changes_section(dossier)
    yield from question_sections(dossier, pictures)
    yield from balance_section(dossier, pictures, named=True)
    yield from timeline_section(dossier.timeline, pictures)
    yield from history_section(dossier, pictures, named=True)
    for claim in dossier.claims:
        title = (Run(claim.text, lang=claim.language.code),)
        yield Heading(2, title, f"claim-{claim.id}", over=f"Claim {claim.number}", role="claim")
        yield from _about(claim)
        yield from _parts(claim, dossier, level=3)


def _one_claim(dossier: Dossier, pictures: Pictures) -> Iterator[Block]:
    (claim,) = dossier.claims
    if dossier.dispute:
        yield Paragraph(runs("In the dispute ", Run(dossier.dispute.title, link=dossier.dispute_address)), "over")
    yield Heading(1, (Run(claim.text, lang=claim.language.code),))
    yield from _about(claim)
    yield from changes_section(dossier)
    yield from _parts(claim, dossier, level=2)
    yield from balance_section(dossier, pictures, named=False)
    yield from history_section(dossier, pictures, named=False)


def _about(claim: ClaimContent) -> Iterator[Block]:
    if not claim.is_published:
        reason = (" ", Run(claim.withdrawn_reason)) if claim.withdrawn_reason else ()
        yield Paragraph(runs(f"{capfirst(claim.status.words)}: this claim is not published.", *reason), "banner")
    yield from prose(claim.context)
    yield from facts(
        ("Answers the question", runs(Run(claim.question))),
        ("Number stated", runs(Run(claim.quantity))),
        ("Why the desk checks it", runs(Run(claim.check_reason))),
        ("Topics", runs(Run(", ".join(claim.tags)))),
    )
    yield from further(claim)


def _parts(claim: ClaimContent, dossier: Dossier, *, level: int) -> Iterator[Block]:
    yield Heading(level, runs("Verdict"), role="part")
    if claim.verdict:
        yield verdict_card(claim.verdict)
    else:
        yield Paragraph(runs("No verdict has been published on this claim."), "none")
    for draft in claim.drafts:
        yield Heading(level + 1, runs(f"Unpublished verdict: {draft.status}"))
        yield verdict_card(draft, "draft")
    if claim.sides:
        yield Heading(level, runs("Who says what"), role="part")
    for side in claim.sides:
        yield Heading(level + 1, runs(side.title, Run(f" ·\u00a0{side.words}", "quiet") if side.words else None))
        for group in side.groups:
            for row in group.attributions:
                yield attribution_card(row, desk=dossier.imprint.desk)
    desk = dossier.imprint.desk
    contradicting = (contradiction_card(rows, desk=desk) for rows in claim.contradicted_by_source)
    yield from _list(level, "Contradicted by", "relations", *contradicting)
    for code, title, rows in claim.bearings:
        yield Heading(level, runs(title), role=_BEARINGS[code])
        yield from map(evidence_card, rows)
    if claim.discounted:
        yield Heading(level, runs("Shown, but does not count as evidence"), role="context")
        yield from map(evidence_card, claim.discounted)
    yield from _list(
        level, "How it bears on other claims", "relations", *(relation_card(row, dossier) for row in claim.relations)
    )
    yield from _list(level, "Reviews by other publishers", "reviews", *map(review_card, claim.reviews))
    yield from _list(level, "Right of reply", "inquiries", *map(inquiry_card, claim.inquiries))
    yield from _corrections(claim, level)


def _corrections(claim: ClaimContent, level: int) -> Iterator[Block]:
    yield from _list(level, "Corrections", "corrections", *map(correction_card, claim.corrections))
    if claim.earlier and not claim.corrections:
        yield Heading(level, runs("Corrections"), role="part")
    for row in claim.earlier:
        yield Heading(level + 1, runs("Earlier verdict, since replaced"))
        yield verdict_card(row, "earlier")


def _list(level: int, title: str, role: ItemsRole, *cards: Card) -> Iterator[Block]:
    if cards:
        yield Heading(level, runs(title), role="part")
        yield Items(role, cards)


def _method(dossier: Dossier) -> Iterator[Block]:
    yield Heading(2, runs("Method"), "method")
    yield from prose(wording.METHOD)
    yield from facts(*((rated(row), runs(Run(row.meaning))) for row in dossier.meanings))
    trail = " The hash is that of the last entry of the register’s audit trail: it shows later whether anything was"
    shown = f"{trail} changed behind it." if dossier.imprint.head_entry else ""
    yield from prose(f"Two reports with the same version say the same, whenever they were made.{shown}", "meta")
