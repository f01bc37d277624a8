"""The questions about a user that every rule of access asks."""

from __future__ import annotations

from django.contrib.auth.models import User

from factcheck.base.errors import Forbidden
from factcheck.base.people import Reader

DESK = "sources.desk"


def is_desk(user: Reader | None) -> bool:
    """Whether `user` works on the desk: sees drafts, withheld names and the audit trail."""
    return bool(user is not None and user.is_active and user.has_perm(DESK))


def require(actor: Reader | None, permission: str, act: str) -> User:
    """The `actor`, who has `permission`; otherwise raises Forbidden. `act` says in words what was tried."""
    if not isinstance(actor, User) or not actor.is_active or not actor.has_perm(permission):
        raise Forbidden(f"Your role does not allow you to {act}.", code="permission_denied")
    return actor
