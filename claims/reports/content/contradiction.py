"""Who contradicts a claim, in a dossier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from claims.logic import verbs
from claims.reports.content.rows import NEVER, SourceContent, Term, When


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
    body: str = ""
    """For whom it spoke, where that was one body each time that it did so and counts."""
    remarks: tuple[str, ...] = ()
    """What held each of these times: that the work was retracted since, that the speaker was not named."""
    attribution: int = 0
    """The first statement by which it did, with its date."""
    said_on: When = NEVER

    @property
    def who(self) -> str:
        """`Ada for The Ministry`."""
        return f"{self.source.name} for {self.body}" if self.body else self.source.name

    @property
    def denies(self) -> bool:
        """Whether it denies this claim, or one that repeats it."""
        return verbs.side_of(self.passed_on or self.stance.code) == "against"

    @property
    def did_so(self) -> str:
        """What it did with the rival, before that in quotation marks."""
        did = verbs.in_words_of(self.stance.code, self.passed_on, earlier=self.earlier_wording)
        return verbs.remarked(did, self.remarks)

    def did_it(self, told: Collection[str]) -> str:
        """What it did with this claim, and what is to be known of that and not told already."""
        did = verbs.in_words(self.stance.code, self.passed_on, earlier=self.earlier_wording)
        return verbs.remarked(did, [remark for remark in self.remarks if remark not in told])

    @property
    def words(self) -> str:
        """`The Ministry denied it`, `The Ministry asserted: “It was a gas leak.”`."""
        act = self.stance.code, self.text, self.passed_on
        return verbs.contradicts(self.who, *act, earlier=self.earlier_wording, remarks=self.remarks)
