"""Who contradicts a claim, in a dossier."""

from __future__ import annotations

from dataclasses import dataclass

from claims.logic import wording
from claims.reports.content.rows import SourceContent, Term


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A source that denies the claim or says a rival of it; `claim` is that rival, None where it denies this one.

    `number` is the place of the rival in the report, 0 where it has none there.
    """

    source: SourceContent
    stance: Term
    claim: int | None
    number: int
    text: str
    language: str
    address: str

    @property
    def words(self) -> str:
        """`The Ministry denied it`, `The Ministry asserted: “It was a gas leak.”`."""
        return wording.contradicts(self.source.name, self.stance.code, self.text)
