"""Making and revoking tokens, each with an entry in the trail."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from knox.models import AuthToken
from knox.settings import knox_settings

from factcheck.accounts.factor import check_may_have_token
from factcheck.accounts.models import TokenGrant
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict, RuleViolation
from factcheck.base.scopes import Scope, includes

MOST = 100
"""Tokens of one person."""


def end_of_token(expires_at: datetime | None, *, scope: str, by: AuthToken | None = None) -> datetime:
    """Until when a token is valid for which that end was asked; by default as long as tokens may be here.

    `by` is the token with which it was asked for: no token makes one of a wider scope, or one that outlives it. Raises
    RuleViolation for that and for a moment that is over or too far.
    """
    latest = timezone.now() + knox_settings.TOKEN_TTL
    if by is not None:
        if not includes(by.grant.scope, scope):
            raise RuleViolation(
                f"The scope of the token that you sent is “{by.grant.scope}”: ask for that or less.",
                code="insufficient_scope",
                field="scope",
            )
        latest = min(latest, by.expiry or latest)
    if expires_at is not None and not timezone.now() < expires_at <= latest:
        raise RuleViolation(
            f"Give a moment that is to come, and not after {timezone.localtime(latest):%Y-%m-%d %H:%M %Z}.",
            code="invalid",
            field="expires_at",
        )
    return expires_at or latest


def check_number(owner: User) -> None:
    """Raise Conflict where this person has too many tokens in force, or none would open anything."""
    check_may_have_token(owner)
    if AuthToken.objects.filter(user=owner).exclude(expiry__lte=timezone.now()).count() >= MOST:
        raise Conflict(f"There are {MOST} tokens of this person. Revoke one first.", code="too_many_tokens")


def issue_token(
    owner: User,
    *,
    name: str,
    scope: str,
    expires_at: datetime | None = None,
    by: AuthToken | None = None,
    actor: User | None = None,
) -> tuple[TokenGrant, str]:
    """A new token of `owner`, made by `actor`, by default the owner; and what is to be sent, which is shown this once:
    only its digest is stored.

    Raises what `end_of_token` and `check_number` raise.
    """
    end = end_of_token(expires_at, scope=scope, by=by)
    with recording(actor=actor or owner, reason=f"Token “{name}”, scope {scope}"):
        AuthToken.objects.filter(user=owner, expiry__lte=timezone.now()).delete()
        check_number(owner)
        row, token = AuthToken.objects.create(owner)
        row.expiry = end
        row.save(update_fields=["expiry"])
        grant = TokenGrant.objects.get(token=row)
        grant.name, grant.scope = name, Scope(scope)
        grant.save(update_fields=["name", "scope"])
        record_event("token.created", "authtoken", row.token_key[:8], f"{owner}: {grant}")
    return grant, token


def revoke_token(grant: TokenGrant, actor: User) -> None:
    """The token opens nothing any more."""
    with recording(actor=actor, reason=f"Token “{grant}” was revoked"):
        record_event("token.revoked", "authtoken", grant.token.token_key[:8], f"{grant.token.user}: {grant}")
        grant.token.delete()
