"""What is loaded beside a claim or a dispute for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from claims.logic import verbs
from claims.logic.origins import Origins
from claims.logic.staleness import Reason

if TYPE_CHECKING:  # their modules name these parts
    from claims.models.attribution import Attribution
    from claims.models.claim import Claim
    from claims.models.evidence import EvidenceLink
    from claims.models.inquiry import Inquiry
    from claims.models.question import Question
    from claims.models.relation import ClaimRelation
    from claims.models.review import Review
    from claims.models.verdict import Verdict
    from sources.models import Source


@dataclass(frozen=True, slots=True)
class Contradicting:
    """A source that denies a claim or one that is taken as one with it, or by which a rival of it is said.

    `stance` is what it does with `other`, that rival or repeated claim, None for the claim itself; `passed_on` the verb
    that it passes on, where all that is left of that is its relay. `earlier_wording` says that it did so only before
    that claim got its present wording. `attribution` is the first statement by which it did, with its date. `body` is
    for whom it spoke, and `remarks` what to know of it, where that held each time.
    """

    attribution: int
    source: Source
    stance: str
    said_on: str
    other: Claim | None
    passed_on: str = ""
    earlier_wording: bool = False
    body: Source | None = None
    remarks: tuple[str, ...] = ()

    def told(self, source: str, body: str) -> str:
        """`Ada for The Ministry denied it (speaker not named)`, with these names."""
        who = f"{source} for {body}" if body else source
        return verbs.contradicts(
            who, self.stance, self.text, self.passed_on, earlier=self.earlier_wording, remarks=self.remarks
        )

    @property
    def text(self) -> str:
        """The text of the other claim; empty where it denies the claim itself."""
        return self.other.text if self.other is not None else ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A statement that its source took back, or the body for which that spoke: `by`; both dates are as exact as they
    are known."""

    attribution: int
    source: Source
    stance: str
    said_on: str
    taken_back_on: str
    by: Source


@dataclass(frozen=True, slots=True)
class ClaimParts:
    """What hangs on a claim, as far as it was asked for and its reader may know it; `stale` is for the desk alone."""

    attributions: Sequence[Attribution] = ()
    evidence: Sequence[EvidenceLink] = ()
    relations: Sequence[ClaimRelation] = ()
    verdict: Verdict | None = None
    reviews: Sequence[Review] = ()
    inquiries: Sequence[Inquiry] = ()
    origins: Origins | None = None
    contradicted_by: Sequence[Contradicting] = ()
    taken_back: Sequence[TakenBack] = ()
    stale: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class DisputeParts:
    """The claims of a dispute that its reader may read, each with its own parts, and who speaks on all of them."""

    claims: Sequence[Claim] = ()
    origins: Origins | None = None
    questions: Sequence[Question] = ()
    team: str = ""
    """The team of the desk to which it was given, for the desk alone."""


@dataclass(frozen=True, slots=True)
class QuestionFound:
    """How far a question is decided: its state, and a sentence that says why and names the claims."""

    state: str
    sentence: str
    waiting: bool = False
    """Whether a claim that may answer it is not published yet. Asked where one of its claims must hold."""
    overtaken_on: datetime | None = None
    """When what stands on it first changed after the answer of the desk (`claims.rules.answers`)."""
