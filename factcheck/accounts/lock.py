"""Attempts to log in are counted before they are tried, by account and by address, in one table for all processes.

A counted attempt is forgiven when somebody gets in. So however many come at once, and from whatever address they say
they come, no more passwords are tried for one account than the newsroom allows.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.db import connection
from django.db.models import F

from factcheck.accounts.keyed import keyed, place_of
from factcheck.accounts.models import LoginCount
from factcheck.base.errors import DomainError

MINUTE = 60
KEPT = 86_400
"""Seconds after which a count that is over is removed."""
PASSWORD, CODE, ADDRESS = "password", "code", "address"


class Locked(DomainError):
    """Too many attempts failed; the same answer for names that nobody has."""

    status = 429
    code = "locked"

    attempts = 0
    """How many there were, with those that were refused."""
    of_address = False

    @classmethod
    def after(cls, attempts: int, *, seconds: int, of_address: bool) -> Locked:
        """What is said after so many attempts, for so many seconds."""
        minutes = -(-seconds // MINUTE)
        error = cls(
            f"Too many attempts to log in failed {'from this address' if of_address else 'with this name'}. Try again "
            f"in {minutes} minute{'s' if minutes != 1 else ''}; an administrator can unlock an account sooner."
        )
        error.retry_after, error.attempts, error.of_address = seconds, attempts, of_address
        return error

    @property
    def is_first(self) -> bool:
        """Whether this attempt is the one at which the lock fell."""
        return self.attempts == limit_of(ADDRESS if self.of_address else PASSWORD) + 1


def limit_of(kind: str) -> int:
    """So many attempts are tried."""
    return int(settings.FACTCHECK_LOGIN_FAILURES_ADDRESS if kind == ADDRESS else settings.FACTCHECK_LOGIN_FAILURES)


def begin_attempt(name: str, address: str = "", kind: str = PASSWORD) -> None:
    """Count an attempt with this name from this address, where one is known.

    Raises Locked where there were too many already: then it must not be tried. An address that is locked locks no
    further names.
    """
    begin_from(address)
    _count(kind, name.casefold())


def begin_from(address: str) -> None:
    """Count an attempt from this address, whoever it is. Raises Locked."""
    if address:
        _count(ADDRESS, place_of(address))


def forgive(name: str, address: str = "") -> None:
    """Somebody got in with this name: nothing is held against it any more, and this one not against the address."""
    unlock(name)
    forgive_address(address)


def forgive_address(address: str) -> None:
    """An attempt from this address was good."""
    if address:
        mine = LoginCount.objects.filter(who=_who(ADDRESS, place_of(address)), failures__gt=0)
        mine.update(failures=F("failures") - 1)


def unlock(name: str) -> bool:
    """Let this name be tried again at once; whether it was locked."""
    rows = LoginCount.objects.filter(who__in=[_who(kind, name.casefold()) for kind in (PASSWORD, CODE)])
    locked = is_locked(name)
    rows.delete()
    return locked


def unlock_address(address: str) -> bool:
    """Let this address try again at once; whether it was locked."""
    rows = LoginCount.objects.filter(who=_who(ADDRESS, place_of(address)))
    locked = rows.filter(failures__gte=limit_of(ADDRESS), until__gt=int(time.time())).exists()
    rows.delete()
    return locked


def is_locked(name: str) -> bool:
    """Whether attempts with this name are refused at present."""
    rows = LoginCount.objects.filter(who__in=[_who(kind, name.casefold()) for kind in (PASSWORD, CODE)])
    return rows.filter(failures__gte=limit_of(PASSWORD), until__gt=int(time.time())).exists()


def _who(kind: str, who: str) -> str:
    # What was typed as a name may be a password: only a keyed digest is stored.
    return f"{kind}:{keyed(kind, who).hex()}"


def _count(kind: str, who: str) -> None:
    now, limit = int(time.time()), limit_of(kind)
    table = LoginCount._meta.db_table
    with connection.cursor() as cursor:
        until = now + settings.FACTCHECK_LOGIN_LOCK_MINUTES * MINUTE
        cursor.execute(_ADD.format(table=table), [_who(kind, who), until, now, now, limit])
        failures, until = cursor.fetchone()
        if failures == 1:
            cursor.execute(f"DELETE FROM {table} WHERE until < %s", [now - KEPT])  # noqa: S608 - our own name
    if failures > limit:
        raise Locked.after(failures, seconds=max(1, until - now), of_address=kind == ADDRESS)


# What is refused does not put off the end.
_ADD = """
INSERT INTO {table} (who, failures, until) VALUES (%s, 1, %s)
ON CONFLICT (who) DO UPDATE SET
failures = CASE WHEN {table}.until <= %s THEN 1 ELSE {table}.failures + 1 END,
until = CASE WHEN {table}.until <= %s OR {table}.failures < %s THEN excluded.until ELSE {table}.until END
RETURNING failures, until
"""
