"""Who contradicts a claim, in a dossier."""

from __future__ import annotations

from dataclasses import dataclass

from claims.logic import verbs, wording
from claims.reports.content.rows import SourceContent, Term


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A source that denies the claim, or one that repeats it, or says a rival of it.

    `claim` is that other claim, None where it denies this one; `number` its number, 0 where it does not stand in the
    same report.
    """

    source: SourceContent
    stance: Term
    claim: int | None
    number: int
    text: str
    language: str
    address: str
    passed_on: str = ""
    """The verb that it passes on, where it stands for a source whose statement was withdrawn."""
    earlier_wording: bool = False
    """Whether it did so only before that claim got its present wording."""

    @property
    def denies(self) -> bool:
        """Whether it denies this claim, or one that repeats it."""
        return verbs.side_of(self.passed_on or self.stance.code) == "against"

    @property
    def did_so(self) -> str:
        """What it did with the rival, before that in quotation marks."""
        return verbs.in_words_of(self.stance.code, self.passed_on, earlier=self.earlier_wording)

    @property
    def words(self) -> str:
        """`The Ministry denied it`, `The Ministry asserted: “It was a gas leak.”`."""
        earlier = self.earlier_wording
        return wording.contradicts(self.source.name, self.stance.code, self.text, self.passed_on, earlier=earlier)
