"""Mails to the owner of an account when what they log in with is changed: they may not have done it."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from factcheck.mail import send_to

TOLD = {
    "user.password_changed": "Your password was changed.",
    "user.second_factor_set": "A second factor was set up: codes of an app are asked for when you log in.",
    "user.passkey_added": "A passkey was added to your account, as a second factor.",
    "user.passkey_refused": "A passkey of yours was refused: it had counted back, as a copy of it would. Remove it.",
    "user.authenticator_removed": "An app or a passkey of yours was removed: it opens nothing any more.",
    "user.second_factor_removed": "Your second factor was removed: the password alone is asked when you log in.",
    "user.second_factor_reset": "An administrator reset your second factor: app, passkeys and codes open nothing.",
    "user.recovery_code_used": "One of your recovery codes was used to log in.",
    "user.recovery_codes_made": "New recovery codes were made for you: older ones open nothing.",
    "user.identity_connected": "Your account was connected with the identity provider, by which you log in.",
    "user.identity_removed": "Your account was disconnected from the identity provider.",
}
"""Of which acts of the trail the owner gets a mail."""
CHOSEN = "A password was chosen for you, by a link that was sent to you or by an administrator."
MOVED = "An administrator changed your e-mail address. Links for a new password go to the new one."
TEXT = """Hello {name},

{what}

It was done in the register of {newsroom}, for the account {username}, on {moment}{place}.

If you know nothing of it, tell an administrator at once: somebody else may be in your account.
"""


def tell(user: User, what: str, *, address: str = "", to: Collection[str] | None = None) -> None:
    """Once the change stands, send its owner a mail, or these addresses in its place."""
    addresses = {one for one in ([user.email] if to is None else to) if one}
    if not addresses or not settings.FACTCHECK_SENDS_MAIL:
        return
    text = TEXT.format(
        name=user.get_full_name() or user.get_username(),
        what=what,
        newsroom=settings.FACTCHECK_NEWSROOM,
        username=user.get_username(),
        moment=timezone.localtime().strftime("%-d %B %Y, %H:%M %Z"),
        place=f", from {address}" if address else "",
    )
    transaction.on_commit(lambda: _send(addresses, text))


def _send(addresses: Collection[str], text: str) -> None:
    send_to(sorted(addresses), "Your account", text)
