"""What a token is called, how much it may do, and when it was used; how much was asked for of late; second factors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from knox.models import AuthToken

from factcheck.base.fields import LineField
from factcheck.base.scopes import Scope


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
    used_from = models.JSONField(
        default=list, editable=False, help_text="Keyed digests of the addresses from which it was used, the last ones."
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


class SecondFactor(models.Model):
    """What somebody shows besides their password (`factcheck.accounts.factor`): codes of an app, passkeys, or either;
    and recovery codes for who has lost them.

    What the app knows is worked out anew from SECRET_KEY: whoever reads the database alone makes no code.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor", help_text="Whose it is."
    )
    has_app = models.BooleanField(
        default=True, db_default=True, help_text="Whether an app is set up; where none is, passkeys are."
    )
    nonce = models.CharField(max_length=64, help_text="What makes the secret of this app another than that before.")
    since = models.DateTimeField(help_text="When it was set up.")
    last_step = models.BigIntegerField(
        default=0, help_text="The half minute, since 1970, of the last code: none is taken twice."
    )
    recovery = models.JSONField(default=list, help_text="Keyed digests of the recovery codes that are left.")

    outdated = False
    """Whether the code that was just shown is of an app that was set up with an older secret key."""

    class Meta:
        verbose_name = "second factor"
        verbose_name_plural = "second factors"

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class Passkey(models.Model):
    """A passkey or a key in hardware (`factcheck.accounts.passkey`): what it signs with never leaves it."""

    factor = models.ForeignKey(
        SecondFactor, models.CASCADE, related_name="passkeys", help_text="Of whose second factor it is a part."
    )
    name = LineField(max_length=60, help_text="What its owner calls it, such as “blue key”.")
    credential = models.CharField(
        max_length=1_400, unique=True, help_text="How the device that holds it knows it, in base64url."
    )
    public_key = models.BinaryField(help_text="By what its signatures are checked (COSE).")
    sign_count = models.BigIntegerField(
        default=0, help_text="How often it has signed, as it says itself; 0 where it does not count."
    )
    challenge = models.CharField(
        max_length=100, blank=True, default="", help_text="The last challenge that it answered: none is taken twice."
    )
    transports = models.JSONField(default=list, help_text="How browsers reach it, such as “usb”.")
    since = models.DateTimeField(help_text="When it was added.")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When it was last shown.")

    class Meta:
        verbose_name = "passkey"
        verbose_name_plural = "passkeys"

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """Whose account it is at the identity provider (`factcheck.accounts.identity`): it is known again by this alone."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="identities", help_text="Whose account it is."
    )
    issuer = models.CharField(max_length=500, help_text="The address of the provider.")
    subject = models.CharField(max_length=255, help_text="What the provider calls the person, for ever.")
    since = models.DateTimeField(help_text="When the account was connected.")

    class Meta:
        verbose_name = "identity"
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_identity_of_one_account"),
            models.UniqueConstraint(fields=["user", "issuer"], name="accounts_identity_one_of_each_issuer"),
        ]

    def __str__(self) -> str:
        return f"Identity of {self.user}"


def grant_everything(instance: AuthToken, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """For the signal post_save: a token of which nobody says more may do what its owner may."""
    if created and not raw:
        TokenGrant.objects.create(token=instance)
