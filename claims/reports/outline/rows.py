"""The rows of a dossier as blocks of a report: verdicts, statements, evidence and all else that hangs on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.reports.content.dossier import ClaimContent, Dossier
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    EvidenceContent,
    InquiryContent,
    OriginGroup,
    RatingContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.outline.blocks import Block, Card, Paragraph, Quote, Run, Runs, hexadecimal, joined, prose, runs

WITHHELD = "name withheld from the public"


def rated(rating: RatingContent) -> Run:
    """The label of a rating, beside its colour."""
    return Run(rating.label, "strong", colour=hexadecimal(rating.colour))


def verdict_card(row: VerdictContent, role: str = "verdict") -> Card:
    """One decision; likelihood and confidence stand in paragraphs of their own."""
    if row.published_at:
        people = f" Drafted by {row.author}, reviewed by {row.reviewer}." if row.author else ""
        signed = f"Published on {row.published_at}.{people}"
    else:
        signed = f"Drafted by {row.author}. Nobody outside the desk sees it."
    return Card(
        role,
        (
            Paragraph((rated(row.rating),), "rating"),
            *prose(row.summary, "summary"),
            *prose(row.likelihood_sentence),
            *prose(row.confidence_sentence),
            *prose(row.rationale),
            Paragraph(runs(signed), "meta"),
        ),
        hexadecimal(row.rating.colour),
    )


def origin_cards(group: OriginGroup, *, desk: bool) -> Iterator[Card]:
    """The statements that go back to one origin."""
    for row in group.attributions:
        yield Card("relay" if row.relayed else "statement", tuple(_statement(row, desk=desk)))


def _statement(row: AttributionContent, *, desk: bool) -> Iterator[Block]:
    yield Paragraph(
        runs(
            Run(row.source.name, "strong"),
            Run(f" ({WITHHELD})", "flag") if row.source.withheld and desk else None,
            f", {row.capacity}" if row.capacity else None,
            f", for {row.on_behalf_of.name}" if row.on_behalf_of else None,
            f" {row.stance}",
            Run(f", {row.said_on}", "quiet") if row.said_on else None,
        ),
        "who",
    )
    if row.quote:
        yield Quote(row.quote, row.quote_language.code)
    if row.translation:
        yield Quote(row.translation, "en", "translation")
        by = f" by {row.translator}" if row.translator else ""
        yield Paragraph(runs(f"Translated from {row.quote_language.words or 'the original'}{by}."), "meta")
    if row.anonymous:
        yield Paragraph(runs(f"Not named there{f': {row.anonymous_reason}' if row.anonymous_reason else '.'}"), "meta")
    if row.relayed:
        hands = (Run(link.source.name if link.source else "a statement since withdrawn") for link in row.chain)
        yield Paragraph(runs("Back to the origin: ", *joined(((hand,) for hand in hands), " ← "), "."), "meta")
    if row.document:
        yield Paragraph(runs("In: ", *cited(row.document, row.place), "."), "meta")
    if row.quote_state.words:
        yield Paragraph(runs(f"{row.quote_state.words}."), "meta")


def evidence_card(row: EvidenceContent) -> Card:
    """One piece of evidence with its bearing on the claim, its grades and the way back to its origin."""
    return Card("evidence", tuple(_evidence(row)))


def _evidence(row: EvidenceContent) -> Iterator[Block]:
    seen = Run(f", {row.observed_on}", "quiet") if row.observed_on else None
    yield Paragraph(runs(Run(row.title, "strong"), Run(f" {row.kind}", "quiet"), seen), "who")
    yield from prose(row.description)
    yield Paragraph(
        runs(
            "Strength: ",
            Run(row.strength.words, "strong"),
            ". Information: ",
            Run(row.credibility.words, "strong"),
            ".",
        ),
        "meta",
    )
    yield from labelled("Why it bears on the claim: ", row.note)
    if len(row.lineage) > 1:
        steps = (runs(step.title or "evidence not shown here") for step in row.lineage)
        yield Paragraph(runs("Back to its origin: ", *joined(steps, " ← "), "."), "meta")
    for work in row.documents:
        yield Paragraph(runs("In: ", *cited(work), "."), "meta")


def labelled(label: str, text: str) -> Iterator[Paragraph]:
    """A text of the register that begins with what it is; none for an empty one."""
    for place, paragraph in enumerate(prose(text)):
        yield paragraph if place else Paragraph((Run(label, "quiet"), *paragraph.runs))


def cited(row: DocumentContent, place: str = "", *, full: bool = False) -> Runs:
    """A document as it is named in the text; `full` adds what kind of work it is and by whom."""
    return runs(
        "“",
        Run(row.title, lang=row.language.code, link=row.url),
        "”",
        f", {row.kind}" if full else None,
        f" by {row.authors}" if full and row.authors else None,
        f", {row.publisher.name}" if row.publisher else None,
        f", {row.published_on}" if row.published_on else None,
        f", {place}" if place else None,
        Run(f", retracted {row.retracted_on}", "flag") if row.retracted_on else None,
    )


def document_entry(row: DocumentContent) -> tuple[Block, ...]:
    """A document in the list at the end: with its address and its archived copies."""
    copies = (Paragraph(_copy(copy), "meta") for copy in row.snapshots)
    where = (Paragraph((address(row.url),), "meta"),) if row.url else ()
    return (Paragraph(runs(*cited(row, full=True), ".")), *where, *copies)


def _copy(row: SnapshotContent) -> Runs:
    kept = (": ", address(row.archive_url)) if row.archive_url else (", kept by the desk",)
    digest = (". Fingerprint: ", Run(row.digest, "code")) if row.digest else ()
    return runs(f"Copy of {row.taken_at}", *kept, *digest)


def address(url: str) -> Run:
    """A web address that is its own text."""
    return Run(url, link=url)


def source_entry(row: SourceContent, *, desk: bool) -> tuple[Block, ...]:
    """A source in the list at the end: with its grade and its interests."""
    part = f"part of {row.part_of}" if row.part_of else ""
    known = ", ".join(fact for fact in (row.kind.words, row.country.words, part) if fact)
    grade = [f"Grade: {row.reliability}."]
    grade += [row.reliability_note] if row.reliability_note else []
    grade += [f"Interests: {row.interests}"] if row.interests else []
    return (
        Paragraph(
            runs(
                Run(row.name, "strong"),
                Run(f" ({WITHHELD})", "flag") if row.withheld and desk else None,
                Run(f" {known}", "quiet"),
            )
        ),
        *prose(row.description),
        Paragraph(runs(" ".join(grade)), "meta"),
        *((Paragraph((address(row.website),), "meta"),) if row.website else ()),
    )


def relation_entry(row: RelationContent, dossier: Dossier) -> tuple[Block, ...]:
    """How the claim bears on another one, with a link to where that one stands."""
    target = f"#claim-{row.other_id}" if row.other_id in dossier.claim_ids else row.other_address
    return (
        Paragraph(
            runs(
                "This claim ",
                Run(row.verb, "strong"),
                f" on the {row.point}" if row.point else None,
                ": “",
                Run(row.other_text, lang=row.other_language, link=target),
                "”",
                f" (verdict: {row.other_rating})" if row.other_rating else None,
                ".",
            )
        ),
        *prose(row.note),
    )


def review_entry(row: ReviewContent) -> tuple[Block, ...]:
    """What another publisher said of the claim, in its own words."""
    title = row.title or row.url
    nearest = f"Nearest word of our scale: {row.nearest_rating}." if row.nearest_rating else ""
    number = f"Rated {row.rating_number}." if row.rating_number else ""
    said = " ".join(part for part in (number, nearest) if part)
    return (
        Paragraph(
            runs(
                Run(row.publisher.name, "strong"),
                f", {row.reviewed_on}" if row.reviewed_on else None,
                ": " if title else None,
                Run(title, lang=row.language.code, link=row.url) if title else None,
            ),
            "who",
        ),
        *((Quote(row.rating_text, row.language.code),) if row.rating_text else ()),
        *prose(said, "meta"),
    )


def inquiry_entry(row: InquiryContent) -> tuple[Block, ...]:
    """Who was asked what, and what came back."""
    by = f" by {row.channel}" if row.channel else ""
    due = f", with an answer due by {row.due_on}" if row.due_on else ""
    answered = f", {row.answered_on}" if row.answered_on else ""
    return (
        Paragraph(runs(Run(row.source.name, "strong"), f" was asked on {row.asked_on}{by}{due}:"), "who"),
        Quote(row.question, role="words"),
        Paragraph(runs(Run(row.outcome.words.capitalize(), "strong"), f"{answered}{':' if row.answer else '.'}")),
        *((Quote(row.answer, role="words"),) if row.answer else ()),
    )


def correction_entries(claim: ClaimContent) -> Iterable[tuple[Block, ...]]:
    """What each correction changed, and why."""
    for row in claim.corrections:
        new = row.new
        severity = Run(new.correction_severity.words, "strong")
        yield (Paragraph(runs(f"{new.published_at}, ", severity, f", {row.words}: ", Run(new.correction_reason))),)
