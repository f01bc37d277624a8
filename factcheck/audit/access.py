"""The questions about a user that every rule of access asks."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models

from factcheck.base.errors import Forbidden
from factcheck.base.people import Reader
from factcheck.base.scopes import lacking

DESK = "sources.desk"
SOMEBODY = "Desk"
"""What stands for a member of the desk whose name is not told."""


def is_desk(user: Reader | None) -> bool:
    """Whether `user` works on the desk: sees drafts, withheld names and the audit trail."""
    return bool(user is not None and user.is_active and user.has_perm(DESK))


def people_who_may(permission: str) -> models.QuerySet[User]:
    """All with an active account who have this permission, by their role or as superusers."""
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")


def names_desk_to(user: Reader | None) -> bool:
    """Whether `user` reads who of the desk wrote, reviewed or confirmed something: the desk does, and everybody else
    where the newsroom decides so (FACTCHECK_PUBLIC_NAMES)."""
    return is_desk(user) or bool(settings.FACTCHECK_PUBLIC_NAMES)


def name_shown_to(user: Reader | None, person: User) -> str:
    """The name of a member of the desk as `user` may read it. Nobody outside learns a name to log in with."""
    name = person.get_full_name()
    if is_desk(user) or (user is not None and user.pk == person.pk):
        return name or person.get_username()
    return name if name and names_desk_to(user) else SOMEBODY


def require(actor: Reader | None, permission: str, act: str) -> User:
    """The `actor`, who has `permission`; otherwise raises Forbidden. `act` says in words what was tried."""
    if not isinstance(actor, User) or not actor.is_active or not actor.has_perm(permission):
        if told := lacking(actor, permission):
            raise Forbidden(told, code="insufficient_scope")
        raise Forbidden(f"Your role does not allow you to {act}.", code="permission_denied")
    return actor
