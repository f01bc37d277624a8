"""The dossier behind every report: what one reader may know of a dispute or claim, as plain frozen values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from claims.logic import wording
from claims.logic.concerns import Concern
from claims.logic.dossier_rows import (
    NEVER,
    AttributionView,
    CorrectionView,
    DisputeView,
    DocumentView,
    EvidenceView,
    InquiryView,
    OriginGroup,
    RatingView,
    RelationView,
    ReviewView,
    SourceView,
    Term,
    VerdictView,
    When,
)
from claims.logic.matrix import Matrix
from claims.logic.origins import Tally
from claims.logic.staleness import Reason
from claims.logic.timeline import Timeline

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

    @property
    def made(self) -> str:
        """When it was made and which moment it shows, in words."""
        made = wording.moment(self.moment)
        return f"{made}, as the register stood on {self.as_of}" if self.as_of else made

    def address(self, noun: str, row: int | None) -> str:
        """Where a row of the register is read by programs; empty for no row."""
        return f"{self.base_url}/api/v1/{noun}/{row}/" if row else ""

    def page(self, noun: str, key: int | str | None) -> str:
        """Where people read a dispute or claim; empty for no row."""
        return f"{self.base_url}/{noun}/{key}/" if key else ""


@dataclass(frozen=True, slots=True)
class Side:
    """The statements for a claim, against it or beside it, by their origins."""

    code: str
    title: str
    tally: Tally
    groups: tuple[OriginGroup, ...]

    @property
    def words(self) -> str:
        return wording.voices(self.tally)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim with all that hangs on it and may be read by this reader."""

    id: int
    number: int
    text: str
    context: str
    language: Term
    status: Term
    tags: tuple[str, ...]
    quantity_min: Decimal | None
    quantity_max: Decimal | None
    quantity_unit: str
    check_reason: str
    first_published_at: When
    withdrawn_reason: str
    verdict: VerdictView | None
    earlier: tuple[VerdictView, ...]
    drafts: tuple[VerdictView, ...]
    origins: tuple[OriginGroup, ...]
    evidence: tuple[EvidenceView, ...]
    relations: tuple[RelationView, ...]
    reviews: tuple[ReviewView, ...]
    inquiries: tuple[InquiryView, ...]
    voices_for: Tally
    voices_against: Tally
    voices_neither: Tally
    evidence_for: Tally
    evidence_against: Tally
    stale: tuple[Reason, ...] = ()
    """Why the verdict needs a new look; for the desk alone."""

    @property
    def attributions(self) -> tuple[AttributionView, ...]:
        return tuple(row for group in self.origins for row in group.attributions)

    @property
    def quantity(self) -> str:
        return wording.quantity(self.quantity_min, self.quantity_max, self.quantity_unit)

    @property
    def is_published(self) -> bool:
        return self.status.code == "published"

    @property
    def origins_for(self) -> tuple[str, ...]:
        """Who stands at the origin of what is said for the claim, each name once."""
        return self._names("for")

    @property
    def origins_against(self) -> tuple[str, ...]:
        """Who stands at the origin of what is said against it, each name once."""
        return self._names("against")

    @property
    def sides(self) -> tuple[Side, ...]:
        """What is said for the claim, against it and beside it; a side on which nothing is said is left out."""
        tallies = {"for": self.voices_for, "against": self.voices_against, "neither": self.voices_neither}
        sides = (
            Side(code, wording.SIDES[code], tally, tuple(group for group in self.origins if group.side == code))
            for code, tally in tallies.items()
        )
        return tuple(side for side in sides if side.groups)

    @property
    def bearings(self) -> tuple[tuple[str, str, tuple[EvidenceView, ...]], ...]:
        """The evidence for, against and beside the claim: code, heading and rows; an empty one is left out."""
        return tuple((code, title, rows) for code, title in wording.BEARINGS.items() if (rows := self.bearing(code)))

    @property
    def corrections(self) -> tuple[CorrectionView, ...]:
        """The published verdicts that replaced an earlier one, the newest first."""
        published = {row.id: row for row in (self.verdict, *self.earlier) if row is not None}
        return tuple(CorrectionView(published.get(row.supersedes), row) for row in published.values() if row.supersedes)

    def rating_before(self, verdict: VerdictView) -> str:
        """The rating of the verdict that this one supersedes, or is to supersede; empty for a first one."""
        published = (row for row in (self.verdict, *self.earlier) if row is not None)
        return next((row.rating.label for row in published if row.id == verdict.supersedes), "")

    @property
    def for_words(self) -> str:
        return wording.voices(self.voices_for)

    @property
    def against_words(self) -> str:
        return wording.voices(self.voices_against)

    @property
    def evidence_for_words(self) -> str:
        return wording.pieces(self.evidence_for)

    @property
    def evidence_against_words(self) -> str:
        return wording.pieces(self.evidence_against)

    def _names(self, side: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(group.attributions[0].source.name for group in self.origins if group.side == side))

    def bearing(self, code: str) -> tuple[EvidenceView, ...]:
        """The evidence that "supports", "refutes" or is "context" for the claim."""
        return tuple(row for row in self.evidence if row.bearing.code == code)


@dataclass(frozen=True, slots=True)
class Dossier:
    """What all dossiers share. `sources` and `documents` list each one once, whatever refers to it."""

    imprint: Imprint
    dispute: DisputeView | None
    claims: tuple[ClaimView, ...]
    sources: tuple[SourceView, ...]
    documents: tuple[DocumentView, ...]
    voices: Tally
    evidence: Tally

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
        still = replace(self, imprint=replace(self.imprint, moment=_ANY_MOMENT, as_of=NEVER))
        return hashlib.sha256(repr(still).encode("utf-8", "backslashreplace")).hexdigest()[:16]

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
    def meanings(self) -> tuple[RatingView, ...]:
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
    """A contested question with its rival claims."""

    dispute: DisputeView
    matrix: Matrix
    timeline: Timeline
    concerns: tuple[Concern, ...]
    """For the desk alone; empty for everybody else."""

    noun: ClassVar[str] = "dispute"

    @property
    def title(self) -> str:
        return self.dispute.title

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
    def claim(self) -> ClaimView:
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
