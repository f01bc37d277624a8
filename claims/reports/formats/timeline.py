"""The timeline of a dispute for programs, and its picture."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from claims.reports.content.dossier import DisputeDossier, Imprint
from claims.reports.content.position import Position
from claims.reports.content.rows import SourceContent
from claims.reports.pictures.timeline import picture_of


def as_json(dossier: DisputeDossier, positions: tuple[Position, ...]) -> dict[str, Any]:
    """The given positions of the timeline as plain values."""
    dispute = dossier.dispute
    return {
        "dispute": {"id": dispute.id, "slug": dispute.slug, "title": dispute.title},
        "positions": [_position(position, dossier.imprint) for position in positions],
    }


def as_svg(dossier: DisputeDossier) -> bytes:
    """The picture of the whole timeline."""
    context = {"picture": picture_of(dossier.timeline)}
    return render_to_string("claims/report/_timeline_picture.html", context).strip().encode()


def _position(row: Position, imprint: Imprint) -> dict[str, Any]:
    change = row.departure
    return {
        "attribution": row.id,
        "address": imprint.address("attributions", row.id),
        "voice": _source(row.voice),
        "source": _source(row.source),
        "stance": row.stance.code,
        "said_on": row.said_on.text,
        "not_after": row.by.text,
        "when": row.when,
        "claim": {"id": row.claim, "number": row.number, "text": row.text},
        "capacity": row.capacity,
        "quote": row.quote,
        "quote_language": row.quote_language,
        "translation": row.translation,
        "document": row.document,
        "earlier_wording": row.earlier_wording,
        "relayed_by": [{**_source(one.source), "earlier_wording": one.earlier_wording} for one in row.relays],
        "change": {
            "kind": change.kind,
            "refers_to": change.refers_to,
            "departs": change.departs,
            "words": change.words,
        }
        if change
        else None,
    }


def _source(row: SourceContent) -> dict[str, Any]:
    return {"id": row.id, "label": row.name, "slug": row.slug}
