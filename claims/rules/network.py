"""What claims make of each other by their relations, on plain values.

A relation is a sentence of logic: who refines another implies it, who repeats it says the same, of two that exclude
each other one at most holds, and of two that contradict each other one exactly. So what is decided of one claim may
decide another, through others if need be; a way from a decided claim to the opposite of what was decided of another is
a contradiction of the desk with itself.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from claims.choices import RIVALRY, Leaning, RelationKind
from claims.rules.rivalry import Rivalry, Tie


@dataclass(frozen=True, slots=True)
class Stand:
    """One claim as far as its relations go: what its current verdict says of it where it is published, the number that
    it states, its dispute and the question of it that it answers."""

    id: int
    leaning: str = ""
    rating: int | None = None
    likelihood: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    dispute: int | None = None
    question: int | None = None
    published: bool = True


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

    `stands` are the claims that have a current verdict or state a number, `ties` their standing relations. `answers`
    says for each published claim that answers an exclusive question which one that is; of each set in `exhaustive` one
    claim at least holds. `entered` says of drafts too which exclusive question they answer. `hidden` are those of all
    these claims that are not published.
    """

    stands: Mapping[int, Stand] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    answers: Mapping[int, int] = field(default_factory=dict)
    exhaustive: tuple[frozenset[int], ...] = ()
    entered: Mapping[int, int] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()

    @cached_property
    def binding(self) -> Network:
        """The same with the relations, and on exhaustive questions the claims, that are published: what is not binds no
        verdict, and saves none."""
        ties = tuple(tie for tie in self.ties if self.hidden.isdisjoint((tie.claim, tie.other)))
        return replace(self, ties=ties, exhaustive=tuple(group - self.hidden for group in self.exhaustive))

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
        """From each claim to those of which a relation says that both cannot be true, with the kind."""
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for tie in self.ties:
            if tie.kind in RIVALRY:
                found[tie.claim].append((tie.other, tie.kind))
                found[tie.other].append((tie.claim, tie.kind))
        return found

    @cached_property
    def rivalry(self) -> Rivalry:
        """Who is whose rival among these claims."""
        return Rivalry(self.ties, self.answers)

    @cached_property
    def beside(self) -> dict[int, set[int]]:
        """The claims on each exclusive question."""
        found: dict[int, set[int]] = defaultdict(set)
        for claim, question in self.answers.items():
            found[question].add(claim)
        return found

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

    def rivals(self, claim: int) -> set[int]:
        """The rivals of a claim, of whatever kind."""
        return set(self.rivalry.of(claim))

    def _opposites(self, claim: int) -> dict[int, str]:
        """The rivals to which one step leads, each with its kind: by a relation, or by an exclusive question.

        Those that are rivals of what repeats the claim, or repeat a rival, follow by further steps, which name what is
        between.
        """
        near = self.beside.get(self.answers.get(claim, 0), ())
        asked = {other: "exclusive" for other in near if self.rivalry.between(claim, other)}
        return asked | dict(self.apart.get(claim, ()))

    def told_apart(self, claim: int, other: int) -> bool:
        """Whether the register says that these two cannot both hold, or will say so once both are published."""
        return Rivalry(self.ties, self.entered).between(claim, other)

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
            for other, kind in self._opposites(claim).items():
                yield (other, False), kind
        else:
            for other, kind in self.apart.get(claim, ()):
                if kind == RelationKind.CONTRADICTS:
                    yield (other, True), kind

    def of_leaning(self, leaning: Leaning) -> Collection[int]:
        """The claims whose current verdict leans so, in order."""
        return sorted(pk for pk, stand in self.stands.items() if stand.leaning == leaning)
