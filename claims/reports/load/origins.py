"""Counts the independent origins on claims for one reader, without the rest of a dossier: four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from claims.logic.origins import TOGETHER, Origins, Said, count_pieces, count_voices, tally
from claims.logic.pieces import Kinship, Shown
from claims.models import Attribution, EvidenceLink
from claims.reports.load.rows import Rows, load_kinship
from factcheck.base.people import Reader


@dataclass(frozen=True, slots=True)
class OriginRows:
    """What is said and counts on some claims, by claim. Parents and kinship also hold what the reader may not see, by
    id."""

    said: Mapping[int, list[Said]]
    relayed_from: Mapping[int, int | None]
    shown: Mapping[int, list[Shown]]
    kinship: Kinship

    def on_claim(self, claim: int) -> Origins:
        """The figures of one claim."""
        return Origins(
            voices=count_voices(self.said.get(claim, []), self.relayed_from),
            evidence=count_pieces(self.shown.get(claim, []), self.kinship),
        )

    def on_claims(self, claims: Collection[int]) -> Origins:
        """The figures of several claims as a whole: each source and each piece of evidence counts once."""
        said = [row for claim in claims for row in self.said.get(claim, [])]
        shown = [row for claim in claims for row in self.shown.get(claim, [])]
        return Origins(
            voices={TOGETHER: tally(((row.id, row.source) for row in said), self.relayed_from)},
            evidence={TOGETHER: count_pieces(shown, self.kinship)[TOGETHER]},
        )


def load_origins(claims: Collection[int], user: Reader) -> OriginRows:
    """What stands on these claims, all of which `user` may read; counted as `Rows.of` and the reports count it."""
    said: dict[int, list[Said]] = defaultdict(list)
    relayed_from: dict[int, int | None] = {}
    attributions = Attribution.objects.filter(claim__in=claims).by_said_on()
    for pk, claim, source, stance, parent, withdrawn in attributions.values_list(
        "pk", "claim", "source", "stance", "relayed_from", "withdrawn_at"
    ):
        relayed_from[pk] = parent
        if withdrawn is None:
            said[claim].append(Said(pk, source, stance))
    # Whoever may read the link may read its evidence.
    readable = EvidenceLink.objects.visible_to(user).counting().filter(claim__in=claims).order_by("id")
    shown: dict[int, list[Shown]] = defaultdict(list)
    for row in readable.values_list("evidence", "bearing", "claim", "set_name"):
        shown[row[2]].append(Shown(*row))
    pieces = {row.evidence for found in shown.values() for row in found}
    return OriginRows(said, relayed_from, shown, load_kinship(pieces))


def origins_in(rows: Rows) -> OriginRows:
    """The same from rows that are loaded, of today or of a past moment."""
    return OriginRows(
        {pk: [Said(row.pk, row.source_id, row.stance) for row in found] for pk, found in rows.attributions.items()},
        rows.relayed_from,
        {pk: rows.shown([pk]) for pk in rows.links},
        rows.kinship,
    )
