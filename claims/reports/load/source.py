"""Loads what one reader may know of one source, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from claims.models import Attribution, Claim
from claims.reports.content.bonds import Link
from claims.reports.content.cards import ClaimCard
from claims.reports.content.position import Position
from claims.reports.content.rows import NEVER, SourceContent
from claims.reports.content.source_page import SourceDossier
from claims.reports.content.timeline import timeline_of
from claims.reports.load.balance import load_balance
from claims.reports.load.cards import claim_cards
from claims.reports.load.fields import language, when
from claims.reports.load.redact import Redaction
from claims.reports.load.rows import relations_on
from claims.reports.load.speakers import Speakers, load_said
from claims.reports.load.stance import did
from claims.reports.load.timeline import retractions_of
from factcheck.base.people import Reader
from factcheck.models.choosing import first_rows
from sources.models import Source

SHOWN = 100
"""The newest statements that a page shows, and the most parts of a body."""


def sources_known_to(user: Reader) -> QuerySet[Source]:
    """The sources of which `user` may read and whose name they may know: those that have a page."""
    return Source.objects.visible_to(user).named_to(user)


def source_views(rows: Iterable[Source], user: Reader) -> tuple[SourceContent, ...]:
    """The sources, which come with the bodies that they belong to, as `user` may know them."""
    redaction = Redaction.of(user)
    return tuple(redaction.source(row) for row in rows)


def load_source(source: Source, user: Reader) -> SourceDossier:
    """What `source`, which `user` may know by name, said itself or had said on its behalf.

    Outside the desk without what it said for a withheld source, or such a source for it: that would tell who it is.
    """
    redaction = Redaction.of(user)
    rows = _statements(source, user, redaction)
    found = first_rows(rows, SHOWN + 1)
    shown = sorted(found[:SHOWN], key=lambda row: (row.said_on == "", row.said_on, row.pk))
    ids = list(dict.fromkeys(row.claim_id for row in shown))
    claims = Claim.objects.filter(pk__in=ids).select_related("dispute").in_bulk()
    cards = claim_cards([claims[pk] for pk in ids])
    by_id = {card.id: card for card in cards}
    said = load_said(ids)
    relations = relations_on(ids, user).filter(claim__in=ids, other__in=ids, withdrawn_at=None)
    statements = Attribution.objects.filter(source=source).without_idle_retractions(source.pk)
    own = load_balance(user, "source", statements, limit=2, source=source.pk)
    parent = source.part_of
    parts = sources_known_to(user).filter(part_of=source).order_by("name", "id")
    return SourceDossier(
        source=redaction.source(source),
        parent=parent.slug if parent is not None and not redaction.hides(parent) else "",
        parts=tuple(parts.values_list("slug", "name")[:SHOWN]),
        claims=cards,
        statements=timeline_of(
            [_position(row, source, by_id[row.claim_id], claims[row.claim_id], redaction, said) for row in shown],
            [Link(row.claim_id, row.other_id, row.kind) for row in relations],
        ),
        more=len(found) > SHOWN,
        balance=next((row for row in own.rows if row.party.id == source.pk), None),
    )


def _statements(source: Source, user: Reader, redaction: Redaction) -> QuerySet[Attribution]:
    # A union and no OR, for which a planner goes through all claims that may be read.
    own = Attribution.objects.order_by().filter(source=source).values("pk")
    told = own.union(Attribution.objects.order_by().filter(on_behalf_of=source).values("pk"))
    rows = Attribution.objects.visible_to(user).standing().filter(pk__in=told)
    if not redaction.desk:
        rows = rows.exclude(source__withheld=True).exclude(on_behalf_of__withheld=True)
    related = ("source__part_of", "on_behalf_of", "document__publisher", "relayed_from")
    return rows.select_related(*related).order_by("-said_on", "-id")


def _position(
    row: Attribution, source: Source, card: ClaimCard, claim: Claim, redaction: Redaction, said: Speakers
) -> Position:
    document = redaction.document(row.document, ()) if row.document is not None else None
    return Position(
        id=row.pk,
        voice=redaction.source(source),
        source=redaction.source(row.source),
        claim=card.id,
        number=card.id,
        text=card.text,
        language=card.language,
        stance=did(row.pk, row.stance, said, redaction, source.pk),
        said_on=when(row.said_on),
        by=document.published_on if document is not None and not row.said_on else NEVER,
        capacity=row.shown_to(redaction.reader).capacity,
        quote=row.quote,
        quote_language=language(row.quote_language).code,
        translation=row.translation,
        document=document.title if document is not None else "",
        relays=(),
        least=claim.quantity_min,
        most=claim.quantity_max,
        unit=claim.quantity_unit,
        earlier_wording=said.voices.rows[row.pk].earlier_wording,
        taken_back=retractions_of(row.pk, said.voices),
    )
