"""Loads who says what on claims and on their rivals, for one reader: the same number of queries for any number of
claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from claims.choices import ClaimStatus
from claims.logic.origins import Tally
from claims.logic.voices import Statement, Voices
from claims.models import Attribution, Claim
from claims.models.claim import readable_claims
from claims.models.parts import Contradicting, TakenBack
from claims.models.spoken_for import TOLD_BODY
from claims.reports.load.saying import Way, Ways
from claims.rules.rivalry import rivalry_around
from factcheck.base.people import Reader
from sources.models import Source


@dataclass(frozen=True, slots=True)
class Speakers:
    """What is said on some claims, on their rivals and on what repeats them. `rivals` and `repeats` hold those that the
    reader may read, under the claim; `sources` whoever speaks."""

    voices: Voices
    rivals: Mapping[int, Sequence[Claim]]
    sources: Mapping[int, Source]
    repeats: Mapping[int, Sequence[Claim]] = field(default_factory=dict)

    def contradicting(self, claim: int) -> Iterator[Contradicting]:
        """Those who deny the claim, those who deny one that repeats it, and those by whom a rival is said, each with
        every verb that they used.

        Claims that repeat each other are taken as one: who denies several of them is told once.
        """
        told: set[int] = set()
        for other in (None, *self.repeats.get(claim, ())):
            found = list(self._contradicting(claim, other, "against"))
            yield from (row for row in found if row.source.pk not in told)
            told |= {row.source.pk for row in found}
        for rival in self.rivals.get(claim, ()):
            yield from self._contradicting(claim, rival, "for")

    def ways(self, claim: int, side: str) -> Iterator[tuple[Statement, Way]]:
        """Who says it on this side, by one statement for each verb that they used, and in which way they did so each
        time."""
        found = self.voices.ways(claim, side)
        ways = Ways(claim, side, self.voices, self.sources) if found else None
        yield from ((row, ways.of(row)) for row in map(self.voices.rows.__getitem__, found) if ways is not None)

    def count_rivals(self, claim: int) -> Tally:
        """What is said for the rivals of the claim, taken together."""
        return self.voices.count_all([rival.pk for rival in self.rivals.get(claim, ())], "for")

    def count_repeats(self, claim: int) -> Tally:
        """What is said against those that repeat the claim, taken together."""
        return self.voices.count_all([other.pk for other in self.repeats.get(claim, ())], "against")

    def _contradicting(self, claim: int, other: Claim | None, side: str) -> Iterator[Contradicting]:
        for row, way in self.ways(claim if other is None else other.pk, side):
            end = self.voices.passes_on(row.id)
            yield Contradicting(
                attribution=row.id,
                source=self.sources[row.source],
                stance=row.stance,
                said_on=row.said_on,
                other=other,
                passed_on=end.stance if end is not None else "",
                earlier_wording=row.earlier_wording,
                body=way.body,
                remarks=way.remarks,
            )

    def taken_back(self, claim: int) -> Iterator[TakenBack]:
        """What was said on the claim and taken back by its source, or by the body for which that spoke; a relay of it
        goes with it, untold."""
        for pk, back in self.voices.retracted.items():
            row = self.voices.rows[pk]
            by = row.source if row.source in back.speakers else row.on_behalf_of
            if row.claim == claim and row.stands and pk in self.voices.own_taken_back and by in back.speakers:
                source, who = self.sources[row.source], self.sources[by]
                yield TakenBack(row.id, source, row.stance, row.said_on, back.said_on, who)


def load_speakers(claims: Collection[int], user: Reader, *, heard: bool = False) -> Speakers:
    """What is said on these claims, all of which `user` may read, and on those of their rivals that they may read.

    With `heard`, rivals on which nobody says anything are left out: a question may have many.
    """
    around = rivalry_around(claims, lambda path: readable_claims(user, path))
    read = _read({other for pk in claims for other in (*around.of(pk), *around.repeats(pk))}, user, heard=heard)
    near = [
        {pk: [read[other] for other in of(pk) if other in read] for pk in claims} for of in (around.of, around.repeats)
    ]
    voices = load_voices({*claims, *read})
    return Speakers(voices, near[0], sources_in(voices), near[1])


def load_voices(claims: Collection[int]) -> Voices:
    """What is said on these claims, in order of time. It also holds what was withdrawn, by id alone."""
    rows = Attribution.objects.filter(claim__in=claims).by_said_on()
    columns = ("pk", "claim", "source", "stance", "said_on", "relayed_from", "joint_with", TOLD_BODY)
    moments = ("withdrawn_at", "updated_at", "claim__reworded_at")
    found = rows.values_list(*columns, *moments, "document__retracted_on", "anonymous")
    return Voices(
        Statement(
            *(pk, claim, source, stance, said_on, origin, joint),
            stands=gone is None,
            on_behalf_of=body,
            earlier_wording=_is_older(at, since),
            retracted_work=bool(retracted),
            unnamed=unnamed,
        )
        for pk, claim, source, stance, said_on, origin, joint, body, gone, at, since, retracted, unnamed in found
    )


def _is_older(changed: datetime, reworded: datetime | None) -> bool:
    return reworded is not None and changed < reworded


def load_said(claims: Collection[int]) -> Speakers:
    """What is said on these claims, whatever their rivals."""
    voices = load_voices(claims)
    return Speakers(voices, {}, sources_in(voices))


def statement(row: Attribution) -> Statement:
    """An attribution, whose claim and document are joined to it, as it is counted."""
    return Statement(
        id=row.pk,
        claim=row.claim_id,
        source=row.source_id,
        stance=row.stance,
        said_on=row.said_on,
        relayed_from=row.relayed_from_id,
        joint_with=row.joint_with_id,
        stands=row.withdrawn_at is None,
        on_behalf_of=row.told_body,
        earlier_wording=row.earlier_wording,
        retracted_work=bool(row.document is not None and row.document.retracted_on),
        unnamed=row.anonymous,
    )


def sources_in(voices: Voices) -> dict[int, Source]:
    """Whoever says something there that stands, and for whom."""
    ids = {pk for row in voices.rows.values() if row.stands for pk in row.spoken.speakers}
    return Source.objects.select_related("part_of").in_bulk(ids) if ids else {}


def _read(ids: Collection[int], user: Reader, *, heard: bool) -> dict[int, Claim]:
    """Of these claims those that `user` may read and that were not withdrawn."""
    rows = Claim.objects.visible_to(user).exclude(status=ClaimStatus.WITHDRAWN)
    if heard:
        rows = rows.filter(Exists(Attribution._base_manager.filter(claim=OuterRef("pk"))))
    return rows.in_bulk(ids) if ids else {}
