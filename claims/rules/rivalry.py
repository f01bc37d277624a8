"""Which claims are rivals: they cannot both be true.

The rule on plain values first, then the queries that ask the register for them. `docs/definitions.md` says it in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from django.db.models import Q, QuerySet

from claims.choices import RIVALRY, RelationKind
from claims.models import Claim, ClaimRelation


class Tie(NamedTuple):
    """A standing relation: its kind, the claim from which it is told, the other one, and the point on which they are at
    odds where that was asked for."""

    kind: str
    claim: int
    other: int
    point: str = ""


class Rivalry:
    """Who is whose rival among some claims.

    `ties` are their standing relations, `answers` says for each claim that answers an exclusive question which one that
    is. Claims that repeat each other are taken as one here: they have the same rivals.
    """

    def __init__(self, ties: Iterable[Tie], answers: Mapping[int, int]) -> None:
        ties = list(ties)
        self._of: dict[int, int] = {}
        self._groups: dict[int, set[int]] = {}
        for tie in ties:
            if tie.kind == RelationKind.REPEATS:
                self._unite(tie.claim, tie.other)
        self._opposed: dict[int, set[int]] = defaultdict(set)
        self._compatible: dict[int, set[int]] = defaultdict(set)
        self._contradicted: dict[int, set[int]] = defaultdict(set)
        self._coarser: dict[int, set[int]] = defaultdict(set)
        self._finer: dict[int, set[int]] = defaultdict(set)
        for kind, claim, other, _point in ties:
            one, two = self._group(claim), self._group(other)
            if kind in RIVALRY:
                self._opposed[one].add(two)
                self._opposed[two].add(one)
                if kind == RelationKind.CONTRADICTS:
                    self._contradicted[one].add(two)
                    self._contradicted[two].add(one)
            elif kind == RelationKind.COMPATIBLE:
                self._compatible[one].add(two)
                self._compatible[two].add(one)
            elif kind == RelationKind.REFINES:
                self._coarser[one].add(two)
                self._finer[two].add(one)
        self._questions: dict[int, set[int]] = defaultdict(set)
        self._answering: dict[int, set[int]] = defaultdict(set)
        for claim, question in answers.items():
            self._questions[self._group(claim)].add(question)
            self._answering[question].add(self._group(claim))
        self._above: dict[int, set[int]] = {}
        self._following: dict[int, set[int]] = {}
        self.claims = {end for tie in ties for end in (tie.claim, tie.other)} | answers.keys()
        """All of which something is known here."""

    def between(self, one: int, other: int) -> bool:
        """Whether the two claims are rivals."""
        return one != other and self._oppose(self._group(one), self._group(other))

    def akin(self, one: int, other: int) -> bool:
        """Whether the two can hold together by what is on record: one follows from the other, or they are
        compatible."""
        if self._group(other) in self._compatible[self._group(one)]:
            return True
        return self.follows(one, other) or self.follows(other, one)

    def follows(self, one: int, other: int) -> bool:
        """Whether `other` has to hold where `one` does, by what is on record: a claim implies what it refines or
        repeats, of rivals one at most holds, and of two that contradict each other one exactly."""
        return self._group(other) in self._implied(self._group(one))

    def of(self, claim: int) -> list[int]:
        """The ids of all rivals of the claim."""
        group = self._group(claim)
        near = self._near(group)
        found = {member for other in near if self._oppose(group, other) for member in self._members(other)}
        return sorted(found - {claim})

    def repeats(self, claim: int) -> list[int]:
        """The ids of the claims that are taken as one with this one."""
        return sorted(self._members(self._group(claim)) - {claim})

    def among(self, claims: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The pairs of rivals among these claims, each once."""
        claims = sorted({*claims})
        for place, one in enumerate(claims):
            yield from ((one, other) for other in claims[place + 1 :] if self.between(one, other))

    def _oppose(self, one: int, other: int) -> bool:
        if other in self._opposed[one]:
            return True
        if one == other or other in self._compatible[one] or not self._questions[one] & self._questions[other]:
            return False
        return other not in self._refined(one) and one not in self._refined(other)

    def _near(self, group: int) -> set[int]:
        """Those among which all rivals of this group are."""
        near = {*self._opposed[group]}
        for question in self._questions[group]:
            near |= self._answering[question]
        return near

    def _implied(self, group: int) -> set[int]:
        """All that has to hold where this group does."""
        if group not in self._following:
            seen = {(group, True)}
            waiting = [*seen]
            while waiting:
                new = self._steps(*waiting.pop()) - seen
                seen |= new
                waiting += new
            self._following[group] = {one for one, holds in seen if holds}
        return self._following[group]

    def _steps(self, group: int, holds: bool) -> set[tuple[int, bool]]:
        """What follows at once when this group holds, or does not."""
        if not holds:
            below = {(one, False) for one in self._finer[group]}
            return below | {(one, True) for one in self._contradicted[group]}
        # From most rivals nothing follows further on, and a question may have many.
        turning = [one for one in self._near(group) if self._finer.get(one) or self._contradicted.get(one)]
        apart = {(one, False) for one in turning if self._oppose(group, one)}
        return apart | {(one, True) for one in self._coarser[group]}

    def _refined(self, group: int) -> set[int]:
        """All that the claims of this group refine, through others if need be."""
        if group not in self._above:
            found: set[int] = set()
            waiting = [*self._coarser[group]]
            while waiting:
                one = waiting.pop()
                if one not in found:
                    found.add(one)
                    waiting += self._coarser[one]
            self._above[group] = found
        return self._above[group]

    def _group(self, claim: int) -> int:
        return self._of.get(claim, claim)

    def _members(self, group: int) -> set[int]:
        return self._groups.get(group, {group})

    def _unite(self, one: int, other: int) -> None:
        kept, gone = sorted((self._group(one), self._group(other)))
        members = self._members(kept) | self._members(gone)
        self._groups[kept] = members
        for member in members:
            self._of[member] = kept


