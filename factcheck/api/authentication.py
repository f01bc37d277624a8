"""Who asks, by the token that is sent."""

from __future__ import annotations

from typing import Any

from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

HOW = "Send a token as “Authorization: Bearer <token>”. Other schemes, such as Token and Basic, are not taken here."


class TokenAuthentication(KnoxTokenAuthentication):
    """Nearly everybody sends none: no headers are collected for them."""

    def authenticate(self, request: Request) -> Any:
        """The owner of the token and the token; None for who sends no header.

        Raises AuthenticationFailed (401), also for another scheme: as nobody, its sender would be shown less than they
        expect, and not be told.
        """
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        known = super().authenticate(request)
        if known is None:
            raise AuthenticationFailed(HOW, code="wrong_scheme")
        return known
