"""Who has which rights, before and after: what changed is entered with its words."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.models import Group, User

from factcheck.accounts.trail import enter_user
from factcheck.audit.doors import enter_door


class Rights(NamedTuple):
    """What an account may do, by its roles and by itself."""

    roles: tuple[str, ...]
    own: frozenset[str]


def rights_of(user: User) -> Rights:
    """The rights that are stored of this account."""
    stored = User.objects.filter(pk=user.pk).values_list("is_superuser", flat=True).first()
    own = permissions_of(user) | ({"superuser"} if stored else set())
    return Rights(tuple(user.groups.order_by("name").values_list("name", flat=True)), own)


def permissions_of(holder: User | Group) -> frozenset[str]:
    """The permissions of this account or group itself, such as claims.delete_claim."""
    permissions = holder.user_permissions if isinstance(holder, User) else holder.permissions
    return frozenset(f"{app}.{name}" for app, name in permissions.values_list("content_type__app_label", "codename"))


def enter_rights(user: User, before: Rights | None, *, actor: User | None) -> None:
    """Enter what is different from before; of a new account what it has."""
    was, now = before or Rights((), frozenset()), rights_of(user)
    if was.roles != now.roles:
        words = f"{', '.join(was.roles) or 'none'} → {', '.join(now.roles) or 'none'}."
        enter_user("user.role_changed", user, actor=actor, words=words)
    if was.own != now.own:
        enter_user("user.permissions_changed", user, actor=actor, words=_difference(was.own, now.own))


def enter_group(group: Group, before: frozenset[str], *, actor: User) -> None:
    """Enter which rights a role got and lost."""
    if before != (now := permissions_of(group)):
        told = _difference(before, now)
        enter_door("group.permissions_changed", actor=actor, object_id=group.pk, label=str(group), reason=told)


def _difference(was: frozenset[str], now: frozenset[str]) -> str:
    come, gone = sorted(now - was), sorted(was - now)
    parts = [f"Given: {', '.join(come)}." if come else "", f"Taken: {', '.join(gone)}." if gone else ""]
    return " ".join(part for part in parts if part)
