"""A dossier as the outline of a report: all that the HTML report says, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.logic import wording
from claims.reports.content.dossier import ClaimContent, DisputeDossier, Dossier
from claims.reports.outline.blocks import (
    Block,
    Facts,
    Heading,
    Items,
    Outline,
    Paragraph,
    Picture,
    Run,
    Runs,
    clean,
    prose,
    runs,
)
from claims.reports.outline.rows import (
    address,
    correction_entries,
    document_entry,
    evidence_card,
    inquiry_entry,
    origin_cards,
    rated,
    relation_entry,
    review_entry,
    source_entry,
    verdict_card,
)
from claims.reports.outline.tables import matrix_section, side_by_side, timeline_section
from claims.reports.outline.weighing import Pictures, balance_section, changes_section, history_section
from claims.reports.pictures.all import pictures_of

LANGUAGE = "en"


def outline_of(dossier: Dossier) -> Outline:
    """The report on a dispute or a claim."""
    imprint = dossier.imprint
    return Outline(
        title=clean(dossier.title),
        lang=LANGUAGE,
        kind=f"Report on a {dossier.noun}",
        newsroom=clean(imprint.newsroom),
        warning=dossier.confidential,
        imprint=tuple(_imprint(dossier)),
        foot=f"Made on {imprint.made} · Version {dossier.version}",
        address=dossier.query,
        blocks=tuple(_blocks(dossier)),
    )


def _imprint(dossier: Dossier) -> Iterator[tuple[str, Runs]]:
    imprint = dossier.imprint
    yield "Published by", runs(imprint.newsroom)
    yield "Address", runs(address(dossier.address))
    asked = (", from ", address(dossier.query)) if dossier.query != dossier.address else ()
    yield "Made on", runs(imprint.made, *asked)
    yield "Version", runs(Run(dossier.version, "code"))
    if imprint.head_entry:
        yield "Audit trail", runs(f"Entry {imprint.head_entry}, ", Run(imprint.head_hash, "code"))


def _pictures(dossier: Dossier) -> Pictures:
    found = pictures_of(dossier)
    return {row.key: Picture(row.key, row.title, row.alt, row.svg.decode()) for row in found}


def _blocks(dossier: Dossier) -> Iterator[Block]:
    pictures = _pictures(dossier)
    if isinstance(dossier, DisputeDossier):
        yield from _dispute(dossier, pictures)
    else:
        (claim,) = dossier.claims
        yield Heading(1, (Run(claim.text, lang=claim.language.code),))
        if dossier.dispute:
            where = Run(dossier.dispute.title, link=dossier.dispute_address)
            yield Paragraph(runs("In the dispute “", where, "”."), "event")
        yield from _about(claim)
        yield from changes_section(dossier)
        yield from _claim(claim, dossier, level=2)
        yield from balance_section(dossier, pictures, named=False)
        yield from history_section(dossier, pictures, named=False)
    yield from _sources(dossier)
    yield from _documents(dossier)
    yield from _method(dossier)


def _dispute(dossier: DisputeDossier, pictures: Pictures) -> Iterator[Block]:
    dispute = dossier.dispute
    yield Heading(1, runs(dispute.title))
    yield from prose(dispute.question, "lead")
    yield from prose(", ".join(part for part in (dispute.place, dispute.occurred_on.words) if part), "event")
    yield from prose(dispute.summary)
    holds = " At most one of these claims can hold." if dispute.exclusive else ""
    state = Run(dispute.state.words.capitalize(), "strong")
    yield Paragraph(runs(state, f". {dispute.state_sentence}{holds}"), "state")
    yield Paragraph(runs(f"On record: {dossier.voices_words}. Evidence: {dossier.evidence_words}."), "meta")
    yield from changes_section(dossier)
    yield Heading(2, runs("The claims side by side"), "side-by-side")
    yield from side_by_side(dossier.claims)
    yield from balance_section(dossier, pictures, named=True)
    yield from matrix_section(dossier.matrix, pictures)
    yield from timeline_section(dossier.timeline, pictures)
    yield from history_section(dossier, pictures, named=True)
    for claim in dossier.claims:
        title = (Run(claim.text, lang=claim.language.code),)
        yield Heading(2, title, f"claim-{claim.id}", over=f"Claim {claim.number}")
        yield from _about(claim)
        yield from _claim(claim, dossier, level=3)


def _about(claim: ClaimContent) -> Iterator[Block]:
    if not claim.is_published:
        reason = f" {claim.withdrawn_reason}" if claim.withdrawn_reason else ""
        said = f"{claim.status.words.capitalize()}: this claim is not published.{reason}"
        yield Paragraph(runs(said), "banner")
    yield from prose(claim.context)
    known = {
        "Number stated": claim.quantity,
        "Why we check it": claim.check_reason,
        "Topics": ", ".join(claim.tags),
    }
    if pairs := tuple((label, runs(text)) for label, text in known.items() if text):
        yield Facts(pairs)


def _claim(claim: ClaimContent, dossier: Dossier, *, level: int) -> Iterator[Block]:
    yield Heading(level, runs("Verdict"))
    if claim.verdict:
        yield verdict_card(claim.verdict)
    else:
        yield Paragraph(runs("No verdict has been published on this claim."), "none")
    for draft in claim.drafts:
        yield Heading(level + 1, runs(f"Unpublished verdict: {draft.status}"))
        yield verdict_card(draft, "draft")
    if claim.sides:
        yield Heading(level, runs("Who says what"))
    for side in claim.sides:
        yield Heading(level + 1, runs(side.title), note=side.words)
        for group in side.groups:
            yield from origin_cards(group, desk=dossier.imprint.desk)
    for _code, title, rows in claim.bearings:
        yield Heading(level, runs(title))
        yield from map(evidence_card, rows)
    relations = (relation_entry(row, dossier) for row in claim.relations)
    yield from _list(level, "How it bears on other claims", relations)
    yield from _list(level, "Reviews by other publishers", map(review_entry, claim.reviews))
    yield from _list(level, "Right of reply", map(inquiry_entry, claim.inquiries))
    yield from _corrections(claim, level)


def _corrections(claim: ClaimContent, level: int) -> Iterator[Block]:
    if not claim.earlier:
        return
    yield Heading(level, runs("Corrections"))
    if entries := tuple(correction_entries(claim)):
        yield Items(entries)
    for row in claim.earlier:
        yield Heading(level + 1, runs("Earlier verdict, since replaced"))
        yield verdict_card(row, "earlier")


def _list(level: int, title: str, entries: Iterable[tuple[Block, ...]]) -> Iterator[Block]:
    if listed := tuple(entries):
        yield Heading(level, runs(title))
        yield Items(listed)


def _sources(dossier: Dossier) -> Iterator[Block]:
    if dossier.sources:
        yield Heading(2, runs("Sources"), "sources")
        yield Items(tuple(source_entry(row, desk=dossier.imprint.desk) for row in dossier.sources))


def _documents(dossier: Dossier) -> Iterator[Block]:
    if dossier.documents:
        yield Heading(2, runs("Documents"), "documents")
        yield Items(tuple(map(document_entry, dossier.documents)), ordered=True)


def _method(dossier: Dossier) -> Iterator[Block]:
    yield Heading(2, runs("Method"), "method")
    yield from prose(wording.METHOD)
    if dossier.meanings:
        yield Items(tuple((Paragraph(runs(rated(row), f": {row.meaning}")),) for row in dossier.meanings))
    trail = " The hash is that of the last entry of the register’s audit trail: it shows later whether anything was"
    shown = f"{trail} changed behind it." if dossier.imprint.head_entry else ""
    yield from prose(f"Two reports with the same version say the same, whenever they were made.{shown}", "meta")
