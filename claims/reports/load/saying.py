"""In which way a source says a claim or denies it: for whom, in what works, and whether the speaker was named there.

One rule for who says a claim and for who contradicts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.logic.voices import Statement, Voices
from sources.choices import SourceKind
from sources.models import Source

RETRACTED_WORK = "in a retracted work"
UNNAMED = "speaker not named"


@dataclass(frozen=True, slots=True)
class Way:
    """What held each time that a source did this: the body for which it spoke, where that was one and the same, and
    what to know of it."""

    body: Source | None = None
    remarks: tuple[str, ...] = ()


class Ways:
    """The ways in which it is said on one side of a claim; `sources` are whoever speaks."""

    def __init__(self, claim: int, side: str, voices: Voices, sources: Mapping[int, Source]) -> None:
        self.sources = sources
        self._acts: dict[tuple[int, str, bool], list[Statement]] = defaultdict(list)
        for row in voices.on(claim):
            if voices.side(row.id) == side:
                speaker = voices.rows[voices.speaker(row.id)]
                self._acts[speaker.source, speaker.stance, speaker.earlier_wording].append(speaker)

    def of(self, row: Statement) -> Way:
        """The way in which the source of this statement did what it did there, of the same wording."""
        said = self._acts.get((row.source, row.stance, row.earlier_wording), [])
        if not said:
            return Way()
        remarks = (
            RETRACTED_WORK if all(one.retracted_work for one in said) else "",
            UNNAMED if self._is_unnamed(row.source, said) else "",
        )
        return Way(self._body(said), tuple(filter(None, remarks)))

    def _is_unnamed(self, source: int, said: Sequence[Statement]) -> bool:
        """Whether it is told under a body of which nobody was named; a witness is unnamed by its kind."""
        row = self.sources[source]
        told = not row.withheld and row.kind != SourceKind.WITNESS
        return told and all(one.unnamed for one in said)

    def _body(self, said: Sequence[Statement]) -> Source | None:
        """For whom, where that may be told; who speaks for one that is withheld speaks for nobody."""
        bodies = {row.on_behalf_of or 0 for row in said}
        body = self.sources.get(bodies.pop()) if len(bodies) == 1 else None
        return body if body is not None and not body.withheld else None
