"""How the claims of a timeline are tied to each other by logic."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from factcheck.base.ancestry import furthest

# How a relation that counts here reads from the other claim.
_BACK = {
    "contradicts": "contradicts",
    "excludes": "excludes",
    "refines": "is refined by",
}


@dataclass(frozen=True, slots=True)
class Link:
    """How one claim bears on another, by their ids."""

    claim: int
    other: int
    kind: str


class Bonds:
    """How claims bear on each other, with all repetitions of a claim taken as one."""

    def __init__(self, links: Iterable[Link]) -> None:
        links = list(links)
        self._parents: dict[int, int] = {}
        for link in links:
            if link.kind == "repeats" and (one := self.claim(link.claim)) != (other := self.claim(link.other)):
                self._parents[one] = other
        self._kinds: dict[tuple[int, int], set[str]] = {}
        for link in links:
            one, other = self.claim(link.claim), self.claim(link.other)
            if link.kind in _BACK:
                self._kinds.setdefault((one, other), set()).add(link.kind)
                self._kinds.setdefault((other, one), set()).add(_BACK[link.kind])

    def claim(self, pk: int) -> int:
        """The claim that stands for this one and all its repetitions."""
        return furthest(pk, self._parents)

    def between(self, one: int, other: int) -> Collection[str]:
        """How the one bears on the other, both as `claim` gives them."""
        return ("repeats",) if one == other else self._kinds.get((one, other), ())
