"""One claim in a dossier: what one reader may know of it and of all that hangs on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Annotated

from claims.logic import verbs, wording
from claims.logic.origins import Tally
from claims.logic.staleness import Reason
from claims.reports.content.contradiction import Contradiction
from claims.reports.content.declare import Shown
from claims.reports.content.evidence import EvidenceContent
from claims.reports.content.rows import (
    NEVER,
    AttributionContent,
    CorrectionContent,
    InquiryContent,
    RelationContent,
    ReviewContent,
    SourceContent,
    Term,
    VerdictContent,
    When,
)

_CONTRADICTED = Shown("contradicted by", column="contradicted_by", compared=False)
_TAKEN_BACK = Shown("taken back", column="taken_back", compared=False)


def numbered(claims: Iterable[ClaimContent]) -> Mapping[int, int]:
    """The numbers of the evidence on these claims (E1, E2), by its id and in that order."""
    pieces = sorted({row.id for claim in claims for row in claim.evidence})
    return {pk: number for number, pk in enumerate(pieces, start=1)}


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """The statements that go back to one origin, the nearest to it first."""

    origin: int
    side: str
    """On which side they count: "for", "against" or "neither"; "back" for what its source took back, and for taking it
    back, "fallen" for what only passes that on."""
    attributions: tuple[AttributionContent, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """The statements for a claim, against it or beside it, by their origins."""

    code: str
    title: str
    tally: Tally | None
    """None for what does not count."""
    groups: tuple[OriginGroup, ...]

    @property
    def words(self) -> str:
        return wording.voices(self.tally) if self.tally is not None else ""


@dataclass(frozen=True, slots=True)
class Said:
    """Who says a claim, and for which body, if for any; `how` is empty for who asserts it as it stands, else what they
    did: `alleged it`."""

    name: str
    how: str = ""
    body: str = ""
    source_id: int | None = None
    attribution: int = 0
    """The first statement by which it does."""

    @property
    def words(self) -> str:
        who = f"{self.name} for {self.body}" if self.body else self.name
        return f"{who} ({self.how})" if self.how else who


@dataclass(frozen=True, slots=True)
class ClaimContent:
    """One claim with all that hangs on it and may be read by this reader."""

    id: int
    number: int
    text: Annotated[str, Shown("text", column="text")]
    context: Annotated[str, Shown("context", column="note")]
    language: Annotated[Term, Shown("language", column="language")]
    status: Annotated[Term, Shown("status", column="status")]
    question: Annotated[str, Shown("question that it answers", column="question")]
    """Empty for a circumstance, which answers none."""
    question_id: int | None
    tags: Annotated[tuple[str, ...], Shown("tags", column="tags")]
    quantity_min: Annotated[Decimal | None, Shown("least number stated", column="quantity_min", compared=False)]
    quantity_max: Annotated[Decimal | None, Shown("greatest number stated", column="quantity_max", compared=False)]
    quantity_unit: Annotated[str, Shown("what is counted", column="quantity_unit", compared=False)]
    check_reason: Annotated[str, Shown("why the desk checks it")]
    external_id: Annotated[str, Shown("id elsewhere", column="external_id")]
    first_published_at: Annotated[When, Shown("first published", column="date", compared=False)]
    withdrawn_reason: Annotated[str, Shown("withdrawn reason")]
    verdict: VerdictContent | None
    earlier: tuple[VerdictContent, ...]
    drafts: tuple[VerdictContent, ...]
    origins: tuple[OriginGroup, ...]
    evidence: tuple[EvidenceContent, ...]
    relations: tuple[RelationContent, ...]
    reviews: tuple[ReviewContent, ...]
    inquiries: tuple[InquiryContent, ...]
    voices_for: Tally
    voices_against: Tally
    voices_neither: Tally
    evidence_for: Tally
    evidence_against: Tally
    said: tuple[Said, ...] = ()
    """Who stands at the ends of the chains of what is said for the claim, each source once for each body."""
    contradicted_by: tuple[Contradiction, ...] = ()
    voices_against_repeats: Tally = field(default_factory=Tally)
    """What is said against those that repeat it, taken together."""
    voices_for_rivals: Tally = field(default_factory=Tally)
    """What is said for its rivals, taken together."""
    reworded_at: Annotated[When, Shown("in its present wording since", compared=False)] = NEVER
    """Empty for a claim that was published in these words."""
    stale: tuple[Reason, ...] = ()
    """Why the verdict needs a new look; for the desk alone."""

    @property
    def attributions(self) -> tuple[AttributionContent, ...]:
        return tuple(row for group in self.origins for row in group.attributions)

    @property
    def quantity(self) -> Annotated[str, Shown("number stated")]:
        return wording.quantity(self.quantity_min, self.quantity_max, self.quantity_unit)

    @property
    def decided(self) -> tuple[VerdictContent, ...]:
        """The published verdicts in the order in which they were published."""
        return tuple(reversed(self.earlier)) + ((self.verdict,) if self.verdict else ())

    @property
    def is_published(self) -> bool:
        return self.status.code == "published"

    @property
    def sides(self) -> tuple[Side, ...]:
        """What is said for the claim, against it and beside it, what was taken back, and who passed that on; a side on
        which nothing is said is left out."""
        counted = {"for": self.voices_for, "against": self.voices_against, "neither": self.voices_neither}
        tallies = {**counted, "back": None, "fallen": None}
        sides = (
            Side(code, wording.SIDES[code], tally, tuple(group for group in self.origins if group.side == code))
            for code, tally in tallies.items()
        )
        return tuple(side for side in sides if side.groups)

    @property
    def bearings(self) -> tuple[tuple[str, str, tuple[EvidenceContent, ...]], ...]:
        """The evidence that counts for, against and beside the claim: code, heading and rows; an empty one is left
        out."""
        return tuple((code, title, rows) for code, title in wording.BEARINGS.items() if (rows := self.bearing(code)))

    @property
    def corrections(self) -> tuple[CorrectionContent, ...]:
        """The published verdicts that replaced an earlier one, the newest first."""
        published = {row.id: row for row in (self.verdict, *self.earlier) if row is not None}
        return tuple(
            CorrectionContent(published.get(row.supersedes), row) for row in published.values() if row.supersedes
        )

    def rating_before(self, verdict: VerdictContent) -> str:
        """The rating of the verdict that this one supersedes, or is to supersede; empty for a first one."""
        published = (row for row in (self.verdict, *self.earlier) if row is not None)
        return next((row.rating.label for row in published if row.id == verdict.supersedes), "")

    @property
    def said_by(self) -> Annotated[tuple[str, ...], Shown("said by", compared=False)]:
        """`The Ministry`, `The Paper (suggested it)`."""
        return tuple(row.words for row in self.said_by_name)

    @property
    def said_by_name(self) -> tuple[Said, ...]:
        """Who says it, each name once: names that are withheld are alike."""
        found: dict[tuple[str, str], Said] = {}
        for row in self.said:
            first = found.setdefault((row.name, row.body), row)
            if row.how != first.how:
                how = f"{first.how} and {row.how}" if first.how and row.how else ""
                found[row.name, row.body] = replace(first, how=how)
        return tuple(found.values())

    @property
    def for_words(self) -> Annotated[str, Shown("statements for it", compared=False)]:
        return wording.voices(self.voices_for)

    @property
    def against_words(self) -> Annotated[str, Shown("statements against it", compared=False)]:
        return wording.voices(self.voices_against)

    @property
    def contradicted_words(self) -> Annotated[tuple[str, ...], _CONTRADICTED]:
        """Who contradicts the claim and how, each in words."""
        return tuple(row.words for row in self.contradicted_by)

    @property
    def contradicted_by_source(self) -> tuple[tuple[Contradiction, ...], ...]:
        """The same, what one source does to it together, and apart what it does for another body."""
        found: dict[tuple[int, str], list[Contradiction]] = defaultdict(list)
        for row in self.contradicted_by:
            found[row.source.id, row.body].append(row)
        return tuple(map(tuple, found.values()))

    @property
    def contradicted_count(self) -> str:
        """`1 source, 1 origin against it; 2 sources, 1 origin for a rival`; `nobody on record`."""
        return wording.contradicting(self.voices_against, self.voices_against_repeats, self.voices_for_rivals)

    @property
    def left_open(self) -> Mapping[str, tuple[str, ...]]:
        """Who leaves it open, and whom the desk asked in vain, by what they did."""
        did: dict[str, dict[str, None]] = defaultdict(dict)
        for row in (row for group in self.origins if group.side == "neither" for row in group.attributions):
            if row.stance.code in verbs.LEAVES_OPEN:
                did[row.source.name][row.stance.words] = None
        for asked in self.inquiries:
            if asked.outcome.code in wording.UNANSWERED:
                did[asked.source.name][wording.UNANSWERED[asked.outcome.code]] = None
        found: dict[str, list[str]] = defaultdict(list)
        for name, acts in did.items():
            found[" and ".join(acts)].append(name)
        return {acts: tuple(names) for acts, names in found.items()}

    @property
    def said_count(self) -> str:
        """`3 sources, 1 origin`; where nobody says so, also how many neither do nor deny it."""
        if self.voices_for.total or not self.voices_neither.total:
            return self.for_words
        return f"nobody for it; {wording.voices(self.voices_neither)} neither for nor against"

    @property
    def taken_back(self) -> tuple[AttributionContent, ...]:
        """What its sources took back, or the bodies for which they spoke; what only relays it is left out."""
        return tuple(row for row, _who in self._taken_back_by)

    @property
    def _taken_back_by(self) -> Iterator[tuple[AttributionContent, SourceContent]]:
        """The same, each with who took it back."""
        retracting = {row.id: {one.id for one in row.speakers} for row in self.attributions}
        for row in self.attributions:
            found = [who for who in row.speakers if who.id in retracting.get(row.taken_back_by or 0, ())]
            yield from ((row, who) for who in found[:1] if not row.fallen)

    @property
    def taken_back_told(self) -> tuple[tuple[str, str], ...]:
        """`The Officer` and `took it back on 2 July 2025`, once for each source and retraction."""
        told = ((who.name, wording.took_back(row.taken_back_on.on)) for row, who in self._taken_back_by)
        return tuple(dict.fromkeys(told))

    @property
    def taken_back_words(self) -> Annotated[tuple[str, ...], _TAKEN_BACK]:
        """`The Officer took it back on 2 July 2025`, once for each source and retraction."""
        return tuple(f"{name} {did}" for name, did in self.taken_back_told)

    @property
    def evidence_for_words(self) -> Annotated[str, Shown("evidence for it", compared=False)]:
        return wording.pieces(self.evidence_for)

    @property
    def evidence_against_words(self) -> Annotated[str, Shown("evidence against it", compared=False)]:
        return wording.pieces(self.evidence_against)

    @property
    def discounted_words(self) -> Annotated[str, Shown("shown and not counted", compared=False)]:
        return wording.discounts(Counter(row.discounted.code for row in self.discounted))

    def bearing(self, code: str) -> tuple[EvidenceContent, ...]:
        """The evidence that counts and "supports", "refutes" or is "context" for the claim."""
        return tuple(row for row in self.evidence if row.bearing.code == code and not row.discounted)

    @property
    def discounted(self) -> tuple[EvidenceContent, ...]:
        """What was entered as evidence and does not count."""
        return tuple(row for row in self.evidence if row.discounted)
