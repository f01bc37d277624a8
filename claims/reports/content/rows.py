"""The rows of a dossier: what one reader may know of the nouns that hang on a claim, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claims.logic import wording


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a fixed vocabulary: its code for programs, its words for people. Empty is false."""

    code: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.code)

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class When:
    """A date as exact as it is known, or a moment: ISO 8601 text, and in words. Empty is false."""

    text: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.words


NEVER = When("", "")


@dataclass(frozen=True, slots=True)
class SourceContent:
    id: int
    name: str
    kind: Term
    withheld: bool
    reliability: Term
    country: Term
    description: str = ""
    part_of: str = ""
    website: str = ""
    wikidata: str = ""
    reliability_note: str = ""
    interests: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotContent:
    id: int
    taken_at: When
    archive_url: str
    digest: str


@dataclass(frozen=True, slots=True)
class DocumentContent:
    id: int
    kind: Term
    title: str
    url: str
    publisher: SourceContent | None
    authors: str
    published_on: When
    language: Term
    retracted_on: When
    snapshots: tuple[SnapshotContent, ...]


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One hand through which a statement passed; without a source where that statement was withdrawn."""

    attribution_id: int
    source: SourceContent | None
    capacity: str
    stance: Term
    said_on: When
    document: DocumentContent | None


@dataclass(frozen=True, slots=True)
class AttributionContent:
    """One act of one source; `chain` leads from this statement back to its origin, both included."""

    id: int
    source: SourceContent
    stance: Term
    said_on: When
    quote: str
    quote_language: Term
    translation: str
    translator: str
    capacity: str
    on_behalf_of: SourceContent | None
    document: DocumentContent | None
    place: str
    anonymous: bool
    anonymous_reason: str
    relayed_from: int | None
    origin: int
    chain: tuple[ChainLink, ...]
    quote_state: Term = Term("", "")
    """Whether the quote stands in the cited document, and a sentence that says so; empty without a quote."""

    @property
    def relayed(self) -> bool:
        return len(self.chain) > 1


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The statements that go back to one origin, the nearest to it first."""

    origin: int
    side: str
    """What the origin does with the claim: "for", "against" or "neither"."""
    attributions: tuple[AttributionContent, ...]


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One piece of evidence in the line back to the origin; without a title where the reader may not see it."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """One piece of evidence with its bearing on one claim; `lineage` leads back to its origin, itself included."""

    id: int
    link_id: int
    bearing: Term
    strength: Term
    note: str
    kind: Term
    title: str
    description: str
    observed_on: When
    credibility: Term
    documents: tuple[DocumentContent, ...]
    origin: int
    lineage: tuple[EvidenceStep, ...]


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
    """One decision. `author` and `reviewer` are named to the desk alone."""

    id: int
    status: Term
    rating: RatingContent
    summary: str
    rationale: str
    likelihood: Term
    confidence: Term
    published_at: When
    author: str
    reviewer: str
    supersedes: int | None
    correction_reason: str
    correction_severity: Term

    @property
    def likelihood_sentence(self) -> str:
        return wording.likelihood_sentence(self.likelihood.code)

    @property
    def confidence_sentence(self) -> str:
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
    kind: Term
    verb: str
    point: Term
    note: str
    other_id: int
    other_text: str
    other_language: str
    other_address: str
    other_rating: str


@dataclass(frozen=True, slots=True)
class ReviewContent:
    id: int
    publisher: SourceContent
    url: str
    title: str
    rating_text: str
    rating_value: Decimal | None
    rating_best: Decimal | None
    rating_worst: Decimal | None
    nearest_rating: str
    reviewed_on: When
    language: Term

    @property
    def rating_number(self) -> str:
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
    source: SourceContent
    asked_on: When
    due_on: When
    channel: str
    question: str
    outcome: Term
    answer: str
    answered_on: When


@dataclass(frozen=True, slots=True)
class DisputeContent:
    id: int
    slug: str
    title: str
    question: str
    summary: str
    occurred_on: When
    place: str
    exclusive: bool
    visibility: Term
    state: Term
    """Derived from all published claims; empty in the dossier of one claim, which does not know the others."""

    @property
    def state_sentence(self) -> str:
        return wording.state_sentence(self.state.code)
