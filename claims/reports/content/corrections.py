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
        return f"{self.severity.capitalize()}, {self.correction.words}: {self.text}"
