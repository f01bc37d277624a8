"""What a token is called, how much it may do, and when it was used."""

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
        verbose_name = "grant"

    def __str__(self) -> str:
        return self.name or f"{self.token.token_key[:8]}…"


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
