"""Who speaks for a claim and who against it, what was taken back, and from how many origins (docs/definitions.md).

A relay adds a statement and no origin: it speaks on the side of the end of its chain, and through whoever stands there.
Origins are the connected parts of what is said: over relays, over joint acts, and over statements that one source made
and that are no relays. Two relays by one paper do not join what they pass on: it printed two independent sources. Where
the end of a chain was withdrawn, the relay nearest to it stands for itself, so that there are never more origins than
sources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from claims.logic.chains import Spoken, can_mean, chain_of, retracted, taken_back
from claims.logic.origins import SIDES, TOGETHER, Tally, lineage
from claims.logic.verbs import RELAYS, RETRACTS, side_of

BACK = "back"
"""Where retractions stand in a report, and what their own sources took back by them."""
FALLEN = "fallen"
"""Where a relay stands that does not count although its own source took nothing back: what it passes on is a
retraction, or was taken back."""


class Statement(NamedTuple):
    """One statement as it is counted; one that does not stand only links others."""

    id: int
    claim: int
    source: int
    stance: str
    said_on: str = ""
    relayed_from: int | None = None
    joint_with: int | None = None
    stands: bool = True
    on_behalf_of: int | None = None
    """For whom it was made, where that may be told."""

    @property
    def spoken(self) -> Spoken:
        """The statement as chains and retractions look at it."""
        return Spoken(self.id, self.source, self.stance, self.said_on, self.stands, self.on_behalf_of)

    earlier_wording: bool = False
    """Whether it was last entered or changed before its claim got its present wording, or passes on one that was."""
    retracted_work: bool = False
    """Whether the work that it cites was retracted since."""
    unnamed: bool = False
    """Whether its speaker was not named there."""


@dataclass(frozen=True, slots=True)
class Group:
    """The statements on one side of a claim, or in a place apart, that have one origin, by their ids, the nearest to it
    first."""

    origin: int
    side: str
    statements: tuple[int, ...]


class Voices:
    """What is said on some claims. It also holds what was withdrawn, which the reader may not see, by id alone."""

    def __init__(self, rows: Iterable[Statement] = ()) -> None:
        self.rows = {row.id: row for row in rows}
        self.passed_on = {pk: row.relayed_from for pk, row in self.rows.items()}
        self._pass_on_wordings()
        self._stances = {pk: row.stance for pk, row in self.rows.items()}
        self._on: dict[int, list[Statement]] = defaultdict(list)
        for row in self.rows.values():
            self._on[row.claim].append(row)
        self._parts: dict[frozenset[int], Mapping[int, int]] = {}

    def _pass_on_wordings(self) -> None:
        """Who passes on what was said of an earlier wording passes on that wording, whenever it was entered."""
        older = {pk for pk, row in self.rows.items() if row.earlier_wording}
        for pk, row in self.rows.items() if older else ():
            if row.stance == RELAYS and pk not in older and not older.isdisjoint(lineage(pk, self.passed_on)):
                self.rows[pk] = row._replace(earlier_wording=True)

    @cached_property
    def retracted(self) -> Mapping[int, Spoken]:
        """What was taken back, by its id, each with the retraction. One that was withdrawn takes nothing back."""
        return {pk: back for said in self._retracting for pk, back in taken_back(said, self.passed_on).items()}

    @cached_property
    def own_taken_back(self) -> set[int]:
        """What was itself taken back, and not only the statement at the end of its chain."""
        return {pk for said in self._retracting for pk in retracted(said)}

    @cached_property
    def _retractions(self) -> Mapping[int, list[Statement]]:
        """What takes something back on each claim, and stands."""
        found = {pk: [row for row in rows if row.stance == RETRACTS and row.stands] for pk, rows in self._on.items()}
        return {pk: rows for pk, rows in found.items() if rows}

    @cached_property
    def _retracting(self) -> list[list[Spoken]]:
        """What is said on each of the claims on which somebody takes something back."""
        return [[row.spoken for row in self._on[claim]] for claim in self._retractions]

    def end(self, pk: int) -> int:
        """The statement at the end of its chain: itself, unless it is a relay."""
        return self._line(pk)[-1]

    def passes_on(self, pk: int) -> Statement | None:
        """What a relay passes on: the end of its chain, also where that was withdrawn; None where it is not on record,
        or where the statement is no relay."""
        end = self.rows.get(self.end(pk))
        return end if end is not None and end.id != pk and end.stance != RELAYS else None

    def meant_by(self, back: Statement) -> list[Statement]:
        """What stands and a retraction takes back, in the order given, also where an earlier one does."""
        said = [row for row in self._on.get(back.claim, ()) if row.stands]
        return [row for row in said if can_mean(back.spoken, row.spoken)]

    def taking_back(self, pk: int) -> list[Statement]:
        """The retractions that take this statement itself back, in the order given, also where an earlier one does."""
        row = self.rows[pk]
        return [back for back in self._retractions.get(row.claim, ()) if can_mean(back.spoken, row.spoken)]

    def counts(self, row: Statement) -> bool:
        """Whether the statement counts: it stands, was not taken back, and is no retraction nor the relay of one."""
        return row.stands and self._stances.get(self.end(row.id)) != RETRACTS and row.id not in self.retracted

    def on(self, claim: int) -> list[Statement]:
        """What counts on the claim, in the order given."""
        return [row for row in self._on.get(claim, ()) if self.counts(row)]

    def side(self, pk: int) -> str:
        """The side of a statement: that of the end of its chain."""
        return side_of(self._stances.get(self.end(pk), RELAYS))

    def speaker(self, pk: int) -> int:
        """Through which statement that counts it speaks: the furthest on its way to the end of its chain."""
        line = self._line(pk)
        return next((step for step in reversed(line) if step in self.rows and self.counts(self.rows[step])), pk)

    def _line(self, pk: int) -> list[int]:
        return chain_of(pk, self.passed_on, self._stances)

    def _in_own_voice(self, row: Statement) -> bool:
        """Whether its source itself speaks in it: it is no relay, or nobody whom it passes on is left to speak.

        Not asked is whether it counts: who takes back one of two statements does not make two origins of them.
        """
        *between, end = [self.rows.get(step) for step in self._line(row.id)]
        left = [one for one in between[1:] if one is not None and one.stands and one.id not in self.own_taken_back]
        return row.stands and not left and (end is None or end is row or not (end.stands or end.stance == RETRACTS))

    def speakers(self, claim: int, side: str) -> list[int]:
        """The statements by which it is said on this side, one for each source, in the order given; of an earlier
        wording only where the source said nothing of the present one."""
        found: dict[int, Statement] = {}
        for row in self.on(claim):
            if self.side(row.id) == side:
                speaker = self.rows[self.speaker(row.id)]
                if found.setdefault(speaker.source, speaker).earlier_wording and not speaker.earlier_wording:
                    found[speaker.source] = speaker
        return [speaker.id for speaker in found.values()]

    def ways(self, claim: int, side: str) -> list[int]:
        """The same, but one statement for each verb that a source used, and for each that it passes on."""
        only_earlier = {self.rows[pk].source for pk in self.speakers(claim, side) if self.rows[pk].earlier_wording}
        found: dict[tuple[int, str, str], int] = {}
        for row in self.on(claim):
            speaker = self.rows[self.speaker(row.id)]
            if self.side(row.id) == side and speaker.earlier_wording <= (speaker.source in only_earlier):
                passed_on = self.passes_on(speaker.id)
                key = speaker.source, speaker.stance, passed_on.stance if passed_on is not None else ""
                found.setdefault(key, speaker.id)
        return list(found.values())

    def count(self, claim: int) -> dict[str, Tally]:
        """What is said on one claim, by side and together."""
        sides: dict[str, list[Statement]] = {side: [] for side in SIDES}
        for row in self.on(claim):
            sides[self.side(row.id)].append(row)
        sides[TOGETHER] = self.on(claim)
        return {side: self._tally(rows, [claim]) for side, rows in sides.items()}

    def count_all(self, claims: Iterable[int], side: str = TOGETHER) -> Tally:
        """What is said on several claims as a whole, or on one side of them, where one source is one origin."""
        claims = list(claims)
        said = [row for claim in claims for row in self.on(claim)]
        return self._tally([row for row in said if side in (TOGETHER, self.side(row.id))], claims)

    def _tally(self, rows: Collection[Statement], claims: Collection[int]) -> Tally:
        origins = self._origins(claims) if rows else {}
        sources, said = {row.source for row in rows}, {self.rows[self.speaker(row.id)].source for row in rows}
        return Tally(len(rows), len(sources), len({origins[row.id] for row in rows}), len(sources - said))

    def origin(self, pk: int) -> int:
        """The statement that stands for the origin of this one: of all furthest ones, the earliest entered."""
        return self._origins([self.rows[pk].claim])[pk]

    def groups(self, claim: int) -> list[Group]:
        """All that stands on the claim, by origin and side; what does not count stands apart, as "back" or "fallen"."""
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for row in self._on.get(claim, ()):
            if row.stands:
                found[self.origin(row.id), self._place(row)].append(row.id)
        return [
            Group(origin, side, tuple(sorted(rows, key=lambda pk: len(lineage(pk, self.passed_on)))))
            for (origin, side), rows in found.items()
        ]

    def _place(self, row: Statement) -> str:
        if self.counts(row):
            return self.side(row.id)
        return BACK if row.stance == RETRACTS or row.id in self.own_taken_back else FALLEN

    def _origins(self, claims: Collection[int]) -> Mapping[int, int]:
        """The origin of each statement on these claims, taken as a whole."""
        key = frozenset(claims)
        if key not in self._parts:
            self._parts[key] = self._join([row for claim in claims for row in self._on.get(claim, ())])
        return self._parts[key]

    def _join(self, rows: Iterable[Statement]) -> Mapping[int, int]:
        parents: dict[int, int] = {}

        def root(pk: int) -> int:
            while (parent := parents.get(pk, pk)) != pk:
                parents[pk] = parents.get(parent, parent)
                pk = parent
            return pk

        def join(one: int, other: int) -> None:
            one, other = root(one), root(other)
            if one != other:
                parents[max(one, other)] = min(one, other)

        rows = list(rows)
        own: dict[int, int] = {}
        for row in rows:
            for other in (row.relayed_from, row.joint_with):
                if other is not None:
                    join(row.id, other)
            if self._in_own_voice(row):
                join(row.id, own.setdefault(row.source, row.id))
        # Told by a furthest statement, not by the one that was entered first: that may be a relay.
        told: dict[int, int] = {}
        for row in rows:
            part, furthest = root(row.id), lineage(row.id, self.passed_on)[-1]
            told[part] = min(furthest, told.get(part, furthest))
        return {row.id: told[root(row.id)] for row in rows}
