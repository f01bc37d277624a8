"""What is measured: one request, who asks, and what it may cost beside something else measured in the same run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.request import Request


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `times` the CPU time that another application takes for the same, or for its small answer (`floor`), or
    that the register takes for another case, by its name."""

    times: float
    of: str = "floor"
    engine: str = ""
    """The engine for which it is meant; empty for both."""

    def __str__(self) -> str:
        return f"{self.times:g} x {self.of}"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is measured, by the number of its paragraph among the aims (`docs/performance.md`)."""

    name: str
    aim: int
    request: Request
    bounds: tuple[Bound, ...] = ()
    status: int = 200
    known: bool = False
    """Asked by somebody who has the answer already, by its ETag: it is to be a 304."""
    peer: str = ""
    """What the other applications are asked for, where they can be: list, light, detail or create."""
    peers: tuple[str, ...] = ()
    """Which of them can be; empty for all."""
    same: bool = True
    """Whether they give the same answer, field by field."""
    statements: int = 0
    """At most so many statements to the database; 0 for no bound."""
    writes: bool = False
    items: tuple[int, ...] = ()
    """Rows that each answer one request and no more, in the place of `{item}`; empty where any number will do."""
    before: tuple[Request, ...] = ()
    """What is asked for each of these rows beforehand, and not counted."""
    grows: bool = False
    """Measured on registers of several sizes as well, on which it is to cost the same."""

    def about(self, request: Request, number: int) -> Request:
        """The request of the case, about the row whose turn it is."""
        return request.numbered(self.items[number % len(self.items)], "{item}") if self.items else request


DESK = 4
"""A reader of the desk may cost so many times what the public may."""


def for_the_desk(case: Case) -> Case:
    """The same case for an editor, with the bounds of the desk."""
    bounds = tuple(replace(bound, times=DESK * bound.times) for bound in case.bounds if bound.of != "drf")
    request = replace(case.request, reader="desk")
    name, peers = f"{case.name}, desk", ("raw",)
    # The others know no desk: their public answer is what it is measured by.
    return replace(case, name=name, request=request, bounds=bounds, peers=peers, same=False, grows=False)
