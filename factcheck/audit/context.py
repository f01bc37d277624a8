"""Who acts and why: the context that every recorded change takes its actor, reason and request from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from factcheck.audit.followers import is_settling, settling
from factcheck.audit.trust import is_trusting
from factcheck.base.people import Reader

WRITER_LOCK = 0x66616374  # any fixed number; "fact" in ASCII

_UNCHANGED: Any = object()


Actor = Reader | Callable[[], Reader | None] | None
"""May be given as a function, since a token's user is known only once the view has looked at it."""


@dataclass(frozen=True, slots=True)
class Context:
    actor: Actor = None
    reason: str = ""
    request_id: str = ""

    def user(self) -> User | None:
        """The signed-in user behind the change, or None for the system itself."""
        actor = self.actor() if callable(self.actor) else self.actor
        return actor if actor is not None and actor.is_authenticated else None


_context: ContextVar[Context] = ContextVar("audit_context")
_NOBODY = Context()


def current() -> Context:
    """The context of this thread or task; by default the system acts, without a reason."""
    return _context.get(_NOBODY)


@contextmanager
def acting(*, actor: Actor = _UNCHANGED, reason: str = _UNCHANGED, request_id: str = _UNCHANGED) -> Iterator[Context]:
    """Changes inside are recorded with this actor, reason and request; what is not given stays as it was."""
    given: dict[str, Any] = {"actor": actor, "reason": reason, "request_id": request_id}
    context = replace(current(), **{name: value for name, value in given.items() if value is not _UNCHANGED})
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)


@contextmanager
def recording(*, actor: Actor = _UNCHANGED, reason: str = _UNCHANGED, alone: bool = True) -> Iterator[Context]:
    """One write transaction, and the only one at that moment.

    The lock makes the order of audit entries the order of commits, and lets a rule look at other rows without a
    race. SQLite has one writer anyway; PostgreSQL takes a transaction-level advisory lock before the first
    statement, so that two writers can wait for each other only here, never crosswise. It is taken by the outermost
    and held until that ends.

    Inside another one it can be taken back alone, unless it is not `alone`, or all is trusted: then an error undoes the
    other one too.
    """
    own = alone and not is_trusting()
    with acting(actor=actor, reason=reason) as context, transaction.atomic(savepoint=own):
        if not is_settling():
            take_writer_lock()
        with settling():
            yield context


def take_writer_lock() -> None:
    """Wait until no other transaction writes; released by commit or rollback."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
