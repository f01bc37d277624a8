"""Counts the independent origins on claims for one reader, without the rest of a dossier: four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from claims.logic.origins import TOGETHER, Origins, count_pieces
from claims.logic.pieces import Kinship, Shown
from claims.logic.voices import Voices
from claims.models import EvidenceLink
from claims.reports.load.rows import Rows, load_kinship
from claims.reports.load.speakers import load_voices
from factcheck.base.people import Reader


@dataclass(frozen=True, slots=True)
class OriginRows:
    """What is said and counts on some claims, by claim. Parents and kinship also hold what the reader may not see, by
    id."""

    voices: Voices
    shown: Mapping[int, list[Shown]]
    kinship: Kinship

    def on_claim(self, claim: int) -> Origins:
        """The figures of one claim."""
        return Origins(
            voices=self.voices.count(claim),
            evidence=count_pieces(self.shown.get(claim, []), self.kinship),
        )

    def on_claims(self, claims: Collection[int]) -> Origins:
        """The figures of several claims as a whole: each source and each piece of evidence counts once."""
        shown = [row for claim in claims for row in self.shown.get(claim, [])]
        return Origins(
            voices={TOGETHER: self.voices.count_all(claims)},
            evidence={TOGETHER: count_pieces(shown, self.kinship)[TOGETHER]},
        )


def load_origins(claims: Collection[int], user: Reader) -> OriginRows:
    """What stands on these claims, all of which `user` may read; counted as `Rows.of` and the reports count it."""
    # Whoever may read the link may read its evidence.
    readable = EvidenceLink.objects.visible_to(user).counting().filter(claim__in=claims).order_by("id")
    shown: dict[int, list[Shown]] = defaultdict(list)
    for row in readable.values_list("evidence", "bearing", "claim", "set_name"):
        shown[row[2]].append(Shown(*row))
    pieces = {row.evidence for found in shown.values() for row in found}
    return OriginRows(load_voices(claims), shown, load_kinship(pieces))


def origins_in(rows: Rows) -> OriginRows:
    """The same from rows that are loaded, of today or of a past moment."""
    return OriginRows(
        rows.speakers.voices,
        {pk: rows.shown([pk]) for pk in rows.links},
        rows.kinship,
    )