# --- what it is asked of ---


def rivals_of(claim: Claim) -> list[int]:
    """The ids of the rivals of `claim`."""
    return rivalry_around([claim.pk]).of(claim.pk)


Tied = Callable[[str], Q]
"""Which claims tie others to each other: the condition on the claim at a path such as `claim__`."""


def everything(path: str) -> Q:
    return Q()


def rivalry_around(claims: Collection[int], tied: Tied = everything) -> Rivalry:
    """Who is whose rival among these claims and all their rivals, by relations and questions of claims that are `tied`:
    for a reader those that they may read, since another would tell of itself by whom it makes rivals.

    A query for each step of the longest chain of repeats and refinements.
    """
    ties: set[Tie] = set()

    def reach(claims: set[int], kinds: Collection[str], known: set[int]) -> set[int]:
        """These claims and all to which relations of these kinds lead; the relations of the `known` ones are read."""
        reached, waiting = set[int](), claims
        while waiting:
            reached |= waiting
            ties.update(ties_on(waiting - known, tied))
            waiting = {end for tie in ties if tie.kind in kinds for end in (tie.claim, tie.other)} - reached
        return reached

    same = reach(set(claims), {RelationKind.REPEATS}, set())
    questions = _exclusive().filter(pk__in=same).values("question")
    beside = _exclusive().filter(tied(""), question__in=questions)
    answers = dict(beside.order_by().values_list("pk", "question"))
    opposed = {end for tie in ties if tie.kind in RIVALRY for end in (tie.claim, tie.other)}
    reach(same | answers.keys() | opposed, {RelationKind.REPEATS, RelationKind.REFINES}, same)
    return Rivalry(ties, answers)


def rivalry_beyond(claims: Collection[int], tied: Tied = everything) -> Rivalry:
    """The same among these claims and all from which something follows for them, through others if need be.

    A query or three for each step of the longest chain of relations and exclusive questions.
    """
    ties: set[Tie] = set()
    answers: dict[int, int] = {}
    reached, waiting = set[int](), {*claims}
    while waiting:
        reached |= waiting
        new = ties_on(waiting, tied)
        asked = {*_exclusive().filter(pk__in=waiting).order_by().values_list("question", flat=True)}
        asked -= {*answers.values()}
        rows = _exclusive().filter(tied(""), question__in=asked).order_by().values_list("pk", "question")
        beside = dict(rows) if asked else {}
        ties |= new
        answers |= beside
        ends = {end for tie in new if tie.kind != RelationKind.COMPATIBLE for end in (tie.claim, tie.other)}
        waiting = (ends | beside.keys()) - reached
    return Rivalry(ties, answers)


def _exclusive() -> QuerySet[Claim]:
    return Claim._base_manager.filter(question__exclusive=True)


def ties_on(claims: Collection[int], tied: Tied = everything) -> set[Tie]:
    """The standing relations of these claims, on either side, to which two claims belong that are `tied`."""
    found: set[Tie] = set()
    ids = sorted(claims)
    for start in range(0, len(ids), 500):
        batch = ids[start : start + 500]
        rows = ClaimRelation.objects.standing().filter(Q(claim__in=batch) | Q(other__in=batch))
        rows = rows.filter(tied("claim__"), tied("other__")).exclude(kind=RelationKind.SUPPORTS)
        found |= {Tie(*row) for row in rows.order_by().values_list("kind", "claim_id", "other_id")}
    return found
