"""In which way a source says a claim or denies it: for whom, in what works, and whether the speaker was named there.

One rule for who says a claim and for who contradicts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from claims.logic.voices import Statement
from claims.reports.load.redact import Redaction
from claims.reports.load.speakers import Speakers
from sources.choices import SourceKind

RETRACTED_WORK = "in a retracted work"
UNNAMED = "speaker not named"


@dataclass(frozen=True, slots=True)
class Way:
    """What held each time that a source did this: the body for which it spoke, where that was one and the same, and
    what to know of it."""

    body: str = ""
    remarks: tuple[str, ...] = ()


class Ways:
    """The ways in which it is said on one side of a claim, as one reader may know them."""

    def __init__(self, claim: int, side: str, speakers: Speakers, redaction: Redaction) -> None:
        self.speakers, self.redaction = speakers, redaction
        voices = speakers.voices
        self._acts: dict[tuple[int, str, bool], list[Statement]] = defaultdict(list)
        for row in voices.on(claim):
            if voices.side(row.id) == side:
                speaker = voices.rows[voices.speaker(row.id)]
                self._acts[speaker.source, speaker.stance, speaker.earlier_wording].append(speaker)

    def of(self, source: int, stance: str, *, earlier_wording: bool) -> Way:
        """The way in which this source did this, of the present wording or of an earlier one."""
        said = self._acts.get((source, stance, earlier_wording), [])
        if not said:
            return Way()
        remarks = (
            RETRACTED_WORK if all(row.retracted_work for row in said) else "",
            UNNAMED if self._is_unnamed(source, said) else "",
        )
        return Way(self._body(said), tuple(filter(None, remarks)))

    def _is_unnamed(self, source: int, said: Sequence[Statement]) -> bool:
        """Whether it is told under a body of which nobody was named; a witness is unnamed by its kind."""
        row = self.speakers.sources[source]
        told = not row.withheld and row.kind != SourceKind.WITNESS
        return told and all(one.unnamed for one in said)

    def _body(self, said: Sequence[Statement]) -> str:
        bodies = {row.on_behalf_of or 0 for row in said}
        body = self.redaction.body(self.speakers.sources.get(bodies.pop())) if len(bodies) == 1 else None
        return body.name if body is not None and body.id else ""
