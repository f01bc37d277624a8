"""The questions about a user that every rule of access asks."""

from __future__ import annotations

from typing import Any

from factcheck.base.errors import Forbidden

DESK = "sources.desk"


def is_desk(user: Any) -> bool:
    """Whether `user` works on the desk: sees drafts, withheld names and the audit trail."""
    return bool(user is not None and user.is_active and user.has_perm(DESK))


def require(actor: Any, permission: str, act: str) -> None:
    """Raise Forbidden unless `actor` has `permission`; `act` says in words what was tried."""
    if actor is None or not actor.is_active or not actor.has_perm(permission):
        raise Forbidden(f"Your role does not allow you to {act}.", code="permission_denied")
