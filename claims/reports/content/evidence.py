"""A piece of evidence in a dossier: its bearing on one claim, what that depends on, and the way back to its origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from claims.reports.content.declare import NO_TERM, Shown, Term, When
from claims.reports.content.rows import DocumentContent


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One piece of evidence in the line back to the origin; without a title where the reader may not see it."""

    id: int
    title: str

    @property
    def label(self) -> str:
        return self.title or "evidence not shown here"


@dataclass(frozen=True, slots=True)
class PremiseContent:
    """One claim on which the bearing of evidence depends; `fate` says why it does not hold, empty where it may."""

    id: int
    claim_id: int
    text: Annotated[str, Shown("claim")]
    note: Annotated[str, Shown("why it depends on it")]
    fate: Annotated[Term, Shown("why it does not hold")]

    @property
    def label(self) -> str:
        return f"{self.text} ({self.fate})" if self.fate else self.text


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """One piece of evidence with its bearing on one claim; `lineage` leads back to its origin, itself included."""

    id: int
    link_id: int
    bearing: Annotated[Term, Shown("what it does", column="bearing", part="link")]
    strength: Annotated[Term, Shown("strength", column="strength", part="link")]
    note: Annotated[str, Shown("note", column="note", part="link")]
    title: Annotated[str, Shown("title", column="title")]
    kind: Annotated[Term, Shown("kind", column="kind")]
    description: Annotated[str, Shown("description", column="text")]
    observed_on: Annotated[When, Shown("date", column="date")]
    credibility: Annotated[Term, Shown("credibility", column="grade", words=True)]
    documents: Annotated[tuple[DocumentContent, ...], Shown("documents", column="document")]
    origin: int
    lineage: Annotated[tuple[EvidenceStep, ...], Shown("derived from", name="derived_from", skip=1)]
    independent_because: Annotated[str, Shown("an origin of its own because", column="independent_because")] = ""
    own_assertion: Annotated[bool, Shown("the claim's own assertion", column="own_assertion", part="link")] = False
    set_name: Annotated[str, Shown("shows something only together, as the set", column="set", part="link")] = ""
    premises: Annotated[tuple[PremiseContent, ...], Shown("depends on", part="link")] = ()
    discounted: Annotated[Term, Shown("does not count", column="does_not_count", words=True, part="link")] = NO_TERM
    """Why it does not count as evidence, in words; empty where it counts."""
