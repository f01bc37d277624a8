"""The roles that people of a register have: groups with a name and a meaning; each has exactly one."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission, User

ROLES = {
    "Reader": "reads what is published, in internal disputes too; no admin",
    "Researcher": "enters disputes, claims and evidence, drafts verdicts",
    "Reviewer": "also publishes, returns and withdraws, corrects what is published",
    "Editor": "also deletes disputes, keeps the rating scales",
    "Administrator": "also manages users, roles and tokens",
}
"""What each of the roles that come with the register may do; a newsroom may add groups of its own."""
ORDER = [*ROLES]


def role_choices() -> list[tuple[int, str]]:
    """The groups as (key, name with its meaning), in the order of what they may do."""
    groups = Group.objects.order_by("name").values_list("pk", "name")
    ranked = sorted(groups, key=lambda group: (ORDER.index(group[1]) if group[1] in ROLES else len(ORDER), group[1]))
    return [(pk, f"{name}: {ROLES[name]}" if name in ROLES else name) for pk, name in ranked]


def give_role(user: User, role: Group) -> None:
    """`user`, a stored row, has this role and no other; who works on the desk may log in to the admin."""
    user.groups.set([role])
    desk = Permission.objects.filter(group=role, content_type__app_label="sources", codename="desk").exists()
    if user.is_staff != desk:
        user.is_staff = desk
        user.save(update_fields=["is_staff"])


def take_roles(user: User) -> None:
    """`user`, a stored row, has no role, and does not work on the desk."""
    user.groups.clear()
    if user.is_staff:
        user.is_staff = False
        user.save(update_fields=["is_staff"])
