"""What is entered of attempts to log in."""

from __future__ import annotations

from django.contrib.auth.models import User

from factcheck.accounts.lock import Locked
from factcheck.accounts.telling import TOLD, tell
from factcheck.audit.doors import enter_door

ALL_OF_THEM = 100
"""So many refused attempts are entered each; of more those that double their number, so that nobody fills the trail."""


def enter_user(action: str, user: User, *, actor: User | None = None, address: str = "", words: str = "") -> None:
    """Enter what happened to this account, and from where; of what changes how they log in its owner gets a mail."""
    reason = " ".join(part for part in (words, f"From {address}." if address else "") if part)
    enter_door(action, actor=actor, object_id=user.pk, label=str(user), reason=reason)
    if action in TOLD:
        tell(user, TOLD[action], address=address)


def enter_failure(name: str, address: str, what: str = "password") -> None:
    """A wrong password or code was tried; the name is told where an account has it."""
    _enter("user.login_failed", name, f"Wrong {what}. From {address or 'an unknown address'}.")


def enter_refusal(name: str, address: str, error: Locked) -> None:
    """An attempt was refused; with the first, that there is a lock."""
    about = "address" if error.of_address else "account"
    place = f"From {address or 'an unknown address'}."
    if error.is_first:
        _enter("user.locked", name, f"The {about}, for {error.retry_after} s. {place}")
    if error.attempts <= ALL_OF_THEM or error.attempts & (error.attempts - 1) == 0:
        _enter("user.login_refused", name, f"The {about} is locked; attempt {error.attempts}. {place}")


def enter_sso_refusal(user: User | None, why: str, address: str) -> None:
    """Somebody of the identity provider was not let in; the account is told where it is known."""
    reason = f"{why} From {address or 'an unknown address'}."
    if user is None:
        enter_door("user.sso_refused", actor=None, label="somebody of the identity provider", reason=reason)
    else:
        enter_user("user.sso_refused", user, words=reason)


def _enter(action: str, name: str, reason: str) -> None:
    user = User.objects.filter(username=name).first()
    if user is None:
        enter_door(action, actor=None, reason=reason)
    else:
        enter_door(action, actor=None, object_id=user.pk, label=str(user), reason=reason)
