"""The rows of a dossier: what one reader may know of the nouns that hang on a claim, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from claims.logic import wording
from claims.reports.content.declare import NEVER, NO_TERM, Shown, Term, When

__all__ = ["NEVER", "NO_TERM", "Term", "When"]


@dataclass(frozen=True, slots=True)
class AffiliationContent:
    """What a source was before, as far as the reader may know."""

    id: int
    name: Annotated[str, Shown("name", column="title")]
    part_of: Annotated[str, Shown("part of", column="refers_to")]
    since: Annotated[When, Shown("since", column="date")]
    until: Annotated[When, Shown("until", column="until")]
    note: Annotated[str, Shown("note", column="note")]

    @property
    def label(self) -> str:
        """`part of The Ministry, 2010 to 2015`, `part of The Ministry until 2015`, `part of The Ministry`."""
        what = f"part of {self.part_of}" if self.part_of else "part of no other body"
        named = f"{self.name}, {what}" if self.name else what
        return f"{named}{wording.from_to(self.since.words, self.until.words)}"


@dataclass(frozen=True, slots=True)
class SourceContent:
    id: int
    name: Annotated[str, Shown("name", column="title")]
    kind: Annotated[Term, Shown("kind", column="kind")]
    withheld: Annotated[bool, Shown("name withheld", name="name_withheld")]
    reliability: Annotated[Term, Shown("reliability", column="grade", words=True)]
    country: Annotated[Term, Shown("country", column="country")]
    description: Annotated[str, Shown("description", column="text")] = ""
    part_of: Annotated[str, Shown("part of", column="refers_to")] = ""
    website: Annotated[str, Shown("website", column="url")] = ""
    wikidata: Annotated[str, Shown("Wikidata", column="wikidata")] = ""
    reliability_note: Annotated[str, Shown("reliability note", column="note")] = ""
    interests: Annotated[str, Shown("interests", column="reason")] = ""
    slug: str = ""
    part_of_since: Annotated[When, Shown("part of it since", column="until")] = NEVER
    affiliations: Annotated[tuple[AffiliationContent, ...], Shown("earlier affiliations", compared=False)] = ()

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SnapshotContent:
    id: int
    taken_at: When
    archive_url: str
    digest: str

    @property
    def label(self) -> str:
        return f"copy of {self.taken_at}"


@dataclass(frozen=True, slots=True)
class DocumentContent:
    id: int
    kind: Annotated[Term, Shown("kind", column="kind")]
    title: Annotated[str, Shown("title", column="title")]
    url: Annotated[str, Shown("address", name="address")]
    publisher: Annotated[SourceContent | None, Shown("publisher", column="source")]
    authors: Annotated[str, Shown("authors", column="note")]
    published_on: Annotated[When, Shown("date", column="date")]
    language: Annotated[Term, Shown("language", column="language")]
    retracted_on: Annotated[When, Shown("retracted on")]
    snapshots: Annotated[tuple[SnapshotContent, ...], Shown("kept copies", name="archived")]

    @property
    def label(self) -> str:
        return self.title


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One hand through which a statement passed; without a source where that statement was withdrawn."""

    attribution_id: int
    source: SourceContent | None
    capacity: str
    stance: Term
    said_on: When
    document: DocumentContent | None

    @property
    def id(self) -> int:
        return self.attribution_id

    @property
    def label(self) -> str:
        return self.source.name if self.source else "a statement since withdrawn"


