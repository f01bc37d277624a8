"""Says what database and disk cannot do at present, whoever asks and whatever for."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError

TOO_SLOW, FULL, READ_ONLY, BUSY = "too_slow", "storage_full", "read_only", "unavailable"

# Of a file: no room on the disk, in a quota, or below a limit of size; a folder or file system that is not to be
# written; a broken disk, too many open files.
_ERRNOS = {
    FULL: {errno.ENOSPC, errno.EDQUOT, errno.EFBIG},
    READ_ONLY: {errno.EROFS, errno.EACCES, errno.EPERM},
    BUSY: {errno.EIO, errno.EMFILE, errno.ENFILE},
}
# What PostgreSQL says: the limit of time, no room, a standby; connection lost, resources gone, operator intervention,
# deadlock, lock not available.
_SQLSTATES = {
    TOO_SLOW: ("57014",),
    FULL: ("53100",),
    READ_ONLY: ("25006",),
    BUSY: ("08", "53", "57", "40", "55P03"),
}
_WORDS_OF_SQLITE = {
    TOO_SLOW: ("interrupted",),
    FULL: ("disk is full",),
    READ_ONLY: ("readonly database",),
    BUSY: ("locked", "busy", "unable to open database file", "disk i/o error"),
}
# A file that all connections share could not grow.
_NO_ROOM_FOR_SHARED_MEMORY = "SQLITE_IOERR_SHMSIZE"


def outage_of(exc: BaseException) -> str | None:
    """TOO_SLOW, FULL, READ_ONLY or BUSY; None when `exc` is about something else."""
    cause: Any = exc.__cause__
    if isinstance(exc, OSError):
        return _first(_ERRNOS, lambda numbers: exc.errno in numbers)
    if not isinstance(exc, (OperationalError, InterfaceError, InternalError)):
        return None
    if hasattr(cause, "sqlstate"):
        # Without a state, the connection was lost.
        state = cause.sqlstate or "08"
        return _first(_SQLSTATES, state.startswith)
    if isinstance(cause, Exception) and isinstance(cause.__cause__, OSError):
        return outage_of(cause.__cause__)
    if getattr(cause, "sqlite_errorname", "") == _NO_ROOM_FOR_SHARED_MEMORY:
        return FULL
    text = str(exc).lower()
    return _first(_WORDS_OF_SQLITE, lambda words: any(word in text for word in words))


def _first(table: dict[str, Any], fits: Callable[[Any], bool]) -> str | None:
    return next((outage for outage, signs in table.items() if fits(signs)), None)
