"""Chains of relays, and what was taken back: which statements of a claim count, and which of them assert it.

docs/definitions.md, “Who says it”. Statements are taken as plain values; all of them belong to one claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from claims.logic.verbs import ASSERTS, RELAYS, RETRACTS
from factcheck.base.edtf import certainly_earlier, span

_LAST = datetime.max.replace(tzinfo=UTC)


class Spoken(NamedTuple):
    """One statement on a claim: its id, the id of its source, its verb, its date as text, and the id of the body on
    whose behalf it was made, where that may be told.

    A retraction that does not stand takes nothing back.
    """

    id: int
    source: int
    stance: str
    said_on: str = ""
    stands: bool = True
    on_behalf_of: int | None = None

    @property
    def speakers(self) -> set[int]:
        """Who speaks in it: its source, and the body on whose behalf it was made."""
        return {self.source} if self.on_behalf_of is None else {self.source, self.on_behalf_of}


def chain_of(start: int, passed_on: Mapping[int, int | None], stances: Mapping[int, str]) -> list[int]:
    """From `start` to the statement that speaks through it, both included: a relay leads to what it passes on.

    What is no relay speaks for itself, whatever it refers to. `stances` holds the statements on record: a chain that
    leads out of it ends at the row that is not, and so does one that goes round at its first repetition.
    """
    # A dict keeps the order, and is asked as fast of a long line as of a short one.
    line = {start: None}
    while stances.get(start) == RELAYS and (origin := passed_on.get(start)) is not None and origin not in line:
        line[origin], start = None, origin
    return list(line)


def end_of_chain(start: int, passed_on: Mapping[int, int | None], stances: Mapping[int, str]) -> int:
    """The statement that speaks through `start`: itself, or where it is a relay what it passes on, and so on."""
    return chain_of(start, passed_on, stances)[-1]


def can_mean(back: Spoken, row: Spoken) -> bool:
    """Whether the retraction takes back this statement on the same claim: one who speaks in it speaks in the other, and
    not certainly before that was said. A retraction is not taken back."""
    return (
        row.stance != RETRACTS
        and not row.speakers.isdisjoint(back.speakers)
        and not certainly_earlier(back.said_on, row.said_on)
    )


def retracted(said: Sequence[Spoken]) -> dict[int, Spoken]:
    """What was taken back by its source or by the body for which that spoke, by its id, each with the retraction: the
    earliest that can be meant."""
    retractions = sorted((row for row in said if row.stance == RETRACTS and row.stands), key=in_time)
    return {
        row.id: back for row in (said if retractions else ()) for back in reversed(retractions) if can_mean(back, row)
    }


def taken_back(said: Sequence[Spoken], passed_on: Mapping[int, int | None]) -> dict[int, Spoken]:
    """The statements that were taken back, by their ids, each with the retraction.

    A relay falls with the end of its chain, unless its own source took it back. Where that end is a retraction, it
    passes on that the source took it back.
    """
    own = retracted(said)
    stances = {row.id: row.stance for row in said}
    ends = {row.id: end_of_chain(row.id, passed_on, stances) for row in said} if own else {}
    return {pk: own.get(pk) or own[end] for pk, end in ends.items() if pk in own or end in own}


def asserting(said: Sequence[Spoken], passed_on: Mapping[int, int | None]) -> list[Spoken]:
    """The statements that assert the claim themselves and were not taken back, the earliest first."""
    back = taken_back(said, passed_on)
    return sorted((row for row in said if row.stance == ASSERTS and row.id not in back), key=in_time)


def carrying(said: Sequence[Spoken], passed_on: Mapping[int, int | None]) -> set[int]:
    """The ids of the statements in which the claim was asserted or an assertion of it passed on.

    A relay that names no origin carries the claim. One whose origin is no more on record may have passed on a denial.
    """
    stances = {row.id: row.stance for row in said}
    ends = {row.id: end_of_chain(row.id, passed_on, stances) for row in said if row.stance in {ASSERTS, RELAYS}}
    return {pk for pk, end in ends.items() if stances.get(end) in {ASSERTS, RELAYS}}


def in_time(row: Spoken) -> tuple[bool, datetime, str, int]:
    """The order in which statements are told: by the beginning of their dates, what has none last."""
    known = span(row.said_on)
    return known is None, known[0] if known is not None else _LAST, row.said_on, row.id
