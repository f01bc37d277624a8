"""What a token is called, how much it may do, and when it was used; and how much was asked for of late."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, models
from django.db.models import Q
from django.utils import timezone
from knox.models import AuthToken

from factcheck.base.fields import LineField
from factcheck.base.replicas import on_primary
from factcheck.base.scopes import Scope

SELDOM = timedelta(hours=1)
"""When it was used last is noted no more often."""


class TokenGrant(models.Model):
    """Beside each token: its name for people, and its scope."""

    token = models.OneToOneField(AuthToken, models.CASCADE, related_name="grant", editable=False)
    name = LineField(max_length=100, blank=True, help_text="What it is for, such as “nightly export”.")
    scope = models.CharField(
        max_length=10,
        choices=Scope,
        default=Scope.ADMIN,
        help_text="How much it may do, and never more than the role of its owner.",
    )
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was last used, to the hour."
    )

    class Meta:
        verbose_name = "API token"
        verbose_name_plural = "API tokens"

    def __str__(self) -> str:
        return self.name or f"{self.token.token_key[:8]}…"


class RequestCount(models.Model):
    """How many requests somebody made in a minute, as far as processes told (`factcheck.accounts.quota`).

    On PostgreSQL the table is unlogged: a crash may empty it, and no replica has it.
    """

    who = models.CharField(
        max_length=60, primary_key=True, help_text="The policy, and a keyed digest of the address or token."
    )
    minute = models.BigIntegerField(help_text="The minute, since 1970.")
    requests = models.BigIntegerField(help_text="How many requests.")

    class Meta:
        verbose_name = "count of requests"
        verbose_name_plural = "counts of requests"

    def __str__(self) -> str:
        return f"{self.who}: {self.requests}"


class LoginCount(models.Model):
    """How many attempts to log in were counted, by name or by address (`factcheck.accounts.lock`)."""

    who = models.CharField(
        max_length=60, primary_key=True, help_text="What is counted, and a keyed digest of the name or address."
    )
    failures = models.BigIntegerField(help_text="How many attempts, with those that were refused.")
    until = models.BigIntegerField(help_text="Until when they are held against it, in seconds since 1970.")

    class Meta:
        verbose_name = "count of log-ins"
        verbose_name_plural = "counts of log-ins"

    def __str__(self) -> str:
        return f"{self.who}: {self.failures}"


def grant_everything(instance: AuthToken, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """For the signal post_save: a token of which nobody says more may do what its owner may."""
    if created and not raw:
        TokenGrant.objects.create(token=instance)


def note_use(digest: str, last: datetime | None) -> None:
    """The token with this digest is in use, and was last at `last`.

    Whoever reads waits for nobody: where somebody writes just then, it is noted next time.
    """
    now = timezone.now()
    if last is not None and last >= now - SELDOM:
        return
    engine: Any = connection
    patience = engine.without_waiting() if engine.vendor == "sqlite" else nullcontext()
    unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - SELDOM)
    try:
        with on_primary(), patience:
            TokenGrant.objects.filter(unnoted, token=digest).update(last_used_at=now)
    except DatabaseError:
        return
