"""Puts the timeline of a dispute together from the rows of its dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from claims.choices import Stance
from claims.dossier.mask import Mask
from claims.dossier.rows import Rows
from claims.logic.dossier import ClaimView
from claims.logic.dossier_rows import NEVER, AttributionView, OriginGroup, SourceView
from claims.logic.timeline import Link, Position, Timeline, timeline_of


def assemble_timeline(claims: Sequence[ClaimView], rows: Rows, mask: Mask) -> Timeline:
    """What was said on the `claims`, as one reader may know it: relays are folded into what they pass on."""
    positions = [
        position for claim in claims for group in claim.origins for position in _positions(claim, group, rows, mask)
    ]
    links = {row.pk: row for found in rows.relations.values() for row in found}
    return timeline_of(positions, [Link(row.claim_id, row.other_id, row.kind) for row in links.values()])


def _positions(claim: ClaimView, group: OriginGroup, rows: Rows, mask: Mask) -> Iterator[Position]:
    own = [row for row in group.attributions if row.stance.code != Stance.RELAYS]
    # Of a statement that the reader may not see, its relays stand for it; the first speaks for all of them.
    speaking = own or list(group.attributions[:1])
    for number, row in enumerate(speaking):
        relays = [other for other in group.attributions if other not in speaking] if number == 0 else []
        yield _position(claim, row, relays, rows, mask)


def _position(
    claim: ClaimView, row: AttributionView, relays: Sequence[AttributionView], rows: Rows, mask: Mask
) -> Position:
    return Position(
        id=row.id,
        voice=_voice(row, rows, mask),
        source=row.source,
        claim=claim.id,
        number=claim.number,
        text=claim.text,
        language=claim.language.code,
        stance=row.stance,
        said_on=row.said_on,
        by=row.document.published_on if row.document is not None and not row.said_on else NEVER,
        capacity=row.capacity,
        quote=row.quote,
        quote_language=row.quote_language.code,
        translation=row.translation,
        document=row.document.title if row.document is not None else "",
        relays=tuple({other.source.id: other.source for other in relays}.values()),
    )


def _voice(row: AttributionView, rows: Rows, mask: Mask) -> SourceView:
    """The topmost body for which the statement speaks; who is withheld belongs to nobody, and nobody to them."""
    holder = row.on_behalf_of or row.source
    body = rows.bodies.get(holder.id)
    if body is None or mask.hides(body):
        return holder
    seen = {body.pk}
    while (parent := rows.bodies.get(body.part_of_id or 0)) is not None:
        if parent.pk in seen or mask.hides(parent):
            break
        seen.add(parent.pk)
        body = parent
    return mask.source(body) if body.pk != holder.id else holder
