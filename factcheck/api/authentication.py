"""Who asks, by the token that is sent."""

from __future__ import annotations

from typing import Any

from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.request import Request


class TokenAuthentication(KnoxTokenAuthentication):
    """Nearly everybody sends none: no headers are collected for them."""

    def authenticate(self, request: Request) -> Any:
        return super().authenticate(request) if "HTTP_AUTHORIZATION" in request.META else None
