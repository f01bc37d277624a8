"""The sessions that somebody has open, one by one, and ending some of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone

from factcheck.accounts.keyed import keyed
from factcheck.accounts.sessions import BEGUN, BROWSER, FROM, SEEN, has_ended, told_of
from factcheck.accounts.trail import enter_user
from factcheck.audit.context import recording


class OpenSession(NamedTuple):
    """A session in which somebody is logged in."""

    mark: str
    """Names it, and opens nothing."""
    begun: datetime | None
    seen: datetime | None
    address: str
    browser: str
    is_here: bool


def sessions_of(user: User, here: str | None = None) -> list[OpenSession]:
    """Where this person is logged in, the last seen first; `here` is the key of the session that asks."""
    found = [
        OpenSession(
            mark=_mark(row),
            begun=_moment(data.get(BEGUN)),
            seen=_moment(data.get(SEEN)),
            address=data.get(FROM, ""),
            browser=data.get(BROWSER, ""),
            is_here=row.session_key == here,
        )
        for row, data in _open(user)
    ]
    latest = datetime.min.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.is_here, one.seen or latest), reverse=True)


def end_some(user: User, *, marks: set[str] | None = None, here: str | None = None, address: str = "") -> int:
    """End sessions of one's own, those with these marks, or all but the one that asks: how many there were. The trail
    has it."""
    with recording(actor=user):
        gone = [
            row.session_key
            for row, _data in _open(user)
            if (row.session_key != here if marks is None else _mark(row) in marks)
        ]
        Session.objects.filter(pk__in=gone).delete()
        if gone:
            enter_user("user.some_sessions_ended", user, actor=user, address=address, words=f"{told_of(len(gone))}.")
    return len(gone)


def _open(user: User) -> Iterator[tuple[Session, dict[str, Any]]]:
    # Whose a session is stands inside: a newsroom has some hundreds of them.
    for row in Session.objects.filter(expire_date__gt=timezone.now()):
        data = row.get_decoded()
        mine = data.get(SESSION_KEY) == str(user.pk) and data.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        if mine and not has_ended(data):
            yield row, data


def _mark(row: Session) -> str:
    return keyed("session", row.session_key).hex()


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds else None
