"""Loads who says what on claims and on their rivals, for one reader: the same number of queries for any number of
claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.choices import ClaimStatus
from claims.logic.voices import Statement, Voices
from claims.models import Attribution, Claim
from claims.models.parts import Contradicting, TakenBack
from claims.rules.rivalry import rivalry_around
from factcheck.base.people import Reader
from sources.models import Source


@dataclass(frozen=True, slots=True)
class Speakers:
    """What is said on some claims and on their rivals. `rivals` holds those that the reader may read, under the claim;
    `sources` whoever speaks."""

    voices: Voices
    rivals: Mapping[int, Sequence[Claim]]
    sources: Mapping[int, Source]

    def contradicting(self, claim: int) -> Iterator[Contradicting]:
        """Those who deny the claim, then those by whom a rival is said, each with that rival."""
        for pk in self.voices.speakers(claim, "against"):
            yield self._contradicting(pk, None)
        for rival in self.rivals.get(claim, ()):
            for pk in self.voices.speakers(rival.pk, "for"):
                yield self._contradicting(pk, rival)

    def _contradicting(self, pk: int, rival: Claim | None) -> Contradicting:
        row = self.voices.rows[pk]
        end = self.voices.passes_on(pk)
        return Contradicting(self.sources[row.source], row.stance, rival, end.stance if end is not None else "")

    def taken_back(self, claim: int) -> Iterator[TakenBack]:
        """What was said on the claim and taken back by its source itself; a relay of it goes with it, untold."""
        for pk, back in self.voices.retracted.items():
            row = self.voices.rows[pk]
            if row.claim == claim and row.stands and row.source == back.source:
                yield TakenBack(row.id, self.sources[row.source], row.stance, row.said_on, back.said_on)


def load_speakers(claims: Collection[int], user: Reader) -> Speakers:
    """What is said on these claims, all of which `user` may read, and on those of their rivals that they may read."""
    rivals = _rivals(claims, user)
    voices = load_voices({*claims, *(row.pk for found in rivals.values() for row in found)})
    return Speakers(voices, rivals, sources_in(voices))


def load_voices(claims: Collection[int]) -> Voices:
    """What is said on these claims, in order of time. It also holds what was withdrawn, by id alone."""
    rows = Attribution.objects.filter(claim__in=claims).by_said_on()
    columns = ("pk", "claim", "source", "stance", "said_on", "relayed_from", "joint_with", "withdrawn_at")
    return Voices(
        Statement(pk, claim, source, stance, said_on, relayed_from, joint_with, withdrawn_at is None)
        for pk, claim, source, stance, said_on, relayed_from, joint_with, withdrawn_at in rows.values_list(*columns)
    )


def load_said(claims: Collection[int]) -> Speakers:
    """What is said on these claims, whatever their rivals."""
    voices = load_voices(claims)
    return Speakers(voices, {}, sources_in(voices))


def statement(row: Attribution) -> Statement:
    """An attribution as it is counted."""
    return Statement(
        id=row.pk,
        claim=row.claim_id,
        source=row.source_id,
        stance=row.stance,
        said_on=row.said_on,
        relayed_from=row.relayed_from_id,
        joint_with=row.joint_with_id,
        stands=row.withdrawn_at is None,
    )


def sources_in(voices: Voices) -> dict[int, Source]:
    """Whoever says something there that stands."""
    ids = {row.source for row in voices.rows.values() if row.stands}
    return Source.objects.select_related("part_of").in_bulk(ids) if ids else {}


def _rivals(claims: Collection[int], user: Reader) -> dict[int, list[Claim]]:
    around = rivalry_around(claims)
    return rivals_read({pk: around.of(pk) for pk in claims}, user)


def rivals_read(ids: Mapping[int, Sequence[int]], user: Reader) -> dict[int, list[Claim]]:
    """Of these rivals the claims that `user` may read and that were not withdrawn."""
    wanted = {rival for found in ids.values() for rival in found}
    rows = Claim.objects.visible_to(user).exclude(status=ClaimStatus.WITHDRAWN).in_bulk(wanted) if wanted else {}
    return {pk: [rows[rival] for rival in found if rival in rows] for pk, found in ids.items()}
