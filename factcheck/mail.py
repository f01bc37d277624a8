"""Mail to people of the register, where a server for it is named (FACTCHECK_EMAIL_HOST); on a machine to try things
out it is printed."""

from __future__ import annotations

import logging
from collections.abc import Collection
from smtplib import SMTPException

from django.conf import settings
from django.core import mail

logger = logging.getLogger(__name__)


def send_to(addresses: Collection[str], subject: str, text: str) -> int:
    """Send each of these addresses a mail of its own; how many were sent.

    Nothing fails because a mail does: what it tells stands in the register. A fault is logged.
    """
    if not settings.FACTCHECK_SENDS_MAIL or not addresses:
        return 0
    subject = f"[{settings.FACTCHECK_NEWSROOM}] {subject}"
    mails = [mail.EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]) for address in addresses]
    try:
        with mail.get_connection() as connection:
            return connection.send_messages(mails) or 0
    except (OSError, SMTPException) as error:
        logger.warning("Mail could not be sent: %s", error)
        return 0
