"""Puts the timeline of a dispute together from the rows of its dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from claims.choices import Stance
from claims.logic.affiliation import Member, voice_of
from claims.logic.voices import Voices
from claims.reports.content.bonds import Link
from claims.reports.content.dossier import ClaimContent
from claims.reports.content.position import Position, Relay, Retraction
from claims.reports.content.rows import NEVER, AttributionContent, SourceContent
from claims.reports.content.timeline import Timeline, timeline_of
from claims.reports.load.members import members_of
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import Rows
from claims.reports.load.stance import did


def assemble_timeline(claims: Sequence[ClaimContent], rows: Rows, redaction: Redaction) -> Timeline:
    """What was said on the `claims`, as one reader may know it: relays are folded into what they pass on."""
    members = members_of(rows.bodies.values(), rows.affiliations, redaction)
    positions = [
        _position(row, relays, claim, _voice(row, members, rows, redaction), rows, redaction)
        for claim in claims
        for row, relays in _with_relays(claim)
    ]
    links = {row.pk: row for found in rows.relations.values() for row in found}
    return timeline_of(positions, [Link(row.claim_id, row.other_id, row.kind) for row in links.values()])


def _with_relays(claim: ClaimContent) -> Iterator[tuple[AttributionContent, Sequence[AttributionContent]]]:
    """Each statement on the claim with the relays that stand for it; those that their own source took back pass it on
    no more."""
    shown = {row.id: row for row in claim.attributions}
    relays: dict[int, list[AttributionContent]] = defaultdict(list)
    for row in claim.attributions:
        if (passed_on := _passed_on(row, shown)) != row.id:
            relays[passed_on].append(row)
    folded = {row.id for found in relays.values() for row in found}
    gone = {row.id for row in claim.taken_back}
    for row in claim.attributions:
        if row.id not in folded:
            yield row, [relay for relay in relays[row.id] if relay.id not in gone]


def _passed_on(row: AttributionContent, shown: Mapping[int, AttributionContent]) -> int:
    """The statement for which a relay stands: the nearest on its way back that is none itself. Where the reader may
    see none, the furthest relay that they may see, which then stands for itself."""
    found = row.id
    for link in row.chain[1:] if row.stance.code == Stance.RELAYS else ():
        if (origin := shown.get(link.attribution_id)) is not None:
            found = origin.id
            if origin.stance.code != Stance.RELAYS:
                break
    return found


def _position(
    row: AttributionContent,
    relays: Sequence[AttributionContent],
    claim: ClaimContent,
    voice: SourceContent,
    rows: Rows,
    redaction: Redaction,
) -> Position:
    # Told of the voice, and not of who spoke for it.
    retracts = row.stance.code == Stance.RETRACTS and voice.id != row.source.id
    stance = did(row.id, row.stance.code, rows.speakers, redaction, voice.id) if retracts else row.stance
    return Position(
        id=row.id,
        voice=voice,
        source=row.source,
        claim=claim.id,
        number=claim.number,
        text=claim.text,
        language=claim.language.code,
        stance=stance,
        said_on=row.said_on,
        by=row.document.published_on if row.document is not None and not row.said_on else NEVER,
        capacity=row.capacity,
        quote=row.quote,
        quote_language=row.quote_language.code,
        translation=row.translation,
        document=row.document.title if row.document is not None else "",
        relays=_passed_on_by(relays),
        least=claim.quantity_min,
        most=claim.quantity_max,
        unit=claim.quantity_unit,
        earlier_wording=row.earlier_wording,
        taken_back=retractions_of(row.id, rows.speakers.voices),
        of_hidden_body=_hides_body(row, redaction),
    )


def _passed_on_by(rows: Sequence[AttributionContent]) -> tuple[Relay, ...]:
    """Each source once; of an earlier wording where it passed on nothing of the present one."""
    now = {row.source.id for row in rows if not row.earlier_wording}
    return tuple(Relay(source, pk not in now) for pk, source in {row.source.id: row.source for row in rows}.items())


def retractions_of(pk: int, said: Voices) -> tuple[Retraction, ...]:
    """What takes back the statement with this id, as the register counts it."""
    return tuple(Retraction(back.id, back.said_on) for back in said.taking_back(pk))


def _voice(row: AttributionContent, members: Mapping[int, Member], rows: Rows, redaction: Redaction) -> SourceContent:
    """The topmost body for which the statement speaks, by what they belonged to on its day."""
    holder = row.source if _hides_body(row, redaction) else row.on_behalf_of or row.source
    voice = voice_of(holder.id, row.said_on.text, members)
    return holder if voice == holder.id else redaction.source(rows.bodies[voice])


def _hides_body(row: AttributionContent, redaction: Redaction) -> bool:
    """Whether it was said for a withheld body, which is nobody's voice outside the desk: two who speak for it would be
    tied to each other."""
    return row.on_behalf_of is not None and row.on_behalf_of.withheld and not redaction.desk
