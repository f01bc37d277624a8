"""How long a session lasts, and ending all that somebody has open."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from knox.models import AuthToken

from factcheck.accounts.browser import browser_of
from factcheck.accounts.noting import at_once
from factcheck.accounts.trail import enter_user
from factcheck.audit.context import recording
from factcheck.base.http.request_log import client_address
from factcheck.base.replicas import on_primary

BEGUN, SEEN = "begun", "seen"
"""Where a session remembers when it began, and when somebody last did something in it; seconds since 1970."""
FROM, BROWSER = "from", "browser"
"""And from which address and with which browser that was, for its owner to see; it goes with the session."""
PROVED = "proved"
"""When somebody showed in a session that it was still them."""
FRESH = 900
"""Seconds after a log-in or a proof in which people change what they log in with; a form that is open has longer."""
SELDOM = 60
"""Seconds: what was done is noted no more often."""
UNATTENDED = "/here/"
"""How the path ends that a page asks by itself, whether or not somebody sits before it."""


class Ended(NamedTuple):
    """What was ended."""

    sessions: int
    tokens: int

    def __str__(self) -> str:
        return f"{told_of(self.sessions)}, {self.tokens} token{_s(self.tokens)}"


def note_beginning(request: HttpRequest | None, **kwargs: Any) -> None:
    """For the signal user_logged_in: by whatever door somebody came, the session knows when."""
    if request is not None:
        request.session[BEGUN] = request.session[SEEN] = int(time.time())
        request.session[FROM] = client_address(request)
        request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))


def is_over(request: HttpRequest) -> bool:
    """Whether the session of this request has lasted too long, or was left alone for too long; if not, it is in use."""
    if has_ended(request.session):
        return True
    now = int(time.time())
    unnoted = now - request.session.get(SEEN, 0) >= SELDOM
    if settings.FACTCHECK_SESSION_IDLE_MINUTES and unnoted and not request.path_info.endswith(UNATTENDED):
        _note_seen(request, now)
    return False


def has_ended(session: SessionBase | dict[str, Any]) -> bool:
    """Whether a session with this content has lasted too long, or was left alone for too long."""
    longest, idle = settings.FACTCHECK_SESSION_HOURS * 3_600, settings.FACTCHECK_SESSION_IDLE_MINUTES * 60
    now = int(time.time())
    begun, seen = session.get(BEGUN, 0), session.get(SEEN, 0)
    return bool((longest and now - begun >= longest) or (idle and now - seen >= idle))


def note_proof(request: HttpRequest) -> None:
    """Whoever sits here has shown that it is still them."""
    request.session[PROVED] = int(time.time())


def proved_lately(request: HttpRequest) -> bool:
    """Whether the log-in or another proof is fresh enough to change what somebody logs in with."""
    last = max(request.session.get(BEGUN, 0), request.session.get(PROVED, 0))
    return time.time() - last < FRESH * (4 if request.method == "POST" else 1)


def leave(request: HttpRequest) -> None:
    """The session of this request is no more; where the database takes no write, it is over all the same."""
    try:
        with on_primary(), at_once():
            request.session.flush()
    except DatabaseError:
        return


def _note_seen(request: HttpRequest, now: int) -> None:
    """Somebody does something in this session. Where the database does not take that at once, with the next request."""
    session = request.session
    changed = session.modified
    session[SEEN], session[FROM] = now, client_address(request)
    try:
        with on_primary(), at_once():
            session.save()
    except (DatabaseError, UpdateError):
        pass
    # A page that is read does not wait for this at its end.
    session.modified = changed


def end_sessions(user: User, *, actor: User | None, words: str = "") -> Ended:
    """Nobody is logged in as this person any more, and no token of theirs opens anything; the trail has how many."""
    with recording(actor=actor):
        ended = Ended(_delete_sessions(user), _delete_tokens(user))
        enter_user("user.sessions_ended", user, actor=actor, words=f"{ended}. {words}".strip())
    return ended


def end_other_sessions(request: HttpRequest, user: User) -> int:
    """This person is logged in here alone: how many sessions were ended."""
    return _delete_sessions(user, but=request.session.session_key)


def end_tokens(user: User, *, words: str) -> int:
    """The tokens of this person open nothing any more: how many there were."""
    if not AuthToken.objects.filter(user=user).exists():
        return 0
    with recording():
        count = _delete_tokens(user)
        enter_user("user.tokens_ended", user, actor=None, words=f"{count} token{_s(count)}. {words}")
    return count


def _delete_tokens(user: User) -> int:
    count = AuthToken.objects.filter(user=user).count()
    AuthToken.objects.filter(user=user).delete()
    return count


def _delete_sessions(user: User, but: str | None = None) -> int:
    # Whose a session is stands inside: a newsroom has some hundreds of them.
    running = Session.objects.filter(expire_date__gt=timezone.now()).exclude(pk=but or "")
    theirs = [one.pk for one in running if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
    return len(theirs)


def told_of(sessions: int) -> str:
    return f"{sessions} session{_s(sessions)}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
