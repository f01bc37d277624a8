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
    """One standing statement on a claim: its id, the id of its source, its verb and its date as text."""

    id: int
    source: int
    stance: str
    said_on: str = ""


def chain_of(start: int, passed_on: Mapping[int, int | None], stances: Mapping[int, str]) -> list[int]:
    """From `start` to the statement that speaks through it, both included: a relay leads to what it passes on.

    What is no relay speaks for itself, whatever it refers to. `stances` holds the statements on record: a chain that
    leads out of it ends at the row that is not, and so does one that goes round at its first repetition.
    """
    line = [start]
    while stances.get(line[-1]) == RELAYS and (origin := passed_on.get(line[-1])) is not None and origin not in line:
        line.append(origin)
    return line


def end_of_chain(start: int, passed_on: Mapping[int, int | None], stances: Mapping[int, str]) -> int:
    """The statement that speaks through `start`: itself, or where it is a relay what it passes on, and so on."""
    return chain_of(start, passed_on, stances)[-1]


def taken_back(said: Sequence[Spoken], passed_on: Mapping[int, int | None]) -> dict[int, Spoken]:
    """The statements that were taken back, by their ids, each with the retraction: the earliest that can be meant.

    The same source retracts the claim, and not certainly before it said so. A relay falls with the end of its chain.
    """
    rows = {row.id: row for row in said}
    stances = {row.id: row.stance for row in said}
    retractions = sorted((row for row in said if row.stance == RETRACTS), key=in_time)
    found: dict[int, Spoken] = {}
    for row in said if retractions else ():
        spoken = (row, rows.get(end_of_chain(row.id, passed_on, stances)))
        meant = (back for back in retractions if any(_takes_back(back, one) for one in spoken))
        if row.stance != RETRACTS and (back := next(meant, None)) is not None:
            found[row.id] = back
    return found


def _takes_back(back: Spoken, row: Spoken | None) -> bool:
    return row is not None and row.source == back.source and not certainly_earlier(back.said_on, row.said_on)


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
