"""Who may log in: Django's own backend behind the count of attempts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpRequest

from factcheck.accounts.lock import Locked, begin_attempt
from factcheck.accounts.trail import enter_failure, enter_refusal
from factcheck.base.http.request_log import client_address

_PERMISSIONS = """
SELECT type.app_label, permission.codename
FROM auth_permission permission JOIN django_content_type type ON type.id = permission.content_type_id
WHERE permission.id IN (
    SELECT permission_id FROM auth_user_user_permissions WHERE user_id = %s
    UNION ALL
    SELECT given.permission_id FROM auth_group_permissions given
    JOIN auth_user_groups role ON role.group_id = given.group_id WHERE role.user_id = %s
)
"""


class CountingBackend(ModelBackend):
    """Tries a password where not too many were wrong, whoever asks, by whatever door.

    What is counted is forgiven by whoever lets the person in (`factcheck.accounts.lock.forgive`).
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """The account with this name and password, or None, always where passwords open nothing. Raises Locked."""
        if username is None or password is None or not settings.FACTCHECK_PASSWORD_LOGIN:
            return None
        address = client_address(request) if request is not None else ""
        try:
            begin_attempt(username, address)
        except Locked as error:
            enter_refusal(username, address, error)
            raise
        user: User | None = super().authenticate(request, username, password, **kwargs)
        if user is None:
            enter_failure(username, address)
        return user

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Those of the account and of its roles, by one statement: every request that writes asks."""
        given = user_obj.is_active and not user_obj.is_anonymous and not user_obj.is_superuser
        if given and obj is None and not hasattr(user_obj, "_perm_cache"):
            with connection.cursor() as cursor:
                cursor.execute(_PERMISSIONS, [user_obj.pk, user_obj.pk])
                user_obj._perm_cache = {f"{app}.{codename}" for app, codename in cursor.fetchall()}
        return super().get_all_permissions(user_obj, obj)
