"""Which roles may call an operation, as the register comes: a newsroom may give its roles other rights."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request

from factcheck.api.permissions import ModelRolePermissions

EVERYBODY = "Everybody; each reads what they may."


@cache
def rights_of_roles() -> dict[str, frozenset[str]]:
    """The rights of each role, as the register comes."""
    rows = json.loads(Path(settings.BASE_DIR, "fixtures", "roles.json").read_text(encoding="utf-8"))
    return {
        row["fields"]["name"]: frozenset(f"{app}.{codename}" for codename, app, _model in row["fields"]["permissions"])
        for row in rows
    }


def say_who(view: Any, method: str) -> str:
    """Who may do this, in a sentence."""
    if told := getattr(view, "told_who", None):
        return str(told)
    if method in SAFE_METHODS and getattr(view, "for_the_desk_alone", False):
        return say_needed(["sources.desk"])
    for permission in view.get_permissions():
        if isinstance(permission, ModelRolePermissions):
            needed = permission.needed(cast(Request, _Request(method)), view)
            return say_needed(needed) if needed else EVERYBODY
        if not isinstance(permission, AllowAny):
            return "Whoever is signed in."
    return EVERYBODY


def say_needed(needed: list[str]) -> str:
    """The roles that have these rights."""
    roles = [name for name, rights in rights_of_roles().items() if rights.issuperset(needed)]
    return f"{', '.join(roles) or 'Nobody by role'} (`{'`, `'.join(needed)}`)."


class _Request:
    """As much of a request as permissions ask for what is needed."""

    def __init__(self, method: str) -> None:
        self.method = method


class TokenScheme(KnoxTokenScheme):
    """Our own class is told as the one that it stands on."""

    target_class = "factcheck.api.authentication.TokenAuthentication"
