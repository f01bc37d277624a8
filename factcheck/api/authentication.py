"""Who asks, by the token that is sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from factcheck.accounts.factor import open_tokens
from factcheck.accounts.use import note_use
from factcheck.base.http.request_log import client_address
from factcheck.base.scopes import Scope, limit

HOW = "Send a token as “Authorization: Bearer <token>”. Other schemes, such as Token and Basic, are not taken here."
INVALID = "This token is not known here. It may have been revoked."
CLOSED = (
    "The role of this token's owner needs a second factor, and the token was made before one was set up. Log in at the "
    "desk, set it up, and make another token."
)
READS_ONLY = "The scope of this token is “read”, and this needs more. Send a token of the scope “write” or a wider one."


class TokenAuthentication(KnoxTokenAuthentication):
    """One statement for a token, its owner and its scope. Nearly everybody sends none: no headers are collected for
    them."""

    def authenticate(self, request: Request) -> Any:
        """The owner with the rights of the token, and the token; None for who sends no header.

        Raises AuthenticationFailed (401), also for another scheme: as nobody, its sender would be shown less than they
        expect, and not be told. Raises PermissionDenied (403) where a token that only reads is sent with a change.
        """
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        known = super().authenticate(request)
        if known is None:
            raise AuthenticationFailed(HOW, code="wrong_scheme")
        view = (request.parser_context or {}).get("view")
        only_reads = getattr(view, "action", None) in getattr(view, "only_reads", ())
        changes = request.method not in SAFE_METHODS and not only_reads
        note_use(known[1].grant, client_address(request))
        if changes and known[1].grant.scope == Scope.READ:
            raise PermissionDenied(READS_ONLY, code="insufficient_scope")
        return known

    def authenticate_credentials(self, token: bytes) -> tuple[Any, AuthToken]:
        digest = hash_token(token.decode("ascii", "replace"))
        found = AuthToken.objects.select_related("user", "grant").filter(digest=digest).first()
        if found is None:
            raise AuthenticationFailed(INVALID)
        if found.expiry is not None and found.expiry <= timezone.now():
            raise AuthenticationFailed("This token has expired. Make another one.")
        self.validate_user(found)
        if settings.FACTCHECK_SECOND_FACTOR_FOR and not open_tokens(AuthToken.objects.filter(pk=found.pk)).exists():
            raise AuthenticationFailed(CLOSED, code="second_factor_needed")
        return owner_of(found), found


def owner_of(token: AuthToken) -> Any:
    """Whose token it is, with no more rights than its scope includes."""
    return token.user if token.grant.scope == Scope.ADMIN else limit(token.user, token.grant.scope)
