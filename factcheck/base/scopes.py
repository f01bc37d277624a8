"""How much a token may do: each scope includes those before it, and none more than the role of the token's owner."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models


class Scope(models.TextChoices):
    READ = "read", "Read: reads what its owner may read"
    WRITE = "write", "Write: also enters, changes and submits, as a researcher does"
    REVIEW = "review", "Review: also publishes, returns, corrects and withdraws, as a reviewer does"
    ADMIN = "admin", "Admin: everything that its owner may do"


LADDER = tuple(Scope)
REVIEWING = frozenset({"sources.correct_published", "claims.draft_answer", "claims.add_confirmation"})
ADMINISTERED = frozenset({"rating", "ratingscale", "rulesetting", "ruleexception", "importbatch"})
"""The models of the register that editors look after."""


def scope_of(permission: str) -> Scope:
    """The least scope that includes this permission."""
    app, _dot, codename = permission.partition(".")
    verb, _underscore, model = codename.partition("_")
    if verb == "view" or permission == "sources.desk":
        return Scope.READ
    if app not in {"claims", "sources"} or model in ADMINISTERED or permission == "claims.delete_dispute":
        return Scope.ADMIN
    if permission in REVIEWING or verb in {"publish", "withdraw"}:
        return Scope.REVIEW
    if verb in {"add", "change", "delete"} and model != "confirmation" and permission not in _KEPT:
        return Scope.WRITE
    return Scope.ADMIN


_KEPT = frozenset({"sources.change_snapshot", "sources.delete_snapshot"})
"""Copies are entered, and not changed but by an administrator."""


def includes(scope: str, needed: str) -> bool:
    """Whether a token of this scope may do what needs the other one."""
    return LADDER.index(Scope(scope)) >= LADDER.index(Scope(needed))


def limit(user: User, scope: str) -> User:
    """The user with no more rights than this scope includes, for the length of one request.

    The method of this one object is replaced: a superuser has every permission without anybody being asked.
    """
    has_permission = user.has_perm

    def has_perm(permission: str, obj: models.Model | None = None) -> bool:
        return includes(scope, scope_of(permission)) and has_permission(permission, obj)

    vars(user).update(has_perm=has_perm, scope=scope, has_unlimited=has_permission)
    return user


def lacking(user: object, permission: str) -> str:
    """What to tell whose role includes this permission and whose token does not; empty for everybody else."""
    scope, unlimited = getattr(user, "scope", ""), getattr(user, "has_unlimited", None)
    needed = scope_of(permission)
    if not scope or includes(scope, needed) or unlimited is None or not unlimited(permission):
        return ""
    return f"The scope of this token is “{scope}”, and this needs “{needed}”. Send a token of that scope."
