"""What is known of the quotes of statements, as conditions for the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, Q

from claims.logic.wording import QUOTE_WARNINGS
from claims.models.claim import ClaimChildQuerySet

# Word for word as the index says it that holds these alone (claims/migrations/0018): a value beside the statement would
# not be compared with it.
WARNED = models.Func(F("quote_check__warnings"), template="%(expressions)s <> '[]'", output_field=models.BooleanField())
"""The condition that a reader has to know something of a quote."""


def warned_of(codes: Collection[str]) -> Q:
    """The condition that a reader has to know something of the quote with one of these codes of `QUOTE_WARNINGS`."""
    # Each code is told once, so it stands at one of as many places; SQLite has no way to look for it at any.
    found = Q()
    for place in range(len(QUOTE_WARNINGS)):
        found |= Q(**{f"quote_check__warnings__{place}__code__in": codes})
    return found


class QuotedQuerySet(ClaimChildQuerySet):
    def warned(self, codes: Collection[str] = ()) -> Self:
        """Those of whose quote a reader has to know something, or something with one of these codes of
        `QUOTE_WARNINGS`."""
        if not codes:
            return self.filter(quote_check__isnull=False).filter(WARNED)
        return self.filter(warned_of(codes))

    def not_warned(self) -> Self:
        """Those of whose quote nothing is known of which a reader has to be told."""
        return self.filter(Q(quote_check=None) | ~Q(WARNED))
