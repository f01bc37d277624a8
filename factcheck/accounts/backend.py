"""Who may log in: Django's own backend behind the count of attempts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from factcheck.accounts.lock import Locked, begin_attempt
from factcheck.accounts.trail import enter_failure, enter_refusal
from factcheck.base.http.request_log import client_address


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
