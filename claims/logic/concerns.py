"""What is amiss with a dispute as it is entered, in words for the desk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that the desk should look at; `claims` and `evidence` are the ids of the rows it is about."""

    code: str
    words: str
    claims: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()
