"""One correction of a verdict as it is told by itself, outside the report of its claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from claims.reports.content.rows import CorrectionContent


@dataclass(frozen=True, slots=True)
class CorrectionNotice:
    """A correction with the claim and the dispute that it is about."""

    id: int
    at: datetime
    claim: int
    text: str
    language: str
    dispute: str
    slug: str
    correction: CorrectionContent

    @property
    def severity(self) -> str:
        return self.correction.new.correction_severity.words

    @property
    def headline(self) -> str:
        """`Correction, from “Contested” to “Refuted”: He died of heart failure.`"""
        before = f" (the wording before: “{self.judged_before}”)" if self.judged_before else ""
        return f"{self.severity.capitalize()}, {self.correction.words}: {self.judged}{before}"

    @property
    def judged(self) -> str:
        """The words that the new verdict judged."""
        return self.correction.new.claim_text or self.text

    @property
    def judged_before(self) -> str:
        """Those that the old one judged, where they are others."""
        old = self.correction.old
        before = (old.claim_text or self.text) if old is not None else ""
        return before if before != self.judged else ""
