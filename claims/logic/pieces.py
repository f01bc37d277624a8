"""Which pieces of evidence have one origin, and which are one piece: what repeats or needs another counts once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from factcheck.base.ancestry import all_furthest, ancestors


class Shown(NamedTuple):
    """One piece of evidence that counts on one claim: its id, its bearing, the claim, and its set there, if any."""

    evidence: int
    bearing: str
    claim: int = 0
    set_name: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """What makes one origin of several pieces, by their ids, whoever may read them.

    `derived_from` maps a piece to that which it derives from, and must hold all generations. `carriers` maps a piece,
    also one that others derive from, to the documents that carry it; a piece that says why it is an origin of its own
    is left out. `independent` are the pieces that say so.
    """

    derived_from: Mapping[int, int | None] = field(default_factory=dict)
    carriers: Mapping[int, Collection[int]] = field(default_factory=dict)
    independent: Collection[int] = frozenset()

    def followed_by(self, piece: int) -> Iterator[int]:
        """The pieces that this one only repeats, the nearest first, up to one that says why it is independent."""
        if piece in self.independent:
            return
        for above in ancestors(piece, self.derived_from):
            yield above
            if above in self.independent:
                return

    def origins_of(self, shown: Sequence[Shown]) -> dict[int, int]:
        """The origin of each of these pieces, named by the least of those at the end of its lines.

        Pieces have one origin when one derives from the other, when one document carries both, and when they are one
        set; in each case through others if need be. These others are what is shown and what that derives from.
        """
        known = {row.evidence for row in shown}
        for piece in list(known):
            while (parent := self.derived_from.get(piece)) is not None and parent not in known:
                known.add(parent)
                piece = parent
        furthest = all_furthest(known, self.derived_from)
        groups = [[piece, origin] for piece, origin in furthest.items()]
        carried: dict[int, list[int]] = {}
        for piece in known:
            for document in self.carriers.get(piece, ()):
                carried.setdefault(document, []).append(piece)
        joined = join(groups + list(carried.values()) + [list(found) for found in sets_of(shown)])
        names: dict[int, int] = {}
        for origin in set(furthest.values()):
            names[joined[origin]] = min(origin, names.get(joined[origin], origin))
        return {row.evidence: names[joined[row.evidence]] for row in shown}


def sets_of(shown: Iterable[Shown]) -> list[frozenset[int]]:
    """The pieces that show something only together, by set: those with one name on one claim."""
    found: dict[tuple[int, str], set[int]] = {}
    for row in shown:
        if row.set_name:
            found.setdefault((row.claim, row.set_name), set()).add(row.evidence)
    return [frozenset(pieces) for pieces in found.values()]


def units_of(shown: Sequence[Shown]) -> dict[int, int]:
    """As what each piece is counted: itself, or the least of those that are one piece with it, being one set."""
    joined = join([[row.evidence] for row in shown] + [sorted(found) for found in sets_of(shown)])
    return {row.evidence: joined[row.evidence] for row in shown}


def join(groups: Iterable[Sequence[int]]) -> dict[int, int]:
    """Each member of the groups with the least of all to which it is joined, through other groups if need be."""
    leader: dict[int, int] = {}

    def find(member: int) -> int:
        leader.setdefault(member, member)
        while leader[member] != member:
            leader[member] = member = leader[leader[member]]
        return member

    for group in groups:
        for member in group:
            one, other = find(group[0]), find(member)
            leader[max(one, other)] = min(one, other)
    return {member: find(member) for member in leader}
