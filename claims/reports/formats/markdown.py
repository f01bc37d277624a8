"""Writes a dossier as Markdown that also reads well as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claims.logic import wording
from claims.reports.content.dossier import ClaimContent, DisputeDossier, Dossier
from claims.reports.content.rows import (
    AttributionContent,
    DocumentContent,
    EvidenceContent,
    InquiryContent,
    OriginGroup,
    RelationContent,
    ReviewContent,
    SnapshotContent,
    SourceContent,
    VerdictContent,
)
from claims.reports.formats.markdown_text import line, quoted, text
from claims.reports.formats.markdown_weighing import (
    balance_section,
    changes_section,
    history_section,
    matrix_section,
    timeline_section,
)


def write(dossier: Dossier) -> bytes:
    """The report, its blocks apart by empty lines."""
    return ("\n\n".join(block for block in blocks(dossier) if block) + "\n").encode("utf-8", "replace")


def blocks(dossier: Dossier) -> Iterator[str]:
    """Every block of the report in order."""
    yield f"# {line(dossier.title)}"
    if dossier.confidential:
        yield f"**{dossier.confidential}**"
    if isinstance(dossier, DisputeDossier):
        yield from _dispute(dossier)
    elif dossier.dispute:
        where = dossier.imprint.page("disputes", dossier.dispute.slug)
        yield f"A claim in the dispute “{line(dossier.dispute.title)}”: <{where}>"
    several = isinstance(dossier, DisputeDossier)
    if not several:
        yield from changes_section(dossier)
    for claim in dossier.claims:
        yield from _claim(claim, heading=several)
    if not several:
        yield from balance_section(dossier.claims, named=False)
        yield from history_section(dossier.claims, named=False)
    if dossier.sources:
        yield "## Sources"
        yield "\n".join(f"- {_source(source, desk=dossier.imprint.desk)}" for source in dossier.sources)
    if dossier.documents:
        yield "## Documents"
        yield "\n".join(f"- {listed(document)}" for document in dossier.documents)
    yield "## Method"
    yield wording.METHOD
    yield _meanings(dossier)
    yield "---"
    imprint = dossier.imprint
    asked = f", from <{dossier.query}>" if dossier.query != dossier.address else ""
    yield f"{line(imprint.newsroom)}. Made on {imprint.made}{asked}. Version {dossier.version}.\n<{dossier.address}>"
    if imprint.head_entry:
        yield f"Audit trail: entry {imprint.head_entry}, {imprint.head_hash}."


def _dispute(dossier: DisputeDossier) -> Iterator[str]:
    dispute = dossier.dispute
    yield f"**{line(dispute.question)}**"
    happened = ", ".join(part for part in (line(dispute.place), dispute.occurred_on.words) if part)
    yield happened
    yield text(dispute.summary)
    yield f"State: **{dispute.state}**. {dispute.state_sentence}"
    if dispute.exclusive:
        yield "At most one of these claims can hold."
    yield f"On record: {dossier.voices_words}. Evidence: {dossier.evidence_words}."
    yield from changes_section(dossier)
    if len(dossier.claims) > 1:
        yield "## The claims side by side"
        yield "\n".join(_side(claim) for claim in dossier.claims)
    yield from balance_section(dossier.claims, named=True)
    yield from matrix_section(dossier.matrix)
    yield from timeline_section(dossier.timeline)
    yield from history_section(dossier.claims, named=True)


def _side(claim: ClaimContent) -> str:
    return "\n".join(
        (
            f"{claim.number}. {line(claim.text)}",
            f"   - Verdict: {line(claim.verdict.rating.label) if claim.verdict else 'none yet'}",
            f"   - Likelihood: {(claim.verdict and claim.verdict.likelihood.words) or 'not estimated'}",
            f"   - Confidence: {(claim.verdict and claim.verdict.confidence.words) or 'not stated'}",
            f"   - Said by: {_named(claim.origins_for)}{claim.for_words}",
            f"   - Denied by: {_named(claim.origins_against)}{claim.against_words}",
            f"   - Evidence for: {claim.evidence_for_words}",
            f"   - Evidence against: {claim.evidence_against_words}",
        )
    )


def _named(names: Iterable[str]) -> str:
    listed = "; ".join(line(name) for name in names)
    return f"{listed}: " if listed else ""


def _claim(claim: ClaimContent, *, heading: bool) -> Iterator[str]:
    if heading:
        yield f"## Claim {claim.number}: {line(claim.text)}"
    if not claim.is_published:
        reason = f" {line(claim.withdrawn_reason)}" if claim.withdrawn_reason else ""
        yield f"**{claim.status.words.capitalize()}: not published.**{reason}"
    yield text(claim.context)
    if claim.quantity:
        yield f"Number stated: {line(claim.quantity)}."
    if claim.check_reason:
        yield f"Why we check it: {text(claim.check_reason)}"
    if claim.tags:
        yield f"Topics: {line(', '.join(claim.tags))}"
    yield "### Verdict"
    yield from _verdict(claim.verdict) if claim.verdict else ("No verdict has been published.",)
    for draft in claim.drafts:
        yield f"### Unpublished verdict ({draft.status})"
        yield from _verdict(draft)
    if claim.origins:
        yield "### Who says it, who denies it"
        for side in claim.sides:
            yield f"{side.title}: {side.words}."
            for group in side.groups:
                yield from _origin(group)
    for _code, title, rows in claim.bearings:
        yield f"### {title}"
        for evidence in rows:
            yield from _evidence(evidence)
    yield from _list("### Other claims", (_relation(row) for row in claim.relations))
    yield from _list("### Reviews by other publishers", (_review(row) for row in claim.reviews))
    yield from _list("### Right of reply", (_inquiry(row) for row in claim.inquiries))
    if claim.earlier:
        yield "### Corrections"
        yield from _corrections(claim)


def _list(heading: str, entries: Iterable[str]) -> Iterator[str]:
    if listed := [f"- {entry}" for entry in entries]:
        yield heading
        yield "\n".join(listed)


def _verdict(row: VerdictContent) -> Iterator[str]:
    summary = f" {text(row.summary)}" if row.summary else ""
    yield f"**{line(row.rating.label)}.**{summary}"
    # Two paragraphs: likelihood and confidence do not share a sentence, nor should they seem to.
    yield row.likelihood_sentence
    yield row.confidence_sentence
    yield text(row.rationale)
    if row.published_at:
        people = f" Drafted by {line(row.author)}, reviewed by {line(row.reviewer)}." if row.author else ""
        yield f"Published on {row.published_at}.{people}"


def _corrections(claim: ClaimContent) -> Iterator[str]:
    for correction in claim.corrections:
        new = correction.new
        yield f"{new.published_at}, {new.correction_severity}, {line(correction.words)}: {text(new.correction_reason)}"
    for row in claim.earlier:
        yield f"Earlier verdict of {row.published_at}: **{line(row.rating.label)}.** {text(row.summary)}".rstrip()
        yield text(row.rationale)


def _origin(group: OriginGroup) -> Iterator[str]:
    for row in group.attributions:
        yield _statement(row)
        if row.quote:
            yield quoted(row.quote)
        if row.translation:
            by = f", by {line(row.translator)}" if row.translator else ""
            yield f"Translation{by}:"
            yield quoted(row.translation)
        if row.quote_state.words:
            yield f"{row.quote_state.words}."


def _statement(row: AttributionContent) -> str:
    role = f", {line(row.capacity)}" if row.capacity else ""
    behalf = f", for {line(row.on_behalf_of.name)}" if row.on_behalf_of else ""
    parts = [f"**{line(row.source.name)}**{role}{behalf} {row.stance}" + (f", {row.said_on}." if row.said_on else ".")]
    if row.anonymous:
        reason = f": {line(row.anonymous_reason)}" if row.anonymous_reason else ""
        parts.append(f"Not named there{reason}.")
    if row.relayed:
        hands = (line(link.source.name) if link.source else "a statement since withdrawn" for link in row.chain)
        parts.append(f"Back to the origin: {' ← '.join(hands)}.")
    if row.document:
        place = f", {line(row.place)}" if row.place else ""
        parts.append(f"In: {cited(row.document)}{place}.")
    return " ".join(parts)


def _evidence(row: EvidenceContent) -> Iterator[str]:
    seen = f", {row.observed_on}" if row.observed_on else ""
    yield f"**{line(row.title)}** ({row.kind}{seen}). Strength: {row.strength}. Information: {row.credibility}."
    yield text(row.description)
    if row.note:
        yield f"Why it bears on the claim: {text(row.note)}"
    if len(row.lineage) > 1:
        line_back = " ← ".join(line(step.title) if step.title else "evidence not shown here" for step in row.lineage)
        yield f"Back to its origin: {line_back}."
    if row.documents:
        yield f"In: {'; '.join(cited(document) for document in row.documents)}."


def _relation(row: RelationContent) -> str:
    point = f" on the {row.point}" if row.point else ""
    rating = f" (verdict: {line(row.other_rating)})" if row.other_rating else ""
    note = f" {line(row.note)}" if row.note else ""
    return f"This claim {row.verb}{point}: “{line(row.other_text)}”{rating}.{note}"


def _review(row: ReviewContent) -> str:
    rated = line(row.rating_text) or row.rating_number or "no rating"
    scale = f" ({row.rating_number})" if row.rating_text and row.rating_number else ""
    title = f" “{line(row.title)}”" if row.title else ""
    when = f", {row.reviewed_on}" if row.reviewed_on else ""
    nearest = f" Nearest word of our scale: {line(row.nearest_rating)}." if row.nearest_rating else ""
    return f"**{line(row.publisher.name)}**{when}: {rated}{scale}.{title}{_link(row.url)}{nearest}"


def _inquiry(row: InquiryContent) -> str:
    by = f" by {line(row.channel)}" if row.channel else ""
    due = f", answer due {row.due_on}" if row.due_on else ""
    answered = f", {row.answered_on}" if row.answered_on else ""
    answer = f" “{line(row.answer)}”" if row.answer else ""
    asked = f"**{line(row.source.name)}** was asked{by} on {row.asked_on}{due}: “{line(row.question)}”"
    return f"{asked} {row.outcome.words.capitalize()}{answered}.{answer}"


def _source(row: SourceContent, *, desk: bool) -> str:
    known = [row.kind.words, row.country.words, f"part of {line(row.part_of)}" if row.part_of else ""]
    named = " (name withheld from the public)" if row.withheld and desk else ""
    note = f" {line(row.reliability_note)}" if row.reliability_note else ""
    interests = f" Interests: {line(row.interests)}" if row.interests else ""
    facts = ", ".join(fact for fact in known if fact)
    return f"**{line(row.name)}**{named}: {facts}. Grade: {row.reliability}.{note}{interests}{_link(row.website)}"


def cited(row: DocumentContent) -> str:
    """A document as it is named in the text: title, publisher, date."""
    parts = [f"“{line(row.title)}”"]
    parts += [line(row.publisher.name)] if row.publisher else []
    parts += [row.published_on.words] if row.published_on else []
    return ", ".join(parts)


def listed(row: DocumentContent) -> str:
    """A document with all that is known of it: also its kind, authors, address, kept copy, retraction."""
    parts = [cited(row), row.kind.words]
    parts += [f"by {line(row.authors)}"] if row.authors else []
    copy = "".join(_copy(snapshot) for snapshot in row.snapshots)
    retracted = f" **Retracted {row.retracted_on}.**" if row.retracted_on else ""
    return f"{', '.join(parts)}.{_link(row.url)}{copy}{retracted}"


def _copy(row: SnapshotContent) -> str:
    where = f":{_link(row.archive_url)}" if row.archive_url else ", kept by the desk."
    return f" Copy of {row.taken_at}{where}" + (f" Fingerprint: {row.digest}." if row.digest else "")


def _link(url: str) -> str:
    return f" <{url}>" if url else ""


def _meanings(dossier: Dossier) -> str:
    return "\n".join(f"- **{line(rating.label)}**: {line(rating.meaning)}" for rating in dossier.meanings)
