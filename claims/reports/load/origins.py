"""Counts the independent origins on claims for one reader, without the rest of a dossier: three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from claims.logic.origins import TOGETHER, Origins, count_pieces
from claims.logic.voices import Voices
from claims.models import EvidenceLink
from claims.reports.load.rows import Rows, ancestry
from claims.reports.load.speakers import load_voices
from factcheck.base.people import Reader

Shown = tuple[int, str]


@dataclass(frozen=True, slots=True)
class OriginRows:
    """What is said and shown on some claims, by claim. The parents also hold what the reader may not see, by id."""

    voices: Voices
    shown: Mapping[int, list[Shown]]
    derived_from: Mapping[int, int | None]

    def on_claim(self, claim: int) -> Origins:
        """The figures of one claim."""
        return Origins(
            voices=self.voices.count(claim),
            evidence=count_pieces(self.shown.get(claim, []), self.derived_from),
        )

    def on_claims(self, claims: Collection[int]) -> Origins:
        """The figures of several claims as a whole: each source and each piece of evidence counts once."""
        shown = [row for claim in claims for row in self.shown.get(claim, [])]
        return Origins(
            voices={TOGETHER: self.voices.count_all(claims)},
            evidence={TOGETHER: count_pieces(shown, self.derived_from)[TOGETHER]},
        )


def load_origins(claims: Collection[int], user: Reader) -> OriginRows:
    """What stands on these claims, all of which `user` may read; counted as `Rows.of` and the reports count it."""
    # Whoever may read the link may read its evidence.
    readable = EvidenceLink.objects.visible_to(user).standing().filter(claim__in=claims).order_by("id")
    shown: dict[int, list[Shown]] = defaultdict(list)
    for claim, evidence, bearing in readable.values_list("claim", "evidence", "bearing"):
        shown[claim].append((evidence, bearing))
    pieces = sorted({pk for found in shown.values() for pk, _bearing in found})
    return OriginRows(load_voices(claims), shown, ancestry(pieces))


def origins_in(rows: Rows) -> OriginRows:
    """The same from rows that are loaded, of today or of a past moment."""
    return OriginRows(
        rows.speakers.voices,
        {pk: [(link.evidence_id, link.bearing) for link in found] for pk, found in rows.links.items()},
        rows.derived_from,
    )
