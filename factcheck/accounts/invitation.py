"""Links by which people set their password, and the mails that bring them."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from factcheck.audit.chain import record_event
from factcheck.audit.context import recording

logger = logging.getLogger(__name__)

INVITATION = """Hello {name},

{actor} has made an account for you in the register of {newsroom}. Your user name is {username}.

Choose your password here; the link can be used once, within {days} days:

{link}

If you did not expect this, delete this mail: nobody can log in until a password is set.
"""
BY_PROVIDER = """Hello {name},

{actor} has made an account for you in the register of {newsroom}. Your user name there is {username}.

Log in with {provider} here, where your address is {email}:

{door}

If you did not expect this, delete this mail.
"""
FORGOTTEN = """Hello {name},

somebody, probably you, asked for a new password in the register of {newsroom}. Your user name is {username}.

Choose it here; the link can be used once, within {days} days:

{link}

If it was not you, delete this mail: your password stays as it is.
"""


def password_link(user: User) -> str:
    """The address at which this person, once and for `PASSWORD_RESET_TIMEOUT` seconds, sets a password."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("set-password", args=[key, default_token_generator.make_token(user)])
    return f"{settings.FACTCHECK_BASE_URL}{path}"


def address_of_door() -> str:
    """Where people log in."""
    return f"{settings.FACTCHECK_BASE_URL}{reverse('admin:login')}"


def days_of_link() -> int:
    """For how many days such a link can be used."""
    return max(1, timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT).days)


def invite(user: User, *, actor: User) -> bool:
    """Send this person a link to set a password, or where passwords open nothing to the log-in, and enter that in the
    trail; whether a mail went out."""
    text = INVITATION if settings.FACTCHECK_PASSWORD_LOGIN else BY_PROVIDER
    sent = _send(user, "Your account", text, actor=actor.get_full_name() or actor.get_username())
    with recording(actor=actor):
        record_event("user.invited", "user", user.pk, str(user))
    return sent


def send_forgotten(user: User) -> bool:
    """Send the owner of an account a link to set a new password; whether a mail went out."""
    return _send(user, "A new password", FORGOTTEN)


def _send(user: User, subject: str, text: str, **words: str) -> bool:
    if not (settings.FACTCHECK_SENDS_MAIL and user.email):
        return False
    body = text.format(
        name=user.get_full_name() or user.get_username(),
        username=user.get_username(),
        newsroom=settings.FACTCHECK_NEWSROOM,
        days=days_of_link(),
        link=password_link(user),
        door=address_of_door(),
        provider=settings.FACTCHECK_OIDC.name,
        email=user.email,
        **words,
    )
    try:
        return bool(EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send())
    except (OSError, SMTPException) as error:
        # Nothing was promised: who asks is told that no mail went out, or nothing at all.
        logger.warning("Mail could not be sent: %s", error)
        return False
