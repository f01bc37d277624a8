"""What is dated since a moment by its own date, for who asks about a time before the register had anything to read.

The register knows when it learned something, and a reader asks when it happened: what was entered on one day may tell
of years. Here counts what a row itself says of when it was made, and nothing of when it was entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from claims.logic import wording
from claims.reports.content.changes import NOUNS
from claims.reports.content.claim import ClaimContent
from claims.reports.content.declare import Shown
from claims.reports.content.dossier import DisputeDossier, Dossier
from claims.reports.content.rows import AttributionContent, SourceContent, Term, VerdictContent, When
from factcheck.base import edtf

_ORDER = (
    ("verdict", "published"),
    ("question", "answered"),
    ("attribution", "said"),
    ("review", "reviewed"),
    ("inquiry", "asked"),
    ("inquiry", "replied"),
    ("document", "published"),
    ("document", "retracted"),
    ("evidence", "observed"),
)
"""What can be dated of which row, in the order in which one day tells it: what the desk decided comes first."""
DATED = (
    "Listed is what is dated after that moment by its own date, whenever it was entered; what is dated to a month or a "
    "year, only where all of that lies after it."
)
NOTHING_DATED = "Nothing in it is dated after that moment by its own date either."


@dataclass(frozen=True, slots=True)
class DatedContent:
    """One thing that is dated since; `who` is a name or a title, `what` what they did, or what was done with it.

    `claim` is the one on which it hangs, None for what hangs on several or on none.
    """

    noun: Annotated[Term, Shown("kind")]
    id: int
    claim: int | None
    act: Annotated[Term, Shown("what is dated")]
    date: Annotated[When, Shown("date")]
    who: Annotated[str, Shown("who, or which work")]
    what: Annotated[str, Shown("what")]

    @property
    def day(self) -> str:
        """The day, month or year under which it is listed."""
        return self.date.text[: len("2025-07-03")]

    @property
    def sentence(self) -> Annotated[str, Shown("in words", compared=False)]:
        """`3 July 2025, claim 2: The Ministry asserted it`."""
        where = f", claim {self.claim}" if self.claim else ""
        return f"{edtf.in_words(self.day)}{where}: {' '.join(filter(None, (self.who, self.what)))}"


def dated_since(dossier: Dossier) -> tuple[DatedContent, ...]:
    """What is dated since the moment asked for, in the order of days; nothing unless there was nothing to read at that
    moment: else what has changed since is told."""
    if not dossier.nothing_before:
        return ()
    found = {
        (row.noun.code, row.id, row.claim, row.act.code): row
        for row in _dated(dossier)
        if _is_after(row.date.text, dossier.since.text)
    }
    return tuple(sorted(found.values(), key=_place))


def _is_after(text: str, moment: str) -> bool:
    """Whether all that a date can mean lies after the moment: a moment is later, a day, month or year begins no
    earlier. Without a date it never is."""
    since, span = datetime.fromisoformat(moment), edtf.span(text)
    if span is not None:
        return span[0] >= since
    # A day of the year 9999, which no EDTF date has, is none either.
    return "T" in text and datetime.fromisoformat(text) > since


def _place(row: DatedContent) -> tuple[datetime, int, int, int, int]:
    """By days, what is dated to a month or year before the days in it; then by what was done, and to which claim."""
    start, _end = edtf.parse(row.day)
    return start, len(row.day), _ORDER.index((row.noun.code, row.act.code)), row.claim or 0, row.id


def _dated(dossier: Dossier) -> Iterator[DatedContent]:
    """All that has a date of its own in what the reader is shown."""
    for question in dossier.questions if isinstance(dossier, DisputeDossier) else ():
        what = f"answered “{question.text}”"
        yield _entry("question", question.id, None, "answered", question.answer_published_at, "The desk", what)
    for claim in dossier.claims:
        yield from _on_claim(claim)
    for work in dossier.documents:
        yield _entry("document", work.id, None, "published", work.published_on, work.title, "was published")
        yield _entry("document", work.id, None, "retracted", work.retracted_on, work.title, "was retracted")


def _on_claim(claim: ClaimContent) -> Iterator[DatedContent]:
    for verdict in claim.decided:
        what = _decided(verdict, claim.rating_before(verdict))
        yield _entry("verdict", verdict.id, claim.id, "published", verdict.published_at, "", what)
    for said in claim.attributions:
        yield _entry("attribution", said.id, claim.id, "said", said.said_on, _speaks(said), said.stance.words)
    for review in claim.reviews:
        what = f"reviewed it: “{review.rating_text}”"
        yield _entry("review", review.id, claim.id, "reviewed", review.reviewed_on, review.publisher.name, what)
    for asked in claim.inquiries:
        who, came = asked.source.name, wording.UNANSWERED.get(asked.outcome.code, "answered the desk")
        yield _entry("inquiry", asked.id, claim.id, "asked", asked.asked_on, who, "was asked by the desk")
        yield _entry("inquiry", asked.id, claim.id, "replied", asked.answered_on, who, came)
    for piece in claim.evidence:
        yield _entry("evidence", piece.id, None, "observed", piece.observed_on, piece.title, "bears this date")


def _decided(verdict: VerdictContent, before: str) -> str:
    """`verdict “Contested”`, `correction from “Contested” to “Refuted”`."""
    if not verdict.supersedes:
        return f"verdict “{verdict.rating.label}”"
    kind = verdict.correction_severity.words or "correction"
    return f"{kind} {wording.changed_rating(before, verdict.rating.label)}"


def _speaks(said: AttributionContent) -> str:
    body: SourceContent | None = said.on_behalf_of
    return f"{said.source.name} for {body.name}" if body is not None and body.id else said.source.name


def _entry(noun: str, pk: int, claim: int | None, act: str, date: When, who: str, what: str) -> DatedContent:
    return DatedContent(Term(noun, NOUNS[noun]), pk, claim, Term(act, act), date, who, what)
