"""When a token was used, and from where."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from factcheck.accounts.keyed import keyed, place_of
from factcheck.accounts.models import TokenGrant
from factcheck.accounts.noting import at_once
from factcheck.audit.context import recording
from factcheck.audit.doors import enter_door
from factcheck.base.replicas import on_primary

PLACES = 50
"""So many addresses of a token are known."""
SELDOM = timedelta(hours=1)
"""When it was used last is noted no more often."""


def note_use(grant: TokenGrant, address: str) -> None:
    """The token of this grant is in use, from this address. Whoever reads waits for nobody."""
    note_moment(grant.token_id, grant.last_used_at, address)
    key = key_of(address)
    if grant.used_from and key not in grant.used_from:
        _enter_place(grant, key, address)


def key_of(address: str) -> str:
    """As `used_from` has an address."""
    return keyed("token from", place_of(address)).hex()


def note_moment(digest: str, last: datetime | None, address: str) -> None:
    """The token with this digest is in use, and was last at `last`; where it never was, this is its first address.

    Where somebody writes just then, it is noted next time.
    """
    now = timezone.now()
    if last is not None and last >= now - SELDOM:
        return
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - SELDOM)
    first = {"used_from": [key_of(address)]} if last is None else {}
    try:
        with on_primary(), at_once():
            TokenGrant.objects.filter(unnoted, token=digest).update(last_used_at=now, **first)
    except DatabaseError:
        return


def _enter_place(grant: TokenGrant, key: str, address: str) -> None:
    """Enter that the token is used from elsewhere; where the database does not take it at once, with the next use."""
    try:
        with on_primary(), at_once(), recording(actor=grant.token.user):
            row = TokenGrant.objects.select_for_update().get(pk=grant.pk)
            if key in row.used_from:
                return
            row.used_from = [*row.used_from, key][-PLACES:]
            row.save(update_fields=["used_from"])
            enter_door(
                "authtoken.used_elsewhere",
                actor=grant.token.user,
                object_id=grant.token.token_key[:8],
                label=f"{grant.token.user}: {grant}",
                reason=f"From {address}.",
            )
    except (DatabaseError, TokenGrant.DoesNotExist):
        return
