"""Holds the lines of exports that are kept ready against those that would be built now."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import cast

from django.contrib.auth.models import AnonymousUser

from claims.api.prepared import PreparedViewSet
from claims.api.preparing import BATCH, PREPARED, member_of_desk
from claims.choices import Audience
from claims.exports.lists.kept import build_lines
from claims.exports.lists.listing import get_listing
from claims.exports.lists.nouns import get_noun
from claims.models import Prepared
from claims.services.prepared import LINE, edition, find
from factcheck.base.people import Reader


def differing_lines() -> Iterator[str]:
    """The lines that are kept and handed out although they would be built otherwise now, each in a sentence."""
    readers: dict[Audience, Reader | None] = {Audience.PUBLIC: AnonymousUser(), Audience.DESK: member_of_desk()}
    for kept_view, (audience, reader) in product(PREPARED, readers.items()):
        noun, named = kept_view.prepared_noun, get_noun(kept_view.queryset.model)
        kept = Prepared.objects.filter(noun=noun, audience=audience, form=LINE, edition=edition()).order_by("row")
        rows = list(kept.values_list("row", flat=True))
        if reader is None or named is None or not rows:
            continue
        listing = get_listing(f"/api/v1/{named.prefix}/", reader)
        view, make_line = cast(PreparedViewSet, listing.view), listing.make_line()
        for start in range(0, len(rows), BATCH):
            ids = rows[start : start + BATCH]
            built = {line.row: line for line in build_lines(view, ids, audience, make_line)}
            for (row, form), told in find(noun, ids, audience, (LINE,)).items():
                line = built.get(row)
                if line is None or (told.cuts, told.until, bytes(told.body)) != (line.cuts, line.until, line.body):
                    yield f"{noun} {row}, {form}, as the {audience} reads it"
