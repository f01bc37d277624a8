"""The rows of a dossier as cards: one function for each noun that hangs on a claim, and for what it refers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.utils.text import capfirst

from claims.logic import wording
from claims.logic.verbs import RELAYS
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    RatingContent,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
    When,
)
from claims.reports.outline.blocks import (
    Block,
    Card,
    CardRole,
    Paragraph,
    Quote,
    Run,
    Runs,
    Style,
    facts,
    hexadecimal,
    joined,
    paragraphs,
    prose,
    runs,
)
from claims.reports.outline.further import further
from claims.reports.outline.numbers import Numbers, claim_link


def rated(rating: RatingContent) -> Run:
    """The label of a rating, beside its colour."""
    return Run(rating.label, "strong", colour=hexadecimal(rating.colour))


def dated(date: When, style: Style = "") -> Run:
    """A date or moment in words, which programs can read too."""
    return Run(date.words, style, datetime=date.text)


def address(url: str) -> Run:
    """A web address that is its own text."""
    return Run(url, link=url)


def verdict_card(row: VerdictContent, role: CardRole = "verdict", *, before: str = "") -> Card:
    """One decision; likelihood and confidence stand apart (ICD 203). `before` is the rating of the verdict that it
    replaced."""
    people = runs("Drafted by ", Run(row.author), *_after(", reviewed by ", row.reviewer), ".") if row.author else ()
    unseen = " Nobody outside the desk sees it." if not row.published_at else None
    published = (DOT, Run("published on ", "quiet"), dated(row.published_at, "quiet")) if row.published_at else ()
    return Card(
        role,
        (
            Paragraph((rated(row.rating), *published), "rating"),
            *_correction(row, before),
            *prose(row.summary, "summary"),
            *facts(
                ("How likely it is true", runs(Run(capfirst(row.likelihood.words)))),
                ("Confidence in this", runs(Run(capfirst(row.confidence.words)))),
            ),
            *prose(row.rationale),
            *_wording(row),
            *((Paragraph(runs(*people, unseen), "meta"),) if people else ()),
            *_review_by(row),
            *further(row),
        ),
        colour=hexadecimal(row.rating.colour),
    )


def _correction(row: VerdictContent, before: str) -> Iterator[Block]:
    """When and how the verdict replaced an earlier one, and why."""
    if row.supersedes and row.correction_reason:
        told = runs(*corrected(row, before), ". ", Run(row.correction_reason))
        yield Paragraph(told, "correction")


def corrected(row: VerdictContent, before: str) -> Runs:
    """`Retraction of 3 July 2025, from “Contested” to “Refuted”`; without a day while nobody published it."""
    kind = Run(capfirst(row.correction_severity.words or "correction"), "flag")
    on = (" of ", dated(row.published_at)) if row.published_at else ()
    return runs(kind, *on, ", ", Run(wording.changed_rating(before, row.rating.label)))


def _wording(row: VerdictContent) -> Iterator[Block]:
    """The wording that was judged, or that a draft gives the claim, where the claim says something else now."""
    if row.claim_text:
        draft = "It gives the claim a new wording: “" if row.supersedes else "It was submitted on this wording: “"
        label = "It judged this wording: “" if row.published_at.text else draft
        yield Paragraph(runs(label, Run(row.claim_text), "”"), "meta")


def _review_by(row: VerdictContent) -> Iterator[Block]:
    if row.review_by.text:
        yield Paragraph(runs("To be looked at again by ", dated(row.review_by), "."), "meta")


def attribution_card(row: AttributionContent, numbers: Numbers, above: AttributionContent | None = None) -> Card:
    """One statement: who did what with the claim, when and where, and in which words; `above` is the one at its origin,
    where that stands right above it."""
    role: CardRole = "relay" if row.relayed else "statement"
    return Card(role, tuple(_attribution(row, numbers, above)), anchor=f"attribution-{row.id}")


def _attribution(row: AttributionContent, numbers: Numbers, above: AttributionContent | None) -> Iterator[Block]:
    who = (*numbers.source(row.source), *_after(", ", row.capacity))
    behalf = (Run(", for "), *numbers.source(row.on_behalf_of)) if row.on_behalf_of else ()
    # What stands between the name and the verb is set between commas.
    stance = (Run(", " if row.capacity or behalf else " "), Run(row.stance.words, "stance"))
    where = (DOT, *numbers.work(row.document, row.place)) if row.document else ()
    verified = _after_dot(VERIFIED) if _is_verified(row) else ()
    yield Paragraph((*who, *behalf, *stance, *_after_dot(dated(row.said_on, "quiet")), *where, *verified), "who")
    if row.joint_sources:
        yield Paragraph(runs("Jointly with ", *joined([runs(Run(name)) for name in row.joint_sources], ", ")), "meta")
    if row.taken_back_by is not None:
        yield Paragraph(runs(row.taken_back_words), "meta")
    if row.quote and above and (row.quote, row.translation) == (above.quote, above.translation):
        yield Paragraph(runs("In the same words."), "meta")
    elif row.quote:
        yield Quote(row.quote, row.quote_language.code, cite=row.document.url if row.document else "")
    if row.translation and not (above and row.translation == above.translation):
        yield Quote(row.translation, "en", "translation")
        original = row.quote_language.words or "the original"
        yield Paragraph(runs(f"Translated from {original}", *_after(" by ", row.translator), "."), "meta")
    if row.anonymous:
        stop = "" if row.anonymous_reason.endswith((".", "!", "?", "…")) else "."
        yield Paragraph(runs("Not named there", *_after(": ", row.anonymous_reason), stop), "meta")
    if row.relayed and [link.id for link in row.chain[1:]] != [above.id if above else None]:
        yield _chain("Back to the origin: ", (link.label for link in row.chain))
    if row.quote_state.words and not _is_verified(row):
        yield Paragraph(runs(f"{row.quote_state.words}."), "meta")
    if row.quote_omits:
        left_out = joined([runs("“", Run(gap, lang=row.quote_language.code), "”") for gap in row.quote_omits], ", ")
        yield Paragraph(runs("Left out: ", *left_out, "."), "meta")
    yield from further(row)


def _is_verified(row: AttributionContent) -> bool:
    """Whether its quote stands in the cited document and there is nothing more to know of it."""
    return row.quote_state.code == "verified" and not row.quote_warnings


def relays_first_hand(row: AttributionContent, origin: AttributionContent) -> bool:
    """Whether it passes on the statement at its origin and adds nothing to that but who did so, when and where."""
    words = (row.quote, row.translation) not in {("", ""), (origin.quote, origin.translation)}
    plain = not (words or row.anonymous or row.capacity or row.on_behalf_of or row.joint_sources)
    plain = plain and (_is_verified(row) or not row.quote_state.words)
    nearest = len(row.chain) == 2 and row.chain[1].id == origin.id
    return row.stance.code == RELAYS and nearest and plain and row.taken_back_by is None and not row.earlier_wording


def relays_line(rows: Iterable[AttributionContent], numbers: Numbers) -> Paragraph:
    """`Passed on by The Mail S2, 3 July 2025, [1]; The Post S3, [2]`."""
    told = []
    for row in rows:
        when = (Run(", "), dated(row.said_on)) if row.said_on else ()
        where = (Run(", "), *numbers.work(row.document, row.place)) if row.document else ()
        verified = (Run(", "), VERIFIED) if _is_verified(row) else ()
        told.append((*numbers.source(row.source), *when, *where, *verified))
    return Paragraph((Run("Passed on by "), *joined(told, "; ")), "chain")


def source_card(row: SourceContent, link: str, numbers: Numbers) -> Card:
    """A source in the list at the end, with its interests; its grade stands above those that share it."""
    part = runs(*_after("part of ", row.part_of), *_after(" since ", row.part_of_since.words))
    known = joined([runs(row.kind.words), runs(row.country.words), part], ", ")
    number = runs(Run(f"S{numbers.sources[row.id]}", "strong"), " ")
    withheld = numbers.source(row)[-1:] if row.withheld and numbers.desk else ()
    return Card(
        "entry",
        (
            Paragraph((*number, Run(row.name, "strong", link=link), *withheld), "who"),
            Paragraph(known, "meta"),
            *prose(row.description),
            *((Paragraph(runs("Interests: ", Run(row.interests)), "meta"),) if row.interests else ()),
            *((Paragraph((address(row.website),), "address"),) if row.website else ()),
            *further(row),
        ),
        anchor=f"source-{row.id}",
    )


def grade_line(rows: Iterable[SourceContent], numbers: Numbers) -> Paragraph:
    """`Fairly reliable (C): S1 and S4. A named reporter.`: the grade that these share, and why."""
    first, *others = rows
    named = wording.one_after_another(f"S{numbers.sources[row.id]}" for row in (first, *others))
    grade = Run(capfirst(first.reliability.words), "strong")
    return Paragraph(runs(grade, f": {named}.", *_after(" ", first.reliability_note)), "intro")


def document_card(row: DocumentContent, numbers: Numbers) -> Card:
    """A document in the list at the end: with its number, its address and its archived copies."""
    copies = (Paragraph(_copy(copy), "address") for copy in row.snapshots)
    where = (Paragraph((address(row.url),), "address"),) if row.url else ()
    blocks = (Paragraph(cited(row, numbers)), *where, *copies, *further(row))
    return Card("entry", blocks, anchor=f"document-{row.id}")


def _copy(row: SnapshotContent) -> Runs:
    kept = (": ", address(row.archive_url)) if row.archive_url else (", kept by the desk",)
    digest = (". Fingerprint: ", Run(row.digest, "code")) if row.digest else ()
    return runs("Copy of ", dated(row.taken_at), *kept, *digest)


def cited(row: DocumentContent, numbers: Numbers) -> Runs:
    """A document as it is named in full."""
    number = numbers.works.get(row.id)
    return runs(
        Run(f"[{number}] ", "strong") if number else None,
        "“",
        Run(row.title, lang=row.language.code, link=row.url),
        "”",
        f", {row.kind}",
        *_after(" by ", row.authors),
        *_after(", ", row.publisher.name if row.publisher else ""),
        *((", ", dated(row.published_on)) if row.published_on.text else ()),
        Run(f" retracted {row.retracted_on}", "flag") if row.retracted_on.text else None,
    )


def relation_card(row: RelationContent, beside: Collection[int]) -> Card:
    """How the claim bears on another one, and why; `beside` are the claims of this report."""
    first, *others = paragraphs(row.note) if row.note else ("",)
    words = (*relation_words(row, beside), *_after(": ", first))
    return Card("entry", (Paragraph(words), *(Paragraph((Run(part),)) for part in others), *further(row)))


def relation_words(row: RelationContent, beside: Collection[int]) -> Runs:
    """`Excludes claim 7 on the time`, `Supports “He fell” (verdict: Contested)`."""
    verdict = f"” (verdict: {row.other_rating})" if row.other_rating else "”"
    other = (
        (claim_link(row.other_id, row.other_text),)
        if row.other_id in beside
        else ("“", Run(wording.within(row.other_text), lang=row.other_language, link=row.other_address), verdict)
    )
    point = f" on the {row.point}" if row.point.code else None
    return runs(Run(capfirst(row.verb), "strong"), " ", *other, point)


def review_card(row: ReviewContent) -> Card:
    """What another publisher said of the claim, in its own words."""
    title = row.title or row.url
    nearest = f"Nearest word of the desk’s scale: {row.nearest_rating}." if row.nearest_rating else ""
    number = f"Rated {row.rating_number}." if row.rating_number else ""
    words = runs(
        Run(row.publisher.name, "strong"),
        *((", ", dated(row.reviewed_on)) if row.reviewed_on.text else ()),
        *((": ", Run(title, lang=row.language.code, link=row.url)) if title else ()),
    )
    rating = (Quote(row.rating_text, row.language.code, "review", row.url),) if row.rating_text else ()
    rated_by_us = prose(" ".join(filter(None, (number, nearest))), "meta")
    return Card("entry", (Paragraph(words), *rating, *rated_by_us, *further(row)))


def _chain(label: str, names: Iterable[str]) -> Paragraph:
    return Paragraph(runs(Run(label, "quiet"), *joined((runs(Run(name)) for name in names), " ← ")), "chain")


def _after(words: str, text: str) -> Runs:
    """A text of the register behind words of the report, a run for each, since each is read in its own direction; none
    where there is no text."""
    return (Run(words), Run(text)) if text else ()


DOT = Run(" ·\u00a0", "quiet")
"""It begins the next line rather than ending one."""
VERIFIED = Run("quote verified", "quiet")


def _after_dot(run: Run) -> Runs:
    return (DOT, run) if run.text else ()
