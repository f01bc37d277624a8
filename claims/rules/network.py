"""What claims make of each other by their relations, on plain values.

A relation is a sentence of logic: who refines another implies it, who repeats it says the same, of two that exclude
each other one at most holds, and of two that contradict each other one exactly. So what is decided of one claim may
decide another, through others if need be; a way from a decided claim to the opposite of what was decided of another is
a contradiction of the desk with itself.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from claims.choices import RIVALRY, Leaning, RelationKind


@dataclass(frozen=True, slots=True)
class Stand:
    """One published claim as far as its relations go: what its current verdict says of it, and the number that it
    states."""

    id: int
    leaning: str = ""
    rating: int | None = None
    likelihood: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """One standing relation, told from `claim` to `other`."""

    claim: int
    other: int
    kind: str
    point: str = ""


Literal = tuple[int, bool]
"""That a claim holds, or that it does not."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one thing follows from another: the claims on the way, both ends included, and the kinds between them."""

    claims: tuple[int, ...]
    kinds: tuple[str, ...]
    holds: bool
    """What is said of the last claim."""


@dataclass(frozen=True)
class Network:
    """Claims and what ties them.

    `stands` are the claims that have a current verdict or state a number, `ties` their standing relations. Of each set
    in `exclusive` one claim at most holds, as far as none refines, repeats or is compatible with another; of each set
    in `exhaustive` one at least. `asked` are the sets in `exclusive` with the drafts that answer the same question.
    """

    stands: Mapping[int, Stand] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    exclusive: tuple[frozenset[int], ...] = ()
    exhaustive: tuple[frozenset[int], ...] = ()
    asked: tuple[frozenset[int], ...] = ()

    @cached_property
    def up(self) -> dict[int, list[tuple[int, str]]]:
        """From each claim to those that it implies at once, with the kind of relation."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for tie in self.ties:
            if tie.kind in {RelationKind.REFINES, RelationKind.REPEATS}:
                found[tie.claim].append((tie.other, tie.kind))
            if tie.kind == RelationKind.REPEATS:
                found[tie.other].append((tie.claim, tie.kind))
        return found

    @cached_property
    def down(self) -> dict[int, list[tuple[int, str]]]:
        """From each claim to those that imply it at once."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for start, ends in self.up.items():
            for end, kind in ends:
                found[end].append((start, kind))
        return found

    @cached_property
    def apart(self) -> dict[int, list[tuple[int, str]]]:
        """From each claim to its rivals by a relation, with the kind."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for tie in self.ties:
            if tie.kind in RIVALRY:
                found[tie.claim].append((tie.other, tie.kind))
                found[tie.other].append((tie.claim, tie.kind))
        return found

    @cached_property
    def groups(self) -> dict[int, list[frozenset[int]]]:
        """The exclusive sets to which each claim belongs."""
        found: dict[int, list[frozenset[int]]] = defaultdict(list)
        for group in self.exclusive:
            for claim in group:
                found[claim].append(group)
        return found

    @cached_property
    def compatible(self) -> set[frozenset[int]]:
        return {frozenset({tie.claim, tie.other}) for tie in self.ties if tie.kind == RelationKind.COMPATIBLE}

    def implied_by(self, claim: int) -> dict[int, Way]:
        """What follows from the claim by refinements and repetitions alone, each by a shortest way."""
        return self._closure(claim, self.up)

    def implies(self, claim: int) -> dict[int, Way]:
        """From what the claim follows by refinements and repetitions alone."""
        return self._closure(claim, self.down)

    def _closure(self, claim: int, steps: Mapping[int, list[tuple[int, str]]]) -> dict[int, Way]:
        found = {claim: Way((claim,), (), True)}
        waiting = deque([claim])
        while waiting:
            here = found[waiting.popleft()]
            for end, kind in steps.get(here.claims[-1], ()):
                if end not in found:
                    found[end] = Way((*here.claims, end), (*here.kinds, kind), True)
                    waiting.append(end)
        return found

    def rivals(self, claim: int) -> dict[int, str]:
        """The rivals of a claim, each with the kind of relation: by a relation, or by an exclusive set."""
        found = {}
        if claim in self.groups:
            near = {*self.implied_by(claim), *self.implies(claim)}
            for group in self.groups[claim]:
                for other in group - near:
                    if frozenset({claim, other}) not in self.compatible:
                        found[other] = "exclusive"
        return found | dict(self.apart.get(claim, ()))

    def told_apart(self, claim: int, other: int) -> bool:
        """Whether the register says that these two cannot both hold, or will say so once both are published."""
        if other in self.rivals(claim):
            return True
        if not any({claim, other} <= group for group in self.asked):
            return False
        near = other in self.implied_by(claim) or other in self.implies(claim)
        return not near and frozenset({claim, other}) not in self.compatible

    def consequences(self, claim: int, *, holds: bool) -> Iterator[Way]:
        """All that follows when the claim holds, or does not, each by a shortest way."""
        start: Literal = (claim, holds)
        seen = {start: Way((claim,), (), holds)}
        waiting = deque([start])
        while waiting:
            literal = waiting.popleft()
            way = seen[literal]
            for end, kind in self._steps(*literal):
                if end not in seen:
                    seen[end] = Way((*way.claims, end[0]), (*way.kinds, kind), end[1])
                    waiting.append(end)
                    yield seen[end]

    def _steps(self, claim: int, holds: bool) -> Iterator[tuple[Literal, str]]:
        for other, kind in (self.up if holds else self.down).get(claim, ()):
            yield (other, holds), kind
        if holds:
            for other, kind in self.rivals(claim).items():
                yield (other, False), kind
        else:
            for other, kind in self.apart.get(claim, ()):
                if kind == RelationKind.CONTRADICTS:
                    yield (other, True), kind

    def of_leaning(self, leaning: Leaning) -> Collection[int]:
        """The claims whose current verdict leans so, in order."""
        return sorted(pk for pk, stand in self.stands.items() if stand.leaning == leaning)