@dataclass(frozen=True, slots=True)
class AttributionContent:
    """One act of one source; `chain` leads from this statement back to its origin, both included."""

    id: int
    source: Annotated[SourceContent, Shown("source", column="source")]
    stance: Annotated[Term, Shown("what they did", column="stance")]
    said_on: Annotated[When, Shown("date", column="date")]
    quote: Annotated[str, Shown("quote", column="text")]
    quote_language: Annotated[Term, Shown("quote language", column="language")]
    translation: Annotated[str, Shown("translation", column="translation")]
    translator: Annotated[str, Shown("translator", column="translator")]
    capacity: Annotated[str, Shown("capacity", column="capacity")]
    on_behalf_of: Annotated[SourceContent | None, Shown("on behalf of", column="on_behalf_of")]
    document: Annotated[DocumentContent | None, Shown("document", column="document")]
    place: Annotated[str, Shown("place", column="place")]
    anonymous: Annotated[bool, Shown("anonymous")]
    anonymous_reason: Annotated[str, Shown("anonymous reason", column="anonymous_reason")]
    relayed_from: int | None
    joint_with: int | None
    joint_sources: Annotated[tuple[str, ...], Shown("jointly with", column="joint_with")]
    """Who else makes the statement in the same act, as far as the reader may know."""
    taken_back_by: int | None
    """The retraction that took it back, or the end of its chain."""
    taken_back_on: Annotated[When, Shown("taken back on", column="until", compared=False)]
    origin: int
    chain: Annotated[tuple[ChainLink, ...], Shown("back to its origin", name="origin", skip=1)]
    passes_on: Annotated[Term, Shown("passes on", column="passes_on", compared=False)] = NO_TERM
    """What the statement at the end of its chain does; empty where that is not on record, and for what is no relay."""
    earlier_wording: Annotated[bool, Shown("said of an earlier wording", column="earlier_wording", compared=False)] = (
        False
    )
    """Whether it was last entered or changed before the claim got its present wording, as `stance` says in words."""
    fallen: bool = False
    """Whether it does not count for what it passes on: its own source took nothing back."""
    side: str = ""
    """On which side it counts, as of `OriginGroup`."""
    quote_state: Annotated[Term, Shown("quote state", column="quote_state", compared=False)] = NO_TERM
    """Whether the quote stands in the cited document, and a sentence that says so; empty without a quote."""
    quote_omits: Annotated[tuple[str, ...], Shown("left out of the quote", column="quote_omits", compared=False)] = ()
    quote_warnings: Annotated[
        tuple[str, ...], Shown("what to know of the quote", column="quote_warnings", compared=False)
    ] = ()
    """The same as the sentence of its state says behind it."""

    @property
    def relayed(self) -> bool:
        return len(self.chain) > 1

    @property
    def speakers(self) -> tuple[SourceContent, ...]:
        """Who speaks in it: its source, and the body on whose behalf it was made, where neither is withheld."""
        body = self.on_behalf_of
        told = body is not None and not body.withheld and not self.source.withheld
        return (self.source, body) if body is not None and told else (self.source,)

    @property
    def taken_back_words(self) -> str:
        """`Taken back on 2 July 2025.`, `What it passes on was taken back in 2025.`; empty while it was not."""
        if self.taken_back_by is None:
            return ""
        on = f" {self.taken_back_on.on}" if self.taken_back_on else ""
        return f"What it passes on was taken back{on}." if self.fallen else f"Taken back{on}."


@dataclass(frozen=True, slots=True)
class RatingContent:
    id: int
    code: str
    label: str
    leaning: str
    number: int | None
    colour: str
    meaning: str
    scale: str


@dataclass(frozen=True, slots=True)
class VerdictContent:
    """One decision. `author` and `reviewer` are empty for who may not know them, `claim_text` where the claim still
    says what was judged."""

    id: int
    status: Annotated[Term, Shown("status")]
    rating: Annotated[RatingContent, Shown("rating", column="rating")]
    summary: Annotated[str, Shown("summary", column="title")]
    rationale: Annotated[str, Shown("rationale", column="text")]
    likelihood: Annotated[Term, Shown("likelihood", column="likelihood", words=True)]
    confidence: Annotated[Term, Shown("confidence", column="confidence", words=True)]
    published_at: Annotated[When, Shown("published", column="date", compared=False)]
    author: Annotated[str, Shown("author", compared=False)]
    reviewer: Annotated[str, Shown("reviewer", compared=False)]
    supersedes: int | None
    correction_reason: Annotated[str, Shown("correction reason", column="reason")]
    correction_severity: Annotated[Term, Shown("kind of correction", column="kind")]
    claim_text: Annotated[str, Shown("wording judged", column="judged_text", compared=False)] = ""
    review_by: Annotated[When, Shown("to be looked at again by", column="review_by")] = NEVER

    @property
    def likelihood_sentence(self) -> Annotated[str, Shown("likelihood", compared=False)]:
        return wording.likelihood_sentence(self.likelihood.code)

    @property
    def confidence_sentence(self) -> Annotated[str, Shown("confidence", compared=False)]:
        return wording.confidence_sentence(self.confidence.code)


