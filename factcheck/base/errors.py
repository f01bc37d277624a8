"""The errors that rules and services raise; every door maps them to its own answer.

There are two words for no. A problem is what is wrong with a request, as it is answered (RFC 9457). A violation is a
rule of the register, or a constraint of its database, that a request would break; it is answered as a problem as well.
"""

from __future__ import annotations


class DomainError(Exception):
    """A request that the register refuses, with the rule in words.

    `code` is stable and meant for programs, `message` tells a person what is wrong and what to do,
    `field` names the input it is about (dotted path), or is None when it is about the whole.
    """

    status = 400
    code = "refused"
    retry_after = 0
    """After how many seconds the same request may succeed; 0 where it will not."""

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code is not None:
            self.code = code


class RuleViolation(DomainError):
    """A rule of the register says no (guard rails, missing reason, wrong order of steps)."""

    status = 400
    code = "rule_violation"


class Forbidden(DomainError):
    """This actor may not do this (wrong role, own draft)."""

    status = 403
    code = "forbidden"


class Conflict(DomainError):
    """The state of the row does not allow it now (already published, already superseded)."""

    status = 409
    code = "conflict"


class Frozen(Conflict):
    """A row that never changes or never goes was to be changed or deleted."""

    code = "frozen"


class StaleVersion(DomainError):
    """The row was changed by somebody else since it was read."""

    status = 412
    code = "stale_version"


class PreconditionRequired(DomainError):
    """A change to something public came without saying which version it is based on."""

    status = 428
    code = "precondition_required"


class Absent(DomainError):
    """There was nothing of the kind at the moment that was asked for."""

    status = 404
    code = "absent"


class Busy(DomainError):
    """Too much of this is going on at present."""

    status = 503
    code = "busy"
    retry_after = 30
