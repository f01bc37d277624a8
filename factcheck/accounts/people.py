"""Letting people in and out: an account is never deleted, since the record names it."""

from __future__ import annotations

from django.contrib.auth.models import User

from factcheck.accounts.factor import forget_factor
from factcheck.accounts.lock import unlock
from factcheck.accounts.sessions import end_sessions
from factcheck.accounts.trail import enter_user
from factcheck.audit.access import require
from factcheck.audit.chain import record_event
from factcheck.audit.context import recording
from factcheck.base.errors import Conflict
from factcheck.base.people import Reader


def people_with(email: str) -> list[User]:
    """The accounts with this address, deactivated ones too. The database may take two letters for one that mail does
    not."""
    found = User.objects.filter(email__iexact=email)
    return [user for user in found if user.email.casefold() == email.casefold()]


def deactivate_account(*, actor: Reader, row: User) -> User:
    """Nobody logs in with the account, and its sessions and tokens open nothing.

    Raises Forbidden for whoever may not change accounts, and Conflict for one's own account.
    """
    by = require(actor, "auth.change_user", "deactivate accounts")
    if by.pk == row.pk:
        raise Conflict("This is your own account: ask another administrator to deactivate it.", code="own_account")
    return _set(row, by, active=False)


def activate_account(*, actor: Reader, row: User) -> User:
    """The account can be used again, with its password and tokens. Raises Forbidden as above."""
    return _set(row, require(actor, "auth.change_user", "activate accounts"), active=True)


def unlock_account(*, actor: Reader, row: User) -> User:
    """Log-ins with this account are tried again, however many failed. Raises Forbidden as above."""
    by = require(actor, "auth.change_user", "unlock accounts")
    unlock(row.get_username())
    enter_user("user.unlocked", row, actor=by)
    return row


def reset_factor(*, actor: Reader, row: User) -> User:
    """The person logs in without a second factor, or sets up another one where their role needs it; the sessions in
    which the old one was shown are over where it is needed. Raises Forbidden as above."""
    forget_factor(row, actor=require(actor, "auth.change_user", "reset a second factor"))
    return row


def end_everything(*, actor: Reader, row: User) -> User:
    """The person is logged out everywhere, and their tokens are gone. Raises Forbidden as above."""
    end_sessions(row, actor=require(actor, "auth.change_user", "end the sessions of others"))
    return row


def _set(row: User, actor: User, *, active: bool) -> User:
    with recording(actor=actor):
        row.is_active = active
        row.save(update_fields=["is_active"])
        record_event(f"user.{'activated' if active else 'deactivated'}", "user", row.pk, str(row))
    return row
