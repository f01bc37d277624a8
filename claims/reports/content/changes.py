"""What changed between two reports of one dispute or claim, in the words of a reader.

`claims.logic.diff` tells which rows were added, changed and removed. A reader wants more: what kind of thing it is,
which claim it is about, and that a verdict did not vanish but was replaced. Long texts are not set side by side: that
a rationale was rewritten is told, the report itself has the new one.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.reports.content.rows import Term

LONG = 400
"""A value with more characters than this is told to have been rewritten, and not shown."""

NOUNS = {
    "dispute": "dispute",
    "question": "question",
    "claim": "claim",
    "verdict": "verdict",
    "attribution": "statement",
    "evidence-link": "evidence",
    "evidence": "evidence",
    "relation": "relation to another claim",
    "review": "review by another publisher",
    "inquiry": "request for a reply",
    "source": "source",
    "document": "document",
    "cell": "rating of evidence",
}
"""What a reader calls each kind of row."""
KINDS = {"added": "new", "changed": "changed", "removed": "no longer here", "replaced": "replaced"}
BY = {
    "update": "an update",
    "clarification": "a clarification",
    "correction": "a correction",
    "retraction": "a retraction",
}
"""By what a verdict was replaced, the gravest last."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a row that differs: its code, its words, and its values before and after, empty for none."""

    field: str
    words: str
    before: str
    after: str

    @property
    def rewritten(self) -> bool:
        """Whether the values are too long to be read side by side."""
        return len(self.before) > LONG or len(self.after) > LONG

    @property
    def act(self) -> str:
        """What was done to a text that is too long to be shown."""
        return "rewritten" if self.before and self.after else "added" if self.after else "taken out"

    @property
    def sentence(self) -> str:
        """`likelihood: from “unlikely” to “likely”`, `website: now “…”`, `rationale: rewritten`."""
        if self.rewritten:
            return f"{self.words}: {self.act}"
        if not self.before:
            return f"{self.words}: now “{self.after}”"
        to = f"from “{self.before}” to “{self.after}”" if self.after else f"no longer “{self.before}”"
        return f"{self.words}: {to}"


@dataclass(frozen=True, slots=True)
class ChangeContent:
    """One row that is new, changed, replaced or no longer here, as far as the reader may read it.

    `number` is that of the claim on which it hangs, None where it hangs on none that is shown;
    `label` is the row in a few words, `reason` why a verdict was corrected.
    """

    change: Term
    noun: Term
    id: int
    claim: int | None
    number: int | None
    label: str
    differences: tuple[Difference, ...] = ()
    reason: str = ""

    @property
    def what(self) -> str:
        """`Claim 2, verdict`, `Document`: what the change is about."""
        if self.number is None:
            return self.noun.words.capitalize()
        return f"Claim {self.number}" if self.noun.code == "claim" else f"Claim {self.number}, {self.noun}"

    @property
    def details(self) -> str:
        """What differs, in one line; empty for what is new or gone."""
        return "; ".join(difference.sentence for difference in self.differences)

    @property
    def sentence(self) -> str:
        """All of it in one line: `Claim 2, verdict, replaced: “Refuted”. rating: from “Contested” to “Refuted”.`"""
        told = f"{self.what}, {self.change}: “{self.label}”."
        details = f" {self.details[:1].upper()}{self.details[1:]}." if self.details else ""
        reason = f" Reason: {self.reason}" if self.reason else ""
        return f"{told}{details}{reason}"
