"""The rows of a dossier as cards: one function for each noun that hangs on a claim, and for what it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst

from claims.reports.content.contradiction import Contradiction
from claims.reports.content.dossier import Dossier, Imprint
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import (
    AttributionContent,
    CorrectionContent,
    DocumentContent,
    InquiryContent,
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
    hexadecimal,
    joined,
    prose,
    runs,
)
from claims.reports.outline.further import further

WITHHELD = "name withheld from the public"


def rated(rating: RatingContent) -> Run:
    """The label of a rating, beside its colour."""
    return Run(rating.label, "strong", colour=hexadecimal(rating.colour))


def dated(date: When, style: Style = "") -> Run:
    """A date or moment in words, which programs can read too."""
    return Run(date.words, style, datetime=date.text)


def address(url: str) -> Run:
    """A web address that is its own text."""
    return Run(url, link=url)


def verdict_card(row: VerdictContent, role: CardRole = "verdict") -> Card:
    """One decision; likelihood and confidence stand in paragraphs of their own."""
    people = (" Drafted by ", Run(row.author), ", reviewed by ", Run(row.reviewer), ".") if row.author else ()
    signed = (
        runs("Published on ", dated(row.published_at), ".", *people)
        if row.published_at.text
        else runs("Drafted by ", Run(row.author), ". Nobody outside the desk sees it.")
    )
    return Card(
        role,
        (
            Paragraph((rated(row.rating),), "rating"),
            *prose(row.summary, "summary"),
            *prose(row.likelihood_sentence, "judgement"),
            *prose(row.confidence_sentence, "judgement"),
            *prose(row.rationale),
            *_wording(row),
            Paragraph(signed, "meta"),
            *_review_by(row),
            *further(row),
        ),
        colour=hexadecimal(row.rating.colour),
    )


def _wording(row: VerdictContent) -> Iterator[Block]:
    """The wording that was judged, or that a draft gives the claim, where the claim says something else now."""
    if row.claim_text:
        draft = "It gives the claim a new wording: “" if row.supersedes else "It was submitted on this wording: “"
        label = "It judged this wording: “" if row.published_at.text else draft
        yield Paragraph(runs(label, Run(row.claim_text), "”"), "meta")


def _review_by(row: VerdictContent) -> Iterator[Block]:
    if row.review_by.text:
        yield Paragraph(runs("To be looked at again by ", dated(row.review_by), "."), "meta")


def attribution_card(row: AttributionContent, *, desk: bool) -> Card:
    """One statement: who did what with the claim, in which words, and where they stand."""
    role: CardRole = "relay" if row.relayed else "statement"
    return Card(role, tuple(_attribution(row, desk=desk)), anchor=f"attribution-{row.id}")


def _attribution(row: AttributionContent, *, desk: bool) -> Iterator[Block]:
    who = (*_named(row.source, desk=desk), *_after(", ", row.capacity))
    behalf = _after(", for ", row.on_behalf_of.name if row.on_behalf_of else "")
    stance = (Run(" "), Run(row.stance.words, "stance"))
    yield Paragraph((*who, *behalf, *stance, *_after_dot(dated(row.said_on, "quiet"))), "who")
    if row.joint_sources:
        yield Paragraph(runs("Jointly with ", *joined([runs(Run(name)) for name in row.joint_sources], ", ")), "meta")
    if row.taken_back_by is not None:
        yield Paragraph(runs(row.taken_back_words), "meta")
    if row.quote:
        yield Quote(row.quote, row.quote_language.code, cite=row.document.url if row.document else "")
    if row.translation:
        yield Quote(row.translation, "en", "translation")
        original = row.quote_language.words or "the original"
        yield Paragraph(runs(f"Translated from {original}", *_after(" by ", row.translator), "."), "meta")
    if row.anonymous:
        reason = _after(": ", row.anonymous_reason)
        yield Paragraph(runs("Not named there", *(reason or (".",))), "meta")
    if row.relayed:
        hands = (link.source.name if link.source else "a statement since withdrawn" for link in row.chain)
        yield _chain("Back to the origin: ", hands)
    if row.document:
        yield Paragraph(runs("In: ", *cited(row.document, row.place)), "cited")
    if row.quote_state.words:
        yield Paragraph(runs(f"{row.quote_state.words}."), "meta")
    if row.quote_omits:
        left_out = joined([runs("“", Run(gap, lang=row.quote_language.code), "”") for gap in row.quote_omits], ", ")
        yield Paragraph(runs("Left out: ", *left_out, "."), "meta")
    yield from further(row)


def rival_link(row: Contradiction) -> Run:
    """The rival that is said: by its number where it stands in the same report, else in its own words."""
    if row.number:
        return Run(f"claim {row.number}", link=f"#claim-{row.claim}", title=row.text)
    return Run(row.text, lang=row.language, link=row.address)


def contradiction_card(row: Contradiction, *, desk: bool) -> Card:
    """Who contradicts a claim: by denying it or what repeats it, or by saying a rival that it cannot be true with."""
    who = runs(*_named(row.source, desk=desk), " ")
    if row.claim is None:
        return Card("entry", (Paragraph((*who, Run(row.stance.words, "stance"), Run("."))),))
    target = f"#claim-{row.claim}" if row.number else row.address
    other = Run(row.text, lang=row.language, link=target)
    why = "what repeats it" if row.denies else "what cannot be true with it"
    return Card("entry", (Paragraph(runs(*who, Run(row.did_so, "stance"), f" {why}: “", other, "”.")),))


def evidence_card(row: EvidenceContent) -> Card:
    """One piece of evidence with its bearing on the claim, its grades and the way back to its origin."""
    return Card("evidence", tuple(_evidence(row)), anchor=f"evidence-link-{row.link_id}")


def _evidence(row: EvidenceContent) -> Iterator[Block]:
    kind, seen = _after_dot(Run(row.kind.words, "quiet")), _after_dot(dated(row.observed_on, "quiet"))
    yield Paragraph((Run(row.title, "strong"), *kind, *seen), "who")
    yield from prose(row.description)
    strength, grade = Run(row.strength.words, "strong"), Run(row.credibility.words, "strong")
    if row.discounted:
        yield Paragraph(runs(Run(f"Does not count: {row.discounted.words}.", "flag")), "meta")
    why = " Why it bears on the claim:" if row.note else ""
    yield Paragraph(runs("Strength: ", strength, ". Information: ", grade, f".{why}"), "meta")
    yield from prose(row.note, "bears")
    if len(row.lineage) > 1:
        yield _chain("Back to its origin: ", (step.title or "evidence not shown here" for step in row.lineage))
    for work in row.documents:
        yield Paragraph(runs("In: ", *cited(work)), "cited")
    yield from further(row)


def source_card(row: SourceContent, imprint: Imprint) -> Card:
    """A source in the list at the end: with its grade and its interests."""
    part = runs(*_after("part of ", row.part_of), *_after(" since ", row.part_of_since.words))
    known = joined([runs(row.kind.words), runs(row.country.words), part], ", ")
    note, interests = _after(" ", row.reliability_note), _after(" Interests: ", row.interests)
    return Card(
        "entry",
        (
            Paragraph(_named(row, desk=imprint.desk, link=imprint.page("sources", row.slug)), "who"),
            Paragraph(known, "meta"),
            *prose(row.description),
            Paragraph(runs(f"Grade: {row.reliability}.", *note, *interests), "meta"),
            *((Paragraph((address(row.website),), "address"),) if row.website else ()),
            *further(row),
        ),
        anchor=f"source-{row.id}",
    )


def document_card(row: DocumentContent) -> Card:
    """A document in the list at the end: with its address and its archived copies."""
    copies = (Paragraph(_copy(copy), "address") for copy in row.snapshots)
    where = (Paragraph((address(row.url),), "address"),) if row.url else ()
    blocks = (Paragraph(cited(row, full=True)), *where, *copies, *further(row))
    return Card("entry", blocks, anchor=f"document-{row.id}")


def _copy(row: SnapshotContent) -> Runs:
    kept = (": ", address(row.archive_url)) if row.archive_url else (", kept by the desk",)
    digest = (". Fingerprint: ", Run(row.digest, "code")) if row.digest else ()
    return runs("Copy of ", dated(row.taken_at), *kept, *digest)


def cited(row: DocumentContent, place: str = "", *, full: bool = False) -> Runs:
    """A document as it is named in the text; `full` adds what kind of work it is and by whom."""
    return runs(
        "“",
        Run(row.title, lang=row.language.code, link=row.url),
        "”",
        f", {row.kind}" if full else None,
        *_after(" by ", row.authors if full else ""),
        *_after(", ", row.publisher.name if row.publisher else ""),
        *((", ", dated(row.published_on)) if row.published_on.text else ()),
        *_after(", ", place),
        Run(f" retracted {row.retracted_on}", "flag") if row.retracted_on.text else None,
    )


def relation_card(row: RelationContent, dossier: Dossier) -> Card:
    """How the claim bears on another one, with a link to where that one stands."""
    target = f"#claim-{row.other_id}" if row.other_id in dossier.claim_ids else row.other_address
    words = runs(
        "This claim ",
        Run(row.verb, "strong"),
        f" on the {row.point}" if row.point.code else None,
        ": “",
        Run(row.other_text, lang=row.other_language, link=target),
        f"” (verdict: {row.other_rating})." if row.other_rating else "”.",
    )
    return Card("entry", (Paragraph(words), *prose(row.note), *further(row)))


def review_card(row: ReviewContent) -> Card:
    """What another publisher said of the claim, in its own words."""
    title = row.title or row.url
    nearest = f"Nearest word of our scale: {row.nearest_rating}." if row.nearest_rating else ""
    number = f"Rated {row.rating_number}." if row.rating_number else ""
    words = runs(
        Run(row.publisher.name, "strong"),
        *((", ", dated(row.reviewed_on)) if row.reviewed_on.text else ()),
        *((": ", Run(title, lang=row.language.code, link=row.url)) if title else ()),
    )
    rating = (Quote(row.rating_text, row.language.code, "review", row.url),) if row.rating_text else ()
    rated_by_us = prose(" ".join(filter(None, (number, nearest))), "meta")
    return Card("entry", (Paragraph(words), *rating, *rated_by_us, *further(row)))


def inquiry_card(row: InquiryContent) -> Card:
    """Who was asked what, and what came back."""
    asked = runs(
        Run(row.source.name, "strong"),
        " was asked on ",
        dated(row.asked_on),
        *_after(" by ", row.channel),
        *((", with an answer due by ", dated(row.due_on)) if row.due_on.text else ()),
        ":",
    )
    outcome = Run(capfirst(row.outcome.words), "strong")
    when = (", ", dated(row.answered_on)) if row.answered_on.text else ()
    answer = (Quote(row.answer, role="answer"),) if row.answer else ()
    replied = Paragraph(runs(outcome, *when, ":" if row.answer else "."))
    return Card("entry", (Paragraph(asked), Quote(row.question, role="question"), replied, *answer, *further(row)))


def correction_card(row: CorrectionContent) -> Card:
    """What a correction changed, and why."""
    new = row.new
    severity = Run(new.correction_severity.words, "strong")
    words = runs(dated(new.published_at), ", ", severity, f", {row.words}: ", Run(new.correction_reason))
    return Card("entry", (Paragraph(words), *(_wording(row.old) if row.old else ())))


def _named(source: SourceContent, *, desk: bool, link: str = "") -> Runs:
    """The name of a source, for the desk with the remark that it is withheld."""
    return runs(
        Run(source.name, "strong", link=link),
        Run(f" {WITHHELD}", "flag") if source.withheld and desk else None,
    )


def _chain(label: str, names: Iterable[str]) -> Paragraph:
    return Paragraph(runs(Run(label, "quiet"), *joined((runs(Run(name)) for name in names), " ← ")), "chain")


def _after(words: str, text: str) -> Runs:
    """A text of the register behind words of the report, a run for each, since each is read in its own direction; none
    where there is no text."""
    return (Run(words), Run(text)) if text else ()


def _after_dot(run: Run) -> Runs:
    # The dot begins the next line rather than ending one.
    return (Run(" ·\u00a0", "quiet"), run) if run.text else ()
