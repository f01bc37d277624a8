"""What a list says of a dispute, a claim or a source: enough to choose by, and no more."""

from __future__ import annotations

from dataclasses import dataclass

from claims.logic import wording
from claims.reports.content.rows import NEVER, Term, When


@dataclass(frozen=True, slots=True)
class Decision:
    """The current verdict of a claim in short."""

    id: int
    label: str
    colour: str
    summary: str
    published_at: When = NEVER


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """One claim of a list; `dispute` and `slug` are those of its dispute, empty where it stands alone."""

    id: int
    text: str
    language: str
    dispute: str = ""
    slug: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question of a dispute of a list, with the desk's answer, if it has one."""

    id: int
    text: str
    state: Term
    answer: str


@dataclass(frozen=True, slots=True)
class DisputeCard:
    """One dispute of a list with its first claims; `more` says how many others it has."""

    id: int
    slug: str
    title: str
    question: str
    occurred_on: When
    place: str
    visibility: Term
    state: Term
    state_sentence: str
    questions: tuple[QuestionCard, ...]
    claims: tuple[ClaimCard, ...]
    more: int

    @property
    def more_words(self) -> str:
        """`3 other claims`."""
        return wording.counted(self.more, "other claim", "other claims")
