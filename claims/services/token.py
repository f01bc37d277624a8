"""Whether a token is of the desk, asked by one statement that is put together once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import knox_settings

from claims.models import DisputeMember
from factcheck.accounts.factor import open_tokens
from factcheck.accounts.use import key_of, note_moment
from factcheck.audit.access import DESK, people_who_may

_DIGEST = "the digest of a token"


def is_token_of_desk(header: str, address: str) -> bool:
    """Whether this Authorization header holds a token, in force, of somebody whose audience is the desk: as
    `audience_of` says of who is known by that token. No where it was used, and never from this address: who comes from
    elsewhere is looked at by a view, which enters that in the trail."""
    kind, _space, token = header.partition(" ")
    if kind.lower() != knox_settings.AUTH_HEADER_PREFIX.lower() or not token.isalnum() or not token.isascii():
        return False
    sql, parameters = _question(tuple(settings.FACTCHECK_SECOND_FACTOR_FOR))
    digest = hash_token(token)
    engine: Any = connection
    found = engine.ask(sql, [digest if value == _DIGEST else value for value in parameters])
    if found is None or (found[0] is not None and key_of(address) not in str(found[1])):
        return False
    note_moment(digest, _moment(found[0]), address)
    return True


def _moment(stored: datetime | None) -> datetime | None:
    """The moment that the database tells; SQLite says none of the time zone, which is UTC."""
    return stored.replace(tzinfo=UTC) if stored is not None and stored.tzinfo is None else stored


@cache
def _question(needing: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    desk = people_who_may(DESK).filter(pk=OuterRef("user"))
    members = DisputeMember.objects.filter(user=OuterRef("user"))
    in_force = Q(expiry=None) | Q(expiry__gt=Now())
    rows = open_tokens(AuthToken.objects).filter(in_force, Exists(desk), ~Exists(members), digest=_DIGEST)
    return rows.values_list("grant__last_used_at", "grant__used_from").query.sql_with_params()