@dataclass(frozen=True, slots=True)
class CorrectionContent:
    """A published verdict with the one that it replaced."""

    old: VerdictContent | None
    new: VerdictContent

    @property
    def words(self) -> str:
        """`from “Contested” to “Refuted”`, `still “Contested”`."""
        return wording.changed_rating(self.old.rating.label if self.old else "", self.new.rating.label)


@dataclass(frozen=True, slots=True)
class RelationContent:
    """How the claim bears on another one; `verb` reads from this claim to the other."""

    id: int
    kind: Annotated[Term, Shown("kind", compared=False)]
    verb: Annotated[str, Shown("kind", column="kind", name="kind")]
    point: Annotated[Term, Shown("point", column="text", words=True)]
    note: Annotated[str, Shown("note", column="note")]
    other_id: int
    other_text: Annotated[str, Shown("other claim", column="refers_to", name="other")]
    other_language: str
    other_address: str
    other_rating: Annotated[str, Shown("verdict on the other claim", column="rating", compared=False)]


@dataclass(frozen=True, slots=True)
class ReviewContent:
    id: int
    publisher: Annotated[SourceContent, Shown("publisher", column="source")]
    url: Annotated[str, Shown("address", column="url", name="address")]
    title: Annotated[str, Shown("title", column="title")]
    rating_text: Annotated[str, Shown("rating", column="text", name="rating")]
    rating_value: Decimal | None
    rating_best: Decimal | None
    rating_worst: Decimal | None
    nearest_rating: Annotated[
        str, Shown("nearest word of the desk’s scale", column="rating", name="nearest_word_of_our_scale")
    ]
    reviewed_on: Annotated[When, Shown("date", column="date", name="date")]
    language: Annotated[Term, Shown("language", column="language")]

    @property
    def rating_number(self) -> Annotated[str, Shown("number", column="rating_number", name="number")]:
        """`2 on a scale from 1 (worst) to 5 (best)`; empty without a number."""
        if self.rating_value is None:
            return ""
        value = wording.number(self.rating_value)
        if self.rating_best is None or self.rating_worst is None:
            return value
        worst, best = wording.number(self.rating_worst), wording.number(self.rating_best)
        return f"{value} on a scale from {worst} (worst) to {best} (best)"


@dataclass(frozen=True, slots=True)
class InquiryContent:
    id: int
    source: Annotated[SourceContent, Shown("source", column="source")]
    asked_on: Annotated[When, Shown("asked on", column="date")]
    due_on: Annotated[When, Shown("due on")]
    channel: Annotated[str, Shown("channel", column="place")]
    question: Annotated[str, Shown("question", column="title")]
    outcome: Annotated[Term, Shown("outcome", column="status")]
    answer: Annotated[str, Shown("answer", column="text")]
    answered_on: Annotated[When, Shown("answered on")]


@dataclass(frozen=True, slots=True)
class DisputeContent:
    id: int
    slug: str
    title: Annotated[str, Shown("title")]
    question: Annotated[str, Shown("question", column="title")]
    summary: Annotated[str, Shown("summary", column="text")]
    occurred_on: Annotated[When, Shown("date", column="date")]
    place: Annotated[str, Shown("place", column="place")]
    visibility: Annotated[Term, Shown("visibility", column="kind")]
    state: Annotated[Term, Shown("state", column="status")]
    """Derived from its questions; empty in the dossier of one claim, which does not know the others."""
    state_sentence: Annotated[str, Shown("questions settled", compared=False)]
    """`1 of 2 questions settled, 1 open.`"""
