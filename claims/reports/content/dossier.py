"""The dossier behind every report: what one reader may know of a dispute or claim, as plain frozen values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import urlencode

import orjson

from claims.logic import wording
from claims.logic.origins import Tally
from claims.reports.content.changes import ChangeContent
from claims.reports.content.claim import ClaimContent
from claims.reports.content.concerns import Concern
from claims.reports.content.question import QuestionContent
from claims.reports.content.rows import NEVER, DisputeContent, DocumentContent, RatingContent, SourceContent, When
from claims.reports.content.timeline import Timeline

_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who made the report, when, and for whom. `desk` marks a copy with drafts and withheld names in it."""

    newsroom: str
    base_url: str
    moment: datetime
    desk: bool
    as_of: When = NEVER
    """The past moment whose register the report shows; empty where it shows the register as it is."""
    head_entry: int = 0
    """The last entry of the audit trail at the moment that is shown; 0 for none."""
    head_hash: str = ""
    """The hash of that entry: whoever keeps it can hold the trail against it later. It is for everybody, since each
    entry is salted and its hash tells nothing of what it says."""

    @property
    def made(self) -> str:
        """When it was made and which moment it shows, in words."""
        made = wording.moment(self.moment)
        return f"{made}, as the register stood on {self.as_of}" if self.as_of else made

    def addresses(self, noun: str) -> str:
        """What the addresses begin with under which the rows of a noun are read by programs."""
        return f"{self.base_url}/api/v1/{noun}/"

    def address(self, noun: str, row: int | None) -> str:
        """Where a row of the register is read by programs; empty for no row."""
        return f"{self.addresses(noun)}{row}/" if row else ""

    def pages(self, noun: str) -> str:
        """What the addresses begin with under which people read the disputes or the claims."""
        return f"{self.base_url}/{noun}/"

    def page(self, noun: str, key: int | str | None) -> str:
        """Where people read a dispute or claim; empty for no row."""
        return f"{self.pages(noun)}{key}/" if key else ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What all dossiers share. `sources` and `documents` list each one once, whatever refers to it."""

    imprint: Imprint
    dispute: DisputeContent | None
    claims: tuple[ClaimContent, ...]
    sources: tuple[SourceContent, ...]
    documents: tuple[DocumentContent, ...]
    voices: Tally
    evidence: Tally
    since: When = field(default=NEVER, kw_only=True)
    """The moment of an earlier report, from which on `changes` are told; empty where none is told."""
    nothing_before: bool = field(default=False, kw_only=True)
    """Whether there was nothing to read at that moment, and so nothing is compared."""
    readable_since: When = field(default=NEVER, kw_only=True)
    """From when on there was, where that is known."""
    changes: tuple[ChangeContent, ...] = field(default=(), kw_only=True)

    _version: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    """The version once somebody asked for it: a page tells it three times, and it is made of everything."""

    noun: ClassVar[str]

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def address(self) -> str:
        """Where the page of the dispute or claim is."""
        raise NotImplementedError

    @property
    def stem(self) -> str:
        """What the names of exported files begin with."""
        raise NotImplementedError

    @property
    def version(self) -> str:
        """A digest of the content: two reports that say the same, whenever they are made, have the same version."""
        if not self._version:
            imprint = replace(self.imprint, moment=_ANY_MOMENT, as_of=NEVER, head_entry=0, head_hash="")
            still = replace(self, imprint=imprint)
            self._version.append(hashlib.sha256(orjson.dumps(still, default=str)).hexdigest()[:16])
        return self._version[0]

    @property
    def query(self) -> str:
        """The address from which this very report can be had again: that of the page, with the moments asked for."""
        moments = {"as_of": self.imprint.as_of.text, "since": self.since.text}
        asked = urlencode({name: text for name, text in moments.items() if text})
        return f"{self.address}?{asked}" if asked else self.address

    @property
    def changes_sentence(self) -> str:
        """How much has changed since the earlier report, or why that is not told; empty where nobody asked."""
        if self.nothing_before:
            return wording.nothing_before(self.noun, self.since.words, self.readable_since.words)
        return wording.changes_sentence(len(self.changes), self.since.words) if self.since else ""

    @property
    def claims_in_order(self) -> tuple[ClaimContent, ...]:
        """The claims in the order in which the report tells them."""
        return self.claims

    @property
    def claim_ids(self) -> tuple[int, ...]:
        return tuple(claim.id for claim in self.claims)

    @property
    def dispute_address(self) -> str:
        return self.imprint.page("disputes", self.dispute.slug) if self.dispute else ""

    @property
    def voices_words(self) -> str:
        return wording.voices(self.voices)

    @property
    def evidence_words(self) -> str:
        return wording.pieces(self.evidence)

    @property
    def meanings(self) -> tuple[RatingContent, ...]:
        """The ratings that the verdicts of this report use, each once."""
        used = {row.id: row for claim in self.claims if claim.verdict for row in [claim.verdict.rating]}
        return tuple(used.values())

    @property
    def confidential(self) -> str:
        """Why the report is not for everybody, as a sentence; empty for a public one."""
        if self.imprint.desk:
            return "Desk copy: it may hold drafts, withdrawn claims and names that are withheld. Not for publication."
        if self.dispute and self.dispute.visibility.code != "public":
            return "This dispute is not public. Not for publication."
        return ""


@dataclass(frozen=True, slots=True)
class DisputeDossier(Dossier):
    """A dispute with its questions, and the claims that compete on them."""

    dispute: DisputeContent
    questions: tuple[QuestionContent, ...]
    timeline: Timeline
    concerns: tuple[Concern, ...]
    """For the desk alone; empty for everybody else."""

    noun: ClassVar[str] = "dispute"

    @property
    def title(self) -> str:
        return self.dispute.title

    def claims_on(self, question: QuestionContent | None) -> tuple[ClaimContent, ...]:
        """The claims that answer the question; of None the circumstances, which answer none."""
        wanted = question.id if question is not None else None
        return tuple(claim for claim in self.claims if claim.question_id == wanted)

    @property
    def claims_in_order(self) -> tuple[ClaimContent, ...]:
        """The claims as the report tells them: question by question, then the circumstances."""
        return tuple(claim for question in (*self.questions, None) for claim in self.claims_on(question))

    @property
    def address(self) -> str:
        return self.imprint.page("disputes", self.dispute.slug)

    @property
    def stem(self) -> str:
        return self.dispute.slug


@dataclass(frozen=True, slots=True)
class ClaimDossier(Dossier):
    """One claim, with the dispute it belongs to."""

    noun: ClassVar[str] = "claim"

    @property
    def claim(self) -> ClaimContent:
        return self.claims[0]

    @property
    def title(self) -> str:
        return self.claim.text

    @property
    def address(self) -> str:
        return self.imprint.page("claims", self.claim.id)

    @property
    def stem(self) -> str:
        return f"claim-{self.claim.id}"
