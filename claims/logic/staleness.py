"""Why a published verdict is stale, in words: what it rests on has changed since somebody last looked at it.

`claims.models.staleness` asks the same of the database; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from factcheck.base.edtf import day_in_words


@dataclass(frozen=True, slots=True)
class Trace:
    """One row that a verdict rests on, and what was last done to it; the moments in the zone in which they are told.

    `noun` is "attribution", "evidence_link", "premise", "premise_claim", "relation", "evidence", "carriers", "document"
    or "snapshot"; `row` its id, `name` the row as a sentence begins with it. Of the documents that carry evidence, and
    of a kept copy, only `changed` is known: when one was added or taken away, and since when it is broken. Of the claim
    on which evidence depends it is when that was refuted or, as `withdrawn` says, withdrawn.
    """

    noun: str
    row: int
    name: str
    changed: datetime
    added: datetime | None = None
    withdrawn: datetime | None = None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a verdict is stale: a code for programs, the row, the moment, and a sentence."""

    code: str
    row: int
    at: datetime
    words: str

    def __str__(self) -> str:
        return self.words


def due(verdict: int, review_by: date | None, looked_at: datetime, now: datetime) -> Reason | None:
    """That the day has come by which this verdict was to be looked at again, unless somebody did on that day or later.

    Both moments are in the zone in which days are told.
    """
    if review_by is None or review_by > now.date() or is_met(review_by, looked_at):
        return None
    at = datetime.combine(review_by, time.min, tzinfo=now.tzinfo)
    return Reason("verdict_due", verdict, at, f"It was to be looked at again by {day_in_words(at)}.")


def is_met(review_by: date, looked_at: datetime) -> bool:
    """Whether somebody looked at a verdict on this day or later: then the day binds nobody any more."""
    return looked_at.date() >= review_by


def reworded(claim: int, judged: str, says: str, at: datetime) -> Reason | None:
    """That the claim no longer says what the verdict judged; `at` is its last change. No confirmation mends that."""
    if judged in {"", says}:
        return None
    return Reason("claim_reworded", claim, at, f"The claim says something else than what was judged: “{judged}”.")


def asked_otherwise(claim: int, reworded_at: datetime | None, looked_at: datetime) -> Reason | None:
    """That the question which the claim answers was reworded since."""
    if reworded_at is None or reworded_at <= looked_at:
        return None
    words = f"The question that the claim answers was given another wording on {day_in_words(reworded_at)}."
    return Reason("question_reworded", claim, reworded_at, words)


def reasons(looked_at: datetime, traces: Iterable[Trace]) -> tuple[Reason, ...]:
    """What has changed after this moment, in the order in which it did; nothing is said twice.

    A document or a piece of evidence that is younger than that came with something else that is told.
    """
    late = [trace for trace in traces if trace.changed > looked_at]
    come = [trace for trace in late if not _brought_along(trace, looked_at)]
    told = {_reason(trace, looked_at) for trace in come or late}
    return tuple(sorted(told, key=lambda reason: (reason.at, reason.code, reason.row)))


def _brought_along(trace: Trace, looked_at: datetime) -> bool:
    young = trace.added is not None and trace.added > looked_at
    return young and trace.noun in {"evidence", "carriers", "document"} and not trace.retracted


def _reason(trace: Trace, looked_at: datetime) -> Reason:
    act, verb = _act(trace, looked_at)
    words = f"{trace.name} {verb} {day_in_words(trace.changed)}."
    return Reason(f"{trace.noun}_{act}", trace.row, trace.changed, words)


def _act(trace: Trace, looked_at: datetime) -> tuple[str, str]:
    if trace.noun == "snapshot":
        return "broken", "has not verified since"
    if trace.noun == "premise_claim":
        return ("withdrawn", "was withdrawn on") if trace.withdrawn else ("refuted", "was refuted on")
    if trace.noun == "carriers":
        return "changed", "were changed on"
    if trace.withdrawn is not None and trace.withdrawn > looked_at:
        return "withdrawn", "was withdrawn on"
    if trace.retracted:
        # The day is that of our entry: it is what the verdict could not know.
        return "retracted", "was retracted, as entered on"
    if trace.added is not None and trace.added > looked_at:
        return "added", "was added on"
    return "changed", "was changed on"
