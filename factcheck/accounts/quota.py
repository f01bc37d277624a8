"""How many requests a minute are answered: counted in each process, and shared by all in blocks.

A process counts by itself, and adds what it counted to one row of the database for each twentieth of the quota, from
which it learns what the others did. So few cost no statement, and many cost one for a block. Nobody is refused who kept
to the quota; with P processes up to (P - 1) times a block more may be answered (`Policy.block`), and twice the quota
about the turn of a minute.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from django.db import DatabaseError, connection

from factcheck.accounts.keyed import keyed, place_of
from factcheck.accounts.models import RequestCount
from factcheck.base.replicas import on_primary

WINDOW = 60
"""Seconds."""
BLOCKS = 20
KEPT = 60
"""Windows after which a row is removed."""


@dataclass(frozen=True)
class Policy:
    """A quota, under the name by which clients are told of it."""

    name: str
    quota: int

    @property
    def block(self) -> int:
        """After so many requests a process tells the others."""
        return max(1, self.quota // BLOCKS)

    @property
    def item(self) -> str:
        """As `RateLimit-Policy` has it (draft-ietf-httpapi-ratelimit-headers-11)."""
        return f'"{self.name}";q={self.quota};w={WINDOW}'


class Left(NamedTuple):
    """What is left of a quota after a request, and for how many seconds."""

    policy: Policy
    requests: int
    seconds: int
    refused: bool = False

    @property
    def item(self) -> str:
        """As `RateLimit` has it."""
        return f'"{self.policy.name}";r={self.requests};t={self.seconds}'


class _Count:
    __slots__ = ("known", "own")

    def __init__(self) -> None:
        self.known, self.own = 0, 0
        """What all processes told of, and what this one did not tell yet."""


class Counter:
    """What one process counted in this minute, by policy and by who asks."""

    def __init__(self) -> None:
        self.window = 0
        self.counts: dict[tuple[str, bytes], _Count] = {}
        self.lock = Lock()

    def count(self, policy: Policy, who: bytes, asks: int = 1) -> Left:
        """Count so many requests, none or one, unless the quota is used up."""
        window, seconds = _now()
        with self.lock:
            if window != self.window:
                self.window, self.counts = window, {}
            count = (
                self.counts.setdefault((policy.name, who), _Count()) if asks else self.counts.get((policy.name, who))
            )
            used = count.known + count.own if count is not None else 0
            if count is None or used >= policy.quota:
                return Left(policy, max(0, policy.quota - used), seconds, used >= policy.quota)
            count.own += asks
            told = count.own if count.own >= policy.block else 0
            if told:
                # Before it is told: other threads must not tell it again.
                count.known, count.own = count.known + told, 0
        if told:
            total = _tell(policy, who, window, told)
            with self.lock:
                if total is None:
                    count.known, count.own = count.known - told, count.own + told
                else:
                    count.known = max(count.known, total)
        # Whoever used up what others left is answered this time.
        return Left(policy, max(0, policy.quota - count.known - count.own), seconds)


def _now() -> tuple[int, int]:
    """The minute, and the seconds that are left of it."""
    window, over = divmod(int(time.time()), WINDOW)
    return window, WINDOW - over


def address_key(address: str) -> bytes:
    """Who asks from this address; of IPv6 its network of 64 bits, which is one household's."""
    return keyed("address", place_of(address))


def token_key(header: str) -> bytes:
    """Who asks with this Authorization header."""
    return keyed("token", header)


def session_key(cookie: str) -> bytes:
    """Who asks with this cookie of a session."""
    return keyed("session of pages", cookie)


def _tell(policy: Policy, who: bytes, window: int, requests: int) -> int | None:
    """Add these requests to what all processes counted, and return that; None where the database does not take it
    at once: whoever reads waits for nobody."""
    engine: Any = connection
    patience = engine.without_waiting() if engine.vendor == "sqlite" else nullcontext()
    table = RequestCount._meta.db_table
    try:
        with on_primary(), patience, connection.cursor() as cursor:
            cursor.execute(_ADD.format(table=table), [f"{policy.name}:{who.hex()}", window, requests])
            (total,) = cursor.fetchone()
            if total == requests:
                cursor.execute(f"DELETE FROM {table} WHERE minute < %s", [window - KEPT])  # noqa: S608 - our own name
    except DatabaseError:
        return None
    return int(total)


# A clock that is behind adds to the later minute.
_ADD = """
INSERT INTO {table} (who, minute, requests) VALUES (%s, %s, %s)
ON CONFLICT (who) DO UPDATE SET
requests = excluded.requests + CASE WHEN {table}.minute >= excluded.minute THEN {table}.requests ELSE 0 END,
minute = CASE WHEN {table}.minute >= excluded.minute THEN {table}.minute ELSE excluded.minute END
RETURNING requests
"""
